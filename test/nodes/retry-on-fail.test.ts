/**
 * Retry On Fail: n8n runs the node again with all items, where it ended in an error, and also where it continues
 * on errors and the first item failed.
 */
import { describe, expect, test } from 'vitest';
import { outputOf } from '../../demo/run-workflow';
import { box, commandNames, mail, runToEnd, startServer, USER } from './run-node';

const node = 'imap4Message';
const retried = { node, retryOnFail: true } as const;
const composed = { source: 'compose', from: USER, to: USER, subject: '={{ $json.subject }}' };
const toArchive = { destination: box('Archive') };

async function start(count = 3) {
	const server = await startServer({ appendLimit: 2000 });
	const account = server.account(USER);
	const archive = account.create('Archive');
	const inbox = account.mailbox('INBOX');
	for (let n = 1; n <= count; n++) inbox.append(mail(`m${n}`));
	const { uidValidity } = inbox;
	const items = inbox.messages.map(({ uid }) => ({ mailbox: 'INBOX', uidValidity, uid }));
	return { server, account, archive, inbox, items };
}

const subjects = ({ messages }: { messages: ReadonlyArray<{ octets: Buffer }> }) =>
	messages.map(({ octets }) => /^Subject: (.*)\r$/m.exec(octets.toString())?.[1]).sort();

describe('the node ends in an error', () => {
	test('Create stores what is stored already no second time', async () => {
		const { server, archive } = await start();
		const run = await runToEnd({
			...{ ...retried, server, operation: 'create' },
			items: ['a', 'b', 'c'].map((subject) => ({ subject })),
			parameters: { ...composed, mailbox: box('={{ $json.subject === "c" ? "No" : "Archive" }}') },
		});
		expect(run.error?.message).toContain('"No"');
		expect(subjects(archive)).toEqual(['a', 'b']);
		expect(commandNames(server).filter((name) => name === 'APPEND')).toHaveLength(5);
	});

	test('Save to Sent stores what is stored already no second time, and marks its original', async () => {
		const { server, account, inbox, items } = await start();
		const sent = account.create('Sent', '\\Sent');
		const run = await runToEnd({
			...{ ...retried, server, operation: 'saveToSent' },
			items: ['a', 'b', 'c'].map((subject, index) => ({ subject, original: items[index] })),
			parameters: {
				...composed,
				markOriginal: 'answered',
				// It does not fit.
				text: '={{ $json.subject === "c" ? "x".repeat(5000) : "" }}',
			},
		});
		expect(run.error?.message).toContain('at most');
		expect(run.error?.description).toContain('2 of 3 items succeeded');
		expect(subjects(sent)).toEqual(['a', 'b']);
		expect(inbox.messages.map(({ flags }) => [...flags])).toEqual([
			['\\Answered'],
			['\\Answered'],
			[],
		]);
	});

	test('a cause that has gone: the rest is done, and every item has its output', async () => {
		const { server, account, archive } = await start();
		const items = ['a', 'b', 'c'].map((subject) => ({ subject }));
		const pending = runToEnd({
			...{ ...retried, server, operation: 'create', items },
			parameters: {
				...composed,
				mailbox: box('={{ $json.subject === "c" ? "Late" : "Archive" }}'),
			},
		});
		while (commandNames(server).filter((name) => name === 'APPEND').length < 3)
			await new Promise((resolve) => setImmediate(resolve));
		const late = account.create('Late');
		const run = await pending;
		expect(run.error).toBeUndefined();
		expect(subjects(archive)).toEqual(['a', 'b']);
		expect(subjects(late)).toEqual(['c']);
		expect(outputOf(run, 'Node')).toMatchObject([
			{ json: { mailbox: 'Archive' }, pairedItem: { item: 0 } },
			{ json: { mailbox: 'Archive' }, pairedItem: { item: 1 } },
			{ json: { mailbox: 'Late' }, pairedItem: { item: 2 } },
		]);
	});

	test.each(['move', 'copy'])('%s: the error is that of the first try', async (operation) => {
		const { server, archive, items } = await start();
		const run = await runToEnd({
			...{ ...retried, server, operation },
			items: [...items, { ...items[0], mailbox: 'No' }],
			parameters: toArchive,
		});
		expect(run.error?.message).toContain('mailbox "No"');
		expect(subjects(archive)).toEqual(['m1', 'm2', 'm3']);
	});
});

describe('the node continues, and its first item failed', () => {
	test.each(['move', 'copy'])(
		'%s does the others once, and reports them as done',
		async (operation) => {
			const { server, archive, items } = await start();
			const run = await runToEnd({
				...{ ...retried, server, operation, onError: 'continueErrorOutput' },
				items: [{ ...items[0], uid: 99 }, ...items],
				parameters: toArchive,
			});
			expect(subjects(archive)).toEqual(['m1', 'm2', 'm3']);
			expect(outputOf(run, 'Node')).toHaveLength(3);
			expect(outputOf(run, 'Node', 1)).toHaveLength(1);
		},
	);

	test('messages of a set are copied once', async () => {
		const { server, archive } = await start();
		const run = await runToEnd({
			...{ ...retried, server, operation: 'copy', continueOnFail: true },
			items: [{ mailbox: 'No' }, { mailbox: 'INBOX' }],
			parameters: {
				...toArchive,
				messages: 'uids',
				mailbox: box('={{ $json.mailbox }}'),
				uids: '1:*',
			},
		});
		expect(subjects(archive)).toEqual(['m1', 'm2', 'm3']);
		expect(outputOf(run, 'Node')).toHaveLength(4);
	});
});

test('a dry run is reported once, whatever fails beside it', async () => {
	const { server, items, inbox } = await start();
	const run = await runToEnd({
		...{ ...retried, server, operation: 'delete', continueOnFail: true },
		items: [{ ...items[0], mailbox: 'No' }, ...items],
		parameters: { dryRun: true, deleteMode: 'permanent' },
	});
	expect(outputOf(run, 'Node')).toMatchObject([
		{ json: { error: expect.stringContaining('"No"') as string } },
		{ json: { dryRun: true, count: 3 }, pairedItem: [{ item: 1 }, { item: 2 }, { item: 3 }] },
	]);
	expect(inbox.messages).toHaveLength(3);
});
