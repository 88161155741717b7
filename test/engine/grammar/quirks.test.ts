import { describe, expect, test } from 'vitest';
import type { Envelope, FetchedMessage, Response } from '../../../engine/index';
import { parseResponses } from '../../../engine/index';

function read(line: string, encoding: BufferEncoding = 'utf8'): Response {
	const responses = parseResponses(Buffer.from(`${line}\r\n`, encoding));
	expect(responses).toHaveLength(1);
	return responses[0] as Response;
}

function fetched(items: string): FetchedMessage {
	const response = read(`* 1 FETCH (${items})`);
	if (response.type !== 'FETCH') throw new Error(`Read as ${response.type}`);
	return response.message;
}

describe('case, spaces and missing words', () => {
	test.each([
		['* ok [capability imap4rev1 idle] hi', { type: 'status', status: 'OK', text: 'hi' }],
		['T oK', { type: 'tagged', tag: 'T', status: 'OK', text: '' }],
		['T OK ', { type: 'tagged', text: '' }],
		['T  OK   [READ-ONLY]   x  y ', { code: { name: 'READ-ONLY' }, text: 'x  y ' }],
		['T OK [READ-ONLY]', { code: { name: 'READ-ONLY' }, text: '' }],
		['*   3   exists ', { type: 'EXISTS', number: 3 }],
		['*\t3 EXISTS', { type: 'EXISTS', number: 3 }],
		['*3 EXISTS', { type: 'EXISTS', number: 3 }],
		[' * 3 EXISTS', { type: 'EXISTS', number: 3 }],
		['+', { type: '+', text: '' }],
		['+ ', { type: '+', text: '' }],
		['+idling', { type: '+', text: 'idling' }],
		['* flags  ( \\Seen   \\Deleted )', { flags: ['\\Seen', '\\Deleted'] }],
		['* search 1  2 ', { type: 'SEARCH', numbers: [1, 2] }],
		['* SEARCH ', { type: 'SEARCH', numbers: [] }],
		['* list  (  ) "/"  INBOX ', { entry: { name: 'INBOX', attributes: [] } }],
		['* status x ( messages  3 )', { status: { messages: 3 } }],
		['* STATUS x ()', { status: { mailbox: 'x' } }],
		['* 1 fetch ( uid  7   flags ( ) )', { message: { uid: 7, flags: [] } }],
		['* 1 FETCH ()', { message: { seq: 1 } }],
		['* 1 FETCH (UID 7(X 1))', { message: { uid: 7, malformed: [{ item: '' }] } }],
		['* capability', { type: 'CAPABILITY', capabilities: [] }],
		['* enabled', { type: 'ENABLED', capabilities: [] }],
		['* esearch', { type: 'ESEARCH', data: { uid: false } }],
		['* OK see {3}', { text: 'see {3}' }],
		['* OK [X-Y {3}] {4}', { code: { name: 'OTHER', atom: 'X-Y' } }],
		['* BYE', { status: 'BYE', text: '' }],
	])('%j', (line, expected) => {
		if (expected) expect(read(line)).toMatchObject(expected);
		else expect(() => read(line)).toThrow(expect.objectContaining({ code: 'PROTOCOL' }));
	});

	test('many empty lines between responses', () => {
		expect(
			parseResponses(Buffer.from('\r\n\r\n* 1 EXISTS\r\n \r\n\t\r\n* 2 EXISTS\r\n')),
		).toHaveLength(2);
	});
});

