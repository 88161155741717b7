import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Imap4Error, parseResponses } from '../../../engine/index';
import type { FetchedMessage, Response } from '../../../engine/index';

function one(text: string): Response {
	const [response] = parseResponses(Buffer.from(`${text}\r\n`, 'utf8'));
	if (!response) throw new Error('nothing was read');
	return response;
}

function fetched(items: string): FetchedMessage {
	const response = one(`* 12 FETCH (${items})`);
	if (response.type !== 'FETCH') throw new Error(`read as ${response.type}`);
	return response.message;
}

describe('responses of RFC 9051 §7', () => {
	it.each<[string, object]>([
		[
			'* OK IMAP4rev2 server ready',
			{ type: 'status', status: 'OK', text: 'IMAP4rev2 server ready' },
		],
		[
			'* OK [ALERT] System shutdown in 10 minutes',
			{ code: { name: 'ALERT', text: '' }, text: 'System shutdown in 10 minutes' },
		],
		[
			'A222 NO COPY failed: disk is full',
			{ type: 'tagged', tag: 'A222', status: 'NO', text: 'COPY failed: disk is full' },
		],
		['A1 OK', { type: 'tagged', tag: 'A1', status: 'OK', text: '' }],
		[
			'* preauth [capability imap4rev1] hi',
			{
				type: 'status',
				status: 'PREAUTH',
				code: { name: 'CAPABILITY', capabilities: ['IMAP4REV1'] },
			},
		],
		['* BYE Autologout; idle for too long', { status: 'BYE' }],
		[
			'* CAPABILITY STARTTLS AUTH=GSSAPI IMAP4rev2 LOGINDISABLED XPIG-LATIN',
			{
				type: 'CAPABILITY',
				capabilities: ['STARTTLS', 'AUTH=GSSAPI', 'IMAP4REV2', 'LOGINDISABLED', 'XPIG-LATIN'],
			},
		],
		[
			'* ENABLED CONDSTORE X-GOOD-IDEA',
			{ type: 'ENABLED', capabilities: ['CONDSTORE', 'X-GOOD-IDEA'] },
		],
		[
			'* LIST (\\Noselect) "/" ~/Mail/foo',
			{ type: 'LIST', entry: { name: '~/Mail/foo', delimiter: '/', attributes: ['\\Noselect'] } },
		],
		['* LIST () NIL INBOX', { entry: { delimiter: null } }],
		[
			'* LIST (\\NonExistent) "/" "Foo" ("CHILDINFO" ("SUBSCRIBED"))',
			{ entry: { extended: { CHILDINFO: ['SUBSCRIBED'] } } },
		],
		[
			'* LIST () "/" "NewMailbox" ("OLDNAME" ("OldMailbox"))',
			{ entry: { extended: { OLDNAME: ['OldMailbox'] } } },
		],
		[
			'* LSUB () "." "#news.comp.mail.misc"',
			{ type: 'LSUB', entry: { name: '#news.comp.mail.misc' } },
		],
		['* LIST () "/" {9}\r\nEntw&APw-', { entry: { name: 'Entwü' } }],
		[
			'* STATUS blurdybloop (MESSAGES 231 UIDNEXT 44292 SIZE 9007199254740991 HIGHESTMODSEQ 18446744073709551615 X-NEW 5)',
			{
				type: 'STATUS',
				status: {
					mailbox: 'blurdybloop',
					messages: 231,
					uidNext: 44292,
					size: 9007199254740991,
					highestModSeq: 18446744073709551615n,
					other: { 'X-NEW': '5' },
				},
			},
		],
		[
			'* STATUS INBOX (MAILBOXID (F2212ea87) APPENDLIMIT NIL)',
			{ status: { mailboxId: 'F2212ea87', appendLimit: null } },
		],
		[
			'* NAMESPACE (("" "/")) (("~" "/")) (("#shared/" "/")("#public/" "/" "X-P" ("a")))',
			{
				namespaces: {
					personal: [{ prefix: '', delimiter: '/' }],
					otherUsers: [{ prefix: '~' }],
					shared: [{ prefix: '#shared/' }, { extensions: { 'X-P': ['a'] } }],
				},
			},
		],
		['* NAMESPACE (("INBOX." ".")) NIL NIL', { namespaces: { otherUsers: [], shared: [] } }],
		[
			'* ESEARCH (TAG "A282") UID MIN 2 COUNT 3 ALL 2,10:11',
			{ type: 'ESEARCH', data: { tag: 'A282', uid: true, min: 2, count: 3, all: '2,10:11' } },
		],
		['* ESEARCH (TAG "A283")', { data: { tag: 'A283', uid: false } }],
		['* SEARCH 2 3 6', { type: 'SEARCH', numbers: [2, 3, 6] }],
		['* SEARCH', { numbers: [] }],
		['* SEARCH 2 5 (MODSEQ 917162500)', { numbers: [2, 5], modSeq: 917162500n }],
		['* SORT 2 84 882', { type: 'SORT', numbers: [2, 84, 882] }],
		[
			'* FLAGS (\\Answered \\Seen [test] $Fwd)',
			{ flags: ['\\Answered', '\\Seen', '[test]', '$Fwd'] },
		],
		['* 23 EXISTS', { type: 'EXISTS', number: 23 }],
		['*  5   RECENT', { type: 'RECENT', number: 5 }],
		['* 44 EXPUNGE', { type: 'EXPUNGE', number: 44 }],
		['* VANISHED (EARLIER) 300:310,405', { type: 'VANISHED', earlier: true, uids: '300:310,405' }],
		['* VANISHED 405', { earlier: false }],
		[
			'+ Ready for additional command text',
			{ type: '+', text: 'Ready for additional command text' },
		],
		['* ID ("name" "Cyrus" "version" NIL)', { fields: { name: 'Cyrus', version: null } }],
		['* ID NIL', { fields: null }],
		[
			'* ACL INBOX Fred rwipslxetad "Keith M" lrs',
			{
				list: {
					mailbox: 'INBOX',
					entries: [
						{ identifier: 'Fred', rights: 'rwipslxetad' },
						{ identifier: 'Keith M', rights: 'lrs' },
					],
				},
			},
		],
		[
			'* LISTRIGHTS ~/Mail/saved smith la r swicd',
			{ possible: { identifier: 'smith', required: 'la', optional: ['r', 'swicd'] } },
		],
		['* MYRIGHTS INBOX rwiptsldaex', { rights: 'rwiptsldaex' }],
		[
			'* QUOTA "" (STORAGE 10 512 MESSAGE 1 2)',
			{
				quota: {
					root: '',
					resources: [
						{ name: 'STORAGE', usage: 10, limit: 512 },
						{ name: 'MESSAGE', usage: 1, limit: 2 },
					],
				},
			},
		],
		['* QUOTA "ROOT"', { quota: { root: 'ROOT', resources: [] } }],
		['* QUOTAROOT INBOX "" "user"', { roots: { mailbox: 'INBOX', roots: ['', 'user'] } }],
		[
			'* METADATA "" (/shared/comment "x" /private/a NIL)',
			{ metadata: { mailbox: '', values: { '/shared/comment': 'x', '/private/a': null } } },
		],
		['* METADATA INBOX /shared/comment', { metadata: { changed: ['/shared/comment'] } }],
		[
			'* ANNOTATION INBOX "/comment" ("value.priv" "My" "size.priv" "2")',
			{ annotation: { entry: '/comment', attributes: { 'value.priv': 'My', 'size.priv': '2' } } },
		],
		[
			'* THREAD (2)(3 6 (4 23)(44 7 96))',
			{
				threads: [
					{ number: 2, children: [] },
					{
						number: 3,
						children: [
							{
								number: 6,
								children: [
									{ number: 4, children: [{ number: 23 }] },
									{ number: 44, children: [{ number: 7, children: [{ number: 96 }] }] },
								],
							},
						],
					},
				],
			},
		],
		[
			'* THREAD ((3)(5))',
			{ threads: [{ number: null, children: [{ number: 3 }, { number: 5 }] }] },
		],
		[
			'* X-NEW (a "b" NIL ({1}\r\nc)) d',
			{ type: 'other', name: 'X-NEW', tokens: [['a', 'b', null, ['c']], 'd'] },
		],
		['* 7 X-COUNT a', { type: 'other', name: 'X-COUNT', number: 7, tokens: ['a'] }],
	])('%s', (text, expected) => {
		expect(one(text)).toMatchObject(expected);
	});

	it.each<[string, object]>([
		['PERMANENTFLAGS (\\Deleted \\*)', { flags: ['\\Deleted', '\\*'] }],
		['UIDVALIDITY 3857529045', { value: 3857529045 }],
		['HIGHESTMODSEQ 715194045007', { value: 715194045007n }],
		['APPENDUID 38505 3955', { uidValidity: 38505, uids: '3955' }],
		[
			'COPYUID 38505 304,319:320 3956:3958',
			{ uidValidity: 38505, source: '304,319:320', destination: '3956:3958' },
		],
		['MODIFIED 7,9', { set: '7,9' }],
		['BADCHARSET (UTF-8 "US-ASCII")', { charsets: ['UTF-8', 'US-ASCII'] }],
		['MAILBOXID (F2212)', { id: 'F2212' }],
		['REFERRAL imap://;AUTH=*@server2/', { url: 'imap://;AUTH=*@server2/' }],
		['METADATA LONGENTRIES 2199', { text: 'LONGENTRIES 2199' }],
		['X-QUOTED "a ] b" c', { name: 'OTHER', atom: 'X-QUOTED', text: '"a ] b" c' }],
		['TRYCREATE', { text: '' }],
	])('the code [%s]', (code, expected) => {
		expect(one(`* OK [${code}] text [x]`)).toMatchObject({
			code: { name: code.split(' ')[0], ...expected },
			text: 'text [x]',
		});
	});

	it('passes over empty lines', () => {
		expect(parseResponses(Buffer.from('\r\n* 1 EXISTS\r\n \r\n'))).toHaveLength(1);
	});
});

