import { describe, expect, test } from 'vitest';
import { filledInbox, numberedMail } from '../filled-inbox';
import type { MemoryServerOptions } from '../../server';
import {
	ACCOUNT,
	box,
	commandNames,
	errorOf,
	jsonOf,
	mail,
	runToEnd,
	runNode,
	startServer,
	USER,
} from '../run-node';

const node = 'imap4Message';

const serverWith = (count: number, options?: MemoryServerOptions) =>
	filledInbox(numberedMail(count), options);

describe('Move and Copy', () => {
	test('give the new reference, and the old one', async () => {
		const { server, account, inbox, items } = await serverWith(3);
		const archive = account.create('Archive');
		archive.append(mail('before'));
		const output = await runNode({
			node,
			operation: 'move',
			server,
			items,
			parameters: { destination: box('Archive') },
		});
		expect(output).toEqual(
			items.map((previous, item) => ({
				json: {
					mailbox: 'Archive',
					uidValidity: archive.uidValidity,
					uid: item + 2,
					previous,
					via: 'MOVE',
					account: ACCOUNT,
				},
				pairedItem: { item },
			})),
		);
		expect(inbox.messages).toEqual([]);

		const back = await jsonOf({
			node,
			operation: 'copy',
			server,
			items: output.map(({ json }) => json),
			parameters: { destination: box('INBOX') },
		});
		expect(back.map(({ mailbox, uid, via }) => [mailbox, uid, via])).toEqual([
			['INBOX', 4, 'COPY'],
			['INBOX', 5, 'COPY'],
			['INBOX', 6, 'COPY'],
		]);
		expect(archive.messages).toHaveLength(4);
	});

	test('to a mailbox named by an expression, made where it is missing', async () => {
		const { server, account, items } = await serverWith(4);
		const output = await jsonOf({
			node,
			operation: 'move',
			server,
			items: items.map((item) => ({ ...item, year: 2024 + (item.uid % 2) })),
			parameters: { destination: box('=Ärchiv/{{ $json.year }}'), createIfMissing: true },
		});
		expect(output.map(({ mailbox, createdMailbox }) => [mailbox, createdMailbox])).toEqual([
			['Ärchiv/2025', true],
			['Ärchiv/2024', true],
			['Ärchiv/2025', true],
			['Ärchiv/2024', true],
		]);
		expect(account.mailbox('Ärchiv/2024').messages).toHaveLength(2);
		expect(account.mailbox('Ärchiv/2025').messages).toHaveLength(2);
	});

	test('a missing destination is an error that says how to go on', async () => {
		const { server, inbox, items } = await serverWith(1);
		const { message, description } = await errorOf({
			node,
			operation: 'move',
			server,
			items,
			parameters: { destination: box('Nowhere') },
		});
		expect(message).toContain('[TRYCREATE]');
		expect(description).toContain('Create Mailbox If Missing');
		expect(inbox.messages).toHaveLength(1);
	});

	test('without MOVE the output says which way ran', async () => {
		const { server, account, inbox, items } = await serverWith(2, {
			capabilities: { remove: ['MOVE'] },
		});
		account.create('Archive');
		const output = await jsonOf({
			node,
			operation: 'move',
			server,
			items,
			parameters: { destination: box('Archive') },
		});
		expect(output.map(({ via, uid }) => [via, uid])).toEqual([
			['COPY+STORE+EXPUNGE', 1],
			['COPY+STORE+EXPUNGE', 2],
		]);
		expect(inbox.messages).toEqual([]);
	});

	test('Dry Run of Move changes nothing', async () => {
		const { server, inbox, items } = await serverWith(3);
		const output = await runNode({
			node,
			operation: 'move',
			server,
			items,
			parameters: { destination: box('Nowhere'), dryRun: true, createIfMissing: true },
		});
		expect(output).toEqual([
			{
				json: {
					dryRun: true,
					mailbox: 'INBOX',
					count: 3,
					uids: '1:3',
					size: inbox.size,
					destination: 'Nowhere',
				},
				pairedItem: [{ item: 0 }, { item: 1 }, { item: 2 }],
			},
		]);
		expect(commandNames(server)).not.toContain('UID MOVE');
		expect(commandNames(server)).not.toContain('CREATE');
	});
});

