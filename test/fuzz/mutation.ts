import type { Random } from './random';

/** Longer inputs only take longer: what is large has tests of its own. */
const LONGEST = 300;

/** What means something in IMAP, or at the edge of a number. */
const PIECES = [
	...['(', ')', '"', '\\', '[', ']', '{', '}', '<', '>', '*', '%', '+', '~', '&', '-', ',', ':'],
	...[' ', '\t', '\r\n', '\r', '\n', '\0', '\x7f', '\xff', '\xc3\xa4', '\xf0\x9f\x93\xac'],
	...['NIL', 'OK', 'BYE', 'FETCH (', 'BODY[', 'BODYSTRUCTURE (', 'ENVELOPE (', '[ALERT] '],
	...[
		'{0}\r\n',
		'{3}\r\nabc',
		'{3+}\r\n',
		'~{2}\r\n\0\0',
		'{99999999999}\r\n',
		'&AOQ-',
		'&-',
		'&2D0-',
	],
	...[
		'0',
		'-1',
		'1',
		'4294967295',
		'4294967296',
		'9007199254740993',
		'18446744073709551615',
		'1:*',
	],
	...['"message" "rfc822"', '("a" "b" NIL NIL NIL "7bit" 1)', '__proto__', '31-Feb-0000', '+9999'],
].map((text) => Buffer.from(text, 'latin1'));

/** An input made from others by one to four small damages. */
export function mutated(random: Random, corpus: readonly Buffer[]): Buffer {
	let input = random.of(corpus);
	for (let count = 1 + random.below(4); count > 0; count--) input = damaged(random, input, corpus);
	return input.length > LONGEST ? input.subarray(0, LONGEST) : input;
}

function damaged(random: Random, input: Buffer, corpus: readonly Buffer[]): Buffer {
	const at = random.below(input.length + 1);
	const to = Math.min(input.length, at + random.below(16));
	const [before, inside, after] = [
		input.subarray(0, at),
		input.subarray(at, to),
		input.subarray(to),
	];
	switch (random.below(7)) {
		case 0:
			return Buffer.concat([before, after]);
		case 1:
			return Buffer.concat([before, random.of(PIECES), inside, after]);
		case 2:
			return Buffer.concat([before, inside, inside, after]);
		case 3:
			return Buffer.concat([before, Buffer.from([random.below(256)]), input.subarray(at + 1)]);
		case 4: {
			const turned = Buffer.from(input);
			if (at < turned.length) turned[at] = (turned[at] as number) ^ (1 << random.below(8));
			return turned;
		}
		case 5: {
			const other = random.of(corpus);
			return Buffer.concat([before, other.subarray(random.below(other.length + 1))]);
		}
		default:
			return Buffer.concat([before, ...Array<Buffer>(random.below(40)).fill(inside), after]);
	}
}
