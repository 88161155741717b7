/** What servers write against the grammar, as seen in public reports: what can be read is kept. */
import { describe, expect, test } from 'vitest';
import { MailboxNames } from '../../../engine/grammar/mailbox-name';
import { readResponse } from '../../../engine/grammar/response';
import type { FetchedMessage } from '../../../engine/grammar/fetch';

function read(text: string, names = new MailboxNames()) {
	const bytes = Buffer.from(text);
	const context = { names, maxDepth: 100 };
	return readResponse(bytes, 0, bytes.length, context) as unknown as Record<string, never>;
}
const fetched = (items: string): FetchedMessage =>
	(read(`* 2 FETCH ${items}`) as unknown as { message: FetchedMessage }).message;
const noted = (message: FetchedMessage): string[] =>
	(message.malformed ?? []).map(({ item }) => item);

const STRUCTURE = '("TEXT" "PLAIN" NIL NIL NIL "7BIT" 4 1)';
const ENVELOPE = '("d" "s" NIL NIL NIL NIL NIL NIL NIL "<m>")';

describe('FETCH: each broken item is noted, and the others are kept', () => {
	test.each([
		[
			'a quote inside a quoted string',
			`ENVELOPE ("d" "s" (("<a@x" <b@y>" NIL "a" "x")) NIL NIL NIL NIL NIL NIL NIL)`,
			'ENVELOPE',
		],
		[
			'a parenthesis too few',
			'ENVELOPE ("d" "s" (((NIL NIL "a" "x") NIL NIL NIL NIL NIL NIL NIL',
			'ENVELOPE',
		],
		[
			'addresses that are a string',
			'ENVELOPE ("d" "s" "n <a@x>" NIL NIL NIL NIL NIL NIL "<m>")',
			'ENVELOPE',
		],
		[
			'NIL in the place of a part',
			`BODYSTRUCTURE (${STRUCTURE}NIL${STRUCTURE} "MIXED")`,
			'BODYSTRUCTURE',
		],
		[
			'a type that holds its subtype',
			'BODYSTRUCTURE ("TEXT/PLAIN" NIL NIL NIL "7BIT" 4 1)',
			'BODYSTRUCTURE',
		],
		[
			'parameters that are a string',
			'BODYSTRUCTURE ("TEXT" "PLAIN" "CHARSET=utf-8" NIL NIL "7BIT" 4 1)',
			'BODYSTRUCTURE',
		],
		[
			'parameters of a disposition without parentheses',
			'BODYSTRUCTURE ("TEXT" "PLAIN" NIL NIL NIL "7BIT" 4 1 NIL ("attachment" "filename" "a") NIL)',
			'BODYSTRUCTURE',
		],
		['a parenthesis too many', 'BODYSTRUCTURE ("TEXT" "PLAIN" NIL NIL NIL "7BIT" 4 1))', ''],
		['a size that is not a number', 'RFC822.SIZE large', 'RFC822.SIZE'],
		['a negative size', 'RFC822.SIZE -1', 'RFC822.SIZE'],
		['a size with a fraction', 'RFC822.SIZE 1.86931e+06', 'RFC822.SIZE'],
		['NIL for a size', 'RFC822.SIZE NIL', 'RFC822.SIZE'],
		['a size beyond all numbers', 'RFC822.SIZE 99999999999999999999', 'RFC822.SIZE'],
		['a negative mod-sequence', 'MODSEQ (-5)', 'MODSEQ'],
		['a mod-sequence without parentheses', 'MODSEQ 5', 'MODSEQ'],
		['a structure that is a word', 'BODYSTRUCTURE broken', 'BODYSTRUCTURE'],
		[
			'a structure nested too deep',
			`BODYSTRUCTURE ${'('.repeat(500)}"a"${')'.repeat(500)}`,
			'BODYSTRUCTURE',
		],
		['an unknown item nested too deep', `X-DEEP ${'('.repeat(500)}${')'.repeat(500)}`, 'X-DEEP'],
		['flags without parentheses', 'FLAGS \\Seen', 'FLAGS'],
	])('%s', (_what, broken, item) => {
		const before = fetched(`(UID 7 INTERNALDATE "01-Jan-2026 00:00:00 +0000" ${broken})`);
		expect(before.uid).toBe(7);
		expect(before.internalDate).toEqual(new Date('2026-01-01T00:00:00Z'));
		const between = fetched(`(UID 7 ${broken} PREVIEW "p")`);
		expect(between).toMatchObject({ uid: 7, preview: 'p' });
		if (item !== '') expect(noted(between)).toContain(item);
	});

	test('a parenthesis too many around the items', () => {
		const message = fetched(`((UID 7 FLAGS (\\Seen) ENVELOPE ${ENVELOPE}))`);
		expect(message).toMatchObject({ uid: 7, flags: ['\\Seen'], envelope: { subject: 's' } });
		expect(noted(message)).toEqual([]);
	});

	test('the closing parenthesis missing', () => {
		expect(fetched('(UID 7 FLAGS (\\Seen)')).toMatchObject({ uid: 7, flags: ['\\Seen'] });
	});

	test('a literal that is longer than its size: the items behind it are found', () => {
		const message = fetched('(UID 7 BODY[] {3}\r\nabcdef) FLAGS (\\Seen) RFC822.SIZE 6)');
		expect(message).toMatchObject({ uid: 7, flags: ['\\Seen'], size: 6 });
		expect(message.body[0]?.content?.toString()).toBe('abc');
		expect(noted(message)).not.toEqual([]);
	});

	test('a section without a value is empty', () => {
		const message = fetched('(UID 2 BODY[2] )');
		expect(message.body[0]?.content?.toString()).toBe('');
	});

	test('a range with a length behind a section', () => {
		const message = fetched('(UID 2 BODY[TEXT]<0.28> "abc")');
		expect(message.body[0]).toMatchObject({ section: 'TEXT', origin: 0 });
	});

	test('two different UIDs are none: one of them may be text of a sender', () => {
		const forged = '(ENVELOPE ("d" "x" UID 5 (" NIL NIL NIL NIL NIL NIL NIL) UID 7)';
		expect(fetched(forged).uid).toBeUndefined();
		expect(fetched('(UID 7 UID 7)').uid).toBe(7);
	});

	test.each(['UID 0', 'UID 99999999999', 'UID 5x'])('%s is not a UID', (text) => {
		const message = fetched(`(FLAGS (\\Seen) ${text})`);
		expect(message).toMatchObject({ uid: undefined, flags: ['\\Seen'] });
		expect(noted(message)).toContain('UID');
	});

	test('a date without quotes', () => {
		const { internalDate, uid } = fetched('(INTERNALDATE 17-Jul-1996 02:44:25 -0700 UID 5)');
		expect(internalDate).toEqual(new Date('1996-07-17T09:44:25Z'));
		expect(uid).toBe(5);
	});

	test.each(['FLAGS ( ', 'ENVELOPE ("a" ', 'BODYSTRUCTURE ((', 'BODY[1.1 "" ', 'X "'])(
		'%j without end costs bytes in proportion to its length',
		(item) => {
			const cost = (times: number): number => {
				const message = fetched(`(UID 2 ${item.repeat(times)})`);
				expect(message.uid).toBe(2);
				return message.reread;
			};
			expect(cost(40_000)).toBeLessThan(20 * 40_000 * item.length + 400_000);
		},
	);

	test.each<[string, object, string[]]>([
		['UID 2 RFC822.SIZE 3 FLAGS (\\Seen)', { flags: ['\\Seen'] }, ['FETCH']],
		['UID 2 RFC822.SIZE 3)', {}, []],
		['(FLAGS \\Seen $x UID 2 RFC822.SIZE 3)', { flags: ['\\Seen', '$x'] }, ['FLAGS']],
		['(UID 2 RFC822.SIZE 3 FLAGS \\Seen)', { flags: ['\\Seen'] }, ['FLAGS']],
		['(FLAGS ((\\Seen)) UID 2 RFC822.SIZE 3)', { flags: ['\\Seen'] }, []],
		['(FLAGS (\\Seen UID 2 RFC822.SIZE 3)', { flags: ['\\Seen'] }, ['FLAGS']],
		['(FLAGS UID 2 RFC822.SIZE 3)', { flags: undefined }, ['FLAGS']],
		['(UID "2" RFC822.SIZE (3) MODSEQ ("5"))', { modSeq: 5n }, []],
		['(UID 2 EMAILID M1 THREADID "T1" RFC822.SIZE 3)', { emailId: 'M1', threadId: 'T1' }, []],
	])('%s', (items, expected, malformed) => {
		const message = fetched(items);
		expect(message).toMatchObject({ uid: 2, size: 3, ...expected });
		expect(noted(message)).toEqual(malformed);
	});

	test('an envelope of nine fields lacks the last', () => {
		const { envelope } = fetched('(ENVELOPE ("d" "s" NIL NIL NIL NIL NIL NIL "<r>"))');
		expect(envelope).toMatchObject({ subject: 's', inReplyTo: '<r>', messageId: null });
	});
});