describe('Delete', () => {
	test('moves to the trash that the server marks', async () => {
		const { server, account, inbox, items } = await serverWith(2);
		const bin = account.create('Papierkorb', '\\Trash');
		account.create('Trash');
		const output = await jsonOf({ node, operation: 'delete', server, items });
		expect(output).toEqual(
			items.map((item, index) => ({
				deleted: true,
				...item,
				via: 'MOVE',
				movedTo: { mailbox: 'Papierkorb', uidValidity: bin.uidValidity, uid: index + 1 },
				account: ACCOUNT,
			})),
		);
		expect(inbox.messages).toEqual([]);
		const { message } = await errorOf({
			node,
			operation: 'delete',
			server,
			items: [{ mailbox: 'Papierkorb', uidValidity: bin.uidValidity, uid: 1 }],
		});
		expect(message).toContain('in the trash');
		expect(bin.messages).toHaveLength(2);
	});

	test('or to one of a usual name, else refuses', async () => {
		const { server, account, inbox, items } = await serverWith(1);
		const { message, description } = await errorOf({ node, operation: 'delete', server, items });
		expect(message).toContain('\\Trash');
		expect(description).toContain('Permanently');
		expect(inbox.messages).toHaveLength(1);
		account.create('INBOX/Deleted Items');
		const [output] = await jsonOf({ node, operation: 'delete', server, items });
		expect(output).toMatchObject({ deleted: true, movedTo: { mailbox: 'INBOX/Deleted Items' } });
	});

	test('permanently removes these and no others that are marked', async () => {
		const { server, inbox, items } = await serverWith(3);
		inbox.messages[1]?.flags.add('\\Deleted');
		const output = await jsonOf({
			node,
			operation: 'delete',
			server,
			items: items.slice(0, 1),
			parameters: { deleteMode: 'permanent' },
		});
		expect(output).toEqual([
			{ deleted: true, ...items[0], via: 'STORE+UID EXPUNGE', account: ACCOUNT },
		]);
		expect(inbox.messages.map(({ uid }) => uid)).toEqual([2, 3]);
	});

	test('permanently without UIDPLUS: only where no other message would go', async () => {
		const { server, inbox, items } = await serverWith(3, { capabilities: { remove: ['UIDPLUS'] } });
		inbox.messages[2]?.flags.add('\\Deleted');
		const options = {
			node,
			operation: 'delete',
			server,
			items: items.slice(0, 1),
			parameters: { deleteMode: 'permanent' },
		} as const;
		const { message } = await errorOf(options);
		expect(message).toContain('UIDPLUS');
		expect(inbox.messages.map(({ flags }) => flags.has('\\Deleted'))).toEqual([false, false, true]);
		inbox.messages[2]?.flags.delete('\\Deleted');
		expect(await jsonOf(options)).toMatchObject([{ deleted: true, via: 'STORE+EXPUNGE' }]);
		expect(inbox.messages.map(({ uid }) => uid)).toEqual([2, 3]);
	});

	test('By Search without a filter is refused, 1:* is taken', async () => {
		const { server, inbox } = await serverWith(3);
		const run = (parameters: object) => ({
			node: 'imap4Message' as const,
			operation: 'delete',
			server,
			parameters: { mailbox: box('INBOX'), deleteMode: 'permanent', ...parameters },
		});
		for (const filters of [{}, { readStatus: 'all' }]) {
			const { message, description } = await errorOf(run({ messages: 'search', filters }));
			expect(message).toContain('no filter');
			expect(description).toContain('1:*');
		}
		expect(inbox.messages).toHaveLength(3);
		expect(await jsonOf(run({ messages: 'uids', uids: '1:*' }))).toHaveLength(3);
		expect(inbox.messages).toHaveLength(0);
	});

	test('Dry Run and Stop If More Than', async () => {
		const { server, inbox, items } = await serverWith(3);
		const run = {
			node,
			operation: 'delete',
			server,
			items,
		} as const;
		const permanent = { deleteMode: 'permanent' };
		expect(await jsonOf({ ...run, parameters: { ...permanent, dryRun: true } })).toEqual([
			{ dryRun: true, mailbox: 'INBOX', count: 3, uids: '1:3', size: inbox.size },
		]);
		const { message } = await errorOf({ ...run, parameters: { ...permanent, stopIfMoreThan: 2 } });
		expect(message).toContain('3 messages would be affected');
		expect(commandNames(server)).not.toContain('UID STORE');
		expect(inbox.messages).toHaveLength(3);
		await jsonOf({ ...run, parameters: { ...permanent, stopIfMoreThan: 3 } });
		expect(inbox.messages).toHaveLength(0);
	});
});

