import { expect, test } from 'vitest';
import type { UntaggedResponse } from '../../engine/index';
import { message } from './messages';
import { needs } from './needs';
import type { Bench, Client } from './on-each-server';
import { onEachServer } from './on-each-server';

/** Two sessions with the same INBOX of one message. */
async function twoSessions(bench: Bench): Promise<[Client, Client]> {
	const one = await bench.inbox([message()]);
	const other = await bench.logIn(one.account);
	await other.imap.open();
	return [one, other];
}

/** When the server has said that it idles; what is appended from then on is told. */
async function idling({ sent }: Client, idler: { start(): unknown }): Promise<void> {
	idler.start();
	while (!sent.includes('IDLE')) await new Promise((resolve) => setTimeout(resolve, 5));
}

const types = (responses: readonly UntaggedResponse[]): string[] =>
	responses.map(({ type }) => type);

onEachServer((bench) => {
	test('a new message is reported, and DONE is sent when the loop is left', async (context) => {
		const [client, { imap: other }] = await twoSessions(bench);
		const { imap, sent } = client;
		needs(context, imap, 'IDLE');
		const idler = imap.idle();
		await idling(client, idler);
		await other.append('INBOX', message());
		for await (const response of idler) {
			if (response.type === 'EXISTS') {
				expect(response.number).toBe(2);
				break;
			}
		}
		expect(sent.filter((line) => line === 'IDLE' || line === 'DONE')).toEqual(['IDLE', 'DONE']);
		expect(imap.mailbox?.exists).toBe(2);
	});

	test('changed flags and removals are reported', async (context) => {
		const [client, { imap: other }] = await twoSessions(bench);
		const { imap } = client;
		needs(context, imap, 'IDLE');
		const idler = imap.idle();
		await idling(client, idler);
		await other.selected.bySequenceNumber.store('1', '+FLAGS', ['\\Deleted'], { silent: true });
		await other.selected.expunge();
		const told: string[] = [];
		for await (const response of idler) {
			told.push(response.type);
			if (response.type === 'EXPUNGE') break;
		}
		expect(told).toContain('EXPUNGE');
		expect(imap.mailbox?.exists).toBe(0);
	});

	test('the next command finds the session as the news left it', async (context) => {
		const [client, { imap: other }] = await twoSessions(bench);
		const { imap } = client;
		needs(context, imap, 'IDLE');
		const idler = imap.idle();
		await idling(client, idler);
		// Issued while it idles: it waits until the idling is over.
		const search = imap.selected.bySequenceNumber.search({ all: true });
		await other.append('INBOX', message());
		for await (const response of idler) if (response.type === 'EXISTS') break;
		expect(await search).toEqual([1, 2]);
		expect(await imap.selected.bySequenceNumber.search({ all: true })).toEqual([1, 2]);
	});

	test('a burst holds what comes close together', async (context) => {
		const [client, { imap: other }] = await twoSessions(bench);
		const { imap } = client;
		needs(context, imap, 'IDLE');
		await using idler = imap.idle();
		await idling(client, idler);
		await other.appendAll('INBOX', [{ message: message() }, { message: message() }]);
		const told: UntaggedResponse[] = [];
		while (!types(told).includes('EXISTS')) told.push(...(await idler.burst(500)));
		expect(types(told)).toContain('EXISTS');
	});

	test('what was not taken is left over', async (context) => {
		const [client, { imap: other }] = await twoSessions(bench);
		const { imap } = client;
		needs(context, imap, 'IDLE');
		const idler = imap.idle();
		await idling(client, idler);
		await other.append('INBOX', message());
		await other.selected.bySequenceNumber.store('1', '+FLAGS', ['\\Flagged'], { silent: true });
		while (!types(idler.leftOver).includes('EXISTS'))
			await new Promise((resolve) => setTimeout(resolve, 20));
		await idler.leave();
		expect(idler.leftOver).toContainEqual({ type: 'EXISTS', number: 2 });
		expect(imap.mailbox?.exists).toBe(2);
	});

	test('it ends by itself after its duration', async (context) => {
		const [client] = await twoSessions(bench);
		const { imap, sent } = client;
		needs(context, imap, 'IDLE');
		for await (const response of imap.idle({ duration: 100 })) expect(response.type).not.toBe('');
		expect(sent).toContain('DONE');
		await imap.noop();
	});

	test('it can be left before anything came, and begun again', async (context) => {
		const [client] = await twoSessions(bench);
		const { imap, sent } = client;
		needs(context, imap, 'IDLE');
		for (let times = 1; times <= 3; times++) {
			const idler = imap.idle().start();
			await idler.leave();
			await imap.noop();
		}
		expect(sent.filter((line) => line === 'DONE')).toHaveLength(3);
	});

	test('without a mailbox', async (context) => {
		const client = await bench.logIn();
		needs(context, client.imap, 'IDLE');
		for await (const response of client.imap.idle({ duration: 50 }))
			expect(response.type).not.toBe('');
		expect(client.imap.state).toBe('authenticated');
		await client.imap.noop();
	});
});
