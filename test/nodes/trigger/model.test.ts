/**
 * The trigger beside a model of what it owes: whatever happens to the mail and to the polls, nothing is lost,
 * nothing comes twice, and nothing hangs. A failure prints the shortest way to it that was found, and the
 * seed; MODEL_SEED and MODEL_RUNS repeat and extend it.
 */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, afterEach, beforeEach, describe, inject, test, vi } from 'vitest';
import { Imap4 } from '../../../engine/index';
import { closeIdleConnections } from '../../../nodes/shared/account/connection-pool';
import { MemoryServer } from '../../server';
import { PASSWORD, USER } from '../run-node';
import { AGAIN_AFTER, Model, QUOTA_MESSAGES, type Kind, type Setting } from './model/model';
import { parametersFor } from './model/parameters';
import { ImapWorld, MemoryWorld, type World } from './model/world';
import { Poller, type PollerOptions } from './poller';

const SEED = Number(process.env.MODEL_SEED ?? 1);
const RUNS = Number(process.env.MODEL_RUNS ?? 56);
const PLAIN = ['OBJECTID', 'CONDSTORE', 'QRESYNC', 'LIST-STATUS', 'ESEARCH'];

let now = 0;
beforeEach(() => {
	now = Date.now();
	vi.spyOn(Date, 'now').mockImplementation(() => now);
});
afterEach(() => {
	vi.restoreAllMocks();
});
let polls = 0;
let runs = 0;
afterAll(() => {
	console.log(`${polls} polls`);
});

interface Step {
	happens: ReadonlyArray<readonly [what: number, which: number, how: number]>;
	/** What disturbs the poll, and at which command or byte; undefined for nothing. */
	fault: readonly [kind: number, at: number] | undefined;
	restarts: boolean;
}

const number = fc.nat({ max: 1000 });
const step: fc.Arbitrary<Step> = fc.record({
	happens: fc.array(fc.tuple(fc.nat({ max: 14 }), number, number), { maxLength: 4 }),
	fault: fc.option(fc.tuple(fc.nat({ max: 6 }), number), { nil: undefined, freq: 3 }),
	restarts: fc.boolean(),
});

/** A server that says OK to one of these has done it. */
const CHANGES_STATE = /^(AUTHENTICATE|LOGIN|ENABLE|SELECT|EXAMINE|UNSELECT|CLOSE)/;

/** @returns ends the disturbance */
async function disturb(server: MemoryServer, [kind, at]: readonly [number, number]) {
	const { faults } = server;
	let left = at % 12;
	const answer = (text: (tag: string) => string, except = /^$/): void => {
		faults.on = ({ tag, line }) => (!except.test(line) && left-- === 0 ? text(tag) : undefined);
	};
	// These count from the beginning of a connection.
	if (kind >= 5) await closeIdleConnections();
	if (kind === 0) {
		answer(() => {
			server.cutAll();
			return '';
		});
	} else if (kind === 1) answer((tag) => `${tag} NO [UNAVAILABLE] Try later\r\n`);
	else if (kind === 2) answer((tag) => `${tag} BAD What?\r\n`);
	else if (kind === 3) answer(() => '* BYE Shutting down\r\n');
	else if (kind === 4) answer((tag) => `${tag} OK Done\r\n`, CHANGES_STATE);
	else if (kind === 5) faults.cutAfterSent = at * 3;
	else faults.garbage = { before: left + 1, octets: Buffer.from('hello there\r\n') };
	return async () => {
		delete faults.on;
		delete faults.cutAfterSent;
		delete faults.garbage;
		await closeIdleConnections();
	};
}

interface Place {
	world: World;
	poller: Omit<PollerOptions, 'parameters'>;
	/** @returns ends the disturbance */
	disturb?(fault: readonly [number, number]): Promise<() => Promise<void>>;
}

