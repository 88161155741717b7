/** Until Acknowledged, and what is done with messages afterwards. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ACKNOWLEDGED } from '../../../nodes/shared/message/acknowledgement';
import { jsonOf, mail, startServer, USER } from '../run-node';
import { Poller } from './poller';

const MINUTE = 60_000;
let now: number;
beforeEach(() => {
	now = Date.now();
	vi.spyOn(Date, 'now').mockImplementation(() => now);
});
afterEach(() => {
	vi.restoreAllMocks();
});

async function start(parameters: INodeParameters = {}) {
	const server = await startServer();
	const account = server.account(USER);
	const inbox = account.mailbox('INBOX');
	const poller = new Poller({ server, parameters });
	await poller.poll();
	return { server, account, inbox, poller };
}

describe('Until Acknowledged', () => {
	const untilAcknowledged = { delivery: 'acknowledged', againAfter: 10 };

	test('what is not acknowledged comes again, what is does not', async () => {
		const { server, inbox, poller } = await start(untilAcknowledged);
		for (const name of ['one', 'two', 'three']) inbox.append(mail(name));
		const items = await poller.poll();
		expect(items.map(({ subject }) => subject)).toEqual(['one', 'two', 'three']);
		expect(items[0]).toMatchObject({ deliveryCount: 1 });
		expect(await poller.poll()).toEqual([]);

		await jsonOf({
			node: 'imap4Flags',
			operation: 'acknowledge',
			server,
			items: [items[1] ?? {}],
		});
		now += 9 * MINUTE;
		expect(await poller.poll()).toEqual([]);
		now += MINUTE;
		expect(await poller.poll()).toMatchObject([
			{ subject: 'one', deliveryCount: 2, id: items[0]?.id },
			{ subject: 'three', deliveryCount: 2 },
		]);
		now += 10 * MINUTE;
		expect(await poller.poll()).toMatchObject([{ deliveryCount: 3 }, { deliveryCount: 3 }]);
		for (const message of inbox.messages) message.flags.add(ACKNOWLEDGED);
		now += 10 * MINUTE;
		expect(await poller.poll()).toEqual([]);
		expect(JSON.stringify(poller.staticData)).toContain('"inFlight":{}');
	});

	test('moving or deleting a message acknowledges it', async () => {
		const { inbox, poller } = await start(untilAcknowledged);
		inbox.append(mail('one'));
		expect(await poller.subjects()).toEqual(['one']);
		inbox.remove(new Set(inbox.messages));
		now += 11 * MINUTE;
		expect(await poller.poll()).toEqual([]);
	});

	test('reading acknowledges only if it is set so, and only what was unread', async () => {
		const { inbox, poller } = await start({ ...untilAcknowledged, acknowledgedByReading: true });
		inbox.append(mail('unread'));
		inbox.append(mail('read before'), { flags: ['\\Seen'] });
		expect(await poller.subjects()).toEqual(['unread', 'read before']);
		for (const message of inbox.messages) message.flags.add('\\Seen');
		now += 11 * MINUTE;
		expect(await poller.subjects()).toEqual(['read before']);

		const other = await start(untilAcknowledged);
		other.inbox.append(mail('unread'));
		await other.poller.poll();
		other.inbox.messages[0]?.flags.add('\\Seen');
		now += 11 * MINUTE;
		expect(await other.poller.subjects()).toEqual(['unread']);
	});

	test('after a crash that lost what n8n had not saved, everything comes again', async () => {
		const { server, inbox, poller } = await start(untilAcknowledged);
		const saved = poller.staticData;
		inbox.append(mail('one'));
		expect(await poller.subjects()).toEqual(['one']);
		const restarted = new Poller({ server, parameters: untilAcknowledged, staticData: saved });
		expect(await restarted.subjects()).toEqual(['one']);
	});

	test('after a crash that lost the execution but not the cursor, it comes again in time', async () => {
		const { server, inbox, poller } = await start(untilAcknowledged);
		inbox.append(mail('one'));
		await poller.poll();
		const restarted = new Poller({
			server,
			parameters: untilAcknowledged,
			staticData: poller.staticData,
		});
		expect(await restarted.subjects()).toEqual([]);
		now += 10 * MINUTE;
		expect(await restarted.subjects()).toEqual(['one']);
	});

	test('a mailbox whose UIDVALIDITY changed: what was not acknowledged is redelivered', async () => {
		const { account, server } = await start();
		const lists = account.create('Lists');
		const poller = new Poller({
			server,
			parameters: {
				...untilAcknowledged,
				mailbox: { __rl: true, mode: 'path', value: 'Lists' },
				options: { onRenumbered: 'rescan' },
			},
		});
		await poller.poll();
		for (const name of ['done', 'open']) lists.append(mail(name));
		await poller.poll();
		lists.messages[0]?.flags.add(ACKNOWLEDGED);
		expect(await poller.poll()).toEqual([]);
		account.delete('Lists');
		const again = account.create('Lists');
		for (const name of ['done', 'open']) again.append(mail(name));
		expect(await poller.subjects()).toEqual(['open']);
	});
});

test('what arrives between activation and the first scheduled poll is delivered, with durable cursors', async () => {
	const server = await startServer();
	const inbox = server.account(USER).mailbox('INBOX');
	inbox.append(mail('old'));
	// n8n drops what the poll at activation remembers, unless it is committed within the poll.
	let saved: IDataObject = {};
	const activation = new Poller({ server, commit: (staticData) => (saved = staticData) });
	expect(await activation.poll()).toEqual([]);
	inbox.append(mail('between'));
	const scheduled = new Poller({ server, budget: 36_000, staticData: saved });
	expect(await scheduled.subjects()).toEqual(['between']);
});

describe('Afterwards', () => {
	test.each<[string, INodeParameters, string]>([
		['marked as read', { after: 'markRead' }, '\\Seen'],
		['tagged', { after: 'keyword', afterKeyword: 'given' }, 'given'],
	])('messages are %s at the next poll, when n8n has them', async (_name, parameters, flag) => {
		const { server, inbox, poller } = await start(parameters);
		inbox.append(mail('one'));
		expect(await poller.subjects()).toEqual(['one']);
		expect(inbox.messages[0]?.flags.has(flag)).toBe(false);
		expect(await poller.subjects()).toEqual([]);
		expect(inbox.messages[0]?.flags.has(flag)).toBe(true);
		const from = server.commands.length;
		await poller.poll();
		expect(server.commands.slice(from).map(({ name }) => name)).not.toContain('SELECT');
	});

	test('messages are moved, into a mailbox that is made for them', async () => {
		const { account, inbox, poller } = await start({
			after: 'move',
			afterMailbox: { __rl: true, mode: 'path', value: 'Handled' },
		});
		inbox.append(mail('one'));
		inbox.append(mail('two'));
		expect(await poller.subjects()).toEqual(['one', 'two']);
		inbox.append(mail('three'));
		expect(await poller.subjects()).toEqual(['three']);
		expect(inbox.messages).toHaveLength(1);
		expect(account.mailbox('Handled').messages).toHaveLength(2);
		await poller.poll();
		expect(account.mailbox('Handled').messages).toHaveLength(3);
	});

	test('a crash in between changes nothing, and the message comes again', async () => {
		const { server, inbox, poller } = await start({ after: 'markRead' });
		const saved = poller.staticData;
		inbox.append(mail('one'));
		await poller.poll();
		const restarted = new Poller({ server, parameters: { after: 'markRead' }, staticData: saved });
		expect(await restarted.subjects()).toEqual(['one']);
	});

	test('with Until Acknowledged only what is acknowledged', async () => {
		const { inbox, poller } = await start({
			delivery: 'acknowledged',
			after: 'keyword',
			afterKeyword: 'filed',
		});
		inbox.append(mail('one'));
		inbox.append(mail('two'));
		await poller.poll();
		inbox.messages[0]?.flags.add(ACKNOWLEDGED);
		await poller.poll();
		await poller.poll();
		expect(inbox.messages.map(({ flags }) => flags.has('filed'))).toEqual([true, false]);
	});

	test('what is refused is an error, and is tried again; new messages do not wait for it', async () => {
		const { server, inbox, poller } = await start({ after: 'markRead' });
		inbox.append(mail('one'));
		await poller.poll();
		server.faults.on = ({ tag, line }) =>
			line.startsWith('UID STORE') ? `${tag} NO [NOPERM] no\r\n` : undefined;
		await expect(poller.poll()).rejects.toThrow('NOPERM');
		inbox.append(mail('two'));
		expect(await poller.subjects()).toEqual(['two']);
		expect(poller.errors.map(({ message }) => message)).toEqual([
			expect.stringContaining('NOPERM'),
		]);
		await expect(poller.poll()).rejects.toThrow('NOPERM');
		server.faults.on = undefined;
		inbox.append(mail('three'));
		expect(await poller.subjects()).toEqual(['three']);
		expect(inbox.messages.map(({ flags }) => flags.has('\\Seen'))).toEqual([true, true, false]);
	});

	test('messages that cannot be moved into a full mailbox are moved when it has room again', async () => {
		const { server, account, inbox, poller } = await start({
			after: 'move',
			afterMailbox: { __rl: true, mode: 'path', value: 'Handled' },
		});
		inbox.append(mail('one'));
		await poller.poll();
		server.faults.on = ({ tag, line }) =>
			/^UID (MOVE|COPY)/.test(line) ? `${tag} NO [OVERQUOTA] full\r\n` : undefined;
		inbox.append(mail('two'));
		expect(await poller.subjects()).toEqual(['two']);
		server.faults.on = undefined;
		expect(await poller.subjects()).toEqual([]);
		expect(inbox.messages).toHaveLength(0);
		expect(account.mailbox('Handled').messages).toHaveLength(2);
	});
});
