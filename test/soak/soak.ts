/**
 * Sessions of the engine at random work on Dovecot, their connections cut at random octets. What is
 * on the server must equal a model, memory stay flat, and nothing be left open at the end.
 *
 *   npm run soak -- --minutes 15 --sessions 8 --seed 7
 */
import { parseArgs } from 'node:util';
import { Imap4 } from '../../engine/index';
import type { ConnectOptions } from '../../engine/index';
import { Random } from '../fuzz/random';
import { makeCertificates } from '../real/certificates';
import { startDovecot } from '../real/dovecot';
import { findDovecot } from '../real/dovecot-files';
import { CuttingProxy } from './cutting-proxy';
import { messageOf } from './mail-model';
import { MemoryWatch } from './memory-watch';
import { WorkerSession } from './worker-session';
import type { Counts } from './worker-session';

const MINUTE = 60_000;
/** Sessions of one account, which share a mailbox. */
const TOGETHER = 2;

interface Options {
	minutes: number;
	sessions: number;
	seed: number;
}

function readOptions(): Options {
	const { values } = parseArgs({
		options: {
			minutes: { type: 'string', default: '5' },
			sessions: { type: 'string', default: '8' },
			seed: { type: 'string', default: String(Date.now() % 1_000_000) },
		},
	});
	const [minutes, sessions, seed] = [values.minutes, values.sessions, values.seed].map(Number);
	if (!(minutes! > 0)) throw new Error('--minutes takes a number above 0');
	if (!(sessions! >= 1)) throw new Error('--sessions takes a whole number from 1');
	if (!Number.isInteger(seed)) throw new Error('--seed takes a whole number');
	return { minutes: minutes!, sessions: sessions!, seed: seed! };
}

/** What is open or waits in this process, by kind. */
function resources(): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const kind of process.getActiveResourcesInfo())
		if (/TCP|TLS|Timeout/.test(kind)) counts[kind] = (counts[kind] ?? 0) + 1;
	return counts;
}

async function main(): Promise<void> {
	const options = readOptions();
	console.log(`${options.sessions} sessions, ${options.minutes} min, seed ${options.seed}`);
	const unhandled: unknown[] = [];
	process.on('unhandledRejection', (error) => unhandled.push(error));
	process.on('uncaughtException', (error) => unhandled.push(error));
	const certificates = await makeCertificates();
	const dovecot = await startDovecot(await findDovecot(), certificates);
	try {
		const before = resources();
		await work(options, dovecot.address, certificates.ca);
		// The other ends of what was cut take a moment to see it.
		await new Promise((resolve) => setTimeout(resolve, 2_000));
		const after = resources();
		console.log(`open before: ${JSON.stringify(before)}, after: ${JSON.stringify(after)}`);
		if (Object.entries(after).some(([kind, count]) => count > (before[kind] ?? 0)))
			throw new Error('Sockets or timers are left over');
		if (unhandled.length > 0) throw new Error('Errors nobody took', { cause: unhandled[0] });
		console.log('✓ As it should be.');
	} finally {
		await dovecot.stop();
	}
}

async function work(
	{ minutes, sessions, seed }: Options,
	{ ports, password }: { ports: { plain: number; tls: number }; password: string },
	ca: string,
): Promise<void> {
	const counts: Counts = { operations: new Map(), errors: new Map(), connections: 0 };
	const proxies = {
		plain: new CuttingProxy(ports.plain, new Random(seed + 1)),
		tls: new CuttingProxy(ports.tls, new Random(seed + 2)),
	};
	const through = { plain: await proxies.plain.listen(), tls: await proxies.tls.listen() };
	const accounts = Array.from(
		{ length: Math.ceil(sessions / TOGETHER) },
		(_, n) => `soak${seed}x${n}`,
	);
	const workers = Array.from({ length: sessions }, (_, index) => {
		const security = (['none', 'tls', 'starttls'] as const)[index % 3] ?? 'none';
		const connection: ConnectOptions = {
			host: '127.0.0.1',
			port: security === 'tls' ? through.tls : through.plain,
			security,
			auth: { user: accounts[Math.floor(index / TOGETHER)] ?? '', password },
			tls: { ca },
			timeouts: { connect: 15_000, greeting: 15_000, command: 15_000 },
		};
		const random = new Random(seed * 100 + index + 3);
		return new WorkerSession(`s${index}`, connection, index % 4 < 2, random, counts);
	});

	const memory = new MemoryWatch(minutes * MINUTE);
	const end = Date.now() + minutes * MINUTE;
	let failed = false;
	await Promise.all(
		workers.map(async (worker) => {
			try {
				while (Date.now() < end && !failed) await worker.step();
			} catch (cause) {
				failed = true;
				throw new Error(`After ${worker.history.join(', ')}`, { cause });
			}
		}),
	).finally(() => memory.stop());
	for (const proxy of Object.values(proxies)) proxy.peaceful = true;
	for (const worker of workers) await worker.finish();
	for (const [index, user] of accounts.entries()) {
		const owners = workers.slice(index * TOGETHER, (index + 1) * TOGETHER);
		await compareShared({ port: ports.plain, user, password }, owners);
	}
	for (const proxy of Object.values(proxies)) await proxy.close();

	const sum = (map: Map<string, number>): number => [...map.values()].reduce((a, b) => a + b, 0);
	const list = (map: Map<string, number>): string =>
		[...map]
			.sort()
			.map(([name, count]) => `${count} ${name}`)
			.join(', ');
	const cuts = proxies.plain.cuts + proxies.tls.cuts;
	const megabytes = Math.round((proxies.plain.octets + proxies.tls.octets) / 1e6);
	console.log(
		`${sum(counts.operations)} operations: ${list(counts.operations)}\n` +
			`${counts.connections} connections, ${cuts} cut, ${megabytes} MB through them\n` +
			`${sum(counts.errors)} ended in an error: ${list(counts.errors)}\n${memory.summary()}`,
	);
	memory.judge();
}

/** What several sessions stored is there once, whole, and nothing else; looked at without the proxy. */
async function compareShared(
	{ port, user, password }: { port: number; user: string; password: string },
	workers: readonly WorkerSession[],
): Promise<void> {
	const auth = { user, password };
	const imap = await Imap4.connect({ host: '127.0.0.1', port, security: 'none', auth });
	const { exists } = await imap.open('Shared', { readOnly: true });
	const seen = new Set<string>();
	const wanted = { envelope: true, body: [{ section: '', peek: true }] } as const;
	for await (const { envelope, body } of exists > 0
		? imap.selected.bySequenceNumber.fetch('1:*', wanted)
		: []) {
		const id = envelope?.subject ?? '';
		if (seen.has(id)) throw new Error(`Shared/${id} is there twice`);
		seen.add(id);
		const octets = await body[0]?.bytes();
		if (!octets?.equals(messageOf(id))) throw new Error(`Shared/${id} is not as it was stored`);
	}
	await imap.logout();
	const perhaps = new Set(workers.flatMap((worker) => [...worker.perhaps]));
	for (const id of workers.flatMap((worker) => [...worker.stored]))
		if (!seen.has(id)) throw new Error(`Shared/${id} was stored and is not there`);
	for (const id of seen) if (!perhaps.has(id)) throw new Error(`Nobody stored Shared/${id}`);
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