describe('BODYSTRUCTURE', () => {
	const part = (fields: string) =>
		fetched(`(BODYSTRUCTURE ("APPLICATION" "PDF" NIL NIL ${fields}))`).bodyStructure;
	test.each([
		['NIL "BASE64" 1.86931e+06', 1_869_310],
		['NIL "BASE64" -1', 0],
		['NIL "BASE64" "42"', 42],
		['NIL "BASE64" NIL', 0],
		['"""" "BASE64" 5', 5],
	])('%s', (fields, size) => {
		expect(part(fields)).toMatchObject({ encoding: 'base64', size });
	});

	test('a negative number of lines', () => {
		const text = `("TEXT" "PLAIN" NIL NIL NIL "7BIT" 4 -1 NIL ("attachment" ("filename" "a.txt")))`;
		expect(fetched(`(BODYSTRUCTURE ${text})`).bodyStructure).toMatchObject({
			lines: 0,
			md5: null,
			disposition: { type: 'attachment', parameters: { filename: 'a.txt' } },
		});
		expect(STRUCTURE).toContain('TEXT');
	});
});

const inbox = (attributes: string[], delimiter: string | null = '/'): object => ({
	entry: { name: 'INBOX', delimiter, attributes },
});
const LISTED: [string, object][] = [
	['* LIST (\\HasChildren "/" INBOX', inbox(['\\HasChildren'])],
	['* LIST (\\HasChildren NIL INBOX', inbox(['\\HasChildren'], null)],
	['* LIST \\HasChildren \\Sent "/" INBOX', inbox(['\\HasChildren', '\\Sent'])],
	['* LIST "/" INBOX', inbox([])],
	['* LIST NIL "/" INBOX', inbox([])],
	['* LIST NIL INBOX', inbox([], null)],
	['* LIST ((\\HasChildren)) "/" INBOX', inbox(['\\HasChildren'])],
	['* LIST (\\HasChildren)) "/" INBOX', inbox(['\\HasChildren'])],
	['* LIST (\\HasChildren ()) "/" INBOX', inbox(['\\HasChildren'])],
	['* LIST ("\\\\HasChildren") "/" INBOX', inbox(['\\HasChildren'])],
	['* LIST () / INBOX', inbox([])],
	['* LIST () "" INBOX', inbox([], null)],
	['* LIST () "/" a ("OLDNAME" (b)', { entry: { name: 'a', extended: { OLDNAME: ['b'] } } }],
];