describe('FETCH data (RFC 9051 §7.5.2)', () => {
	it('reads the simple items', () => {
		const message = fetched(
			'FLAGS (\\Seen $x) UID 5 INTERNALDATE " 7-Jul-1996 02:44:25 -0700" RFC822.SIZE 4286 MODSEQ (624140003) EMAILID (M6d99) THREADID NIL PREVIEW "hi" SAVEDATE NIL BINARY.SIZE[1.2] 42 X-GM-LABELS (a "b c" \\Inbox "\\\\Sent" "K&APY-ln") X-GM-MSGID 18446744073709551615 X-GM-THRID 1278455344230334865 X-OTHER (a "b c")',
		);
		expect(message).toMatchObject({
			seq: 12,
			flags: ['\\Seen', '$x'],
			uid: 5,
			internalDate: new Date('1996-07-07T09:44:25Z'),
			size: 4286,
			modSeq: 624140003n,
			emailId: 'M6d99',
			threadId: null,
			preview: 'hi',
			saveDate: null,
			binarySize: { '1.2': 42 },
			gmailLabels: ['a', 'b c', '\\Inbox', '\\Sent', 'Köln'],
			gmailMessageId: 18446744073709551615n,
			gmailThreadId: 1278455344230334865n,
			other: { 'X-OTHER': ['a', 'b c'] },
		});
	});

	it('reads the envelope of RFC 9051 §8, groups, and unencoded text of a header', () => {
		const { envelope } = fetched(
			'ENVELOPE ("Wed, 17 Jul 1996 02:23:25 -0700 (PDT)" "IMAP4rev2 \\"WG\\" mtg" (("Terry Gray" NIL "gray" "cac.washington.edu")) NIL ((NIL NIL "a" NIL)) ((NIL NIL "team" NIL)(NIL NIL "minutes" "CNRI")("ü" NIL "x" "y")(NIL NIL NIL NIL)) ((NIL NIL "undisclosed" NIL)(NIL NIL NIL NIL)) "" {3}\r\na\r\n "<id>")',
		);
		expect(envelope).toMatchObject({
			subject: 'IMAP4rev2 "WG" mtg',
			from: [{ name: 'Terry Gray', address: 'gray@cac.washington.edu', group: null }],
			sender: [],
			to: [
				{ address: 'minutes@CNRI', group: 'team' },
				{ name: 'ü', group: 'team' },
			],
			cc: [{ group: 'undisclosed', mailbox: null, address: '' }],
			bcc: [],
			inReplyTo: 'a\r\n',
			messageId: '<id>',
		});
	});

	it('reads 8-bit bytes that are not UTF-8 as Latin-1, losing none', () => {
		const octets = Buffer.from(
			'* 1 FETCH (ENVELOPE (NIL "\xfcber" NIL NIL NIL NIL NIL NIL NIL NIL))\r\n',
			'latin1',
		);
		const [response] = parseResponses(octets);
		expect(response).toMatchObject({ message: { envelope: { subject: 'über' } } });
	});

	it('reads a nested body structure with extension data and numbers its parts', () => {
		const { bodyStructure } = fetched(
			'BODYSTRUCTURE ((("TEXT" "PLAIN" ("CHARSET" "US-ASCII") NIL NIL "7BIT" 1152 23 NIL NIL NIL NIL)("text" "html" NIL NIL NIL "base64" 4 1) "alternative" ("boundary" "x") NIL "en" "loc")("message" "rfc822" NIL NIL NIL "7bit" 99 (NIL "inner" NIL NIL NIL NIL NIL NIL NIL NIL) (("text" "plain" NIL NIL NIL "7bit" 1 1)("image" "png" NIL "<id>" "pic" "BASE64" 7 NIL ("ATTACHMENT" ("FILENAME" "a \\"b\\".png")) ("de" "en") NIL "later" (1 2)) "mixed") 5) "mixed" ("boundary" "y"))',
		);
		expect(bodyStructure).toMatchObject({
			part: '',
			type: 'multipart',
			subtype: 'mixed',
			parameters: { boundary: 'y' },
			parts: [
				{
					part: '1',
					subtype: 'alternative',
					language: ['en'],
					location: 'loc',
					parts: [
						{
							part: '1.1',
							type: 'text',
							parameters: { charset: 'US-ASCII' },
							encoding: '7bit',
							size: 1152,
							lines: 23,
						},
						{ part: '1.2', subtype: 'html' },
					],
				},
				{
					part: '2',
					envelope: { subject: 'inner' },
					lines: 5,
					structure: {
						part: '2',
						parts: [
							{ part: '2.1' },
							{
								part: '2.2',
								id: '<id>',
								description: 'pic',
								disposition: { type: 'attachment', parameters: { filename: 'a "b".png' } },
								language: ['de', 'en'],
								extensions: ['later', ['1', '2']],
							},
						],
					},
				},
			],
		});
	});

	it('numbers the only part of a message 1', () => {
		expect(fetched('BODY ("text" "plain" NIL NIL NIL "7bit" 3028 92)').bodyStructure?.part).toBe(
			'1',
		);
	});

	it('reads sections, their origins, and what is not there', () => {
		const { body } = fetched(
			'BODY[] {3}\r\na\r\n BODY[HEADER.FIELDS ("From" to)] "x" BODY[1.2.MIME]<10> NIL BINARY[1] ~{2}\r\n\0\0 RFC822.TEXT ""',
		);
		expect(
			body.map(({ section, origin, content }) => [
				section,
				origin,
				content?.toString('latin1') ?? null,
			]),
		).toEqual([
			['', undefined, 'a\r\n'],
			['HEADER.FIELDS (FROM TO)', undefined, 'x'],
			['1.2.MIME', 10, null],
			['1', undefined, '\0\0'],
			['TEXT', undefined, ''],
		]);
	});

	it('passes over a structure that cannot be read, and says so', () => {
		const message = fetched('UID 7 BODYSTRUCTURE ("text" ("a" "b")) ENVELOPE (oops) FLAGS ()');
		expect(message.malformed?.map(({ item }) => item)).toEqual(['BODYSTRUCTURE', 'ENVELOPE']);
		expect(message).toMatchObject({
			uid: 7,
			flags: [],
			bodyStructure: undefined,
			envelope: expect.objectContaining({ date: 'oops', subject: null }) as unknown,
		});
	});
});

