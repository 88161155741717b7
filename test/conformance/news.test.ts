import { expect, test } from 'vitest';
import { message } from './messages';
import type { Bench, Client } from './on-each-server';
import { onEachServer } from './on-each-server';

/** Two sessions with the same INBOX of three messages. */
async function twoSessions(bench: Bench): Promise<[Client, Client]> {
	const one = await bench.inbox([message(), message(), message()]);
	const other = await bench.logIn(one.account);
	await other.imap.open();
	return [one, other];
}

onEachServer((bench) => {
	test('new messages', async () => {
		const [{ imap, unsolicited }, { imap: other }] = await twoSessions(bench);
		await other.append('INBOX', message());
		expect(imap.mailbox?.exists).toBe(3);
		await imap.noop();
		expect(imap.mailbox?.exists).toBe(4);
		expect(unsolicited).toContainEqual({ type: 'EXISTS', number: 4 });
	});

	test('flags', async () => {
		const [{ imap, unsolicited }, { imap: other }] = await twoSessions(bench);
		await other.selected.bySequenceNumber.store('2', '+FLAGS', ['\\Flagged', 'brand-new'], {
			silent: true,
		});
		await imap.noop();
		const news = unsolicited.filter((one) => one.type === 'FETCH');
		expect(news).toHaveLength(1);
		expect(news[0]?.message.seq).toBe(2);
		expect(news[0]?.message.flags).toEqual(expect.arrayContaining(['\\Flagged', 'brand-new']));
	});

	test('removals', async () => {
		const [{ imap, unsolicited }, { imap: other }] = await twoSessions(bench);
		await other.selected.bySequenceNumber.store('1,3', '+FLAGS', ['\\Deleted'], { silent: true });
		await other.selected.expunge();
		await imap.noop();
		expect(imap.mailbox?.exists).toBe(1);
		expect(unsolicited.filter(({ type }) => type === 'EXPUNGE')).toHaveLength(2);
		expect((await imap.selected.bySequenceNumber.fetch('1', { uid: true }).all())[0]?.uid).toBe(2);
	});

	test('news that comes while a fetch is answered is not part of its result', async () => {
		const [{ imap, unsolicited }, { imap: other }] = await twoSessions(bench);
		await other.selected.bySequenceNumber.store('1:3', '+FLAGS', ['\\Answered'], { silent: true });
		await other.append('INBOX', message());
		const found = await imap.selected.bySequenceNumber
			.fetch('1:3', { envelope: true, uid: true })
			.all();
		expect(found.map(({ seq }) => seq)).toEqual([1, 2, 3]);
		for (const one of found) expect(one.envelope).toBeDefined();
		await imap.noop();
		expect(unsolicited).toContainEqual({ type: 'EXISTS', number: 4 });
		const news = unsolicited.flatMap((one) => (one.type === 'FETCH' ? [one.message] : []));
		// Cyrus adds the new flags to the answer.
		const flagged = bench.name === 'Cyrus' ? found : news;
		for (const { flags } of flagged) expect(flags).toContain('\\Answered');
		expect(new Set(flagged.map(({ seq }) => seq))).toEqual(new Set([1, 2, 3]));
	});

	test('flags of others are not taken for the answer to a store', async () => {
		const [{ imap }, { imap: other }] = await twoSessions(bench);
		await other.selected.bySequenceNumber.store('1', '+FLAGS', ['\\Answered'], { silent: true });
		const { messages } = await imap.selected.bySequenceNumber.store('2', '+FLAGS', ['\\Seen']);
		expect(messages.map(({ seq }) => seq)).toEqual([2]);
		expect(messages[0]?.flags).toContain('\\Seen');
	});

	test('a fetch of a message that another session has removed', async () => {
		const [{ imap }, { imap: other }] = await twoSessions(bench);
		await other.selected.bySequenceNumber.store('2', '+FLAGS', ['\\Deleted'], { silent: true });
		await other.selected.expunge();
		// RFC 2180 §4.1: the server may refuse, leave it out, or still give it.
		const outcome = await imap.selected.bySequenceNumber
			.fetch('1:3', { body: [{ section: '' }], uid: true })
			.all()
			.catch((error: unknown) => error);
		if (Array.isArray(outcome)) expect(outcome.length).toBeGreaterThanOrEqual(2);
		else expect(outcome).toMatchObject({ code: 'NO' });
		await imap.noop();
		expect(imap.mailbox?.exists).toBe(2);
	});

	test('IDLE reports changes as they happen', async () => {
		const [{ imap }, { imap: other }] = await twoSessions(bench);
		if (!imap.capabilities.has('IDLE')) throw new Error('Both servers offer IDLE');
		const told: string[] = [];
		setTimeout(() => void other.append('INBOX', message()), 50);
		for await (const response of imap.idle()) {
			told.push(response.type);
			if (response.type === 'EXISTS') break;
		}
		expect(told).toContain('EXISTS');
		await imap.noop();
		expect(imap.mailbox?.exists).toBe(4);
	});
});
