import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Imap4AbortError } from '../../../engine/index';
import { cut, framed, framing, octets } from './framed';

const text = (line: string): { text: string } => ({ text: line });

/** Octets that may stand in a literal, those that look like the grammar more often. */
const literalOctets = fc
	.array(
		fc.oneof(
			{
				weight: 3,
				arbitrary: fc.constantFrom('\r', '\n', '{', '}', '5', '{3}\r\n', ' OK ', '"', '(', ')'),
			},
			fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
		),
		{ maxLength: 30 },
	)
	.map((parts) => parts.join(''));

const literal = fc
	.tuple(literalOctets, fc.constantFrom('', '+'), fc.constantFrom('', '~'))
	.map(([content, plus, tilde]) => `${tilde}{${content.length}${plus}}\r\n${content}`);

const words = fc
	.array(
		fc.constantFrom(
			'a',
			'BODY[]',
			'(',
			')',
			'"x y"',
			'"{3"',
			'NIL',
			'1',
			'<0>',
			'[x]',
			'{}x',
			'{a}',
		),
		{
			maxLength: 4,
		},
	)
	.map((list) => list.join(' '));

const response = fc.oneof(
	fc
		.tuple(
			fc.constantFrom('* 1 FETCH (', '* LIST () "/" ', '* X-NEW ', '* ESEARCH '),
			fc.array(fc.tuple(words, literal), { maxLength: 3 }),
			words,
		)
		.map(
			([begin, pairs, end]) =>
				`${begin}${pairs.map(([before, value]) => `${before} ${value}`).join('')} ${end})`,
		),
	fc.constantFrom(
		'* OK see {3}',
		'* NO {5}',
		'a1 OK done {12}',
		'a1 BAD [PARSE] {1}',
		'* OK [ALERT] read {9+}',
		'* BYE {0}',
		'* PREAUTH {4}',
		'+ go on {4}',
		'+',
		'* no [BADCHARSET ("x]" utf-8)] {3}',
		'* NO [BADCHARSET ({5}\r\nutf-8)] x',
		'* NO [BADCHARSET ({5}\r\n]tf"8 {6+}\r\nlatin1)] x',
		'',
		' ',
		'* 3 EXISTS',
	),
);

describe('any chunking gives the same responses', () => {
	test('of generated sessions, with literals held', () => {
		fc.assert(
			fc.property(
				fc.array(response, { minLength: 1, maxLength: 6 }),
				fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 60 }),
				(responses, sizes) => {
					const bytes = octets(responses.map((line) => `${line}\r\n`).join(''));
					expect(framed(cut(bytes, sizes))).toEqual(responses.map(text));
				},
			),
			{ numRuns: 400 },
		);
	});

	test('of generated sessions, with literals of 4 bytes and more streamed', () => {
		fc.assert(
			fc.property(
				fc.array(response, { minLength: 1, maxLength: 6 }),
				fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 60 }),
				(responses, sizes) => {
					const bytes = octets(responses.map((line) => `${line}\r\n`).join(''));
					const limits = { streamThreshold: 4 };
					const whole = framed([bytes], limits);
					expect(framed(cut(bytes, sizes), limits)).toEqual(whole);
					expect(framed(cut(bytes, Array<number>(bytes.length).fill(1)), limits)).toEqual(whole);
					// Nothing is lost, and nothing comes twice.
					const again = whole.map((one) =>
						'text' in one ? `${one.text}\r\n` : 'stream' in one ? one.stream : one.line,
					);
					expect(again.join('')).toBe(bytes.toString('latin1'));
				},
			),
			{ numRuns: 400 },
		);
	});
});

test.each([
	['lines', '* 1 EXISTS\r\n* OK see {3}\r\nA1 OK\r\n'],
	['literals', '* 1 FETCH (X {10}\r\n\r\n{9}\r\nab\r Y {0}\r\n Z {3+}\r\nxyz)\r\n* 2 EXISTS\r\n'],
	['literals in a response code', '* NO [BADCHARSET ({5}\r\nutf-8)] see {3}\r\n* 2 EXISTS\r\n'],
])('%s are the same wherever they are cut', (_what, session) => {
	const bytes = octets(session);
	for (const streamThreshold of [100, 4]) {
		const whole = framed([bytes], { streamThreshold });
		for (let one = 1; one < bytes.length; one++) {
			for (let other = 1; other < bytes.length; other += 7)
				expect(framed(cut(bytes, [one, other]), { streamThreshold })).toEqual(whole);
		}
	}
});

test('what follows a response does not change how it is read', () => {
	// Found by npm run fuzz: the bracket of the next line was taken for that of a response code.
	const two = octets('* NO\rx{3}\r\n[abc\r\n');
	expect(framed([two])).toEqual([text('* NO\rx{3}'), text('[abc')]);
	expect(framed(cut(two, [5, 6]))).toEqual(framed([two]));
});

