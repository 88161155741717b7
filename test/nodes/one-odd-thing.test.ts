/**
 * Get Many of five messages with bodies, with one token of one response damaged: five items come out, each of
 * another message, whatever is damaged, unless the run fails with an error.
 */
import { beforeAll, expect, test } from 'vitest';
import { closeIdleConnections } from '../../nodes/shared/account/connection-pool';
import type { Damage } from '../recorded/damages';
import { damagesOf } from '../recorded/damages';
import { MemoryServer } from '../server';
import { mail, PASSWORD, runToEnd, USER } from './run-node';
import { outputOf } from '../../demo/run-workflow';

const UIDS = [1, 2, 3, 4, 5];

let server: MemoryServer;
/** What the server sends in a run that nothing disturbs. */
const sent: string[] = [];

/** @returns the UIDs of the items, or undefined if the run failed */
async function getMany(): Promise<unknown[] | undefined> {
	const run = await runToEnd({
		node: 'imap4Message',
		operation: 'getMany',
		parameters: { mailbox: 'INBOX', returnAll: true },
		server,
	});
	await closeIdleConnections();
	return run.error ? undefined : outputOf(run, 'Node').map(({ json }) => json.uid);
}

beforeAll(async () => {
	server = await MemoryServer.start({ mechanisms: [], capabilities: { remove: ['SASL-IR'] } });
	const inbox = server.addAccount(USER, PASSWORD).mailbox('INBOX');
	for (const subject of ['one', 'two', 'three', 'four', 'five']) inbox.append(mail(subject));
	server.faults.rewrite = (octets) => {
		sent.push(octets.toString('latin1'));
		return octets;
	};
	expect((await getMany())?.toSorted()).toEqual(UIDS);
	server.faults.rewrite = undefined;
	return () => server.stop();
});

test('every damage of every response', { timeout: 120_000 }, async () => {
	const counts = { damages: 0, five: 0, failed: 0 };
	const wrong: string[] = [];
	for (const [response, octets] of sent.entries()) {
		// Of rows that are alike the third is enough; what comes before the login may end it.
		if (!/^\* (?!OK \[CAP|BYE|[1245] FETCH)|^\S+ OK (?!\[CAP)/.test(octets)) continue;
		const damages = [...damagesOf(octets.slice(0, -2))];
		for (const number of damages.keys()) {
			// Without its tag the command waits for its deadline, then fails.
			if (damages[number]?.text.startsWith(' ')) continue;
			const uids = await disturbed(response, number);
			counts.damages++;
			if (!uids) counts.failed++;
			else if (JSON.stringify(uids.toSorted()) === JSON.stringify(UIDS)) counts.five++;
			else wrong.push(`${damages[number]?.name}: ${damages[number]?.text}: ${uids.join(' ')}`);
		}
	}
	console.log('Get Many with one odd token:', counts);
	expect(wrong).toEqual([]);
	expect(counts.failed).toBeLessThan(counts.damages / 5);
});

async function disturbed(response: number, number: number): Promise<unknown[] | undefined> {
	let count = 0;
	server.faults.rewrite = (octets) => {
		if (count++ !== response) return octets;
		const damages: Damage[] = [...damagesOf(octets.toString('latin1').slice(0, -2))];
		return Buffer.from(`${damages[number]?.text ?? ''}\r\n`, 'latin1');
	};
	const uids = await getMany();
	server.faults.rewrite = undefined;
	return uids;
}