const FLAGGED: [string, object][] = [
	['* FLAGS \\Seen \\Draft', { flags: ['\\Seen', '\\Draft'] }],
	['* FLAGS ((\\Seen))', { flags: ['\\Seen'] }],
	['* FLAGS ((\\Seen) \\Draft)', { flags: ['\\Seen', '\\Draft'] }],
	['* FLAGS ("\\\\Seen" "a b" x)', { flags: ['\\Seen', 'x'] }],
	['* OK [PERMANENTFLAGS ((\\Seen))] x', { code: { flags: ['\\Seen'] }, text: 'x' }],
	['* OK [PERMANENTFLAGS NIL] x', { code: { flags: [] }, text: 'x' }],
];

const COUNTED: [string, object][] = [
	['* STATUS x (MESSAGES "3" UIDNEXT "7")', { status: { messages: 3, uidNext: 7 } }],
	['* STATUS x (MESSAGES (3) UIDNEXT 7)', { status: { messages: 3, uidNext: 7 } }],
	['* STATUS x (HIGHESTMODSEQ "3" UIDNEXT 7)', { status: { highestModSeq: 3n, uidNext: 7 } }],
	['* STATUS x (MESSAGES {1}\r\n3 UIDNEXT 7)', { status: { messages: 3, uidNext: 7 } }],
	['* STATUS x ((MESSAGES 3) (UIDNEXT 7))', { status: { messages: 3, uidNext: 7 } }],
	['* STATUS x MESSAGES 3 UIDNEXT 7', { status: { mailbox: 'x', messages: 3, uidNext: 7 } }],
	['* STATUS "a b" MESSAGES 3', { status: { mailbox: 'a b', messages: 3 } }],
	['* STATUS x (MESSAGES 3 "odd" UIDNEXT 7)', { status: { messages: 3, uidNext: 7 } }],
	['* STATUS x (MAILBOXID F1 UIDNEXT 7)', { status: { mailboxId: 'F1', uidNext: 7 } }],
	['* STATUS x (MAILBOXID () UIDNEXT 7)', { status: { uidNext: 7 } }],
	['* OK [UIDVALIDITY "5"] x', { code: { name: 'UIDVALIDITY', value: 5 }, text: 'x' }],
	['* OK [UIDNEXT (5)] x', { code: { name: 'UIDNEXT', value: 5 }, text: 'x' }],
	['* OK [HIGHESTMODSEQ "5"] x', { code: { name: 'HIGHESTMODSEQ', value: 5n }, text: 'x' }],
];