describe('literals', () => {
	test('several in one response are in place', () => {
		const response = '* 1 FETCH (BODY[1] {3}\r\na\r\n BODY[2] {0}\r\n BODY[3] {2+}\r\n)) UID 4)';
		expect(framed([`${response}\r\n* 2 EXISTS\r\n`])).toEqual([text(response), text('* 2 EXISTS')]);
	});

	test('a streamed literal is passed on as it arrives, apart from what follows', () => {
		expect(
			framed(['* 1 FETCH (BODY[] {6}\r\nab', 'cd', 'ef UID 3 BODY[2] ~{1}\r\nx)\r\n'], {
				streamThreshold: 5,
			}),
		).toEqual([
			{ announced: 6, line: '* 1 FETCH (BODY[] {6}\r\n' },
			{ stream: 'abcdef' },
			text(' UID 3 BODY[2] ~{1}\r\nx)'),
		]);
	});

	test('two streamed ones in one response', () => {
		expect(
			framed(['* 1 FETCH (A {5}\r\n12345 B {6}\r\n123456)\r\n'], { streamThreshold: 5 }),
		).toEqual([
			{ announced: 5, line: '* 1 FETCH (A {5}\r\n' },
			{ stream: '12345' },
			{ announced: 6, line: ' B {6}\r\n' },
			{ stream: '123456' },
			text(')'),
		]);
	});

	test('one that the handler does not want streamed is held', () => {
		const { framer, stretches } = framing({ streamThreshold: 2 });
		Object.assign(framer, {
			handler: {
				literal: () => undefined,
				response: (buffer: Buffer, start: number, end: number) =>
					stretches.push(text(buffer.toString('latin1', start, end))),
			},
		});
		for (const chunk of ['* X {4}', '\r\nab', 'cd y {3}\r\nxyz', ' end\r', '\n'])
			framer.push(octets(chunk));
		expect(stretches).toEqual([text('* X {4}\r\nabcd y {3}\r\nxyz end')]);
	});

	test('an empty one is never streamed: there is nothing to stream', () => {
		const response = '* 1 FETCH (BODY[] {0}\r\n)';
		expect(framed([`${response}\r\n`], { streamThreshold: 0 })).toEqual([text(response)]);
	});

	test('bytes of a literal are never taken for the announcement of another', () => {
		const response = '* X {3}\r\n{12}';
		expect(framed([`${response}\r\n* 1 EXISTS\r\n`])).toEqual([text(response), text('* 1 EXISTS')]);
	});

	test('the text behind a response code with a literal holds none', () => {
		const response = '* NO [BADCHARSET ({5}\r\nutf-8)] see {3}';
		expect(framed([`${response}\r\n* 1 EXISTS\r\n`])).toEqual([text(response), text('* 1 EXISTS')]);
	});

	test.each([
		['a bracket in quotes does not end the code', '* NO [X "a]b" {3}\r\nabc] t'],
		['an escaped quote does not end the quotes', '* NO [X "a\\"]" {3}\r\nabc] t'],
		['a backslash outside of quotes escapes nothing', '* NO [X \\"a]" {3}\r\nabc] t'],
		['a brace in quotes begins no literal', '* NO [X "{9}" {3}\r\nabc] t'],
		['what a literal holds ends nothing', '* NO [X {3}\r\n]"a {2}\r\n"] {1}\r\nx] t'],
		[
			'a literal of more than nine bytes is passed over whole',
			'* NO [X {12}\r\n]]]]]]]]]]]] {1}\r\nx] t',
		],
		['a word that only holds a status is none', '* XOK {3}\r\nabc'],
		['a first word of a hundred characters is no tag', `${'T'.repeat(100)} OK {3}\r\nabc`],
		['a longer one neither', `${'T'.repeat(150)} OK {3}\r\nabc`],
		['a brace at the end of a literal begins no other', '* X {1}\r\n{5}'],
		['a literal that ends in braces, and the end of the response', '* X {3}\r\n{2}'],
		['a literal at the beginning of a line', '* X {1}\r\na{1}\r\nb'],
	])('%s', (_rule, response) => {
		for (const chunks of [[`${response}\r\n* 1 EXISTS\r\n`], [...`${response}\r\n* 1 EXISTS\r\n`]])
			expect(framed(chunks)).toEqual([text(response), text('* 1 EXISTS')]);
	});

	test.each([
		['a code that ends in quotes', '* NO [X "a"] {3}'],
		['a code that ends behind an escape', '* NO [X "\\\\"] {3}'],
		['a code that ends behind a literal', '* NO [X {3}\r\nabc] {3}'],
		['a plus sign at the beginning', '+ [x {3}'],
		['a plus sign and a word', '+ OK [x {3}'],
		['a tag of nearly a hundred characters', `${'T'.repeat(99)} OK {3}`],
		['other characters than digits', '* LIST x{1*3}'],
		['a digit and a letter', '* LIST x{1a}'],
		['no opening brace', '* LIST x5}'],
		['no closing brace', '* LIST {3)'],
		['no opening brace, but for the plus sign', '* LIST 5+}'],
	])('a number behind %s is only text', (_what, line) => {
		expect(framed([`${line}\r\n* 1 EXISTS\r\n`])).toEqual([text(line), text('* 1 EXISTS')]);
	});

	test('a number that is only text stays text, whatever its case and spaces', () => {
		for (const line of [
			'* ok see {3}',
			'*  OK  see {3}',
			'T1 no {3}',
			'* OK [x] {3}',
			'* OK {3}',
		]) {
			expect(framed([`${line}\r\n* 1 EXISTS\r\n`])).toEqual([text(line), text('* 1 EXISTS')]);
		}
	});
});

