import * as fc from 'fast-check';
import { Tokenizer as HtmlTokenizer } from 'htmlparser2';
import { expect, test } from 'vitest';
import { Tokenizer } from '../../mail/vendor/html-tokenizer';

const EVENTS = [
	'ontext',
	'ontextentity',
	'onopentagname',
	'onopentagend',
	'onselfclosingtag',
	'onclosetag',
	'onattribname',
	'onattribdata',
	'onattribentity',
	'onattribend',
	'oncdata',
	'oncomment',
	'ondeclaration',
	'onprocessinginstruction',
	'onend',
] as const;

type Kind = new (
	...args: ConstructorParameters<typeof Tokenizer>
) => Pick<Tokenizer, 'write' | 'end'>;

function eventsOf(Kind: Kind, pieces: readonly string[]): string[] {
	const found: string[] = [];
	const callbacks = Object.fromEntries(
		EVENTS.map((name) => [name, (...args: unknown[]) => found.push(`${name} ${args.join()}`)]),
	) as unknown as ConstructorParameters<typeof Tokenizer>[1];
	const tokenizer = new Kind({ xmlMode: false, decodeEntities: false }, callbacks);
	for (const piece of pieces) tokenizer.write(piece);
	tokenizer.end();
	return found;
}

test("the search of the platform finds the tokens that htmlparser2's own loop finds", () => {
	const words =
		'<|</|>|a|td|style|script|title|="|=\'|=|"|\'| |text|&amp;|<!--|-->|--!>|<!|<![CDATA[|]]>|<?|/>|\n|ü'.split(
			'|',
		);
	const piece = fc.array(fc.constantFrom(...words), { maxLength: 12 }).map((all) => all.join(''));
	fc.assert(
		fc.property(fc.array(piece, { maxLength: 4 }), (pieces) => {
			expect(eventsOf(Tokenizer, pieces)).toEqual(eventsOf(HtmlTokenizer, pieces));
		}),
		{ numRuns: 1000 },
	);
});

test('the tokenizer still has the method that the search replaces', () => {
	expect(HtmlTokenizer.prototype).toHaveProperty('fastForwardTo');
});
