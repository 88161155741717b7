import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
	box,
	commandNames,
	errorOf,
	jsonOf,
	mail,
	runNode,
	startServer,
	USER,
} from '../../run-node';

test('several items that set the flags of one message end as the last one says', async () => {
	const server = await startServer();
	const inbox = server.account(USER).mailbox('INBOX');
	const message = inbox.append(mail('one'));
	const { uid } = message;
	const of = (flag: string) => ({ mailbox: 'INBOX', uidValidity: inbox.uidValidity, uid, flag });
	await runNode({
		node: 'imap4Flags',
		operation: 'set',
		server,
		items: [of('\\Seen'), of('\\Flagged'), of('\\Seen')],
		parameters: { systemFlags: '={{ [$json.flag] }}' },
	});
	expect([...message.flags]).toEqual(['\\Seen']);
	expect(commandNames(server).filter((name) => name === 'UID STORE')).toHaveLength(3);
});

test('a search finds what an earlier item has moved into its mailbox', async () => {
	const server = await startServer();
	const account = server.account(USER);
	const [inbox, first, second] = [
		account.mailbox('INBOX'),
		account.create('First'),
		account.create('Second'),
	];
	inbox.append(mail('one'));
	const parameters = {
		messages: 'uids',
		uids: '1:*',
		mailbox: { __rl: true, mode: 'path', value: '={{ $json.from }}' },
		destination: { __rl: true, mode: 'path', value: '={{ $json.to }}' },
	};
	const items = [
		{ from: 'First', to: 'Second' },
		{ from: 'INBOX', to: 'First' },
		{ from: 'First', to: 'Second' },
	];
	await jsonOf({ node: 'imap4Message', operation: 'move', server, items, parameters });
	expect([inbox, first, second].map(({ messages }) => messages.length)).toEqual([0, 0, 1]);
});

test('a mistake in any item ends the node before the first change', async () => {
	const server = await startServer();
	const account = server.account(USER);
	account.create('Other');
	const message = account.mailbox('INBOX').append(mail('one'));
	const { message: said } = await errorOf({
		node: 'imap4Flags',
		operation: 'add',
		server,
		items: [{ flags: ['\\Seen'] }, { flags: [] }],
		parameters: {
			messages: 'uids',
			uids: '1',
			mailbox: box('INBOX'),
			systemFlags: '={{ $json.flags }}',
		},
	});
	expect(said).toContain('No flag is selected');
	expect([...message.flags]).toEqual([]);
});

test('any changes of flags end as they do one item after another', async () => {
	const flags = ['\\Seen', '\\Flagged', '\\Answered'] as const;
	const change = fc.record({
		uid: fc.integer({ min: 1, max: 3 }),
		flags: fc.uniqueArray(fc.constantFrom(...flags), { minLength: 1 }),
	});
	await fc.assert(
		fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), async (changes) => {
			const server = await startServer();
			const inbox = server.account(USER).mailbox('INBOX');
			for (let n = 1; n <= 3; n++) inbox.append(mail(`${n}`));
			const { uidValidity } = inbox;
			const output = await runNode({
				node: 'imap4Flags',
				operation: 'set',
				server,
				items: changes.map((one) => ({ mailbox: 'INBOX', uidValidity, ...one })),
				parameters: { systemFlags: '={{ $json.flags }}' },
			});
			const expected = new Map<number, string[]>();
			for (const one of changes) expected.set(one.uid, [...one.flags].sort());
			for (const message of inbox.messages)
				expect([...message.flags].sort()).toEqual(expected.get(message.uid) ?? []);
			expect(output.map(({ pairedItem }) => pairedItem)).toEqual(
				changes.map((_one, item) => ({ item })),
			);
		}),
		{ numRuns: 15 },
	);
});