describe('response codes that are not as they should be are text, and the response is sound', () => {
	test.each([
		['[]', undefined],
		['[ ]', undefined],
		['[(odd)]', { name: 'OTHER', atom: '(ODD)', text: '' }],
		['[COPYUID 1 2]', { name: 'OTHER', atom: 'COPYUID', text: '1 2' }],
		['[COPYUID 1  ]', { name: 'OTHER', atom: 'COPYUID', text: '1  ' }],
		['[APPENDUID x y]', { name: 'OTHER', atom: 'APPENDUID', text: 'x y' }],
		['[PERMANENTFLAGS \\Seen]', { name: 'OTHER', atom: 'PERMANENTFLAGS', text: '\\Seen' }],
		['[PERMANENTFLAGS ()]', { name: 'PERMANENTFLAGS', flags: [] }],
		['[UIDNEXT]', { name: 'OTHER', atom: 'UIDNEXT', text: '' }],
		['[UIDNEXT x]', { name: 'OTHER', atom: 'UIDNEXT', text: 'x' }],
		['[UNSEEN 5 ]', { name: 'UNSEEN', value: 5 }],
		['[HIGHESTMODSEQ 99999999999999999999999]', { name: 'OTHER', atom: 'HIGHESTMODSEQ' }],
		['[MAILBOXID F1]', { name: 'OTHER', atom: 'MAILBOXID', text: 'F1' }],
		['[BADCHARSET]', { name: 'BADCHARSET', charsets: [] }],
		['[REFERRAL imap://x/]', { name: 'REFERRAL', url: 'imap://x/' }],
		['[X "a\\"]b" (c "]")]', { name: 'OTHER', atom: 'X', text: '"a\\"]b" (c "]")' }],
		['[UTF-8-ÄÖ ü]', { text: 'ü' }],
	])('%s', (code, expected) => {
		const response = read(`* OK ${code} rest`);
		expect(response).toMatchObject({ type: 'status', status: 'OK', text: 'rest' });
		if (expected) expect(response).toHaveProperty('code', expect.objectContaining(expected));
		else expect(response).not.toHaveProperty('code');
	});

	test('one that is never closed takes the line', () => {
		expect(read('* NO [oops no end')).toMatchObject({
			status: 'NO',
			code: { name: 'OTHER', atom: 'OOPS' },
			text: '',
		});
		expect(read('* NO [X "\\')).toMatchObject({
			status: 'NO',
			code: { name: 'OTHER', atom: 'X', text: '"\\' },
			text: '',
		});
	});
});

describe('names of mailboxes', () => {
	test.each([
		['NIL', 'NIL'],
		['"NIL"', 'NIL'],
		['123', '123'],
		['~', '~'],
		['~foo', '~foo'],
		['[Gmail]', '[Gmail]'],
		['"[Gmail]/All Mail"', '[Gmail]/All Mail'],
		['#news.x', '#news.x'],
		['"a\\"b\\\\c"', 'a"b\\c'],
		['{3}\r\na b', 'a b'],
		['{8}\r\nEntw"(){', 'Entw"(){'],
		['""', ''],
		['"Entwürfe"', 'Entwürfe'],
		['&AOQ-', 'ä'],
		['R&D', 'R&D'],
		['*%', '*%'],
	])('%s', (wire, name) => {
		expect(read(`* LIST () "/" ${wire}`)).toMatchObject({ entry: { name } });
		expect(read(`* LSUB () "." ${wire}`)).toMatchObject({ type: 'LSUB', entry: { name } });
		expect(read(`* STATUS ${wire} (MESSAGES 1)`)).toMatchObject({ status: { mailbox: name } });
		expect(read(`* QUOTAROOT ${wire} ""`)).toMatchObject({ roots: { mailbox: name } });
	});

	test('raw Latin-1 bytes are kept one by one', () => {
		expect(read('* LIST () "/" "Entw\xfcrfe"', 'latin1')).toMatchObject({
			entry: { name: 'Entwürfe' },
		});
	});

	test.each([
		['"/"', '/'],
		['"\\\\"', '\\'],
		['"\\""', '"'],
		['NIL', null],
		['nil', null],
	])('the delimiter %s', (wire, delimiter) => {
		expect(read(`* LIST () ${wire} x`)).toMatchObject({ entry: { delimiter } });
	});
});