const storage = (usage: number, limit: number | null): object => ({
	name: 'STORAGE',
	usage,
	limit,
});
const quota = (root: string, ...resources: object[]): object => ({ quota: { root, resources } });
const LIMITED: [string, object][] = [
	['* QUOTA "" NIL', quota('')],
	['* QUOTA user NIL', quota('user')],
	['* QUOTA User quota ((STORAGE 5 10))', quota('User quota', storage(5, 10))],
	['* QUOTA "" STORAGE 5 10', quota('', storage(5, 10))],
	['* QUOTA "" (STORAGE "5" "10")', quota('', storage(5, 10))],
	['* QUOTA "" (STORAGE (5 10))', quota('', storage(5, 10))],
	['* QUOTA "" (STORAGE 5', quota('', storage(5, null))],
	[
		'* QUOTA "" (STORAGE 5 MESSAGE 1 2)',
		quota('', storage(5, null), { name: 'MESSAGE', usage: 1, limit: 2 }),
	],
	[
		'* QUOTA "" ((STORAGE 5 10) (MESSAGE 1 2))',
		quota('', storage(5, 10), { name: 'MESSAGE', usage: 1, limit: 2 }),
	],
	['* QUOTAROOT INBOX ("" "x")', { roots: { mailbox: 'INBOX', roots: ['', 'x'] } }],
];

const granted = (...entries: [string, string][]): object => ({
	list: {
		mailbox: 'INBOX',
		entries: entries.map(([identifier, rights]) => ({ identifier, rights })),
	},
});
const GRANTED: [string, object][] = [
	['* ACL INBOX (fred lrs)', granted(['fred', 'lrs'])],
	['* ACL INBOX ((fred lrs) (anyone l))', granted(['fred', 'lrs'], ['anyone', 'l'])],
	['* ACL INBOX fred NIL anyone l', granted(['fred', ''], ['anyone', 'l'])],
	['* ACL INBOX NIL', granted()],
	['* LISTRIGHTS INBOX fred', { possible: { identifier: 'fred', required: '', optional: [] } }],
	['* LISTRIGHTS INBOX fred NIL l', { possible: { required: '', optional: ['l'] } }],
	['* LISTRIGHTS INBOX fred "" (l r)', { possible: { required: '', optional: ['l', 'r'] } }],
	['* MYRIGHTS My Box "lrs"', { mailbox: 'My Box', rights: 'lrs' }],
	['* MYRIGHTS INBOX (lrs)', { mailbox: 'INBOX', rights: 'lrs' }],
	['* MYRIGHTS "INBOX" NIL', { mailbox: 'INBOX', rights: '' }],
];

const annotated = (mailbox: string, values: object, changed: string[] = []): object => ({
	metadata: { mailbox, values, changed },
});
const ANNOTATED: [string, object][] = [
	['* METADATA My Box (/shared/a "x")', annotated('My Box', { '/shared/a': 'x' })],
	['* METADATA My Box /shared/a', annotated('My Box', {}, ['/shared/a'])],
	['* METADATA "" /shared/a "x" /b', annotated('', { '/shared/a': 'x' }, ['/b'])],
	['* METADATA "" ((/a "x"))', annotated('', { '/a': 'x' })],
	['* METADATA "" (/a "x"', annotated('', { '/a': 'x' })],
	['* METADATA "" (/a (x) /b "y" /c)', annotated('', { '/b': 'y' })],
	['* METADATA "" (/a /b "y")', annotated('', { '/b': 'y' })],
	['* METADATA "" NIL', annotated('', {})],
	[
		'* ANNOTATION My Box "/comment" ("value.priv" "x"',
		{ annotation: { mailbox: 'My Box', entry: '/comment', attributes: { 'value.priv': 'x' } } },
	],
	['* ANNOTATION INBOX /comment NIL', { annotation: { mailbox: 'INBOX', attributes: {} } }],
];

