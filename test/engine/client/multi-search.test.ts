import { describe, expect, test } from 'vitest';
import { nothingUnhandled, selected } from './fake-transport';

nothingUnhandled();

const capabilities = 'IMAP4rev1 ESEARCH MULTISEARCH';

describe('ESEARCH of several mailboxes (RFC 7377)', () => {
	test('returns the UIDs of each mailbox, named in Unicode', async () => {
		const { imap, server } = await selected({}, { capabilities });
		const searching = imap.searchMailboxes({ subject: 'a' }, [
			{ mailboxes: ['INBOX', 'Entwürfe'] },
			{ subtree: ['Lists'] },
			'subscribed',
		]);
		await server.answer(
			'ESEARCH IN (mailboxes (INBOX Entw&APw-rfe) subtree (Lists) subscribed) RETURN (ALL) SUBJECT "a"',
			'* ESEARCH (TAG "A3" MAILBOX "INBOX" UIDVALIDITY 1) UID ALL 4,7:9',
			'* ESEARCH (TAG "A3" MAILBOX "Entw&APw-rfe" UIDVALIDITY 67890) UID ALL 1',
			'* ESEARCH (TAG "A3" MAILBOX Lists UIDVALIDITY 3) UID',
		);
		const found = await searching;
		expect(
			found.map(({ mailbox, uidValidity, uids }) => [mailbox, uidValidity, `${uids}`]),
		).toEqual([
			['INBOX', 1, '4,7:9'],
			['Entwürfe', 67890, '1'],
		]);
	});

	test('is not mistaken for the answer of a search of the open mailbox', async () => {
		const { imap, server } = await selected({}, { capabilities });
		const several = imap.searchMailboxes({ seen: true }, [{ mailboxes: ['Sent'] }]);
		const one = imap.selected.search({ subject: 'a' });
		const [first, second] = [await server.line(), await server.line()];
		server.say('* ESEARCH (TAG "x" MAILBOX "Sent" UIDVALIDITY 3) UID ALL 5');
		server.say('* ESEARCH (TAG "y") UID ALL 2');
		server.say(`${second.split(' ')[0]} OK`);
		server.say(`${first.split(' ')[0]} OK`);
		expect(await one).toEqual([2]);
		expect((await several).map(({ uids }) => `${uids}`)).toEqual(['5']);
	});

	test('refuses sequence numbers, no mailbox and what it cannot search', async () => {
		const { imap, server } = await selected({}, { capabilities });
		const before = server.sent;
		const wrong = expect.objectContaining({ code: 'ARGUMENT' }) as Error;
		await expect(imap.searchMailboxes({ seq: '1' }, ['personal'])).rejects.toEqual(wrong);
		await expect(imap.searchMailboxes({}, [])).rejects.toEqual(wrong);
		await expect(imap.searchMailboxes({}, [{ mailboxes: [] }])).rejects.toEqual(wrong);
		await expect(imap.searchMailboxes({}, ['selected' as 'personal'])).rejects.toEqual(wrong);
		expect(server.sent).toBe(before);
	});

	test('needs MULTISEARCH', async () => {
		const { imap } = await selected({}, { capabilities: 'IMAP4rev1 ESEARCH' });
		await expect(imap.searchMailboxes({}, ['personal'])).rejects.toMatchObject({
			code: 'CAPABILITY',
		});
	});
});
