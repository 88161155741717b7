/** Splits HTML into tags, attributes and text, as browsers do (WHATWG HTML, tokenization). */
import { Tokenizer as HtmlTokenizer } from 'htmlparser2';

/** What the tokenizer keeps to itself: the chunk it reads, and its own and the chunk's place in the HTML. */
interface Inside {
	buffer: string;
	index: number;
	offset: number;
}

type Public = new (
	...args: ConstructorParameters<typeof HtmlTokenizer>
) => Pick<HtmlTokenizer, 'write' | 'end' | 'reset'>;

/** Goes to the end of a text, an address or a comment by the platform's search, not character by character. */
export class Tokenizer extends (HtmlTokenizer as unknown as Public) {
	/** Called by the tokenizer; were its name another one, the tokenizer's own would be called. */
	protected fastForwardTo(code: number): boolean {
		const inside = this as unknown as Inside;
		const { buffer, offset } = inside;
		const found = buffer.indexOf(String.fromCharCode(code), inside.index + 1 - offset);
		inside.index = offset + (found < 0 ? buffer.length - 1 : found);
		return found >= 0;
	}
}
