import { describe, expect, test } from 'vitest';
import {
	ACCOUNT,
	box,
	commandNames,
	errorOf,
	jsonOf,
	mail,
	runNode,
	startServer,
	USER,
} from '../run-node';

const node = 'imap4Message';

describe('Get Many', () => {
	test('newest first, simplified to flat fields, and left unread', async () => {
		const server = await startServer();
		const inbox = server.account(USER).mailbox('INBOX');
		inbox.append(mail('one'), { internalDate: new Date('2026-01-01T10:00:00Z') });
		inbox.append(mail('=?utf-8?q?Gr=C3=BC=C3=9Fe?='), {
			internalDate: new Date('2026-01-02T10:00:00Z'),
			flags: ['\\Flagged'],
		});
		const output = await jsonOf({
			node,
			operation: 'getMany',
			server,
			parameters: { body: 'both' },
		});
		expect(output).toEqual([
			expect.objectContaining({ uid: 2, subject: 'Grüße' }),
			{
				mailbox: 'INBOX',
				uidValidity: inbox.uidValidity,
				uid: 1,
				date: '2026-01-01T10:00:00.000Z',
				sentDate: '2026-11-03T10:00:00.000Z',
				from: 'Bert <bert@example.org>',
				to: `Anna <${USER}>`,
				subject: 'one',
				cc: '',
				replyTo: 'Bert <bert@example.org>',
				messageId: '<one@example.org>',
				inReplyTo: null,
				references: [],
				unread: true,
				hasAttachments: false,
				flags: ['\\Recent'],
				text: 'Text of one\n',
				html: '',
				account: ACCOUNT,
			},
		]);
		const flat = (value: unknown) =>
			value === null || typeof value !== 'object' || Array.isArray(value);
		expect(Object.values(output[0] ?? {}).every(flat)).toBe(true);
		// Thirteen of the message, two of its body, four to find it again.
		expect(Object.keys(output[0] ?? {}).length).toBeLessThanOrEqual(19);
		expect(inbox.messages.map(({ flags }) => flags.has('\\Seen'))).toEqual([false, false]);
	});

	test('10,000 messages take one search and one fetch', async () => {
		const server = await startServer();
		const inbox = server.account(USER).mailbox('INBOX');
		for (let n = 0; n < 10_000; n++) inbox.append(mail(`${n}`));
		const output = await runNode({
			node,
			operation: 'getMany',
			server,
			parameters: { returnAll: true },
		});
		expect(output).toHaveLength(10_000);
		expect(output[0]?.json.uid).toBe(10_000);
		expect(commandNames(server).filter((name) => name !== 'UNSELECT')).toEqual([
			'EXAMINE',
			'UID SEARCH',
			'UID FETCH',
		]);
	});

	test('the limit takes the newest, or the oldest', async () => {
		const server = await startServer();
		const inbox = server.account(USER).mailbox('INBOX');
		for (let n = 1; n <= 60; n++) inbox.append(mail(`${n}`));
		const uids = async (parameters: object) =>
			(await jsonOf({ node, operation: 'getMany', server, parameters: { ...parameters } })).map(
				({ uid }) => uid,
			);
		expect(await uids({})).toHaveLength(50);
		expect(await uids({ limit: 3 })).toEqual([60, 59, 58]);
		expect(await uids({ limit: 3, order: 'oldest' })).toEqual([1, 2, 3]);
		expect(await uids({ returnAll: true })).toHaveLength(60);
	});

	test('each item has its own mailbox and filters, on one connection', async () => {
		const server = await startServer();
		const account = server.account(USER);
		account.mailbox('INBOX').append(mail('apples'));
		account.mailbox('INBOX').append(mail('pears'));
		account.create('Archive').append(mail('apples of old'));
		const output = await runNode({
			node,
			operation: 'getMany',
			server,
			items: [
				{ box: 'INBOX', subject: 'pears' },
				{ box: 'Archive', subject: 'apples' },
				{ box: 'INBOX', subject: 'apples' },
			],
			parameters: {
				mailbox: box('={{ $json.box }}'),
				filters: { subject: '={{ $json.subject }}' },
			},
		});
		expect(output.map(({ json, pairedItem }) => [json.subject, pairedItem])).toEqual([
			['pears', { item: 0 }],
			['apples of old', { item: 1 }],
			['apples', { item: 2 }],
		]);
		expect(server.connections.total).toBe(1);
		expect(commandNames(server).filter((name) => name === 'EXAMINE')).toHaveLength(2);
	});

	test('days are those of the time zone of the workflow', async () => {
		const server = await startServer();
		const inbox = server.account(USER).mailbox('INBOX');
		inbox.append(mail('old'), { internalDate: new Date('2025-12-31T14:00:00Z') });
		inbox.append(mail('new'), { internalDate: new Date('2025-12-31T16:00:00Z') });
		const found = async (before: string, timezone: string) => {
			const parameters = { filters: { before } };
			const items = await jsonOf({ node, operation: 'getMany', server, timezone, parameters });
			return items.map(({ uid }) => uid);
		};
		expect(await found('2026-01-01', 'Asia/Tokyo')).toEqual([1]);
		expect(await found('2026-01-01T00:00:00', 'Asia/Tokyo')).toEqual([1]);
		expect(await found('2026-01-01', 'America/New_York')).toEqual([2, 1]);
		expect(await found('2025-12-31T15:00:00Z', 'America/New_York')).toEqual([1]);
		expect(
			await found("={{ DateTime.fromISO('2026-01-01T00:30:00+09:00') }}", 'Asia/Tokyo'),
		).toEqual([1]);
	});

	test('all fields of the message, not simplified', async () => {
		const server = await startServer();
		const inbox = server.account(USER).mailbox('INBOX');
		inbox.append(mail('one', 'Cc: =?utf-8?b?w4RubmNoZW4=?= <a@example.net>'));
		const [output] = await jsonOf({
			node,
			operation: 'getMany',
			server,
			parameters: {
				simplify: false,
				fields: ['envelope', 'flags', 'internalDate', 'size', 'structure', 'attachments'],
			},
		});
		expect(output).toMatchObject({
			uid: 1,
			size: inbox.size,
			attachments: [],
			structure: { type: 'text', subtype: 'plain' },
			envelope: {
				subject: 'one',
				messageId: '<one@example.org>',
				from: [{ name: 'Bert', address: 'bert@example.org' }],
				cc: [{ name: 'Ännchen', address: 'a@example.net' }],
			},
		});
	});

	test('all header fields, decoded, a small header and a huge one', async () => {
		const server = await startServer();
		const inbox = server.account(USER).mailbox('INBOX');
		const folded =
			'X-Long: =?utf-8?q?=C3=A4?=\r\n =?utf-8?q?=C3=B6?=\r\nReceived: a\r\nReceived: b';
		inbox.append(mail('one', `${folded}\r\nX-Raw: Grüße\r\n__proto__: x`));
		inbox.append(mail('two', `X-Huge: ${'x'.repeat(300_000)}`));
		inbox.append(mail('three'));
		const [three, two, one] = await jsonOf({
			node,
			operation: 'getMany',
			server,
			parameters: { simplify: false, fields: ['header'] },
		});
		expect(one?.header).toMatchObject({
			subject: 'one',
			'x-long': 'äö',
			'x-raw': 'Grüße',
			received: ['a', 'b'],
		});
		expect((two?.header as Record<string, string>)['x-huge']).toHaveLength(300_000);
		expect(three?.header).toMatchObject({ subject: 'three' });
		expect(inbox.messages.some(({ flags }) => flags.has('\\Seen'))).toBe(false);
	});

	test('an empty filter is an error, not "any"', async () => {
		const server = await startServer();
		const { message } = await errorOf({
			node,
			operation: 'getMany',
			server,
			items: [{}],
			parameters: { filters: { from: '={{ $json.nothing }}' } },
		});
		expect(message).toContain('"From Contains" is empty');
		expect(commandNames(server)).toEqual([]);
	});

	test.each(['from', 'subject', 'text', 'messageId', 'keyword', 'gmailRaw'])(
		'a line end in the filter %s is refused, and nothing of it is sent',
		async (filter) => {
			const server = await startServer();
			const { message } = await errorOf({
				node,
				operation: 'getMany',
				server,
				parameters: { filters: { [filter]: 'x\r\nA1 DELETE INBOX' } },
			});
			expect(message).toContain('line break');
			expect(server.commands.map(({ line }) => line).join('\n')).not.toContain('A1');
		},
	);

	test('text that looks like a command is only text', async () => {
		const server = await startServer();
		const inbox = server.account(USER).mailbox('INBOX');
		inbox.append(mail('" ALL (x) {3}'));
		inbox.append(mail('other'));
		const output = await jsonOf({
			node,
			operation: 'getMany',
			server,
			parameters: { filters: { subject: '" ALL (x) {3}' } },
		});
		expect(output.map(({ uid }) => uid)).toEqual([1]);
	});

	test('an unknown mailbox', async () => {
		const server = await startServer();
		const { message, description } = await errorOf({
			node,
			operation: 'getMany',
			server,
			parameters: { mailbox: box('Nowhere') },
		});
		expect(message).toBe(
			'Search for messages failed (mailbox "Nowhere"): the server says: Mailbox doesn\'t exist: Nowhere [NONEXISTENT]',
		);
		expect(description).toContain('From List');
	});
});

