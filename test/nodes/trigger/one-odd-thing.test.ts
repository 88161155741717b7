/**
 * A poll that finds 5 messages, with one token of one response damaged. Each message is given once, by this
 * poll or a later one, whatever is damaged; the cursor ends where it belongs.
 */
import type { IDataObject } from 'n8n-workflow';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { closeIdleConnections } from '../../../nodes/shared/account/connection-pool';
import type { Damage } from '../../recorded/damages';
import { damagesOf } from '../../recorded/damages';
import { MemoryServer } from '../../server';
import { mail, PASSWORD, USER } from '../run-node';
import { Poller } from './poller';

const UIDS = [2, 3, 4, 5, 6];

let server: MemoryServer;
let saved: IDataObject;
let whole: IDataObject;
/** What the server sends in a poll that nothing disturbs, from the login's end on. */
let sent: string[];

const poller = (): Poller => new Poller({ server, staticData: saved, budget: 4_000 });
const uidsOf = async (one: Poller): Promise<unknown[]> => (await one.poll()).map(({ uid }) => uid);

beforeAll(async () => {
	server = await MemoryServer.start({ mechanisms: [], capabilities: { remove: ['SASL-IR'] } });
	const inbox = server.addAccount(USER, PASSWORD).mailbox('INBOX');
	inbox.append(mail('old'));
	const first = new Poller({ server });
	await first.poll();
	saved = first.staticData;
	for (const subject of ['one', 'two', 'three', 'four', 'five']) inbox.append(mail(subject));
	await closeIdleConnections();

	await closeIdleConnections();
	sent = [];
	server.faults.rewrite = (octets) => {
		sent.push(octets.toString('latin1'));
		return octets;
	};
	const undisturbed = poller();
	expect(await uidsOf(undisturbed)).toEqual(UIDS);
	await closeIdleConnections();
	server.faults.rewrite = undefined;
	whole = undisturbed.staticData;
	// What ends the connection before may come late.
	sent = sent.slice(sent.findIndex((octets) => octets.startsWith('* OK [CAPABILITY')));
});
afterAll(async () => {
	await closeIdleConnections();
	await server.stop();
});

interface Disturbed {
	/** A lie is as valid as the truth: nobody can see it. */
	how: 'whole' | 'failed' | 'lie';
	damage: Damage | undefined;
}

/** One poll in which the damage of this number is done to the response of this number. */
async function disturb(response: number, number: number): Promise<Disturbed> {
	const one = poller();
	const given: unknown[] = [];
	const result: Disturbed = { how: 'whole', damage: undefined };
	let count = 0;
	server.faults.rewrite = (octets) => {
		if (count++ !== response) return octets;
		const text = octets.toString('latin1').slice(0, -2);
		result.damage = nth(damagesOf(text), number);
		return Buffer.from(`${result.damage?.text ?? text}\r\n`, 'latin1');
	};
	try {
		given.push(...(await uidsOf(one)));
	} catch (error) {
		result.how = 'failed';
		expect(error).toMatchObject({ failure: { cause: expect.any(String) as string } });
	}
	await closeIdleConnections();
	server.faults.rewrite = undefined;
	if (isLie(result.damage, sent[response] as string)) return { ...result, how: 'lie' };
	for (let polls = 0; polls < 5; polls++) {
		const more = await uidsOf(one);
		if (more.length === 0) break;
		given.push(...more);
	}
	await closeIdleConnections();
	expect(given.toSorted()).toEqual(UIDS);
	expect(one.staticData).toEqual(whole);
	return result;
}

/** What a mailbox is known by, in its valid form: another valid one is another mailbox. */
const IDENTITY = /^\* OK \[(?:UIDVALIDITY \d+|MAILBOXID \( *[\w-]+ *\))\]/;

function isLie(damage: Damage | undefined, truth: string): boolean {
	const identity = IDENTITY.exec(damage?.text ?? '')?.[0];
	return identity !== undefined && identity !== IDENTITY.exec(truth)?.[0];
}

function nth<Value>(values: Iterable<Value>, number: number): Value | undefined {
	let count = 0;
	for (const value of values) if (count++ === number) return value;
	return undefined;
}

test('each message is given once, whatever is damaged', { timeout: 600_000 }, async () => {
	const counts = { damages: 0, whole: 0, failed: 0 };
	const wrong: string[] = [];
	for (const [response, octets] of sent.entries()) {
		// Of rows that are alike the second is enough.
		if (!/^\* (?!OK \[CAP|[2456] FETCH \(UID . F)|^\S+ OK (?!\[CAP)/.test(octets)) continue;
		for (let number = 0; ; number++) {
			let damage: Damage | undefined;
			try {
				const disturbed = await disturb(response, number);
				damage = disturbed.damage;
				if (!damage) break;
				if (disturbed.how === 'lie') continue;
				counts.damages++;
				counts[disturbed.how]++;
			} catch (error) {
				damage = nth(damagesOf(octets.slice(0, -2)), number);
				wrong.push(`${damage?.name}: ${damage?.text}: ${(error as Error).message.slice(0, 200)}`);
				await closeIdleConnections();
				server.faults.rewrite = undefined;
			}
		}
	}
	console.log('A poll with one odd token:', counts);
	expect(wrong).toEqual([]);
	expect(counts.failed).toBeLessThan(counts.damages / 5);
});
