import { expect, test } from 'vitest';
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
} from './run-node';

test('10,000 messages are flagged by a handful of commands', async () => {
	const server = await startServer();
	const inbox = server.account(USER).mailbox('INBOX');
	for (let n = 0; n < 10_000; n++) inbox.append('Subject: x\r\n\r\n', { flags: ['\\Answered'] });
	const items = inbox.messages.map(({ uid }) => ({
		mailbox: 'INBOX',
		uidValidity: inbox.uidValidity,
		uid,
	}));
	const output = await runNode({
		node: 'imap4Flags',
		operation: 'add',
		server,
		items,
		parameters: { systemFlags: ['\\Seen'], keywords: 'done' },
	});
	// UNSELECT comes when the connection is put by, maybe after this line.
	expect(commandNames(server).filter((name) => name !== 'UNSELECT')).toEqual([
		'SELECT',
		'UID SEARCH',
		'UID STORE',
	]);
	expect(inbox.messages.every(({ flags }) => flags.has('\\Seen') && flags.has('done'))).toBe(true);
	expect(inbox.messages.every(({ flags }) => flags.has('\\Answered'))).toBe(true);
	expect(output).toHaveLength(10_000);
	expect(output[9_999]).toEqual({
		json: { ...items[9_999], added: ['\\Seen', 'done'], account: ACCOUNT },
		pairedItem: { item: 9_999 },
	});
});

test('every other UID of 20,000 still takes few commands', async () => {
	const server = await startServer();
	const inbox = server.account(USER).mailbox('INBOX');
	for (let n = 0; n < 20_000; n++) inbox.append('Subject: x\r\n\r\n');
	const { uidValidity } = inbox;
	const items = inbox.messages
		.filter(({ uid }) => uid % 2 === 0)
		.map(({ uid }) => ({ mailbox: 'INBOX', uidValidity, uid }));
	await runNode({
		node: 'imap4Flags',
		operation: 'add',
		server,
		items,
		parameters: { systemFlags: ['\\Flagged'] },
	});
	const flagged = inbox.messages.filter(({ flags }) => flags.has('\\Flagged'));
	expect(flagged.map(({ uid }) => uid)).toEqual(items.map(({ uid }) => uid));
	expect(commandNames(server).length).toBeLessThan(15);
});

test('Add, Remove and Set', async () => {
	const server = await startServer();
	const inbox = server.account(USER).mailbox('INBOX');
	const message = inbox.append(mail('one'), { flags: ['\\Seen', 'old'] });
	const item = { mailbox: 'INBOX', uidValidity: inbox.uidValidity, uid: message.uid };
	const run = (operation: string, parameters: object) =>
		jsonOf({ node: 'imap4Flags', operation, server, items: [item], parameters: { ...parameters } });

	await run('add', { systemFlags: ['\\Flagged'], keywords: 'new, $Forwarded' });
	expect([...message.flags].sort()).toEqual(['$Forwarded', '\\Flagged', '\\Seen', 'new', 'old']);
	await run('remove', { systemFlags: ['\\Seen'], keywords: 'old' });
	expect([...message.flags].sort()).toEqual(['$Forwarded', '\\Flagged', 'new']);
	expect(await run('set', { systemFlags: ['\\Draft'], returnFlags: true })).toEqual([
		{
			...item,
			set: ['\\Draft'],
			flags: expect.arrayContaining(['\\Draft']) as string[],
			account: ACCOUNT,
		},
	]);
	expect([...message.flags]).toEqual(['\\Draft']);
	await run('set', {});
	expect([...message.flags]).toEqual([]);
});

test('items with other flags or another mailbox are batches of their own', async () => {
	const server = await startServer();
	const account = server.account(USER);
	const inbox = account.mailbox('INBOX');
	const archive = account.create('Archive');
	for (let n = 0; n < 4; n++) inbox.append(mail(`in ${n}`));
	archive.append(mail('old'));
	const items = [1, 2, 3, 4].map((uid) => ({
		mailbox: 'INBOX',
		uidValidity: inbox.uidValidity,
		uid,
		keyword: uid % 2 ? 'odd' : 'even',
	}));
	items.push({ mailbox: 'Archive', uidValidity: archive.uidValidity, uid: 1, keyword: 'odd' });
	const output = await runNode({
		node: 'imap4Flags',
		operation: 'add',
		server,
		items,
		parameters: { keywords: '={{ $json.keyword }}' },
	});
	expect(
		server.commands.filter(({ name }) => name === 'UID STORE').map(({ line }) => line),
	).toEqual([
		'UID STORE 1,3 +FLAGS.SILENT (odd)',
		'UID STORE 2,4 +FLAGS.SILENT (even)',
		'UID STORE 1 +FLAGS.SILENT (odd)',
	]);
	expect(server.connections.total).toBe(1);
	expect(output.map(({ json, pairedItem }) => [json.mailbox, json.uid, pairedItem])).toEqual([
		['INBOX', 1, { item: 0 }],
		['INBOX', 2, { item: 1 }],
		['INBOX', 3, { item: 2 }],
		['INBOX', 4, { item: 3 }],
		['Archive', 1, { item: 4 }],
	]);
});