describe('Get', () => {
	test('From Input, several items one message, in the order of the items', async () => {
		const server = await startServer();
		const inbox = server.account(USER).mailbox('INBOX');
		for (let n = 1; n <= 3; n++) inbox.append(mail(`${n}`));
		const items = [3, 1, 3].map((uid) => ({
			mailbox: 'INBOX',
			uidValidity: inbox.uidValidity,
			uid,
		}));
		const output = await runNode({ node, operation: 'get', server, items });
		expect(output.map(({ json, pairedItem }) => [json.subject, pairedItem])).toEqual([
			['3', { item: 0 }],
			['1', { item: 1 }],
			['3', { item: 2 }],
		]);
		expect(commandNames(server)).not.toContain('SELECT');
	});

	test('a UID that is not there', async () => {
		const server = await startServer();
		const { uidValidity } = server.account(USER).mailbox('INBOX');
		const { message } = await errorOf({
			node,
			operation: 'get',
			server,
			items: [{ mailbox: 'INBOX', uidValidity, uid: 9 }],
		});
		expect(message).toContain('message with UID 9 no longer exists');
	});

	test.each(['', '0', '1:', 'x', '1;2', '1)', '1\r\nA1 NOOP'])(
		'the UID set %j is refused',
		async (uids) => {
			const server = await startServer();
			const { message } = await errorOf({
				node,
				operation: 'get',
				server,
				items: [{ uids }],
				parameters: { messages: 'uids', mailbox: box('INBOX'), uids: '={{ $json.uids }}' },
			});
			expect(message).toMatch(/not a valid UID set|"UIDs" is empty/);
			expect(commandNames(server)).toEqual([]);
		},
	);
});