const failure = (chunks: string[], limits = {}): unknown => {
	try {
		framed(chunks, limits);
	} catch (error) {
		return error;
	}
	return undefined;
};

describe('what breaks the framing', () => {
	test.each([
		['LF alone', '* OK hi\n'],
		['LF first', '\n'],
		['LF alone after a literal', '* X {2}\r\nab\n'],
		['LF behind a literal that ends in CR', '* X {2}\r\nb\r\n'],
		['a literal without a size', '* X {}\r\n'],
	])('%s: PROTOCOL', (_name, bytes) => {
		for (const chunks of [[bytes], [...bytes]]) {
			const error = failure(chunks);
			expect(error).toBeInstanceOf(Imap4AbortError);
			expect(error).toMatchObject({ code: 'PROTOCOL' });
		}
	});

	test.each([
		['* OK hi\n', {}, 'The server ended a line with LF instead of CRLF'],
		['* X {}\r\n', {}, 'The server sent a literal without a size'],
		[
			'* X {101}\r\n',
			{ literalSize: 100 },
			'The server sent a literal of 101 octets, more than this client accepts',
		],
		[
			'* X {60}\r\n' + 'x'.repeat(60) + '{41}\r\n',
			{ heldLiterals: 100 },
			'The server sent literals of 101 octets in one response, more than this client accepts',
		],
		[
			'x'.repeat(100),
			{ lineLength: 99 },
			'The server sent a response line of more than 99 octets, more than this client accepts',
		],
		[
			`* NO [X ${'{1}\r\nx '.repeat(101)}{1}\r\n`,
			{},
			'The server sent 101 literals in a response code, more than this client accepts',
		],
	])('the error says what it was: %#', (bytes, limits, message) => {
		expect(failure([bytes], limits)).toMatchObject({ message });
	});

	test('what is exactly at a limit passes', () => {
		expect(failure([`* X {100}\r\n${'x'.repeat(100)}\r\n`], { literalSize: 100 })).toBe(undefined);
		expect(failure([`${'x'.repeat(97)}\r\n`], { lineLength: 99 })).toBe(undefined);
		expect(failure([`* NO [X ${'{1}\r\nx '.repeat(101)}] t\r\n`])).toBe(undefined);
	});

	test('says whether a response has begun and not ended', () => {
		const { framer } = framing();
		expect(framer.unfinished).toBe(false);
		expect(framer.partialLine.length).toBe(0);
		framer.push(octets('* X'));
		expect(framer.unfinished).toBe(true);
		expect(framer.partialLine.toString()).toBe('* X');
		framer.push(octets(' {5}\r\n'));
		expect(framer.unfinished).toBe(true);
		framer.push(octets('abcde\r\n'));
		expect(framer.unfinished).toBe(false);
		const streaming = framing({ streamThreshold: 2 }).framer;
		streaming.push(octets('* X {2}\r\n'));
		expect(streaming.unfinished).toBe(true);
		streaming.push(octets('ab'));
		expect(streaming.unfinished).toBe(true);
		streaming.push(octets('\r\n'));
		expect(streaming.unfinished).toBe(false);
	});

	test('a line longer than the limit: LIMIT, before it is whole, in any chunking', () => {
		expect(failure(['x'.repeat(100)], { lineLength: 99 })).toMatchObject({ code: 'LIMIT' });
		expect(failure([...'x'.repeat(100)], { lineLength: 99 })).toMatchObject({ code: 'LIMIT' });
		expect(failure([`${'x'.repeat(97)}\r\n`, `${'x'.repeat(97)}\r\n`], { lineLength: 99 })).toBe(
			undefined,
		);
	});

	test.each(['SEARCH', 'esearch', 'SORT', 'THREAD', 'VANISHED'])(
		'a result that grows with the mailbox may be longer: %s',
		(name) => {
			const limits = { lineLength: 99, resultLength: 300 };
			const line = (length: number): string => `* ${name} ${'1'.repeat(length)}\r\n`;
			for (const chunks of [(text: string) => [text], (text: string) => [...text]]) {
				expect(failure(chunks(line(250)), limits)).toBe(undefined);
				expect(failure(chunks(line(300)), limits)).toMatchObject({ code: 'LIMIT' });
				expect(failure(chunks(`* ${name} `.padEnd(298, '1') + '\r\n'), limits)).toBe(undefined);
				expect(failure(chunks(`* ${name} `.padEnd(299, '1') + '\r\n'), limits)).toMatchObject({
					code: 'LIMIT',
				});
			}
			expect(failure([line(150)], { lineLength: 200, resultLength: 100 })).toBe(undefined);
			expect(failure([`* LIST ${line(250)}`], limits)).toMatchObject({ code: 'LIMIT' });
			expect(failure([`* 1 ${name}S ${'1'.repeat(250)}\r\n`], limits)).toMatchObject({
				code: 'LIMIT',
			});
		},
	);

	test('literals do not count as line, the lines between them do', () => {
		const response = (lines: number): string => '{1}\r\nx'.repeat(lines) + '\r\n';
		expect(failure([response(10)], { lineLength: 52 })).toBe(undefined);
		expect(failure([response(11)], { lineLength: 52 })).toMatchObject({ code: 'LIMIT' });
	});

	test('a literal larger than the limit: LIMIT, when it is announced', () => {
		expect(failure(['* X {101}\r\n'], { literalSize: 100 })).toMatchObject({ code: 'LIMIT' });
		expect(failure(['* X {101}\r\n'], { literalSize: 100, streamThreshold: 1 })).toMatchObject({
			code: 'LIMIT',
		});
		expect(failure(['* X {99999999999999999999999}\r\n'])).toMatchObject({ code: 'LIMIT' });
	});

	test('held literals of one response together: LIMIT, when the last is announced', () => {
		const literal = '{50}\r\n' + 'x'.repeat(50);
		expect(failure([`* ${literal}${literal}\r\n* ${literal}\r\n`], { heldLiterals: 100 })).toBe(
			undefined,
		);
		expect(failure([`* ${literal}${literal}{1}\r\n`], { heldLiterals: 100 })).toMatchObject({
			code: 'LIMIT',
		});
	});

	test('a huge literal that is announced and never sent takes no room', () => {
		const { framer } = framing({ heldLiterals: 2 ** 40, literalSize: 2 ** 40 });
		const before = process.memoryUsage().arrayBuffers;
		expect(() => framer.push(octets('* X {8000000}\r\n'))).not.toThrow();
		expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16_000_000);
	});
});

