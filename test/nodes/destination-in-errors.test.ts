/** An error about the mailbox that messages are stored in names that mailbox, not only the one they come from. */
import type { INodeParameters } from 'n8n-workflow';
import { expect, test } from 'vitest';
import { box, errorOf, mail, PASSWORD, startServer, TARGET_USER, USER } from './run-node';
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
	['copyToAccount', 'Away', { targetMailbox: box('Away') }],
	['copyToAccount', 'Away', { targetMailbox: box('Away'), createIfMissing: true }],
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