const personal = (...rest: object[]): object => ({
	namespaces: { personal: [{ prefix: '', delimiter: '/' }], otherUsers: [], shared: rest },
});
const capable = (...capabilities: string[]): object => ({ capabilities });
const NAMED: [string, object][] = [
	['* NAMESPACE (("" "/"))', personal()],
	['* NAMESPACE (("" "/")) NIL', personal()],
	['* NAMESPACE ("" "/") NIL (("#" "/"))', personal({ prefix: '#', delimiter: '/' })],
	['* NAMESPACE (("" "/") NIL (("#")', personal({ prefix: '#', delimiter: null })],
	['* NAMESPACE (("" "/" "X")) NIL NIL', personal()],
	['* CAPABILITY IMAP4rev1 (x) IDLE', capable('IMAP4REV1', 'X', 'IDLE')],
	['* CAPABILITY IMAP4rev1 {x "IDLE" MOVE', capable('IMAP4REV1', 'IDLE', 'MOVE')],
	['* CAPABILITY IMAP4rev1, AUTH="x y" IDLE', capable('IMAP4REV1', 'Y', 'IDLE')],
	['* CAPABILITY (IMAP4rev1 I\0DLE MOVE)', capable('IMAP4REV1', 'MOVE')],
	['* OK [CAPABILITY (IMAP4rev1 MOVE)] hi', { code: capable('IMAP4REV1', 'MOVE'), text: 'hi' }],
	['* OK [CAPABILITY IMAP4rev1 "IDLE"] hi', { code: capable('IMAP4REV1', 'IDLE'), text: 'hi' }],
	['* ENABLED (CONDSTORE)', capable('CONDSTORE')],
	['* ID ("name" "x" "version")', { fields: { name: 'x' } }],
	['* ID ("name" ("a" "b") "version" "1")', { fields: { version: '1' } }],
	['* ID ("name" 5 "version" NIL)', { fields: { name: '5', version: null } }],
	['* ID ("name" My Server "version" "1"', { fields: { name: 'My Server', version: '1' } }],
	['* ID "name" "x"', { fields: { name: 'x' } }],
	['* ID (("name" "x"))', { fields: { name: 'x' } }],
	['* ID (NIL "x" "name" "y")', { fields: { name: 'y' } }],
	['* ID', { fields: null }],
];