describe('unfinished', () => {
	test.each([
		'* 1 EXI',
		'* X {3}\r\n',
		'* X {3}\r\nab',
		'* X {3}\r\nabc',
		'* X {3}\r\nabc x',
		'\r',
	])('%j is a beginning', (bytes) => {
		for (const streamThreshold of [1, 1000]) {
			const { framer } = framing({ streamThreshold });
			expect(framer.unfinished).toBe(false);
			framer.push(octets(bytes));
			expect(framer.unfinished).toBe(true);
			framer.push(octets('abc\r\n* \r\n\r\n'));
		}
	});

	test('a whole response is none', () => {
		const { framer } = framing({ streamThreshold: 2 });
		framer.push(octets('* X {3}\r\nabc {1}\r\nx)\r\n'));
		expect(framer.unfinished).toBe(false);
	});
});

describe('stop()', () => {
	test('within a chunk returns how many bytes were used, however they came', () => {
		for (const before of ['', '* 5 EX']) {
			const framer = framing().framer;
			const responses: string[] = [];
			Object.assign(framer, {
				handler: {
					literal: () => undefined,
					response(buffer: Buffer, start: number, end: number) {
						responses.push(buffer.toString('latin1', start, end));
						if (responses.length === 2) framer.stop();
					},
				},
			});
			if (before) framer.push(octets(before));
			const chunk = octets('ISTS\r\na OK\r\nsecret\r\nmore');
			expect(framer.push(chunk)).toBe('ISTS\r\na OK\r\n'.length);
			expect(responses).toEqual([`${before}ISTS`, 'a OK']);
			expect(framer.push(octets('* 1 EXISTS\r\n'))).toBe(0);
			expect(responses).toHaveLength(2);
		}
	});

	test('at the end of a chunk uses all of it', () => {
		const { framer } = framing();
		Object.assign(framer, { handler: { response: () => framer.stop() } });
		expect(framer.push(octets('a OK\r\n'))).toBe(6);
	});
});
