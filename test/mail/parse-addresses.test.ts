/** Address fields as senders write them, as text that can be used as recipients again. */
import { describe, expect, test } from 'vitest';
import { envelopeAddresses, hasPlaceholder } from '../../mail/address/envelope-addresses';
import { formatAddresses } from '../../mail/address/format-addresses';
import { parseAddresses } from '../../mail/address/parse-addresses';
import { summaryOfHeader } from '../../mail/header/header-summary';
import { utf8Bytes } from '../../mail/header/header-text';
import { RawHeader } from '../../mail/header/raw-header';

const read = (field: string): string => formatAddresses(parseAddresses(utf8Bytes(field)));

test.each([
	['separated by spaces', 'a@example.com b@example.com', 'a@example.com, b@example.com'],
	['with semicolons', 'A <a@x.example>; b@x.example;', 'A <a@x.example>, b@x.example'],
	['without the opening bracket', 'Bert bert@example.org>', 'Bert <bert@example.org>'],
	['without the closing bracket', 'Bert <bert@example.org', 'Bert <bert@example.org>'],
	[
		'without the closing bracket, before another',
		'A <a@x.example, B <b@x.example>',
		'A <a@x.example>, B <b@x.example>',
	],
	['two in one pair of brackets', 'A <a@x.example,b@x.example>', 'A <a@x.example>, b@x.example'],
	['and a semicolon in brackets', 'A <a@x.example;b@x.example>', 'A <a@x.example>, b@x.example'],
	['with a route', 'A <@x.example,@y.example:a@z.example>', 'A <a@z.example>'],
	['in two pairs of brackets', 'Bert <<bert@example.org>>', 'Bert <bert@example.org>'],
	['with spaces around the @', 'bert @ example.org', 'bert@example.org'],
	['with comments in the address', 'B <bert(x)@example(y).org>', 'B <bert@example.org>'],
	['with a comma in a name', 'Müller, Bert <b@x.example>', '"Müller, Bert" <b@x.example>'],
	['with a mailbox of the own system', 'root, Bert <b@x.example>', 'root, Bert <b@x.example>'],
	['with a name before a group', 'Bert, T: A <a@x.example>;', 'Bert, T: A <a@x.example>;'],
	['with a quoted local part', 'A <"a (b) c"@x.example>', 'A <"a (b) c"@x.example>'],
	['with a quote in the local part', '"a\\"b"@x.example', '"a\\"b"@x.example'],
	['with a place in the name', 'Anna @ Work <a@x.example>', '"Anna @ Work" <a@x.example>'],
])('addresses %s', (_how, field, text) => {
	expect(read(field)).toBe(text);
	// As recipients they mean the same.
	expect(read(text)).toBe(text);
});

test.each([
	['plain', 'anna.schmidt@example.com'],
	['with a name', 'Anna <anna.schmidt@example.com>'],
	['with a comma in quotes', '"Schmidt, Anna" <anna.schmidt@example.com>'],
	['with a comma without quotes', 'Schmidt, Anna <anna.schmidt@example.com>'],
])('of a list that is longer than what is read, no address is cut: %s', (_how, one) => {
	const found = parseAddresses(Array(10_000).fill(one).join(', '));
	expect(found.length).toBeGreaterThan(2000);
	expect(new Set(found.map((each) => JSON.stringify(each))).size).toBe(1);
});

test('a name in Big5, of whose characters the second byte is a backslash', () => {
	const [name, bytes] = ['許功蓋先生', 'b35ca55cbb5ca5fda5cd'];
	const field = `"${Buffer.from(bytes, 'hex').toString('latin1')}" <x@example.tw>`;
	expect(parseAddresses(field, ['big5'])).toEqual([{ name, address: 'x@example.tw' }]);
});

test('a name in Japanese of seven bits, whose bytes look like quotes and brackets', () => {
	const name = '\x1b$B$3$s$K$A$O\x1b(B';
	expect(parseAddresses(`${name} <k@example.org>`)).toEqual([
		{ name: 'こんにちは', address: 'k@example.org' },
	]);
});

