/** A server, often behind a proxy, that announces what it does not understand: the nodes do without it. */
import { expect, test } from 'vitest';
import { box, jsonOf, mail, startServer, USER } from './run-node';
import { Poller } from './trigger/poller';

async function start(unknown: RegExp) {
	const server = await startServer({
		faults: {
			on: ({ tag, line }) => (unknown.test(line) ? `${tag} BAD Unknown command\r\n` : undefined),
		},
	});
	const inbox = server.account(USER).mailbox('INBOX');
	for (const subject of ['b', 'a', 'c']) inbox.append(mail(subject));
	return { server, inbox };
}

test.each([
	['SORT', /^UID SORT/, { sort: { key: [{ by: 'subject' }] } }, ['a', 'b', 'c']],
	['ESEARCH', /^UID SEARCH RETURN/, { order: 'oldest' }, ['b', 'a', 'c']],
])('Get Many without %s', async (_what, unknown, parameters, subjects) => {
	const { server } = await start(unknown);
	const found = await jsonOf({
		node: 'imap4Message',
		operation: 'getMany',
		parameters: { mailbox: box('INBOX'), ...parameters },
		server,
	});
	expect(found.map(({ subject }) => subject)).toEqual(subjects);
});

test('Move without MOVE', async () => {
	const { server, inbox } = await start(/^UID MOVE/);
	const archive = server.account(USER).create('Archive');
	const [moved] = await jsonOf({
		node: 'imap4Message',
		operation: 'move',
		parameters: { destination: box('Archive') },
		items: [{ mailbox: 'INBOX', uidValidity: inbox.uidValidity, uid: 2 }],
		server,
	});
	expect(moved).toMatchObject({ mailbox: 'Archive', via: 'COPY+STORE+EXPUNGE' });
	expect(inbox.messages).toHaveLength(2);
	expect(archive.messages).toHaveLength(1);
});

test('Get Threads without THREAD', async () => {
	const { server } = await start(/^UID THREAD/);
	const found = await jsonOf({
		node: 'imap4Message',
		operation: 'getThreads',
		parameters: { mailbox: box('INBOX') },
		server,
	});
	expect(found).toHaveLength(3);
});

test('mailboxes with their counts without LIST-STATUS', async () => {
	const { server } = await start(/^LIST .*RETURN/);
	const found = await jsonOf({
		node: 'imap4Mailbox',
		operation: 'getMany',
		parameters: { returnAll: true, withStatus: true, figures: ['messages'] },
		server,
	});
	expect(found).toContainEqual(expect.objectContaining({ mailbox: 'INBOX', messages: 3 }));
});

test.each([
	['is not understood', 'BAD Unknown command'],
	['is refused', 'NO not now'],
	['has no answer', 'OK done'],
])('a mailbox by its path where NAMESPACE %s', async (_what, end) => {
	const server = await startServer({
		faults: {
			on: ({ tag, line }) => (line.startsWith('NAMESPACE') ? `${tag} ${end}\r\n` : undefined),
		},
	});
	server.account(USER).create('Archive/2026').append(mail('old'));
	const found = await jsonOf({
		node: 'imap4Message',
		operation: 'getMany',
		parameters: { mailbox: box('Archive/2026') },
		server,
	});
	expect(found.map(({ subject }) => subject)).toEqual(['old']);
});

test('Get Info without ID', async () => {
	const { server } = await start(/^ID/);
	const [info] = await jsonOf({ node: 'imap4Server', operation: 'getInfo', server });
	expect(info).toMatchObject({ server: null, user: USER });
});

test.each([
	['flagsChanged', 'CONDSTORE', /CONDSTORE|CHANGEDSINCE/],
	['messageRemoved', 'QRESYNC', /^ENABLE|QRESYNC|VANISHED/],
])('%s without %s', async (event, _what, unknown) => {
	const { server, inbox } = await start(unknown);
	const poller = new Poller({ server, parameters: { event } });
	expect(await poller.poll()).toEqual([]);
	const [first] = inbox.messages;
	if (!first) throw new Error('The mailbox is empty');
	if (event === 'flagsChanged') inbox.setFlags(first, ['\\Flagged']);
	else inbox.remove(new Set([first]));
	expect((await poller.poll()).map(({ uid }) => uid)).toEqual([1]);
	expect(await poller.poll()).toEqual([]);
});