describe('ENVELOPE as servers write it', () => {
	const to = (addresses: string): Envelope['to'] | undefined =>
		fetched(`ENVELOPE (NIL NIL NIL NIL NIL ${addresses} NIL NIL NIL NIL)`).envelope?.to;

	test.each([
		['NIL', []],
		['""', []],
		['()', []],
		['((NIL NIL "root" NIL))', [{ mailbox: 'root', host: null, address: 'root' }]],
		['(("Root" NIL "root" NIL))', [{ name: 'Root', mailbox: 'root', address: 'root' }]],
		['((NIL NIL "root" ""))', [{ mailbox: 'root', host: '', address: 'root' }]],
		['((NIL "@a,@b" "x" "y"))', [{ route: '@a,@b', address: 'x@y' }]],
		['(("a" NIL "x" "y" NIL "more"))', [{ address: 'x@y' }]],
		['((NIL NIL NIL NIL))', []],
		[
			'((NIL NIL "g" NIL)(NIL NIL NIL NIL)(NIL NIL "h" NIL)(NIL NIL "x" "y")(NIL NIL NIL NIL)(NIL NIL "z" "y"))',
			[{ group: 'g' }, { group: 'h', address: 'x@y' }, { group: null, address: 'z@y' }],
		],
		['(("=?utf-8?q?=C3=A4?=" NIL "x" "y"))', [{ name: '=?utf-8?q?=C3=A4?=' }]],
		['((x NIL y z))', [{ name: 'x', address: 'y@z' }]],
	])('%s', (addresses, expected) => {
		const read = to(addresses);
		expect(read).toHaveLength(expected.length);
		expect(read).toMatchObject(expected);
	});

	test('one that ends early is noted, and the other items are sound', () => {
		const message = fetched('ENVELOPE (NIL "subject" NIL) UID 4');
		expect(message.malformed).toMatchObject([{ item: 'ENVELOPE' }]);
		expect(message.uid).toBe(4);
	});
});