describe('of an ENVELOPE', () => {
	const one = (mailbox: string, host: string) => ({
		name: null,
		route: null,
		mailbox,
		host,
		address: '',
	});

	test.each([
		['anna maria', '"anna maria"@example.com'],
		['a@b', '"a@b"@example.com'],
		['a"b', '"a\\"b"@example.com'],
		['"anna maria"', '"anna maria"@example.com'],
		['anna.maria+x', 'anna.maria+x@example.com'],
	])('the local part %j has the quotes that the server took away', (mailbox, address) => {
		const group = { group: null };
		expect(envelopeAddresses([{ ...one(mailbox, 'example.com'), ...group }])).toEqual([
			{ name: '', address },
		]);
	});

	test.each(['SYNTAX_ERROR', 'SYNTAX-ERROR', 'example.org>', 'example.org b'])(
		'the host %j is doubtful',
		(host) => {
			const none = { sender: [], replyTo: [], to: [], cc: [], bcc: [] };
			const from = [{ ...one('bert', host), group: null }];
			expect(hasPlaceholder({ ...none, from } as never)).toBe(true);
		},
	);
});

describe('a header that is neither ASCII nor UTF-8', () => {
	const russian = Buffer.from([0xf3, 0xde, 0xa3, 0xd4]);
	const header = (type: string) =>
		Buffer.concat([
			Buffer.from('Subject: '),
			russian,
			Buffer.from('\r\nFrom: '),
			russian,
			Buffer.from(` <i@example.org>\r\nContent-Type: ${type}\r\n\r\n`),
		]);

	test.each([
		['the charset of its text', 'text/plain; charset=koi8-r', [], 'Счёт'],
		['the charset of the texts in it', 'multipart/mixed; boundary=b', ['koi8-r'], 'Счёт'],
		['windows-1252 where nothing says more', 'text/plain', [], 'óÞ£Ô'],
		['windows-1252 where the charset is not known', 'text/plain; charset=x-foo', [], 'óÞ£Ô'],
	])('is read in %s', (_which, type, likely, text) => {
		const { subject, from } = summaryOfHeader(new RawHeader(header(type)), likely);
		expect([subject, from[0]?.name]).toEqual([text, text]);
	});
});

test.each([
	['<1@example.org>', '<1@example.org>'],
	['< 1 @example.org >', '<1@example.org>'],
	['<1@example.org> <2@example.org>', '<1@example.org>'],
	['1@example.org', '1@example.org'],
])('the Message-ID of %j is %j', (field, id) => {
	expect(
		summaryOfHeader(new RawHeader(Buffer.from(`Message-ID: ${field}\r\n\r\n`))).messageId,
	).toBe(id);
});

test.each([
	['all in an encoded word', '=?utf-8?Q?J=C3=B6rg_=3Ca=40b.example=3E?=', 'Jörg <a@b.example>'],
	['all in quotes', '"Anna B <a@b.example>"', 'Anna B <a@b.example>'],
	['with a time in the name', 'Support 24:7 <a@b.example>', '"Support 24:7" <a@b.example>'],
	['with a prefix in the name', 'Re: Anna <a@b.example>', '"Re: Anna" <a@b.example>'],
	['with a link in the name', 'http://x.example <a@b.example>', '"http://x.example" <a@b.example>'],
	['in single quotes', "'a@b.example'", 'a@b.example'],
	['in single quotes and brackets', "Anna <'a@b.example'>", 'Anna <a@b.example>'],
	['with spaces around the dots', 'a . d @ b . example', 'a.d@b.example'],
	['of a group that is closed', 'Team: Anna <a@b.example>;', 'Team: Anna <a@b.example>;'],
	[
		'of a group that is not closed',
		'Team: a@b.example, c@d.example',
		'Team: a@b.example, c@d.example;',
	],
])('an address %s', (_how, field, text) => {
	expect(read(field)).toBe(text);
});

test('an address in a name is part of the name where there is another one', () => {
	expect(read('=?utf-8?Q?bank_=3Canna=40bank.example=3E?= <e@x.example>')).toBe(
		'"bank <anna@bank.example>" <e@x.example>',
	);
});
