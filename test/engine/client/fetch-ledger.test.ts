/** Every UID is accounted for: it came, it is gone, or it is there and cannot be read. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
	FetchLedger,
	Imap4AbortError,
	Imap4Error,
	InterruptedFetchError,
	UidSet,
	type FetchSome,
	type Uid,
} from '../../../engine/index';

interface World {
	/** UIDs that the mailbox holds. */
	present: number[];
	/** Messages that make a FETCH of them fail. */
	refused?: number[];
	/** Whether the others of such a FETCH come all the same. */
	othersCome?: boolean;
	/** Messages that a FETCH leaves out. */
	omitted?: number[];
	/** Messages at which the connection breaks. */
	breaking?: number[];
}

class Server {
	/** The sets that were asked for. */
	readonly sets: string[] = [];
	searches = 0;
	readonly delivered: number[] = [];

	constructor(private readonly world: World) {}

	get mailbox(): Parameters<FetchLedger['settle']>[0] {
		const server = this;
		return {
			get closedBy() {
				return server.closed;
			},
			search: ({ uid }): Promise<Uid[]> => {
				this.searches++;
				const wanted = UidSet.from(uid as number[]);
				return Promise.resolve(wanted.toArray().filter((one) => this.world.present.includes(one)));
			},
		};
	}

	get fetches(): number {
		return this.sets.length;
	}

	closed: Imap4AbortError | undefined;

	fetch: FetchSome = (set, came) => {
		const uids = set.toArray();
		const { present, refused = [], othersCome = true, omitted = [], breaking = [] } = this.world;
		this.sets.push(String(set));
		const isRefused = uids.some((uid) => refused.includes(uid));
		for (const uid of uids) {
			if (!present.includes(uid) || omitted.includes(uid)) continue;
			if (breaking.includes(uid)) {
				this.closed = new Imap4AbortError('CONNECTION_LOST', 'lost');
				return Promise.reject(this.closed);
			}
			if (refused.includes(uid) || (isRefused && !othersCome)) continue;
			this.delivered.push(uid);
			came(uid);
		}
		return isRefused
			? Promise.reject(new Imap4Error('NO', 'Some messages could not be fetched'))
			: Promise.resolve();
	};
}

