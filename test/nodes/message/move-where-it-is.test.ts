import { expect, test } from 'vitest';
import { ACCOUNT, box, commandNames, jsonOf, mail, startServer, USER } from '../run-node';

test('Move to where a message is leaves it as it is, its UID too; Copy makes a second one', async () => {
	const server = await startServer();
	const inbox = server.account(USER).mailbox('INBOX');
	for (const subject of ['one', 'two']) inbox.append(mail(subject));
	const { uidValidity } = inbox;
	const items = [1, 2].map((uid) => ({ mailbox: 'INBOX', uidValidity, uid }));
	const parameters = { destination: box('inbox') };
	const here = { node: 'imap4Message', server, items } as const;
	expect(await jsonOf({ ...here, operation: 'move', parameters })).toEqual(
		items.map((previous) => ({ ...previous, previous, alreadyThere: true, account: ACCOUNT })),
	);
	expect(commandNames(server)).not.toContain('UID MOVE');
	const dryRun = { ...parameters, dryRun: true };
	const [planned] = await jsonOf({ ...here, operation: 'move', parameters: dryRun });
	expect(planned).toMatchObject({ destination: 'INBOX', alreadyThere: true });
	await jsonOf({ ...here, operation: 'copy', parameters });
	expect(inbox.messages.map(({ uid }) => uid)).toEqual([1, 2, 3, 4]);
});

test.each([
	['inbox', { __rl: true, mode: 'path', value: 'INBOX' }],
	['INBOX', { __rl: true, mode: 'list', value: 'Inbox' }],
	['Inbox', { __rl: true, mode: 'role', value: 'inbox' }],
])('a reference to %s and INBOX are one mailbox', async (mailbox, destination) => {
	const server = await startServer();
	const inbox = server.account(USER).mailbox('INBOX');
	inbox.append(mail('one'));
	const [moved] = await jsonOf({
		...{ node: 'imap4Message', operation: 'move', server },
		items: [{ mailbox, uidValidity: inbox.uidValidity, uid: 1 }],
		parameters: { destination },
	});
	expect(moved).toMatchObject({ mailbox: 'INBOX', uid: 1, alreadyThere: true });
	expect(inbox.messages.map(({ uid }) => uid)).toEqual([1]);
});