describe('Create', () => {
	test('as a draft: marked as one, in the mailbox that the server uses for drafts', async () => {
		const { server, account } = await serverWith(0);
		account.create('Entwürfe', '\\Drafts');
		const parameters = {
			storeAs: 'draft',
			to: 'bert@example.org',
			subject: 'Friday',
			text: 'At one?',
		};
		const [created] = await jsonOf({ node, operation: 'create', server, parameters });
		expect(created).toMatchObject({ mailbox: 'Entwürfe', uid: 1 });
		const [stored] = account.mailbox('Entwürfe').messages;
		expect([...(stored?.flags ?? [])]).toEqual(['\\Draft']);
		expect(account.mailbox('INBOX').messages).toEqual([]);
	});

	test('as neither a message nor a draft fails before anything is stored', async () => {
		const { server, account } = await serverWith(0);
		const parameters = { storeAs: '={{ "letter" }}', text: 'At one?' };
		const { message } = await errorOf({ node, operation: 'create', server, parameters });
		expect(message).toContain('The field "Store As" is "letter"');
		expect(account.mailbox('INBOX').messages).toEqual([]);
	});

	test('composed: decoded again as it was written, with flags and date', async () => {
		const { server, account } = await serverWith(0);
		account.create('Entwürfe', '\\Drafts');
		const [created] = await jsonOf({
			node,
			operation: 'create',
			server,
			timezone: 'Europe/Berlin',
			parameters: {
				mailbox: box('Entwürfe'),
				from: 'Änne <anna@example.com>',
				to: 'bert@example.org',
				subject: 'Grüße',
				text: 'Schöner Tag\n.\nEnde',
				composeOptions: { bcc: 'hidden@example.org' },
				createOptions: { draft: true, seen: true, keywords: 'mine', date: '2026-02-03T04:05:06' },
			},
		});
		const drafts = account.mailbox('Entwürfe');
		expect(created).toEqual({
			mailbox: 'Entwürfe',
			uidValidity: drafts.uidValidity,
			uid: 1,
			messageId: expect.stringMatching(/^<[0-9a-f-]{36}@example\.com>$/) as string,
			account: ACCOUNT,
		});
		const [stored] = drafts.messages;
		expect([...(stored?.flags ?? [])].sort()).toEqual(['\\Draft', '\\Seen', 'mine']);
		expect(stored?.internalDate.toISOString()).toBe('2026-02-03T03:05:06.000Z');
		expect(stored?.octets.toString()).not.toMatch(/[^\r]\n/);
		expect(stored?.octets.toString()).toContain('hidden@example.org');
		const [read] = await jsonOf({
			node,
			operation: 'get',
			server,
			items: [created ?? {}],
			parameters: { body: 'text' },
		});
		expect(read).toMatchObject({
			from: 'Änne <anna@example.com>',
			subject: 'Grüße',
			text: expect.stringMatching(/^Schöner Tag\n\.\nEnde/) as string,
		});
	});

	test('raw text gets line ends as the protocol wants them', async () => {
		const { server, inbox } = await serverWith(0);
		await jsonOf({
			node,
			operation: 'create',
			server,
			parameters: { mailbox: box('INBOX'), source: 'raw', raw: 'Subject: x\n\nline\r\nä' },
		});
		expect(inbox.messages[0]?.octets.toString()).toBe('Subject: x\r\n\r\nline\r\nä');
	});

	test.each([10, 3_000_000])('from binary of %i bytes and more, line ends mended', async (size) => {
		const { server, inbox } = await serverWith(0);
		const lines = `Subject: file\n\n${'0123456789\n'.repeat(size / 10)}`;
		await jsonOf({
			node,
			operation: 'create',
			server,
			items: [
				{
					json: {},
					binary: {
						data: {
							data: Buffer.from(lines).toString('base64'),
							mimeType: 'message/rfc822',
							fileName: 'a.eml',
						},
					},
				},
			],
			parameters: { mailbox: box('INBOX'), source: 'binary' },
		});
		expect(inbox.messages[0]?.octets.toString()).toBe(lines.replace(/\n/g, '\r\n'));
	});

	test('many at once into a mailbox that is missing: it is made once', async () => {
		const { server, account } = await serverWith(0);
		const output = await runNode({
			node,
			operation: 'create',
			server,
			items: Array.from({ length: 20 }, (_, n) => ({ n })),
			parameters: {
				mailbox: box('New'),
				createIfMissing: true,
				subject: '={{ $json.n }}',
				text: 'x',
			},
		});
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual(
			Array.from({ length: 20 }, (_, item) => ({ item })),
		);
		expect(new Set(output.map(({ json }) => json.uid)).size).toBe(20);
		expect(account.mailbox('New').messages).toHaveLength(20);
		expect(commandNames(server).filter((name) => name === 'CREATE')).toHaveLength(1);
	});

	test.each(['From', 'To', 'Subject'])('a line end in %s is refused', async (label) => {
		const { server, inbox } = await serverWith(0);
		const field = { [label.toLowerCase()]: 'a\r\nBcc: spy@example.org' };
		const parameters = { mailbox: box('INBOX'), text: 'x', ...field };
		const { message } = await errorOf({ node, operation: 'create', server, parameters });
		expect(message).toContain(`"${label}"`);
		expect(message).toContain('line break');
		expect(inbox.messages).toHaveLength(0);
	});

	test.each(['a\\b', 'a(b', 'ä', '"x"', 'a\r\nA1 NOOP'])(
		'the keyword %j is refused',
		async (keywords) => {
			const { server, inbox } = await serverWith(0);
			const { message } = await errorOf({
				node,
				operation: 'create',
				server,
				parameters: { mailbox: box('INBOX'), text: 'x', createOptions: { keywords } },
			});
			expect(message).toMatch(/cannot be a flag|line break/);
			expect(inbox.messages).toHaveLength(0);
		},
	);

	test('over quota: the words of the server, and what to try', async () => {
		const { server } = await serverWith(0, { quotaBytes: 10 });
		const { message, description } = await errorOf({
			node,
			operation: 'create',
			server,
			parameters: { mailbox: box('INBOX'), text: 'x'.repeat(100) },
		});
		expect(message).toContain('Quota exceeded (mailbox for user is full) [OVERQUOTA]');
		expect(description).toContain('full');
	});
});

