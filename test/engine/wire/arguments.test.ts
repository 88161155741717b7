import { describe, expect, it } from 'vitest';
import type { Part, Segment, WriteContext } from '../../../engine/wire/writer';
import {
	astring,
	encode,
	list,
	literal,
	mailbox,
	pattern,
	raw,
	secret,
	string,
} from '../../../engine/wire/writer';

const context: WriteContext = {
	utf8: false,
	nonSynchronizing: 0,
	encodeMailbox: (name) => name.replaceAll('ü', '&APw-'),
};

const segments = (parts: readonly Part[], how: Partial<WriteContext> = {}): Segment[] =>
	encode('X', parts, { ...context, ...how });

/** The lines of a command: the text of each of its segments. */
const lines = (parts: readonly Part[], how: Partial<WriteContext> = {}): string[] =>
	segments(parts, how).map(({ text }) => text);

describe('an argument of a command', () => {
	it.each<[string, Part, string]>([
		['text of our own is written as it is', raw('(FLAGS "{5}'), '(FLAGS "{5}'],
		['a word is an atom where the command takes one', astring('A-z_0.9/+'), 'A-z_0.9/+'],
		['a word is quoted where the command takes a string', string('word'), '"word"'],
		[
			'every special character that may stand in an atom',
			astring("&,:;=@#$!?'|~^<>"),
			"&,:;=@#$!?'|~^<>",
		],
		['a wildcard keeps a word from being an atom', astring('a*'), '"a*"'],
		['a special character at the front too', astring('*a'), '"*a"'],
		['a line of 200 characters is an atom', astring('a'.repeat(200)), 'a'.repeat(200)],
		['a longer one is quoted', astring('a'.repeat(201)), `"${'a'.repeat(201)}"`],
		['NIL is quoted', astring('NiL'), '"NiL"'],
		['a word that begins with NIL is an atom', astring('Nile'), 'Nile'],
		['a word that ends in NIL is an atom', astring('juvenil'), 'juvenil'],
		['nothing is an empty string', astring(''), '""'],
		['quotes and backslashes are escaped, all of them', string('a"b\\c"'), '"a\\"b\\\\c\\""'],
		['a tab is quoted', string('a\tb'), '"a\tb"'],
		['DEL is quoted', string('a\x7fb'), '"a\x7fb"'],
		['the first control character is quoted', string('\x01'), '"\x01"'],
		['a mailbox is an atom', mailbox('INBOX'), 'INBOX'],
		['a mailbox goes through its encoding', mailbox('Grün'), 'Gr&APw-n'],
		['a mailbox with a space is quoted', mailbox('My mail'), '"My mail"'],
		['a pattern without wildcards is not quoted', pattern('a/Grün.x_1+,#-'), 'a/Gr&APw-n.x_1+,#-'],
		['a pattern with a wildcard is quoted', pattern('a/%'), '"a/%"'],
		['a pattern that begins with a wildcard too', pattern('*a'), '"*a"'],
		['a mailbox may be an atom of any characters', mailbox('a=b@c'), 'a=b@c'],
		['a pattern is quoted as soon as it has unusual ones', pattern('a=b@c'), '"a=b@c"'],
		['an empty pattern asks for the delimiter', pattern(''), '""'],
		['a list has spaces between its parts', list([raw('a'), string('b'), raw('c')]), '(a "b" c)'],
		['an empty list', list([]), '()'],
		['lists in a list', list([list([raw('a')]), list([])]), '((a) ())'],
		['a run has none', { kind: 'run', parts: [raw('BODY['), astring('x'), raw(']')] }, 'BODY[x]'],
		['a SASL response is base64', { kind: 'base64', octets: Buffer.from('\0u\0p') }, 'AHUAcA=='],
		['an empty SASL response is an equals sign', { kind: 'base64', octets: Buffer.alloc(0) }, '='],
	])('%s', (_rule, part, wire) => {
		expect(lines([part])).toEqual([`X ${wire}\r\n`]);
	});

	it('has one space before it', () => {
		expect(lines([raw('a'), raw('b')])).toEqual(['X a b\r\n']);
		expect(lines([])).toEqual(['X\r\n']);
	});

	it('in quotes has 2,000 characters at most: servers limit the length of a line', () => {
		expect(lines([string('a'.repeat(2000))])).toEqual([`X "${'a'.repeat(2000)}"\r\n`]);
		expect(lines([string('a'.repeat(2001))])).toEqual(['X {2001}\r\n', '\r\n']);
	});

	it.each(['a\rb', 'a\nb', '\r', 'end\n'])('with a line end is a literal: %j', (value) => {
		for (const part of [astring(value), string(value)])
			expect(segments([part])).toEqual([
				{ text: `X {${value.length}}\r\n`, literal: Buffer.from(value), wait: true },
				{ text: '\r\n', wait: false },
			]);
	});

	it.each(['ü', 'aü', 'üa'])(
		'beyond US-ASCII is quoted only where UTF-8 is enabled: %s',
		(value) => {
			expect(lines([string(value)], { utf8: true })).toEqual([`X "${value}"\r\n`]);
			const octets = Buffer.from(value, 'utf8');
			expect(segments([string(value)])).toEqual([
				{ text: `X {${octets.length}}\r\n`, literal: octets, wait: true },
				{ text: '\r\n', wait: false },
			]);
		},
	);

	it('in an empty pattern is not encoded: the server could take it for a mailbox name', () => {
		const encodeMailbox = (): string => 'encoded';
		expect(lines([pattern('')], { encodeMailbox })).toEqual(['X ""\r\n']);
		expect(lines([pattern('x')], { encodeMailbox })).toEqual(['X encoded\r\n']);
	});

	it.each([
		['a\0b', 'A text with a NUL character cannot be sent'],
		['a\ud800', 'A text with half a surrogate pair cannot be sent'],
	])('%j cannot be sent, and the error says why', (value, message) => {
		for (const part of [astring(value), string(value), secret(value), mailbox(value)])
			expect(() => lines([part])).toThrow(expect.objectContaining({ code: 'ARGUMENT', message }));
	});
});