async function check(setting: Setting, steps: readonly Step[], place: Place): Promise<void> {
	const model = new Model(place.world, setting, () => now);
	await model.begin();
	const id = `model${++runs}`;
	const parameters = parametersFor(setting);
	let poller = new Poller({ ...place.poller, id, parameters, budget: 20_000 });
	const poll = async (clean: boolean): Promise<number> => {
		polls++;
		model.beforePoll(clean);
		const items = await poller.poll().catch((error: unknown): undefined => {
			if (clean) model.wrong.push(`a poll failed undisturbed: ${String(error)}`);
		});
		model.afterPoll(items, clean);
		if (model.wrong[0] !== undefined) throw new Error(model.wrong[0]);
		return items?.length ?? 0;
	};
	await poll(true);
	for (const { happens, fault, restarts } of steps) {
		for (const [what, which, how] of happens) {
			if (what === 14) now += AGAIN_AFTER + 1;
			else await model.happen(what, which, how);
		}
		if (restarts) poller = poller.restarted();
		const calm = fault && (await place.disturb?.(fault));
		await poll(calm === undefined);
		await calm?.();
	}
	// Until it is quiet: what could not be read comes after three polls.
	for (let quiet = 0, more = 0; quiet < 4 && more < 60; more++) {
		quiet = (await poll(true)) > 0 ? 0 : quiet + 1;
		while (await model.acknowledge(0)) quiet = 0;
		now += AGAIN_AFTER + 1;
	}
	model.judgeDeliveries();
	if (model.wrong[0] !== undefined) throw new Error(model.wrong[0]);
}

async function inMemory(setting: Setting, steps: readonly Step[]): Promise<void> {
	const server = await MemoryServer.start({
		// SCRAM is slow on purpose.
		mechanisms: ['PLAIN'],
		capabilities: { remove: setting.objectId ? [] : PLAIN },
		...(setting.kind === 'quota' ? { quotaMessages: QUOTA_MESSAGES } : {}),
	});
	server.addAccount(USER, PASSWORD);
	try {
		await check(setting, steps, {
			world: new MemoryWorld(server, USER),
			poller: { server },
			disturb: (fault) => disturb(server, fault),
		});
	} finally {
		await closeIdleConnections();
		await server.stop();
	}
}

/** Servers on which an account of its own is one that nobody has used. */
const REAL = [
	{ name: 'Dovecot', address: inject('dovecot') },
	{ name: 'Cyrus', address: inject('cyrus') },
];
for (const { name, address } of REAL) {
	if ('missing' in address)
		console.log(`Left out: the model on ${name}, because ${address.missing}`);
}

async function onServer(
	{ address }: (typeof REAL)[number],
	setting: Setting,
	steps: readonly Step[],
): Promise<void> {
	if ('missing' in address) throw new Error(address.missing);
	const { host, ports, password } = address;
	const user = `model${randomBytes(8).toString('hex')}`;
	const port = ports.plain;
	const imap = await Imap4.connect({ host, port, security: 'none', auth: { user, password } });
	try {
		await check(setting, steps, {
			world: new ImapWorld(imap),
			poller: { server: { host, port }, credential: { user, password } },
		});
	} finally {
		await closeIdleConnections();
		await imap.logout();
	}
}

const kinds: readonly Kind[] = ['received', 'rescan', 'acknowledged', 'flags', 'removed', 'quota'];

const LIMITS = { seed: SEED, interruptAfterTimeLimit: 300_000 };
const stepsUpTo = (most: number) => fc.array(step, { minLength: 1, maxLength: most, size: 'max' });

describe.each(kinds)('%s', (kind) => {
	test.each([
		['all extensions', true],
		['no extensions', false],
	])('with %s', { timeout: 600_000 }, async (_name, objectId) => {
		await fc.assert(
			fc.asyncProperty(fc.boolean(), stepsUpTo(60), (pattern, steps) =>
				inMemory({ kind, objectId, pattern }, steps),
			),
			{ ...LIMITS, numRuns: RUNS },
		);
	});

	// Its quota belongs to all accounts.
	if (kind === 'quota') return;
	for (const server of REAL) {
		const isMissing = 'missing' in server.address;
		test.skipIf(isMissing)(`on ${server.name}`, { timeout: 600_000 }, async () => {
			await fc.assert(
				fc.asyncProperty(fc.boolean(), stepsUpTo(20), (pattern, steps) =>
					onServer(server, { kind, objectId: false, pattern }, steps),
				),
				{ ...LIMITS, numRuns: Math.ceil(RUNS / 8) },
			);
		});
	}
});