describe('whatever a server sends', () => {
	it.each(['BODYSTRUCTURE', 'ENVELOPE', 'X'])(
		'100,000 parentheses in %s are too many: it is noted, and the item before it is kept',
		(item) => {
			const text = `* 1 FETCH (UID 7 ${item} ${'('.repeat(100_000)}\r\n`;
			const [response] = parseResponses(Buffer.from(text));
			expect(response).toMatchObject({ type: 'FETCH', message: { uid: 7 } });
			const { message } = response as Extract<typeof response, { type: 'FETCH' }>;
			expect(message.malformed?.[0]?.item).toBe(item);
		},
	);

	const scrap = fc.constantFrom(
		'* ',
		'1 ',
		'FETCH (',
		'BODY[',
		']',
		'ENVELOPE (',
		'BODYSTRUCTURE (',
		'("',
		'"',
		'\\',
		')',
		'NIL ',
		'{3}\r\n',
		'{1}\r\na',
		' ',
		'\r\n',
		'LIST () "/" ',
		'STATUS ',
		'SEARCH ',
		'OK [',
		'COPYUID ',
		'THREAD ',
		'ESEARCH ',
		'UID ',
		'FLAGS ',
		'A1 OK ',
		'+ ',
		'NAMESPACE ',
		'ACL ',
		'QUOTA ',
		'ID ',
		'VANISHED ',
		'METADATA ',
		'99999999999999999999 ',
		'\u0000',
		'ÿ',
	);

	it('ends in values or in one of our errors', () => {
		fc.assert(
			fc.property(
				fc.oneof(
					fc.array(scrap, { maxLength: 25 }).map((parts) => Buffer.from(parts.join(''), 'latin1')),
					fc.uint8Array({ maxLength: 80 }),
				),
				(octets) => {
					try {
						parseResponses(octets);
					} catch (error) {
						expect(error).toBeInstanceOf(Imap4Error);
					}
				},
			),
			{ numRuns: 20_000 },
		);
	});
});
