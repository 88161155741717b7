import { expect, test } from 'vitest';
import type { NotifyEvent, UntaggedResponse } from '../../engine/index';
import { message } from './messages';
import { leaveOut, needs } from './needs';
import type { Client } from './on-each-server';
import { onEachServer } from './on-each-server';

const MESSAGES: readonly NotifyEvent[] = ['MessageNew', 'MessageExpunge', 'FlagChange'];

/** What has come and what comes, until `enough`. A server reports while no command runs, too. */
async function until(
	{ imap, unsolicited }: Client,
	enough: (response: UntaggedResponse) => boolean,
): Promise<UntaggedResponse[]> {
	const all = unsolicited.splice(0);
	if (all.some(enough)) return all;
	for await (const response of imap.idle({ duration: 10_000 })) {
		all.push(response);
		if (enough(response)) return all;
	}
	throw new Error(`It did not come; what came: ${JSON.stringify(all.map(({ type }) => type))}`);
}

const statusOf =
	(mailbox: string) =>
	(response: UntaggedResponse): boolean =>
		response.type === 'STATUS' && response.status.mailbox === mailbox;

onEachServer((bench) => {
	test('STATUS of each mailbox comes with the command, and of one in which a message arrives', async (context) => {
		const client = await bench.logIn();
		const { imap, account } = client;
		needs(context, imap, 'NOTIFY');
		await imap.createMailbox('A');
		await imap.createMailbox('B');
		const of = { mailboxes: ['A', 'B'] };
		const now = await imap.notify([{ of, events: MESSAGES }], { status: true });
		const byName = new Map(now.map((status) => [status.mailbox, status]));
		expect(byName.get('A')).toMatchObject({ messages: 0, uidNext: 1 });
		expect(byName.get('B')).toMatchObject({ messages: 0, uidNext: 1 });
		const other = await bench.logIn(account);
		await other.imap.append('B', message());
		const told = await until(client, statusOf('B'));
		expect(told.find(statusOf('B'))).toMatchObject({ status: { messages: 1, uidNext: 2 } });
	});

	test('flags and removals are reported by STATUS too, with a higher HIGHESTMODSEQ', async (context) => {
		const client = await bench.logIn();
		const { imap, account } = client;
		needs(context, imap, 'NOTIFY', 'CONDSTORE');
		await imap.createMailbox('A');
		await imap.append('A', message());
		const events = MESSAGES;
		const [before] = await imap.notify([{ of: { mailboxes: ['A'] }, events }], { status: true });
		const { imap: other } = await bench.logIn(account);
		const opened = await other.open('A');
		await opened.store('1', '+FLAGS', ['\\Flagged']);
		const flagged = (await until(client, statusOf('A'))).find(statusOf('A'));
		const modSeq = flagged?.type === 'STATUS' ? (flagged.status.highestModSeq ?? 0n) : 0n;
		expect(modSeq).toBeGreaterThan(before?.highestModSeq ?? 0n);
		await opened.store('1', '+FLAGS', ['\\Deleted']);
		await opened.expunge();
		await until(client, (one) => one.type === 'STATUS' && one.status.messages === 0);
	});

	test('a mailbox that is created or renamed is reported by LIST', async (context) => {
		const client = await bench.logIn();
		const { imap, account } = client;
		needs(context, imap, 'NOTIFY');
		await imap.notify([{ of: 'personal', events: ['MailboxName'] }]);
		const { imap: other } = await bench.logIn(account);
		const names = (response: UntaggedResponse): string =>
			response.type === 'LIST' ? response.entry.name : '';
		await other.createMailbox('New');
		await until(client, (response) => names(response) === 'New');
		await other.renameMailbox('New', 'Newer');
		await until(client, (response) => names(response) === 'Newer');
	});

	test('an empty list of groups ends it', async (context) => {
		const client = await bench.logIn();
		const { imap, account, sent } = client;
		needs(context, imap, 'NOTIFY');
		await imap.createMailbox('A');
		await imap.createMailbox('B');
		const { imap: other } = await bench.logIn(account);
		const groups = (name: string) => [{ of: { mailboxes: [name] }, events: MESSAGES }];
		await imap.notify(groups('A'));
		await imap.notify([]);
		expect(sent.at(-1)).toBe('NOTIFY NONE');
		await other.append('A', message());
		// B shows that A would have been reported by now.
		await imap.notify(groups('B'));
		await other.append('B', message());
		const told = await until(client, statusOf('B'));
		expect(told.filter(statusOf('A'))).toEqual([]);
	});

	test('STATUS has all items that were asked for while the same mailbox is reported', async (context) => {
		const client = await bench.logIn();
		const { imap, account } = client;
		needs(context, imap, 'NOTIFY');
		await imap.createMailbox('A');
		const { imap: other } = await bench.logIn(account);
		await imap.notify([{ of: { mailboxes: ['A'] }, events: MESSAGES }]);
		for (let count = 1; count <= 20; count++) {
			await other.append('A', message());
			const status = await imap.status('A', ['messages', 'uidValidity', 'unseen']);
			expect(status).toMatchObject({ messages: count, unseen: count });
			expect(status.uidValidity).toBeGreaterThan(0);
		}
	});

	test('an event that may not be asked for alone is refused before anything is sent', async () => {
		const { imap, sent } = await bench.logIn();
		const before = sent.length;
		const personal = (events: readonly NotifyEvent[]) => imap.notify([{ of: 'personal', events }]);
		const argument = expect.objectContaining({ code: 'ARGUMENT' }) as Error;
		await expect(personal(['MessageNew'])).rejects.toEqual(argument);
		await expect(personal(['FlagChange'])).rejects.toEqual(argument);
		const selected = imap.notify([{ of: 'selected', events: ['MailboxName'] }]);
		await expect(selected).rejects.toEqual(argument);
		const nowhere = imap.notify([{ of: { mailboxes: [] }, events: ['MailboxName'] }]);
		await expect(nowhere).rejects.toEqual(argument);
		expect(sent).toHaveLength(before);
	});

	test('a server without NOTIFY is not asked for it', async (context) => {
		const { imap, sent } = await bench.logIn();
		if (imap.capabilities.has('NOTIFY')) leaveOut(context, 'NOTIFY is offered');
		const before = sent.length;
		await expect(imap.notify([])).rejects.toMatchObject({ code: 'CAPABILITY' });
		expect(sent).toHaveLength(before);
	});
});
