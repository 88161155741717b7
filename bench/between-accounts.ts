/**
 * Move to Another Account beside one message after the other, between two accounts of Dovecot that are 20 ms
 * away: `npm run bench:accounts`. One after the other means what a loop over messages does: fetch one, store it,
 * flag it as deleted, expunge it, each of which waits for the one before. The node runs on n8n's own workflow
 * engine, and its time includes its logins. Both move the same messages, and both results are compared with them.
 */
import '../demo/n8n-core/environment';
import { packageNodeTypes } from '../demo/n8n-core/node-types';
import { outputOf } from '../demo/run-workflow';
import { Imap4, UidSet } from '../engine/index';
import { makeCertificates } from '../test/real/certificates';
import { startDovecot } from '../test/real/dovecot';
import { findDovecot } from '../test/real/dovecot-files';
import { moveAll, type Login } from '../test/nodes/message/move-all';
import { buildPrograms, startServer } from './programs';
import { ROUND_TRIP } from './servers';

/** One after the other takes at least this many times as long. */
const GOAL = 20;
const MESSAGES = Number(process.argv[2] ?? 500);

const connect = ({ host, port, user, password }: Login): Promise<Imap4> =>
	Imap4.connect({ host, port, security: 'none', auth: { user, password } });

/** Messages of 4 kB, every second of which is read. */
async function fill(login: Login): Promise<void> {
	const imap = await connect(login);
	const messages = Array.from({ length: MESSAGES }, (_, n) => ({
		message: `Subject: letter ${n}\r\nMessage-ID: <${n}@example.org>\r\n\r\n${'text '.repeat(800)}\r\n`,
		flags: n % 2 ? ['\\Seen'] : [],
		date: new Date(Date.UTC(2024, 0, 1) + n * 60_000),
	}));
	await imap.appendAll('INBOX', messages);
	await imap.logout();
}

async function contents(login: Login): Promise<string[]> {
	const imap = await connect(login);
	const inbox = await imap.open('INBOX', { readOnly: true });
	const found: string[] = [];
	if (inbox.exists > 0) {
		const items = { flags: true, internalDate: true, body: [{ section: '', peek: true }] };
		for await (const message of inbox.fetch('1:*', items)) {
			const flags = (message.flags ?? []).filter((flag) => flag !== '\\Recent');
			const text = (await message.body[0]?.bytes())?.toString('latin1');
			found.push(JSON.stringify([message.internalDate, flags, text]));
		}
	}
	await imap.logout();
	return found.sort();
}

async function oneAfterTheOther(from: Login, to: Login): Promise<void> {
	const [source, target] = await Promise.all([connect(from), connect(to)]);
	const inbox = await source.open('INBOX');
	for (const uid of await inbox.search({})) {
		const items = { flags: true, internalDate: true, body: [{ section: '', peek: true }] };
		for await (const message of inbox.fetch(uid, items)) {
			const bytes = (await message.body[0]?.bytes()) ?? Buffer.alloc(0);
			const flags = (message.flags ?? []).filter((flag) => flag !== '\\Recent');
			await target.append('INBOX', bytes, { flags, date: message.internalDate });
		}
		await inbox.store(UidSet.from(uid), '+FLAGS', ['\\Deleted']);
		await inbox.expunge(UidSet.from(uid));
	}
	await Promise.all([source.logout(), target.logout()]);
}

async function node(from: Login, to: Login): Promise<void> {
	const nodeTypes = await packageNodeTypes();
	const type = nodeTypes.getByNameAndVersion('n8n-nodes-imap4.imap4Message');
	const run = await moveAll(type, from, to);
	if (run.error) throw run.error;
	const moved = outputOf(run, 'Move').length;
	if (moved !== MESSAGES) throw new Error(`${moved} of ${MESSAGES} items came out`);
}

/** @returns milliseconds */
async function timed(work: () => Promise<void>): Promise<number> {
	const start = performance.now();
	await work();
	return performance.now() - start;
}

async function main(): Promise<void> {
	await buildPrograms();
	// Loaded before anything is measured.
	await packageNodeTypes();
	const dovecot = await startDovecot(await findDovecot(), await makeCertificates());
	const { host, ports, password } = dovecot.address;
	const proxy = await startServer('delay-proxy', String(ports.plain), String(ROUND_TRIP));
	const near = (user: string): Login => ({ host, port: ports.plain, user, password });
	const distant = (user: string): Login => ({ ...near(user), port: proxy.port });
	try {
		const times: number[] = [];
		for (const move of [oneAfterTheOther, node]) {
			const [from, to] = [`from-${move.name}`, `to-${move.name}`];
			await fill(near(from));
			const before = await contents(near(from));
			times.push(await timed(() => move(distant(from), distant(to))));
			const left = await contents(near(from));
			const after = await contents(near(to));
			if (left.length > 0 || JSON.stringify(after) !== JSON.stringify(before)) {
				throw new Error(`${move.name}: what arrived is not what was there`);
			}
		}
		const [single, together] = times as [number, number];
		const ratio = single / together;
		console.log(
			`${MESSAGES} messages of 4 kB, ${ROUND_TRIP} ms away: one after the other ${single.toFixed(0)} ms, ` +
				`Move to Another Account ${together.toFixed(0)} ms, ${ratio.toFixed(0)} × (goal ${GOAL})`,
		);
		if (ratio < GOAL) process.exitCode = 1;
	} finally {
		await proxy.stop();
		await dovecot.stop();
	}
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