describe('other responses', () => {
	test.each<[string, object]>([
		['* FLAGS (\\Seen a(b) c)', { flags: ['\\Seen', 'a', 'c'] }],
		['* FLAGS (\\Seen', { flags: ['\\Seen'] }],
		['* FLAGS NIL', { flags: [] }],
		['* STATUS Deleted Items (MESSAGES 0)', { status: { mailbox: 'Deleted Items', messages: 0 } }],
		[
			'* STATUS A (old) (MESSAGES 3 MAILBOXID (x))',
			{ status: { mailbox: 'A (old)', messages: 3 } },
		],
		['* STATUS x (MESSAGES 3 UIDVALIDITY)', { status: { mailbox: 'x', messages: 3 } }],
		['* STATUS x (UIDNEXT NIL MESSAGES 3)', { status: { mailbox: 'x', messages: 3 } }],
		['* STATUS x (UIDNEXT UIDVALIDITY 7)', { status: { uidValidity: 7 } }],
		['* STATUS x (UNSEEN -1 MESSAGES 3', { status: { messages: 3 } }],
		['* STATUS "a b" (MESSAGES 1)', { status: { mailbox: 'a b', messages: 1 } }],
		['* LIST () "/" Deleted Items', { entry: { name: 'Deleted Items', delimiter: '/' } }],
		['* LIST () "/" Sent\tMail', { entry: { name: 'Sent\tMail' } }],
		['* LIST () "/" a (b) c', { entry: { name: 'a (b) c' } }],
		['* LIST () "/" "a"b"', { entry: { name: 'a"b' } }],
		['* MYRIGHTS My Box lrs', { mailbox: 'My Box', rights: 'lrs' }],
		['* MYRIGHTS INBOX ""', { mailbox: 'INBOX', rights: '' }],
		[
			'* STATUS x (MESSAGES 3 FOO (1 2) UNSEEN 1)',
			{ status: { mailbox: 'x', messages: 3, unseen: 1 } },
		],
		[
			'* LIST () "/" foo ("CHILDINFO" ("SUBSCRIBED"))',
			{ entry: { name: 'foo', extended: { CHILDINFO: ['SUBSCRIBED'] } } },
		],
		[
			'* LIST () "/" a b ("CHILDINFO" ("SUBSCRIBED"))',
			{ entry: { name: 'a b', extended: { CHILDINFO: ['SUBSCRIBED'] } } },
		],
		['* LSUB () "." INBOX.My Mail', { entry: { name: 'INBOX.My Mail' } }],
		[
			'* QUOTA "" (STORAGE 5 18446744073709551615)',
			{ quota: { resources: [{ usage: 5, limit: null }] } },
		],
		['* QUOTA "" (STORAGE 5 -1)', { quota: { resources: [{ usage: 5, limit: null }] } }],
		[
			'* QUOTA User quota (STORAGE 5 10)',
			{ quota: { root: 'User quota', resources: [{ limit: 10 }] } },
		],
		['* QUOTA "ROOT"', { quota: { root: 'ROOT', resources: [] } }],
		['* OK [COPYUID 124 2] moved', { text: 'moved' }],
		...LISTED,
		...FLAGGED,
		...COUNTED,
		...LIMITED,
		...GRANTED,
		...ANNOTATED,
		...NAMED,
	])('%s', (line, expected) => {
		expect(read(line)).toMatchObject(expected);
	});

	test.each([
		'* SEARCH 1 2 x',
		'* SEARCH (1 2)',
		'* SEARCH 1 (MODSEQ 2',
		'* SEARCH 1 (MODSEQ 2) 3',
		'* ESEARCH (TAG "a") COUNT x',
		'* THREAD (1 (2',
		'* ACL INBOX fred',
		'* ACL INBOX fred lrs Keith M lrs',
		'* FLAGS',
		'* LIST () "/"',
		'* LIST (\\Noselect',
		'* NAMESPACE (("" "/")) broken NIL',
		'* STATUS x NIL',
	])('%s is not taken for a result', (line) => {
		expect(() => read(line)).toThrow(expect.objectContaining({ code: 'PROTOCOL' }));
	});
});

describe('a name with spaces and without quotes is one that a command named', () => {
	const names = new MailboxNames();
	for (const name of ['My', 'My Box', 'My Big Box', 'Größe A']) names.encode(name);
	test.each<[string, object]>([
		['* ACL My Box fred lrs', { list: { mailbox: 'My Box', entries: [{ rights: 'lrs' }] } }],
		['* ACL My Big Box "fred" lrs', { list: { mailbox: 'My Big Box' } }],
		['* ACL My Boxes lrs', { list: { mailbox: 'My', entries: [{ identifier: 'Boxes' }] } }],
		['* QUOTAROOT My Box', { roots: { mailbox: 'My Box', roots: [] } }],
		['* QUOTAROOT My Box "User quota"', { roots: { mailbox: 'My Box', roots: ['User quota'] } }],
		['* LISTRIGHTS My Box fred "" l', { possible: { mailbox: 'My Box', identifier: 'fred' } }],
		['* METADATA Gr&APYA3w-e A (/a "x")', { metadata: { mailbox: 'Größe A' } }],
		['* STATUS My Box MESSAGES 3', { status: { mailbox: 'My Box', messages: 3 } }],
	])('%s', (line, expected) => {
		expect(read(line, names)).toMatchObject(expected);
	});

	test('only the last hundred of them', () => {
		const many = new MailboxNames();
		for (let index = 0; index <= 100; index++) many.encode(`a ${index}`);
		expect(read('* QUOTAROOT a 0 x', many)).toMatchObject({ roots: { mailbox: 'a' } });
		expect(read('* QUOTAROOT a 1 x', many)).toMatchObject({ roots: { mailbox: 'a 1' } });
	});
});

