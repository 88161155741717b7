/** Acknowledge reaches the message that the trigger delivered, for the workflow that got it. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { MemoryServer } from '../../server';
import { mail, runFlow, startServer, USER, type FlowStep } from '../run-node';
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

const untilAcknowledged: INodeParameters = { delivery: 'acknowledged', againAfter: 10 };
const acknowledge: FlowStep = {
	name: 'Acknowledge',
	node: 'imap4Flags',
	operation: 'acknowledge',
};
const archive: INodeParameters = {
	destination: { __rl: true, mode: 'path', value: 'Archive' },
	createDestination: true,
};

async function start(parameters: INodeParameters = {}) {
	const server = await startServer();
	const account = server.account(USER);
	const inbox = account.mailbox('INBOX');
	account.create('Archive');
	const poller = new Poller({ server, parameters: { ...untilAcknowledged, ...parameters } });
	await poller.poll();
	return { server, account, inbox, poller };
}

/** A workflow of these nodes that the trigger started. */
async function flow(server: MemoryServer, items: IDataObject[], ...steps: FlowStep[]) {
	const run = await runFlow(steps, {
		server,
		items,
		inputType: 'n8n-nodes-imap4.imap4MessageTrigger',
	});
	if (run.error) throw run.error;
	return run.nodes.at(-1)?.output[0]?.map(({ json }) => json) ?? [];
}

test('through Copy, the message that was delivered is acknowledged, not the copy', async () => {
	const { server, account, inbox, poller } = await start();
	inbox.append(mail('one'));
	const copy: FlowStep = {
		name: 'Copy',
		node: 'imap4Message',
		operation: 'copy',
		parameters: archive,
	};
	const items = await poller.poll();
	await flow(server, items, copy, acknowledge);
	const keyword = items[0]?.acknowledgeKeyword as string;
	expect(inbox.messages[0]?.flags.has(keyword)).toBe(true);
	expect([...(account.mailbox('Archive').messages[0]?.flags ?? [])]).not.toContain(keyword);
	now += 11 * MINUTE;
	expect(await poller.poll()).toEqual([]);
});

test('through Move, nothing is left to acknowledge, and that is not an error', async () => {
	const { server, inbox, poller } = await start();
	inbox.append(mail('one'));
	const move: FlowStep = {
		name: 'Move',
		node: 'imap4Message',
		operation: 'move',
		parameters: archive,
	};
	expect(await flow(server, await poller.poll(), move, acknowledge)).toMatchObject([
		{ mailbox: 'INBOX', uid: 1, acknowledged: [], gone: true },
	]);
	now += 11 * MINUTE;
	expect(await poller.poll()).toEqual([]);
});

test('by the id alone', async () => {
	const { server, inbox, poller } = await start();
	inbox.append(mail('one'));
	const [item] = await poller.poll();
	const { id, acknowledgeKeyword } = item ?? {};
	await flow(server, [{ id, acknowledgeKeyword }], acknowledge);
	now += 11 * MINUTE;
	expect(await poller.poll()).toEqual([]);
});

test('an item that leads to no message is an error that says what to keep, or to split', async () => {
	const { server } = await start();
	const aggregated = flow(server, [{ data: [{ subject: 'one' }] }], acknowledge);
	await expect(aggregated).rejects.toMatchObject({
		message: expect.stringContaining("can't be traced to the message") as string,
		description: expect.stringMatching(/Keep the field "id".*split the items again/) as string,
	});
});

test('the acknowledgement of one workflow does not count for another', async () => {
	const { server, inbox, poller } = await start();
	const other = new Poller({ server, parameters: untilAcknowledged });
	await other.poll();
	inbox.append(mail('one'));
	await flow(server, await poller.poll(), acknowledge);
	expect(await other.subjects()).toEqual(['one']);
	now += 11 * MINUTE;
	expect(await poller.poll()).toEqual([]);
	expect(await other.poll()).toMatchObject([{ subject: 'one', deliveryCount: 2 }]);
});

test('a keyword that was there at delivery does not acknowledge', async () => {
	const { server, account, inbox, poller } = await start({
		watch: 'several',
		mailboxes: ['INBOX', 'Archive'],
	});
	inbox.append(mail('one'));
	await flow(server, await poller.poll(), acknowledge);
	// Moved into another watched mailbox, with its keywords.
	const [message] = inbox.messages;
	if (!message) throw new Error('There is no message');
	account.mailbox('Archive').append(mail('one'), { flags: [...message.flags] });
	inbox.remove(new Set([message]));
	const again = await poller.poll();
	expect(again).toMatchObject([{ mailbox: 'Archive', subject: 'one', deliveryCount: 1 }]);
	now += 11 * MINUTE;
	expect(await poller.poll()).toMatchObject([{ subject: 'one', deliveryCount: 2 }]);
	await flow(server, again, acknowledge);
	now += 11 * MINUTE;
	expect(await poller.poll()).toEqual([]);
});

test('what is never acknowledged is reported after three deliveries, and given up in the end', async () => {
	const { inbox, poller } = await start({ options: { maxDeliveries: 4 } });
	inbox.append(mail('one'));
	const items: IDataObject[] = [];
	for (let polls = 0; polls < 8; polls++) {
		items.push(...(await poller.poll()));
		now += 11 * MINUTE;
	}
	expect(items.map(({ deliveryCount }) => deliveryCount)).toEqual([1, 2, 3, 4, 4]);
	expect(items.map(({ neverAcknowledged }) => neverAcknowledged !== undefined)).toEqual([
		...[false, false, true, true],
		false,
	]);
	expect(items[4]).toMatchObject({ uid: 1, gaveUp: true });
	expect(poller.errors).toMatchObject([{ message: expect.stringContaining('3 times') as string }]);
});
