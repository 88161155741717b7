/** An error about the mailbox that messages are stored in names that mailbox, not only the one they come from. */
import type { INodeParameters } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import {
	box,
	errorOf,
	mail,
	PASSWORD,
	startServer,
	TARGET_USER,
	USER,
	type NodeRunOptions,
} from './run-node';
import { Poller } from './trigger/poller';

/** A server whose words name no mailbox, as Cyrus' do. */
async function account(code: string) {
	const server = await startServer();
	server.addAccount(TARGET_USER, PASSWORD);
	const account = server.account(USER);
	account.mailbox('INBOX').append(mail('one'));
	account.create('Trash');
	server.faults.on = ({ tag, line }) =>
		/^(?:UID COPY|UID MOVE|APPEND|CREATE)\b/.test(line)
			? `${tag} NO [${code}] Refused\r\n`
			: undefined;
	return server;
}

const from = { messages: 'uids', mailbox: box('INBOX'), uids: '1:*' };

const OPERATIONS: [operation: string, destination: string, parameters: INodeParameters][] = [
	['move', 'Away', { destination: box('Away') }],
	['copy', 'Away', { destination: box('Away') }],
	['delete', 'Trash', {}],
	['reply', 'Away', { draftsMailbox: box('Away') }],
];

test.each(OPERATIONS)('%s to %s', async (operation, destination, parameters) => {
	for (const code of ['TRYCREATE', 'OVERQUOTA', 'NOPERM', 'CANNOT']) {
		const server = await account(code);
		const { message } = await errorOf({
			...{ node: 'imap4Message', operation, server },
			parameters: { ...from, ...parameters },
		});
		expect(message).toContain(`(mailbox "INBOX", destination "${destination}")`);
	}
});

describe('between accounts, an error of the other account names that account', () => {
	const there = `imap://${encodeURIComponent(TARGET_USER)}@127.0.0.1`;
	const fails = async (
		server: Awaited<ReturnType<typeof account>>,
		parameters: INodeParameters,
		more: Partial<NodeRunOptions> = {},
	) => {
		const { message } = await errorOf({
			...{ node: 'imap4Message', operation: 'moveToAccount', server, ...more },
			parameters: { ...from, ...parameters },
		});
		return message;
	};

	test.each(['INBOX', 'Away'])('and the mailbox there, whatever it is called: %s', async (name) => {
		for (const code of ['TRYCREATE', 'OVERQUOTA', 'NOPERM', 'CANNOT']) {
			const server = await account(code);
			for (const createIfMissing of [false, true]) {
				const parameters = { targetMailbox: box(name), createIfMissing };
				for (const operation of ['copyToAccount', 'moveToAccount']) {
					expect(await fails(server, parameters, { operation })).toContain(
						`(mailbox "INBOX", destination "${name}" of ${there})`,
					);
				}
			}
		}
	});

	test('where several messages are refused', async () => {
		const server = await account('CANNOT');
		server.account(USER).mailbox('INBOX').append(mail('two'));
		const message = await fails(server, { targetMailbox: box('INBOX') });
		expect(message).toContain(`destination "INBOX" of ${there}): 2 of 2 messages`);
	});

	test('where it has no mailbox of the role', async () => {
		const parameters = { targetMailbox: { __rl: true, mode: 'role', value: 'archive' } };
		const message = await fails(await account('CANNOT'), parameters);
		expect(message).toContain(`(mailbox "INBOX", destination ${there})`);
	});

	test.each([false, true])('where the login is refused (dry run: %s)', async (dryRun) => {
		const parameters = { targetMailbox: box('INBOX'), dryRun };
		const targetCredential = { password: 'wrong' };
		const message = await fails(await account('CANNOT'), parameters, { targetCredential });
		expect(message).toContain(`(mailbox "INBOX", destination ${there})`);
	});

	test('where it cannot be reached', async () => {
		const target = { host: '127.0.0.1', port: 1 };
		const message = await fails(await account('CANNOT'), {}, { target });
		expect(message).toContain(`(mailbox "INBOX", destination ${there})`);
	});
});

test('an error about the mailbox that the messages are in names no other one', async () => {
	const server = await account('NOPERM');
	const { message } = await errorOf({
		...{ node: 'imap4Message', operation: 'move', server },
		parameters: { ...from, mailbox: box('Missing'), destination: box('Away') },
	});
	expect(message).toContain('(mailbox "Missing")');
});

test('a mailbox that is named anyway is named once', async () => {
	const server = await account('OVERQUOTA');
	const { message } = await errorOf({
		...{ node: 'imap4Message', operation: 'create', server },
		parameters: { mailbox: box('INBOX'), source: 'raw', raw: mail('two') },
	});
	expect(message).toContain('(mailbox "INBOX")');
});

test('After Delivery', async () => {
	const server = await account('OVERQUOTA');
	const poller = new Poller({ server, parameters: { after: 'move', afterMailbox: box('Away') } });
	await poller.poll();
	server.account(USER).mailbox('INBOX').append(mail('two'));
	await poller.poll();
	await expect(poller.poll()).rejects.toThrow('(mailbox "INBOX", destination "Away")');
});
