/**
 * A poll that finds 5 messages, cut off after every octet that the server sends and after every octet
 * that the client sends; and disturbed at every response. Afterwards the polls go on until nothing comes
 * any more: all 5 messages have been given, each at least once, and the cursor is where it belongs.
 */
import type { IDataObject } from 'n8n-workflow';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { closeIdleConnections } from '../../../nodes/shared/account/connection-pool';
import { MemoryServer } from '../../server';
import type { Faults } from '../../server/faults';
import { mail, PASSWORD, USER } from '../run-node';
import { Poller } from './poller';

const SUBJECTS = ['one', 'two', 'three', 'four', 'five'];

let server: MemoryServer;
let saved: IDataObject;
let whole: IDataObject;
/** Octets and responses of a poll that nothing disturbs. */
let traffic: { sent: number; received: number; responses: number };

const poller = (): Poller => new Poller({ server, staticData: saved, budget: 4_000 });

beforeAll(async () => {
	// The simplest login, so that there are not more octets than needed.
	server = await MemoryServer.start({ mechanisms: [], capabilities: { remove: ['SASL-IR'] } });
	const inbox = server.addAccount(USER, PASSWORD).mailbox('INBOX');
	inbox.append(mail('old'));
	const first = new Poller({ server });
	await first.poll();
	saved = first.staticData;
	for (const subject of SUBJECTS) inbox.append(mail(subject));
	await closeIdleConnections();

	const before = server.traffic;
	const undisturbed = poller();
	expect(await undisturbed.subjects()).toEqual(SUBJECTS);
	await closeIdleConnections();
	const after = server.traffic;
	traffic = {
		sent: after.sent - before.sent,
		received: after.received - before.received,
		responses: after.responses - before.responses,
	};
	whole = undisturbed.staticData;
});
afterAll(async () => {
	await closeIdleConnections();
	await server.stop();
});

/** @returns whether the disturbed poll failed */
async function disturb(faults: Faults): Promise<boolean> {
	const one = poller();
	const given: unknown[] = [];
	let failed = false;
	Object.assign(server.faults, faults);
	try {
		given.push(...(await one.subjects()));
	} catch (error) {
		failed = true;
		expect(error).toMatchObject({ failure: { cause: expect.any(String) as string } });
	}
	await closeIdleConnections();
	for (const name of Object.keys(faults) as (keyof Faults)[]) delete server.faults[name];
	for (let polls = 0; polls < 5; polls++) {
		const more = await one.subjects();
		if (more.length === 0) break;
		given.push(...more);
	}
	await closeIdleConnections();
	expect(new Set(given)).toEqual(new Set(SUBJECTS));
	// What a poll that failed has given is nothing, so none comes twice.
	expect(given).toHaveLength(SUBJECTS.length);
	expect(one.staticData).toEqual(whole);
	return failed;
}

async function disturbEach(count: number, faultsOf: (point: number) => Faults): Promise<number> {
	let failures = 0;
	for (let point = 0; point < count; point++) {
		try {
			if (await disturb(faultsOf(point))) failures++;
		} catch (error) {
			throw new Error(`At point ${point} of ${count}: ${(error as Error).message}`, {
				cause: error,
			});
		}
	}
	return failures;
}

describe('however a poll is disturbed, each message is given once', () => {
	test('cut after every byte that the server sends', { timeout: 300_000 }, async () => {
		const { sent } = traffic;
		const failures = await disturbEach(sent, (point) => ({ cutAfterSent: point + 1 }));
		console.log(`Cut after each of ${sent} octets from the server: ${failures} polls failed`);
		expect(sent).toBeGreaterThan(1_000);
		expect(failures).toBeGreaterThan(sent / 2);
	});

	test('cut after every byte that the client sends', { timeout: 300_000 }, async () => {
		const { received } = traffic;
		const failures = await disturbEach(received, (point) => ({ cutAfterReceived: point + 1 }));
		console.log(`Cut after each of ${received} octets from the client: ${failures} polls failed`);
		expect(received).toBeGreaterThan(200);
		expect(failures).toBeGreaterThan(received / 2);
	});

	test.each([
		['octets that mean nothing', Buffer.from([0, 255, 13, 10, 1])],
		['a line that is no response', Buffer.from('hello there\r\n')],
		['BYE', Buffer.from('* BYE overloaded\r\n')],
		['a literal without end', Buffer.from('* 1 FETCH (BODY[] {4000000000}\r\n')],
		['a tag that was never sent', Buffer.from('zz9 OK done\r\n')],
	])('%s before every response', { timeout: 120_000 }, async (name, octets) => {
		const { responses } = traffic;
		const failures = await disturbEach(responses, (point) => ({
			garbage: { before: point + 1, octets },
		}));
		console.log(`${name} before each of ${responses} responses: ${failures} polls failed`);
		expect(failures).toBeGreaterThan(0);
	});

	test('one byte at a time, and slowly', async () => {
		expect(await disturb({ chunkSizes: [1] })).toBe(false);
		expect(await disturb({ delay: 5 })).toBe(false);
		expect(await disturb({ chunkSizes: [1, 2, 3, 5, 7], delay: 2 })).toBe(false);
	});
});