describe('separators and brackets that some servers write differently', () => {
	test('commas between the items of FETCH and STATUS, and between the numbers of SEARCH', () => {
		expect(fetched('(UID 5, RFC822.SIZE 7, FLAGS (\\Seen))')).toMatchObject({
			uid: 5,
			size: 7,
			flags: ['\\Seen'],
		});
		expect(noted(fetched('(UID 5, FLAGS (\\Seen))'))).toEqual([]);
		expect(read('* STATUS x (MESSAGES 3, UNSEEN 2)')).toMatchObject({
			status: { messages: 3, unseen: 2 },
		});
		expect(read('* SEARCH 1,2, 3')).toMatchObject({ numbers: [1, 2, 3] });
	});

	test.each([
		['* OK[ALERT] soon', { type: 'status', status: 'OK', code: { name: 'ALERT' }, text: 'soon' }],
		['* BYE[UNAVAILABLE] later', { type: 'status', status: 'BYE', text: 'later' }],
		['A1 NO[TRYCREATE] no', { type: 'tagged', status: 'NO', code: { name: 'TRYCREATE' } }],
	])('a code without a space before it: %s', (line, expected) => {
		expect(read(line)).toMatchObject(expected);
	});

	test.each([
		['* SEARCH NIL', []],
		['* SEARCH ()', []],
		['* SEARCH 0', []],
		['* SEARCH (MODSEQ 5)', []],
		['* SORT ()', []],
	])('words for no search result: %s', (line, numbers) => {
		expect(read(line)).toMatchObject({ numbers });
	});

	test.each(['* SEARCH 1:3', '* SEARCH abc', '* SEARCH (1 2', '* SEARCH 1 x', '* SEARCH 1) 2'])(
		'a search result that may be anything is not read: %s',
		(line) => {
			expect(() => read(line)).toThrow(/cannot be read/);
		},
	);

	test.each([
		['* ESEARCH (TAG "a") UID ALL "1:3"', { uid: true, all: '1:3' }],
		['* ESEARCH (TAG "a") UID ALL', { uid: true, all: undefined }],
		['* ESEARCH (TAG "a") UID ALL NIL COUNT 0', { uid: true, all: undefined, count: 0 }],
		['* ESEARCH (TAG "a") UID MIN 0 MAX 0', { min: undefined, max: undefined }],
	])('%s', (line, data) => {
		expect((read(line) as unknown as { data: object }).data).toMatchObject(data);
	});

	test.each([
		['* THREAD NIL', []],
		['* THREAD ()', []],
		['* THREAD (1)()(2)', [1, 2]],
	])('no threads: %s', (line, roots) => {
		const { threads } = read(line) as unknown as { threads: { number: number }[] };
		expect(threads.map(({ number }) => number)).toEqual(roots);
	});
});

test.each([
	['* LIST () INBOX', 'INBOX', null],
	['* LIST (\\HasNoChildren) "Sent Items"', 'Sent Items', null],
	['* LIST () "/" "Sent Items', 'Sent Items', '/'],
	['* LIST () NIL INBOX', 'INBOX', null],
])('a mailbox whose delimiter or closing quote is missing: %s', (line, name, delimiter) => {
	expect(read(line)).toMatchObject({ entry: { name, delimiter } });
});

test('a multipart without a subtype is mixed', () => {
	const { bodyStructure } = fetched(`(BODYSTRUCTURE (${STRUCTURE}${STRUCTURE}) UID 1)`);
	expect(bodyStructure).toMatchObject({ type: 'multipart', subtype: 'mixed' });
	expect((bodyStructure as { parts: unknown[] }).parts).toHaveLength(2);
});

test('lines in quotes are lines, and an MD5 is an MD5', () => {
	const part = (end: string) =>
		fetched(`(BODYSTRUCTURE ("TEXT" "PLAIN" NIL NIL NIL "7BIT" "4" ${end}) UID 1)`).bodyStructure;
	expect(part('"1"')).toMatchObject({ size: 4, lines: 1, md5: null });
	expect(part('"Q2hlY2sgSW50ZWdyaXR5IQ=="')).toMatchObject({ md5: 'Q2hlY2sgSW50ZWdyaXR5IQ==' });
});

test('NIL for no quota roots', () => {
	expect(read('* QUOTAROOT INBOX NIL')).toMatchObject({ roots: { roots: [] } });
});