describe('BODYSTRUCTURE as servers write it', () => {
	test.each([
		['("text" "plain")', { type: 'text', subtype: 'plain', encoding: '7bit', size: 0 }],
		['("TEXT" "PLAIN" ("CHARSET" "UTF-8") NIL NIL "8BIT" NIL NIL)', { size: 0, encoding: '8bit' }],
		['("text" "plain" NIL NIL NIL NIL -1 -1)', { size: 0, encoding: '' }],
		['("text" "plain" "" NIL NIL "7bit" 3 1)', { parameters: {}, lines: 1 }],
		['("text" "plain" ("name") NIL NIL "7bit" 3 1)', { parameters: { name: '' } }],
		['("text" "plain" ("a" NIL "B" "C") NIL NIL "7bit" 3 1)', { parameters: { a: '', b: 'C' } }],
		[
			'("image" "png" NIL NIL NIL "base64" 5 NIL "inline" "de" "loc")',
			{ disposition: { type: 'inline' }, language: ['de'], location: 'loc' },
		],
		[
			'("image" "png" NIL NIL NIL "base64" 5 "md5" ("inline"))',
			{ md5: 'md5', disposition: { type: 'inline', parameters: {} } },
		],
		[
			'("image" "png" NIL NIL NIL "base64" 5 NIL ("inline" NIL) ("de" "en"))',
			{ language: ['de', 'en'] },
		],
		['("image" "png" NIL NIL NIL "base64" 5 NIL ())', { disposition: null }],
		[
			'("multipart" "mixed" ("boundary" "x") NIL NIL "7bit" 0)',
			{ type: 'multipart', subtype: 'mixed' },
		],
		[
			'("message" "rfc822" NIL NIL NIL "7bit" 120 NIL NIL 5 NIL ("attachment" NIL) NIL NIL)',
			{ lines: 5, disposition: { type: 'attachment' }, language: [] },
		],
		[
			'("message" "rfc822" NIL NIL NIL "7bit" 120 NIL ("attachment" NIL) NIL NIL)',
			{ disposition: { type: 'attachment' } },
		],
		['("message" "rfc822" NIL NIL NIL "7bit" 120 5)', { lines: 5 }],
		['("message" "rfc822" NIL NIL NIL "7bit" 120)', { size: 120 }],
		['("message" "delivery-status" NIL NIL NIL "7bit" 120)', { subtype: 'delivery-status' }],
		[
			'(("text" "plain" NIL NIL NIL "7bit" 3 1)("text" "html" NIL NIL NIL "7bit" 3 1)"alternative")',
			{ parts: [{ part: '1' }, { part: '2' }] },
		],
		['(("text" "plain" NIL NIL NIL "7bit" 3 1) NIL)', { type: 'multipart', subtype: '' }],
		['(("text" "plain" NIL NIL NIL "7bit" 3 1) "mixed" NIL NIL NIL NIL)', { parameters: {} }],
		[
			'("text" "plain" ("__proto__" "x" "constructor" "y") NIL NIL "7bit" 3 1)',
			{ parameters: { constructor: 'y' } },
		],
		[
			'("text" "plain" ("name" "a.pdf" "NAME" "b.exe") NIL NIL "7bit" 3 1)',
			{ parameters: { name: 'a.pdf' } },
		],
	])('%s', (wire, expected) => {
		const message = fetched(`BODYSTRUCTURE ${wire} UID 4`);
		expect(message.malformed).toBeUndefined();
		expect(message.bodyStructure).toMatchObject(expected);
		expect(message.uid).toBe(4);
	});

	test.each(['NIL', '()', '(())', '"x"', '("text")', '((NIL))', '("text" ("a"))'])(
		'%s is none: noted, and the other items are sound',
		(wire) => {
			const message = fetched(`BODYSTRUCTURE ${wire} UID 4`);
			expect(message.malformed).toMatchObject([
				{ item: 'BODYSTRUCTURE', error: { code: 'PROTOCOL' } },
			]);
			expect(message.uid).toBe(4);
		},
	);

	test('messages in messages are numbered as BODY[…] takes them (RFC 9051 §6.4.5)', () => {
		const text = '("text" "plain" NIL NIL NIL "7bit" 3 1)';
		const envelope = '(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)';
		const message = (inside: string): string =>
			`("message" "rfc822" NIL NIL NIL "7bit" 9 ${envelope} ${inside} 2)`;
		const { bodyStructure } = fetched(
			`BODYSTRUCTURE (${text}${message(message(text))}${message(`(${text}${text} "mixed")`)} "mixed")`,
		);
		expect(bodyStructure).toMatchObject({
			part: '',
			parts: [
				{ part: '1' },
				{ part: '2', structure: { part: '2.1', structure: { part: '2.1.1' } } },
				{ part: '3', structure: { part: '3', parts: [{ part: '3.1' }, { part: '3.2' }] } },
			],
		});
	});

	test('multiparts nested as deeply as servers let them be are read', () => {
		const depth = 100;
		const wire = `${'('.repeat(depth)}("text" "plain" ("charset" "x") NIL NIL "7bit" 3 1 NIL ("inline" ("a" "b")))${' "mixed" ("boundary" "x"))'.repeat(depth)}`;
		const message = fetched(`BODYSTRUCTURE ${wire} UID 4`);
		expect(message.malformed).toBeUndefined();
		expect(message.bodyStructure?.subtype).toBe('mixed');
		expect(message.uid).toBe(4);
	});
});

describe('unknown items and responses are kept', () => {
	test('of FETCH, whatever they hold', () => {
		const { other, uid } = fetched(
			'X-A NIL X-B (a ("b" {1}\r\nc) NIL) ANNOTATION (/comment (value.priv "x")) X-C "y" UID 4',
		);
		expect(other).toEqual({
			'X-A': null,
			'X-B': ['a', ['b', 'c'], null],
			ANNOTATION: ['/comment', ['value.priv', 'x']],
			'X-C': 'y',
		});
		expect(uid).toBe(4);
	});

	test.each([
		['* X-GURU {3}\r\nabc (NIL)', { type: 'other', name: 'X-GURU', tokens: ['abc', [null]] }],
		['* 7 x-count', { type: 'other', name: 'X-COUNT', number: 7, tokens: [] }],
		['* LANGUAGE (EN)', { name: 'LANGUAGE', tokens: [['EN']] }],
		['* URLFETCH "imap://x" NIL', { tokens: ['imap://x', null] }],
		['* GENURLAUTH "a" "b"', { name: 'GENURLAUTH' }],
	])('%s', (line, expected) => {
		expect(read(line)).toMatchObject(expected);
	});
});
