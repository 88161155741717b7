/** Character references (`&amp;`, `&#228;`; WHATWG HTML, 13.2.5.72), decoded where there are any. */
import { Tokenizer } from '../vendor/html-tokenizer';

class Decoder {
	private text = '';
	private source = '';
	private readonly tokenizer: Tokenizer;

	constructor() {
		const part = (start: number, end: number): void => {
			this.text += this.source.slice(start, end);
		};
		const character = (code: number): void => {
			this.text += String.fromCodePoint(code);
		};
		const nothing = (): void => undefined;
		this.tokenizer = new Tokenizer(
			{ xmlMode: false, decodeEntities: true },
			{
				ontext: part,
				ontextentity: character,
				onattribdata: part,
				onattribentity: character,
				onopentagname: nothing,
				onopentagend: nothing,
				onselfclosingtag: nothing,
				onclosetag: nothing,
				onattribname: nothing,
				onattribend: nothing,
				oncdata: nothing,
				oncomment: nothing,
				ondeclaration: nothing,
				onprocessinginstruction: nothing,
				onend: nothing,
			},
		);
	}

	decode(source: string): string {
		this.source = source;
		this.text = '';
		this.tokenizer.reset();
		this.tokenizer.write(source);
		this.tokenizer.end();
		return this.text;
	}
}

const decoder = new Decoder();

/** @param text from between tags; a `<` in it is none that begins a tag */
export function decodeText(text: string): string {
	if (!text.includes('&')) return text;
	return text
		.split('<')
		.map((piece) => (piece.includes('&') ? decoder.decode(piece) : piece))
		.join('<');
}

/** @param value of an attribute, where some references end without a semicolon only at certain characters */
export function decodeAttribute(value: string): string {
	if (!value.includes('&')) return value;
	return decoder.decode(`<a b="${value.replaceAll('"', '&quot;')}">`);
}
