/** Every UID is accounted for: it came, it is gone, or it is there and cannot be read. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
	FetchLedger,
	Imap4AbortError,
	Imap4Error,
	InterruptedFetchError,
	type FetchSome,
	type Uid,
} from '../../../engine/index';

interface World {
	/** UIDs that the mailbox holds. */
	present: number[];
	/** Messages that make a FETCH of them fail. */
	refused?: number[];
	/** Messages that a FETCH leaves out. */
	omitted?: number[];
	/** Messages at which the connection breaks. */
	breaking?: number[];
}

class Server {
	fetches = 0;
	searches = 0;
	readonly delivered: number[] = [];

	constructor(private readonly world: World) {}

	get mailbox(): Parameters<FetchLedger['settle']>[0] {
		const server = this;
		return {
			get closedBy() {
				return server.closed;
			},
			search: (): Promise<Uid[]> => {
				this.searches++;
				return Promise.resolve(this.world.present as Uid[]);
			},
		};
	}

	closed: Imap4AbortError | undefined;

	fetch: FetchSome = (set, came) => {
		const uids = set.toArray();
		const { present, refused = [], omitted = [], breaking = [] } = this.world;
		this.fetches++;
		for (const uid of uids) {
			if (!present.includes(uid) || omitted.includes(uid)) continue;
			if (breaking.includes(uid)) {
				this.closed = new Imap4AbortError('CONNECTION_LOST', 'lost');
				return Promise.reject(this.closed);
			}
			if (refused.includes(uid)) continue;
			this.delivered.push(uid);
			came(uid);
		}
		return uids.some((uid) => refused.includes(uid))
			? Promise.reject(new Imap4Error('NO', 'Some messages could not be fetched'))
			: Promise.resolve();
	};
}

/** Runs it over as many connections as it takes. */
async function settled(uids: number[], world: World) {
	const ledger = new FetchLedger(uids);
	const server = new Server(world);
	let connections = 1;
	for (;;) {
		try {
			await ledger.settle(server.mailbox, server.fetch);
			return { ledger, server, connections };
		} catch (error) {
			if (!(error instanceof InterruptedFetchError) || !error.resumable) throw error;
			server.closed = undefined;
			connections++;
		}
	}
}

const sorted = (uids: Iterable<number>): number[] => [...uids].sort((a, b) => a - b);
const oneTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

test('without trouble it is one FETCH and no SEARCH', async () => {
	const { ledger, server } = await settled(oneTo(1000), { present: oneTo(1000) });
	expect([ledger.came.size, server.fetches, server.searches]).toEqual([1000, 1, 0]);
});

test('an absence counts only if SEARCH confirms it', async () => {
	const { ledger } = await settled([1, 2, 3], { present: [1, 2], omitted: [2] });
	expect(sorted(ledger.came)).toEqual([1]);
	expect(sorted(ledger.gone)).toEqual([3]);
	expect([...ledger.unreadable]).toEqual([[2, undefined]]);
});

test('a set is divided until the message at fault is alone, in few commands', async () => {
	const { ledger, server } = await settled(oneTo(1024), { present: oneTo(1024), refused: [700] });
	expect([...ledger.unreadable.keys()]).toEqual([700]);
	expect(ledger.unreadable.get(700 as Uid)).toMatchObject({ code: 'NO' });
	expect(ledger.came.size).toBe(1023);
	expect(server.fetches).toBeLessThan(30);
});

test('a message at which each connection breaks is named; the others come', async () => {
	const { ledger, connections } = await settled(oneTo(64), { present: oneTo(64), breaking: [20] });
	expect([...ledger.unreadable.keys()]).toEqual([20]);
	expect(ledger.came.size).toBe(63);
	expect(connections).toBeLessThan(12);
});

test('a connection that breaks before any message came is the error', async () => {
	await expect(settled([5], { present: [5], breaking: [5] })).rejects.toMatchObject({
		cause: { code: 'CONNECTION_LOST' },
	});
});

describe('what is not the fault of messages ends the accounting', () => {
	test.each(['NOPERM', 'LIMIT', 'UNAVAILABLE', 'INUSE'])('[%s]', async (responseCode) => {
		const error = new Imap4Error('NO', 'no', { responseCode });
		const ledger = new FetchLedger([1, 2, 3]);
		const { mailbox } = new Server({ present: [1, 2, 3] });
		await expect(ledger.settle(mailbox, () => Promise.reject(error))).rejects.toBe(error);
		// Nothing is taken for done.
		expect([ledger.came.size, ledger.gone.size, ledger.unreadable.size]).toEqual([0, 0, 0]);
	});

	test('a server that returns none of many messages', async () => {
		await expect(
			settled(oneTo(500), { present: oneTo(500), omitted: oneTo(500) }),
		).rejects.toMatchObject({ code: 'MALFORMED' });
	});
});

test('whatever a server does, each UID ends in exactly one place, and none comes twice', async () => {
	const uids = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 40 });
	const some = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 5 });
	await fc.assert(
		fc.asyncProperty(
			uids,
			some,
			some,
			some,
			some,
			async (asked, absent, refused, omitted, breaking) => {
				const present = [...asked.filter((uid) => !absent.includes(uid)), 61];
				const faulty = new Set([...refused, ...omitted, ...breaking]);
				const readable = asked.filter((uid) => present.includes(uid) && !faulty.has(uid));
				// Sound ones that nothing is known of before: else the connection is at fault.
				const world = { present, refused, omitted, breaking };
				const { ledger, server } = await settled([...asked, 61], world);
				expect(sorted(ledger.came)).toEqual(sorted([...readable, 61]));
				expect(sorted(ledger.gone)).toEqual(sorted(asked.filter((uid) => !present.includes(uid))));
				expect(sorted([...ledger.came, ...ledger.gone, ...ledger.unreadable.keys()])).toEqual(
					sorted([...asked, 61]),
				);
				expect(new Set(server.delivered).size).toBe(server.delivered.length);
			},
		),
		{ numRuns: 500 },
	);
});