test('a message that arrives while a time is compared is not selected by it', async () => {
	const server = await startServer();
	const inbox = server.account(USER).mailbox('INBOX');
	const now = Date.now();
	inbox.append(mail('old'), { internalDate: new Date(now - 3_600_000) });
	let searches = 0;
	server.faults.on = ({ line }) => {
		if (line.startsWith('UID SEARCH')) searches++;
		// Received after the limit, and before the search that selects what is deleted.
		if (line.startsWith('UID FETCH')) inbox.append(mail('new'), { internalDate: new Date(now) });
		return undefined;
	};
	await jsonOf({
		node: 'imap4Message',
		operation: 'delete',
		server,
		parameters: {
			...{ messages: 'search', mailbox: box('INBOX'), deleteMode: 'permanent' },
			filters: { before: new Date(now - 1000).toISOString() },
		},
	});
	expect(searches).toBe(2);
	expect(inbox.messages.map(({ uid }) => uid)).toEqual([2]);
});

describe('what was not done is said:', () => {
	const change = { node: 'imap4Flags', operation: 'add' } as const;
	const hintsOf = (run: Awaited<ReturnType<typeof runToEnd>>) =>
		(run.nodes.at(-1)?.task.hints ?? []).map(({ message }) => message);

	test('UIDs that are not there', async () => {
		const server = await startServer();
		server.account(USER).mailbox('INBOX').append(mail('one'));
		const parameters = { messages: 'uids', mailbox: box('INBOX'), uids: '1,5:9', keywords: 'k' };
		const run = await runToEnd({ ...change, server, parameters });
		expect(hintsOf(run)).toEqual([
			expect.stringMatching(/6 UIDs.*"INBOX" has 1.*nothing was done/),
		]);
	});

	test('no message at all', async () => {
		const server = await startServer();
		const parameters = { messages: 'uids', mailbox: box('INBOX'), uids: '100:*', keywords: 'k' };
		const run = await runToEnd({ ...change, server, parameters });
		expect(hintsOf(run)).toEqual([expect.stringMatching(/No message of "INBOX" was selected/)]);
	});

	test('a message that was gone before it could be moved', async () => {
		const server = await startServer();
		const account = server.account(USER);
		account.create('Target');
		const inbox = account.mailbox('INBOX');
		const gone = inbox.append(mail('one'));
		inbox.append(mail('two'));
		server.faults.on = ({ line }) => {
			if (line.startsWith('UID MOVE')) inbox.remove(new Set([gone]));
			return undefined;
		};
		const output = await jsonOf({
			...{ node: 'imap4Message', operation: 'move', server },
			parameters: {
				...{ messages: 'uids', mailbox: box('INBOX'), uids: '1:2' },
				destination: box('Target'),
			},
		});
		expect(output).toMatchObject([
			{ uid: null, notFound: true, previous: { mailbox: 'INBOX', uid: 1 } },
			{ uid: 1 },
		]);
		expect(output[1]).not.toHaveProperty('notFound');
		// In other outputs that is the sender.
		expect(output[1]).not.toHaveProperty('from');
	});
});
