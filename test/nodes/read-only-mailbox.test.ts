/** A mailbox that this account may only read, such as a shared one: SELECT answers READ-ONLY. */
import type { INodeParameters } from 'n8n-workflow';
import { expect, test } from 'vitest';
import { box, commandNames, errorOf, jsonOf, mail, startServer, USER } from './run-node';

async function shared() {
	const server = await startServer({
		faults: {
			rewrite: (octets) =>
				Buffer.from(octets.toString('latin1').replace('[READ-WRITE]', '[READ-ONLY]'), 'latin1'),
		},
	});
	const account = server.account(USER);
	const inbox = account.mailbox('INBOX');
	inbox.append(mail('one'));
	account.create('Mine');
	account.create('Trash');
	const original = { mailbox: 'INBOX', uidValidity: inbox.uidValidity, uid: 1 };
	return { server, account, inbox, original };
}

const from = { messages: 'uids', mailbox: box('INBOX'), uids: '1:*' };

test('its messages can be copied out of it', async () => {
	const { server, account } = await shared();
	const [copied] = await jsonOf({
		...{ node: 'imap4Message', operation: 'copy', server },
		parameters: { ...from, destination: box('Mine') },
	});
	expect(copied).toMatchObject({ mailbox: 'Mine', uid: 1, via: 'COPY' });
	expect(account.mailbox('Mine').messages).toHaveLength(1);
});

test.each<[string, INodeParameters]>([
	['move', { destination: box('Mine') }],
	['delete', {}],
	['delete', { deleteMode: 'permanent' }],
	['markAsRead', {}],
])('%s is refused before anything is changed', async (operation, parameters) => {
	const { server } = await shared();
	const { message } = await errorOf({
		...{ node: 'imap4Message', operation, server },
		parameters: { ...from, ...parameters },
	});
	expect(message).toMatch(/read-only|only be read/i);
	expect(commandNames(server).filter((name) => /MOVE|COPY|STORE|EXPUNGE/.test(name))).toEqual([]);
});

test('a message in it that was answered stays unmarked, which Save to Sent says', async () => {
	const { server, account, original } = await shared();
	account.create('Sent');
	const [saved] = await jsonOf({
		...{ node: 'imap4Message', operation: 'saveToSent', server },
		parameters: {
			sentMailbox: box('Sent'),
			source: 'raw',
			raw: mail('answer'),
			markOriginal: 'answered',
			original,
		},
	});
	expect(saved).toMatchObject({
		mailbox: 'Sent',
		uid: 1,
		marked: false,
		notMarked: expect.stringMatching(/read-only|only be read/i) as string,
	});
	expect(account.mailbox('Sent').messages).toHaveLength(1);
});

test('a keyword that its mailbox does not keep is not reported as marked', async () => {
	const { server, account, original } = await shared();
	account.create('Sent');
	server.faults.rewrite = (octets) =>
		Buffer.from(
			octets
				.toString('latin1')
				.replace(/\[PERMANENTFLAGS \([^)]*\)\]/, String.raw`[PERMANENTFLAGS (\Seen \Answered)]`),
			'latin1',
		);
	const [saved] = await jsonOf({
		...{ node: 'imap4Message', operation: 'saveToSent', server },
		parameters: {
			sentMailbox: box('Sent'),
			source: 'raw',
			raw: mail('forwarded'),
			markOriginal: 'forwarded',
			original,
		},
	});
	expect(saved).toMatchObject({
		marked: false,
		notMarked: expect.stringContaining('$Forwarded') as string,
	});
});
