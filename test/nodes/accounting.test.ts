/** What an operation that reads was asked for and did not get is named; the rest is given. */
import { Container } from '@n8n/di';
import { BinaryDataService } from 'n8n-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { outputOf } from '../../demo/run-workflow';
import { damaged, NAMES } from './damaged';
import {
	box,
	errorOf,
	jsonOf,
	mail,
	PASSWORD,
	runToEnd,
	startServer,
	TARGET_USER,
	USER,
} from './run-node';

beforeAll(() => Container.get(BinaryDataService).init());

const OPERATIONS = [
	{ name: 'Get Many', node: 'imap4Message', operation: 'getMany', parameters: { order: 'oldest' } },
	{
		name: 'Get Many with text',
		node: 'imap4Message',
		operation: 'getMany',
		parameters: { order: 'oldest', body: 'text' },
	},
	{
		name: 'Get',
		node: 'imap4Message',
		operation: 'get',
		parameters: { messages: 'uids', uids: '1:5' },
	},
	{
		name: 'Download',
		node: 'imap4Message',
		operation: 'download',
		parameters: { messages: 'uids', uids: '1:5' },
	},
	{
		name: 'Get parts',
		node: 'imap4Message',
		resource: 'part',
		operation: 'get',
		parameters: { messages: 'uids', uids: '1:5', section: '1' },
	},
	{
		name: 'Get flags',
		node: 'imap4Flags',
		operation: 'getMany',
		parameters: { messages: 'uids', uids: '1:5' },
	},
] as const;

describe.each([
	['left out of an OK', (tag: string) => `${tag} OK done\r\n`, /leaves it out of FETCH/],
	[
		'refused with its set',
		(tag: string) => `${tag} NO Some messages could not be FETCHed (Failure)\r\n`,
		/Some messages could not be FETCHed/,
	],
])('a message that is %s', (_name, end, reason) => {
	test.each(OPERATIONS)('$name', async ({ name: _operation, ...run }) => {
		const server = await damaged({ uid: 3, end });
		const parameters = { ...run.parameters, mailbox: box('INBOX') };
		const output = await jsonOf({ ...run, parameters, server });
		expect(output.map(({ uid }) => uid)).toEqual([1, 2, 3, 4, 5]);
		expect(output.map(({ unreadable }) => unreadable !== undefined)).toEqual([
			false,
			false,
			true,
			false,
			false,
		]);
		expect(output[2]?.unreadable).toMatch(reason);
	});

	test('Get Many by subject, sorted here', async () => {
		const server = await damaged({ uid: 3, end }, { capabilities: { remove: ['SORT'] } });
		const output = await jsonOf({
			node: 'imap4Message',
			operation: 'getMany',
			parameters: { mailbox: box('INBOX'), sort: { key: [{ by: 'subject' }] } },
			server,
		});
		expect(output.map(({ uid }) => uid).sort()).toEqual([1, 2, 3, 4, 5]);
		expect(output.find(({ uid }) => uid === 3)?.unreadable).toMatch(reason);
	});

	test('Get Threads', async () => {
		const server = await damaged({ uid: 3, end });
		const output = await jsonOf({
			node: 'imap4Message',
			operation: 'getThreads',
			parameters: { mailbox: box('INBOX') },
			server,
		});
		expect(output).toHaveLength(5);
	});

	test('Reply: the others are drafted, and this one says why not', async () => {
		const server = await damaged({ uid: 3, end });
		server.account(USER).create('Drafts');
		const items = [1, 2, 3, 4, 5].map((uid) => ({ uid }));
		const output = await jsonOf({
			node: 'imap4Message',
			operation: 'reply',
			parameters: {
				messages: 'uids',
				mailbox: box('INBOX'),
				uids: '={{ $json.uid }}',
				text: 'Thank you',
			},
			items,
			onError: 'continueRegularOutput',
			server,
		});
		expect(output.map(({ error }) => error !== undefined)).toEqual([
			...[false, false, true, false, false],
		]);
		expect(output[2]?.error).toMatch(reason);
	});

	test.each([['copyToAccount'], ['moveToAccount']])(
		'%s: the others are stored, and the error says which is not',
		async (operation) => {
			const server = await damaged({ uid: 3, end });
			const target = await startServer();
			const archive = target.addAccount(TARGET_USER, PASSWORD).create('Archive');
			const { message } = await errorOf({
				node: 'imap4Message',
				operation,
				parameters: {
					messages: 'uids',
					mailbox: box('INBOX'),
					uids: '1:5',
					targetMailbox: box('Archive'),
				},
				server,
				target,
			});
			expect(message).toMatch(
				/1 of 5 messages could not be stored: The message with UID 3 cannot be read/,
			);
			expect(message).toMatch(reason);
			expect(archive.messages).toHaveLength(4);
			const left = server
				.account(USER)
				.mailbox('INBOX')
				.messages.map(({ uid }) => uid);
			expect(left).toEqual(operation === 'moveToAccount' ? [3] : [1, 2, 3, 4, 5]);
		},
	);

	test('goes to the error output where the node has one', async () => {
		const server = await damaged({ uid: 3, end });
		const run = await runToEnd({
			node: 'imap4Message',
			operation: 'getMany',
			parameters: { mailbox: box('INBOX') },
			server,
			onError: 'continueErrorOutput',
		});
		const json = (output: number) => outputOf(run, 'Node', output).map((item) => item.json);
		expect(json(0).map(({ uid }) => uid)).toEqual([5, 4, 2, 1]);
		expect(json(1)).toMatchObject([
			{ uid: 3, mailbox: 'INBOX', unreadable: expect.stringMatching(reason) as string },
		]);
	});
});

test('a connection that breaks in the middle of Get Many: another one brings the rest, each once', async () => {
	const server = await startServer();
	const inbox = server.account(USER).mailbox('INBOX');
	for (const name of NAMES) inbox.append(mail(name));
	let cuts = 0;
	server.faults.on = ({ line }) => {
		if (!line.startsWith('UID FETCH') || cuts > 0) return undefined;
		cuts++;
		server.cutAll();
		return '';
	};
	const output = await jsonOf({
		node: 'imap4Message',
		operation: 'getMany',
		parameters: { mailbox: box('INBOX'), body: 'text', order: 'oldest' },
		server,
	});
	expect(output.map(({ subject }) => subject)).toEqual(NAMES);
	expect(cuts).toBe(1);
});

test('a message whose ENVELOPE cannot be read has the subject and sender of its own header', async () => {
	const server = await startServer();
	server.account(USER).mailbox('INBOX').append(mail('own header'));
	server.faults.on = ({ tag, line }) =>
		line.includes('ENVELOPE')
			? `* 1 FETCH (UID 1 FLAGS () INTERNALDATE "01-Jan-2026 00:00:00 +0000" ENVELOPE (NIL "<a@example.com" <b@example.org>") BODYSTRUCTURE ("TEXT" "PLAIN" NIL NIL NIL "7BIT" 4 1))\r\n${tag} OK done\r\n`
			: undefined;
	const [item] = await jsonOf({
		node: 'imap4Message',
		operation: 'getMany',
		parameters: { mailbox: box('INBOX') },
		server,
	});
	expect(item).toMatchObject({
		subject: 'own header',
		from: 'Bert <bert@example.org>',
		readFromHeader: expect.stringContaining('cannot be read') as string,
	});
});