/** Runs it over as many connections as it takes. */
async function settled(uids: number[], world: World, server = new Server(world)) {
	const ledger = new FetchLedger(uids);
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

test.each<[string, number[], string[]]>([
	['none', [], []],
	['one that is named twice', [7, 7], ['7']],
	['some in any order', [9, 3, 4, 3], ['3:4,9']],
])('each UID is asked for once: %s', async (_what, uids, sets) => {
	const { server } = await settled(uids, { present: oneTo(10) });
	expect(server.sets).toEqual(sets);
});

test('a refused set is divided until the message at fault is alone, in few commands', async () => {
	const { ledger, server } = await settled(oneTo(1024), {
		...{ present: oneTo(1024), refused: [700], othersCome: false },
	});
	expect([...ledger.unreadable.keys()]).toEqual([700]);
	expect(ledger.unreadable.get(700 as Uid)).toMatchObject({ code: 'NO' });
	expect(ledger.came.size).toBe(1023);
	// Ten times in two, and the message at fault once more; only for that one is it asked whether it is there.
	expect([server.fetches, server.searches]).toEqual([22, 2]);
});

test('where the others of a refused set come, the message at fault is tried once more', async () => {
	const { ledger, server } = await settled([1, 2, 3], { present: [1, 2, 3], refused: [2] });
	expect([...ledger.unreadable.keys()]).toEqual([2]);
	expect(server.sets).toEqual(['1:3', '2']);
});

test('what an OK leaves out is asked for again as one set, without what is gone', async () => {
	const world: World = { present: [1, 3, 4], omitted: [3, 4] };
	const server = new Server(world);
	const fetch = server.fetch;
	server.fetch = (set, came) => fetch(set, came).then(() => void (world.omitted = []));
	const { ledger } = await settled([1, 2, 3, 4], world, server);
	expect(sorted(ledger.came)).toEqual([1, 3, 4]);
	expect(server.sets).toEqual(['1:4', '3:4']);
});

test('where none came, those that are left are asked for as one set if others are gone', async () => {
	const world: World = { present: [3, 4], omitted: [3, 4] };
	const server = new Server(world);
	const fetch = server.fetch;
	server.fetch = (set, came) => fetch(set, came).then(() => void (world.omitted = []));
	const { ledger } = await settled([1, 2, 3, 4], world, server);
	expect(sorted(ledger.came)).toEqual([3, 4]);
	expect(server.sets).toEqual(['1:4', '3:4']);
});

test('that all are gone takes one FETCH and one SEARCH', async () => {
	const { ledger, server } = await settled(oneTo(100), { present: [] });
	expect(ledger.gone.size).toBe(100);
	expect([server.fetches, server.searches]).toEqual([1, 1]);
});

test('a message is unreadable when it failed twice, the second time after all others', async () => {
	const { ledger, server } = await settled([1, 2], {
		...{ present: [1, 2], refused: [1], othersCome: false },
	});
	expect(server.sets).toEqual(['1:2', '1', '2', '1']);
	expect([...ledger.unreadable.keys()]).toEqual([1]);
});

describe('a SEARCH that does not answer the question', () => {
	const searching = (error: Error, server: Server): Parameters<FetchLedger['settle']>[0] => ({
		get closedBy() {
			return server.closed;
		},
		search: () => Promise.reject(error),
	});
	const world: World = { present: [1, 2], omitted: [2] };

	test('because it is refused: what did not come counts as there', async () => {
		const server = new Server(world);
		const ledger = new FetchLedger([1, 2]);
		await ledger.settle(searching(new Imap4Error('NO', 'no'), server), server.fetch);
		expect([...ledger.unreadable.keys()]).toEqual([2]);
		expect(ledger.gone.size).toBe(0);
	});

	test('because the connection broke: it continues over another one', async () => {
		const server = new Server(world);
		const ledger = new FetchLedger([1, 2]);
		const lost = new Imap4AbortError('CONNECTION_LOST', 'lost');
		const broken = searching(lost, server);
		const fetch: FetchSome = async (set, came) => {
			await server.fetch(set, came);
			server.closed = lost;
		};
		await expect(ledger.settle(broken, fetch)).rejects.toMatchObject({
			...{ name: 'InterruptedFetchError', message: 'lost', cause: lost },
			...{ uids: [2], resumable: true },
		});
		server.closed = undefined;
		await ledger.settle(server.mailbox, new Server({ present: [2] }).fetch);
		expect(sorted(ledger.came)).toEqual([1, 2]);
	});

	test('for a reason of the caller’s: that is the error', async () => {
		const server = new Server(world);
		const stopped = new Error('stopped');
		const settling = new FetchLedger([1, 2]).settle(searching(stopped, server), server.fetch);
		await expect(settling).rejects.toBe(stopped);
	});
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

test('a connection that breaks when all have come leaves nothing to do', async () => {
	const server = new Server({ present: [1, 2] });
	const ledger = new FetchLedger([1, 2]);
	const fetch: FetchSome = async (set, came) => {
		await server.fetch(set, came);
		server.closed = new Imap4AbortError('CONNECTION_LOST', 'lost');
		throw server.closed;
	};
	const settling = ledger.settle(server.mailbox, fetch);
	await expect(settling).rejects.toMatchObject({ uids: [], resumable: true });
	server.closed = undefined;
	await ledger.settle(server.mailbox, server.fetch);
	expect(server.sets).toEqual(['1:2']);
});

test('a message at which the connection breaks, all others having come, is tried once more', async () => {
	const { ledger, server } = await settled([1, 2], { present: [1, 2], breaking: [2] });
	expect([...ledger.unreadable.keys()]).toEqual([2]);
	expect(server.sets).toEqual(['1:2', '2']);
});

test('after twenty broken connections it is given up', async () => {
	const server = new Server({ present: oneTo(100), breaking: oneTo(100).slice(1) });
	const ledger = new FetchLedger(oneTo(100));
	const resumable: boolean[] = [];
	while (resumable.at(-1) !== false) {
		const error: unknown = await ledger
			.settle(server.mailbox, server.fetch)
			.catch((thrown: unknown) => thrown);
		resumable.push((error as InterruptedFetchError).resumable);
		server.closed = undefined;
	}
	expect(resumable).toHaveLength(21);
});

describe('what is not the fault of messages ends the accounting', () => {
	test.each(['NOPERM', 'LIMIT', 'UNAVAILABLE', 'INUSE'])('[%s]', async (responseCode) => {
		const error = new Imap4Error('NO', 'no', { responseCode });
		const ledger = new FetchLedger([1, 2, 3]);
		const { mailbox } = new Server({ present: [1, 2, 3] });
		await expect(ledger.settle(mailbox, () => Promise.reject(error))).rejects.toBe(error);
		// Nothing is taken for done.
		expect([ledger.came.size, ledger.gone.size, ledger.unreadable.size]).toEqual([0, 0, 0]);
		// It can be tried again later.
		const later = new Server({ present: [1, 2, 3] });
		await ledger.settle(later.mailbox, later.fetch);
		expect([ledger.came.size, later.sets]).toEqual([3, ['1:3']]);
	});

	test('a server that returns none of twenty messages', async () => {
		const none = (count: number) =>
			settled(oneTo(count), { present: oneTo(count), omitted: oneTo(count) });
		expect((await none(19)).ledger.unreadable.size).toBe(19);
		await expect(none(20)).rejects.toMatchObject({
			code: 'MALFORMED',
			command: 'UID FETCH',
			message: 'The server lists 20 messages in SEARCH and returns none of them in FETCH',
		});
		await expect(
			settled(oneTo(20), { present: oneTo(20), refused: oneTo(20) }),
		).rejects.toMatchObject({ code: 'NO' });
	});

	test('but not where a single one came', async () => {
		const uids = oneTo(40);
		const { ledger } = await settled(uids, { present: uids, omitted: uids.slice(1) });
		expect(ledger.unreadable.size).toBe(39);
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