test('By UID Set and By Search: one output for each message, of the item that selected it', async () => {
	const server = await startServer();
	const inbox = server.account(USER).mailbox('INBOX');
	for (let n = 1; n <= 5; n++) inbox.append(mail(`message ${n}`));
	const bySet = await runNode({
		node: 'imap4Flags',
		operation: 'add',
		server,
		items: [{ set: '1:2' }, { set: '4:*' }],
		parameters: {
			messages: 'uids',
			mailbox: box('INBOX'),
			uids: '={{ $json.set }}',
			keywords: 'a',
		},
	});
	expect(bySet.map(({ json, pairedItem }) => [json.uid, pairedItem])).toEqual([
		[1, { item: 0 }],
		[2, { item: 0 }],
		[4, { item: 1 }],
		[5, { item: 1 }],
	]);
	const bySearch = await jsonOf({
		node: 'imap4Flags',
		operation: 'add',
		server,
		parameters: {
			messages: 'search',
			mailbox: box('INBOX'),
			filters: { subject: 'message 3' },
			keywords: 'b',
		},
	});
	expect(bySearch.map(({ uid }) => uid)).toEqual([3]);
	const none = await jsonOf({
		node: 'imap4Flags',
		operation: 'add',
		server,
		parameters: {
			messages: 'search',
			mailbox: box('INBOX'),
			filters: { subject: 'nowhere' },
			keywords: 'b',
		},
	});
	expect(none).toEqual([]);
});

test('a UID of another UIDVALIDITY is refused, naming both', async () => {
	const server = await startServer();
	const inbox = server.account(USER).mailbox('INBOX');
	const message = inbox.append(mail('one'));
	const old = inbox.uidValidity - 7;
	const { message: said } = await errorOf({
		node: 'imap4Flags',
		operation: 'add',
		server,
		items: [{ mailbox: 'INBOX', uidValidity: old, uid: message.uid }],
		parameters: { systemFlags: ['\\Seen'] },
	});
	expect(said).toContain(String(old));
	expect(said).toContain(String(inbox.uidValidity));
	expect(said).toContain('INBOX');
	expect([...message.flags]).toEqual([]);
	expect(commandNames(server)).not.toContain('UID STORE');
});

test('Continue On Fail: what fails says so, the others go on', async () => {
	const server = await startServer();
	const inbox = server.account(USER).mailbox('INBOX');
	inbox.append(mail('one'));
	inbox.append(mail('two'));
	const { uidValidity } = inbox;
	const items = [
		{ mailbox: 'INBOX', uidValidity, uid: 1 },
		{ mailbox: 'INBOX', uidValidity, uid: 77 },
		{ mailbox: 'Nowhere', uidValidity, uid: 1 },
		{ subject: 'no reference' },
		{ mailbox: 'INBOX', uidValidity: 1, uid: 2 },
		{ mailbox: 'INBOX', uidValidity, uid: 2 },
	];
	const output = await runNode({
		node: 'imap4Flags',
		operation: 'add',
		server,
		items,
		continueOnFail: true,
		parameters: { systemFlags: ['\\Seen'] },
	});
	expect(output.map(({ pairedItem }) => pairedItem)).toEqual(items.map((_, item) => ({ item })));
	expect(output.map(({ json }) => json.added ?? json.error)).toEqual([
		['\\Seen'],
		expect.stringContaining('UID 77'),
		expect.stringContaining('Nowhere'),
		expect.stringContaining('no message reference'),
		expect.stringContaining('UIDVALIDITY'),
		['\\Seen'],
	]);
	expect(inbox.messages.map(({ flags }) => [...flags])).toEqual([['\\Seen'], ['\\Seen']]);
});

test('no flag at all is refused for Add and Remove', async () => {
	const server = await startServer();
	server.account(USER).mailbox('INBOX').append(mail('one'));
	const { message } = await errorOf({
		node: 'imap4Flags',
		operation: 'add',
		server,
		parameters: { messages: 'uids', uids: '1', mailbox: box('INBOX') },
	});
	expect(message).toContain('No flag is selected');
});