describe('a literal', () => {
	const octets = Buffer.from('ab\0');

	it('waits for the server, unless the server takes its size at once', () => {
		const written = (nonSynchronizing: number): [string, boolean] => {
			const [first] = segments([literal(octets)], { nonSynchronizing });
			return [first?.text ?? '', first?.wait ?? false];
		};
		expect(written(0)).toEqual(['X {3}\r\n', true]);
		expect(written(2)).toEqual(['X {3}\r\n', true]);
		expect(written(3)).toEqual(['X {3+}\r\n', false]);
	});

	it('with a NUL in it is a literal8', () => {
		expect(lines([literal(octets, true)])).toEqual(['X ~{3}\r\n', '\r\n']);
		expect(lines([literal(octets, true)], { nonSynchronizing: 9 })[0]).toBe('X ~{3+}\r\n');
	});

	it('of a stream has the size that its caller knows', () => {
		async function* nothing(): AsyncGenerator<Uint8Array> {}
		const stream = { octets: nothing(), size: 12 };
		expect(segments([literal(stream)])[0]).toEqual({
			text: 'X {12}\r\n',
			literal: stream,
			wait: true,
		});
	});

	it('is followed by the rest of the command', () => {
		expect(lines([list([raw('a'), literal(octets), raw('b')]), raw('c')])).toEqual([
			'X (a {3}\r\n',
			' b) c\r\n',
		]);
	});
});

describe('what a trace shows of a command', () => {
	const shown = (parts: readonly Part[], how: Partial<WriteContext> = {}): (string | undefined)[] =>
		segments(parts, how).map((segment) => segment.shown);

	it('is the command itself where nothing is secret', () => {
		expect(segments([astring('a'), string('b')])).toEqual([{ text: 'X a "b"\r\n', wait: false }]);
	});

	it('has the names of mailboxes', () => {
		expect(shown([mailbox('a'), mailbox('b c'), pattern('d*'), secret('x')])).toEqual([
			'X a "b c" "d*" "***"',
		]);
	});

	it('has asterisks for a secret, and all else around it', () => {
		expect(shown([astring('bob'), secret('hush'), raw('end')])).toEqual(['X bob "***" end']);
		expect(shown([secret('a'), raw('and'), secret('b')])).toEqual(['X "***" and "***"']);
		expect(shown([{ kind: 'astring', value: 'hush', secret: true }])).toEqual(['X "***"']);
	});

	it('has asterisks for a SASL response, an empty one too', () => {
		for (const value of ['secret', ''])
			expect(shown([raw('PLAIN'), { kind: 'base64', octets: Buffer.from(value) }])).toEqual([
				'X PLAIN "***"',
			]);
	});

	it('has asterisks for a secret before a literal, and the command as it is after it', () => {
		expect(segments([secret('hush'), literal(Buffer.from('x')), raw('end')])).toEqual([
			{ text: 'X "hush" {1}\r\n', shown: 'X "***" {1}\r\n', literal: Buffer.from('x'), wait: true },
			{ text: ' end\r\n', wait: false },
		]);
	});
});
