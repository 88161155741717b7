import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeSearch } from '../../../engine/grammar/search-key';
import type { SearchQuery } from '../../../engine/grammar/search-key';
import { encodeMailboxName } from '../../../engine/grammar/mailbox-name';
import type { Part, WriteContext } from '../../../engine/wire/writer';
import { astring, encode, mailbox, secret, string } from '../../../engine/wire/writer';

const context: WriteContext = {
	utf8: false,
	nonSynchronizing: 0,
	encodeMailbox: encodeMailboxName,
};

/** The octets of a command as they would go out, literals in place. */
function written(parts: readonly Part[], how: Partial<WriteContext> = {}): string {
	return encode('X', parts, { ...context, ...how })
		.map(({ text, literal }) => text + (Buffer.isBuffer(literal) ? literal.toString('latin1') : ''))
		.join('');
}

/** Reads one string as a server does; written anew here, from RFC 3501 §9. */
function read(wire: string): { value: string; rest: string } {
	if (wire.startsWith('"')) {
		const match = /^"((?:[^"\\\r\n\0]|\\["\\])*)"/.exec(wire);
		if (!match) throw new Error(`not a quoted string: ${wire}`);
		return {
			value: Buffer.from((match[1] as string).replace(/\\(.)/g, '$1'), 'latin1').toString(),
			rest: wire.slice(match[0].length),
		};
	}
	const literal = /^\{(\d+)\+?\}\r\n/.exec(wire);
	if (literal) {
		const at = literal[0].length;
		const size = Number(literal[1]);
		return {
			value: Buffer.from(wire.slice(at, at + size), 'latin1').toString(),
			rest: wire.slice(at + size),
		};
	}
	const atom = /^[^(){%*"\\\]\s\0]+/.exec(wire);
	if (!atom) throw new Error(`not a string: ${wire}`);
	return { value: atom[0], rest: wire.slice(atom[0].length) };
}

const text = fc
	.oneof(
		fc.string({ unit: 'binary', maxLength: 40 }),
		fc.string({
			unit: fc.constantFrom(
				'"',
				'\\',
				'\r',
				'\n',
				'{',
				'5',
				'}',
				'+',
				'(',
				')',
				'A',
				' ',
				'%',
				'ü',
			),
			maxLength: 20,
		}),
		fc.constantFrom('NIL', 'nil', '', '{5}', '{5+}\r\nA1 LOGOUT', 'x\r\nA2 DELETE INBOX'),
	)
	.filter((one) => !one.includes('\0') && one.isWellFormed());

describe('the writer', () => {
	it.each([astring, string, secret])(
		'writes texts so that a server reads the same and nothing more (%o)',
		(part) => {
			fc.assert(
				fc.property(
					text,
					text,
					fc.constantFrom(0, 4096, 1_000_000),
					(one, other, nonSynchronizing) => {
						const wire = written([part(one), part(other)], { nonSynchronizing });
						const first = read(wire.slice('X '.length));
						expect(first.value).toBe(one);
						const second = read(first.rest.slice(1));
						expect(second.value).toBe(other);
						expect(first.rest[0]).toBe(' ');
						expect(second.rest).toBe('\r\n');
					},
				),
				{ numRuns: 3000 },
			);
		},
	);

	it('never writes NIL for the text "NIL"', () => {
		expect(written([astring('NIL'), astring('nil')])).toBe('X "NIL" "nil"\r\n');
	});

	it('waits before each literal, unless the server takes it at once', () => {
		const waiting = encode('X', [astring('a\nb'), astring('c\nd')], context);
		expect(waiting.map(({ wait }) => wait)).toEqual([true, true, false]);
		const free = encode('X', [astring('a\nb')], { ...context, nonSynchronizing: 3 });
		expect(free.map(({ text: line, wait }) => [line, wait])).toEqual([
			['X {3+}\r\n', false],
			['\r\n', false],
		]);
		expect(encode('X', [astring('a\nbc')], { ...context, nonSynchronizing: 3 })[0]?.wait).toBe(
			true,
		);
	});

	it('hides secrets from the trace', () => {
		for (const password of ['hush', 'a"b', 'c\nd', 'ü']) {
			for (const { text: line, shown } of encode(
				'LOGIN',
				[astring('bob'), secret(password)],
				context,
			)) {
				if (line.includes(password)) expect(shown).toBeDefined();
				expect(shown ?? line).not.toContain(password);
			}
		}
	});

	it.each(['a\0b', '\ud800'])('refuses %j', (bad) => {
		expect(() => written([astring(bad)])).toThrow(expect.objectContaining({ code: 'ARGUMENT' }));
	});

	it('refuses line ends in a mailbox name, where not even a literal may hold them', () => {
		expect(() => written([mailbox('a\r\nA1 DELETE INBOX')])).toThrow(
			expect.objectContaining({ code: 'ARGUMENT' }),
		);
	});
});

describe('search keys', () => {
	const leaf: fc.Arbitrary<SearchQuery> = fc.oneof(
		fc.record({ subject: text, from: text }, { requiredKeys: [] }),
		fc.record({ seen: fc.boolean(), larger: fc.nat() }, { requiredKeys: [] }),
		fc.record({ header: fc.record({ 'Message-ID': text }) }),
		fc.constantFrom<SearchQuery>({ uid: '1:*' }, { keyword: ['a', '$b'] }, { since: '2020-02-29' }),
	);
	const { query } = fc.letrec<{ query: SearchQuery }>((tie) => ({
		query: fc.oneof(
			{ maxDepth: 3 },
			leaf,
			fc.record({ not: tie('query') }),
			fc.record({ or: fc.array(tie('query'), { minLength: 1, maxLength: 4 }) }),
		),
	}));

	it('stay on one line outside literals, their parentheses balanced', () => {
		fc.assert(
			fc.property(query, (search) => {
				let wire = written(encodeSearch(search).parts).slice(2);
				let depth = 0;
				while (wire !== '\r\n') {
					if (wire.startsWith('(')) depth++;
					if (wire.startsWith(')')) depth--;
					expect(depth).toBeGreaterThanOrEqual(0);
					wire = /^[() ]/.test(wire)
						? wire.slice(1)
						: /^[\d:*,]+[ )\r]/.test(wire)
							? wire.replace(/^[\d:*,]+/, '')
							: read(wire).rest;
				}
				expect(depth).toBe(0);
			}),
			{ numRuns: 2000 },
		);
	});

	it.each([
		[{}, 'ALL'],
		[{ unseen: true }, 'UNSEEN'],
		[{ seen: false }, 'UNSEEN'],
		[{ or: [{ from: 'a' }, { to: 'b' }, { cc: 'c' }] }, 'OR FROM "a" OR TO "b" CC "c"'],
		[{ not: [{ seen: true }, { flagged: true }] }, 'NOT SEEN NOT FLAGGED'],
		[{ header: { 'X-A': '' } }, 'HEADER X-A ""'],
		[{ sentOn: '2020-02-01', smaller: 5 }, 'SENTON 1-Feb-2020 SMALLER 5'],
		[{ younger: 60, modSeq: 7n, seq: [3, 1, 2] }, 'YOUNGER 60 MODSEQ 7 1:3'],
	] as [SearchQuery, string][])('%o is %s', (search, wire) => {
		expect(written(encodeSearch(search).parts).trimEnd()).toBe(`X ${wire}`);
	});

	it.each<object>([
		{ constructor: 'x' },
		{ unknown: true },
		{ seen: 'yes' },
		{ subject: 5 },
		{ larger: -1 },
		{ or: [] },
		{ and: [] },
		{ not: [] },
		{ keyword: [] },
		{ header: {} },
		{ header: { 'a b': 'x' } },
		{ header: { 'a:\r\nb': 'x' } },
		{ keyword: 'a b' },
		{ since: 'x' },
		{ uid: '1 OR' },
	])('refuse %j', (search) => {
		expect(() => encodeSearch(search as SearchQuery)).toThrow(
			expect.objectContaining({ code: 'ARGUMENT' }),
		);
	});
});
