/** Which items share a batch, and what is put out for them. */
import { describe, expect, test } from 'vitest';
import { filledInbox, numberedMail } from '../../filled-inbox';
import {
	ACCOUNT,
	box,
	commandNames,
	jsonOf,
	runNode,
	runToEnd,
	type FlowStep,
} from '../../run-node';

const changes = (names: string[]): string[] => names.filter((name) => name === 'UID STORE');

describe('batches of items that ask for different things in turn', () => {
	const [SEEN, FLAGGED] = ['\\Seen', '\\Flagged'];
	const setFlags = {
		node: 'imap4Flags',
		operation: 'set',
		parameters: {
			messages: 'uids',
			mailbox: box('INBOX'),
			uids: '={{ $json.uids }}',
			systemFlags: '={{ [$json.flag] }}',
		},
	} as const;

	async function flagsAfter(items: Array<{ uids: string; flag: string }>) {
		const { server, inbox } = await filledInbox(numberedMail(3));
		await runNode({ ...setFlags, server, items });
		return {
			flags: inbox.messages.map((message) => [...message.flags].join(' ')),
			changes: changes(commandNames(server)).length,
		};
	}

	test('are two where the UIDs are different ones', async () => {
		expect(
			await flagsAfter([
				{ uids: '1', flag: SEEN },
				{ uids: '2', flag: FLAGGED },
				{ uids: '3', flag: SEEN },
			]),
		).toEqual({ flags: [SEEN, FLAGGED, SEEN], changes: 2 });
	});

	test('keep the order of the items where the UIDs meet', async () => {
		expect(
			await flagsAfter([
				{ uids: '1:2', flag: SEEN },
				{ uids: '2:3', flag: FLAGGED },
				{ uids: '1,3', flag: SEEN },
			]),
		).toEqual({ flags: [SEEN, FLAGGED, SEEN], changes: 3 });
	});

	test.each(['*', '3:*'])('keep it for %s, which may be any message', async (uids) => {
		expect(
			await flagsAfter([
				{ uids, flag: SEEN },
				{ uids: '3', flag: FLAGGED },
				{ uids, flag: SEEN },
			]),
		).toEqual({ flags: ['', '', SEEN], changes: 3 });
	});

	test('keep it for searches in one mailbox, and are two for searches in two', async () => {
		const { server, account, inbox } = await filledInbox(numberedMail(1));
		const other = account.create('Other');
		other.append('Subject: 1\r\n\r\n');
		const run = (items: Array<{ in: string; flag: string }>) =>
			runNode({
				...setFlags,
				server,
				items,
				parameters: {
					...setFlags.parameters,
					messages: 'search',
					mailbox: box('={{ $json.in }}'),
					filters: { subject: '1' },
				},
			});
		await run([
			{ in: 'INBOX', flag: SEEN },
			{ in: 'Other', flag: FLAGGED },
			{ in: 'INBOX', flag: SEEN },
		]);
		expect(changes(commandNames(server))).toHaveLength(2);
		await run([
			{ in: 'INBOX', flag: SEEN },
			{ in: 'INBOX', flag: FLAGGED },
			{ in: 'INBOX', flag: SEEN },
		]);
		expect(changes(commandNames(server))).toHaveLength(5);
		expect([...(inbox.messages[0]?.flags ?? [])]).toEqual([SEEN]);
	});
});

test('a path that the server names otherwise is put out beside what was done', async () => {
	const { server, account } = await filledInbox([]);
	account.create('INBOX/New').append('Subject: 1\r\n\r\n');
	const run = { node: 'imap4Message', server } as const;
	const of = { messages: 'uids', uids: '1', mailbox: box('inbox/New') };
	const [marked] = await jsonOf({ ...run, operation: 'markAsRead', parameters: of });
	expect(marked).toMatchObject({ mailbox: 'INBOX/New', requestedMailbox: 'inbox/New' });
	const exact = { ...of, mailbox: box('INBOX/New') };
	const [again] = await jsonOf({ ...run, operation: 'markAsRead', parameters: exact });
	expect(again).not.toHaveProperty('requestedMailbox');
});

test('fields of the input are left out unless they are to be kept', async () => {
	const { server, inbox, items } = await filledInbox(numberedMail(1));
	const { uidValidity } = inbox;
	const [marked] = await jsonOf({
		node: 'imap4Flags',
		operation: 'add',
		server,
		items: items.map((item) => ({ ...item, from: 'bert@example.org' })),
		parameters: { keywords: 'k' },
	});
	expect(marked).toEqual({ mailbox: 'INBOX', uidValidity, uid: 1, added: ['k'], account: ACCOUNT });
});

test('a dry run reports for the items whose messages are there, not for those that failed', async () => {
	const { server, items } = await filledInbox(numberedMail(1));
	const output = await runNode({
		node: 'imap4Flags',
		operation: 'add',
		server,
		items: [{ ...items[0], uid: 9 }, items[0] ?? {}],
		parameters: { keywords: 'k', dryRun: true },
		continueOnFail: true,
	});
	expect(output.map(({ json, pairedItem }) => [json.count, pairedItem])).toEqual([
		[undefined, { item: 0 }],
		[1, [{ item: 1 }]],
	]);
});

test('what only reads opens its mailbox by EXAMINE', async () => {
	const { server, items } = await filledInbox(numberedMail(1));
	await runNode({
		node: 'imap4Flags',
		operation: 'getMany',
		server,
		items,
		parameters: { flagsOf: 'messages' },
	});
	expect(commandNames(server)).toEqual(['EXAMINE', 'UID SEARCH', 'UID FETCH']);
});

test('what only reads says nothing of changes where it finds no message', async () => {
	const { server } = await filledInbox(numberedMail(1));
	const hints = async (step: Pick<FlowStep, 'node' | 'operation' | 'parameters'>) => {
		const run = await runToEnd({ ...step, server });
		return run.nodes.at(-1)?.task.hints ?? [];
	};
	const nothing = { messages: 'uids', uids: '9', mailbox: box('INBOX') };
	expect(
		await hints({
			node: 'imap4Flags',
			operation: 'getMany',
			parameters: { flagsOf: 'messages', ...nothing },
		}),
	).toEqual([]);
	expect(
		await hints({
			node: 'imap4Flags',
			operation: 'add',
			parameters: { ...nothing, keywords: 'k' },
		}),
	).toHaveLength(1);
});
