/**
 * A flow of n8n nodes over many items beside one command per item, which is what nodes that treat
 * item after item come to: `npm run bench:flow`. Both flag, move, and ask for the quota, on Dovecot,
 * without delay and 20 ms away; each on as many messages of its own. The nodes run on n8n's own
 * workflow engine, so their time holds its expressions and items as well.
 */
import '../demo/n8n-core/environment';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageNodeTypes } from '../demo/n8n-core/node-types';
import { outputOf, runWorkflow } from '../demo/run-workflow';
import { Imap4, UidSet } from '../engine/index';
import { makeCertificates } from '../test/real/certificates';
import { startDovecot } from '../test/real/dovecot';
import { findDovecot } from '../test/real/dovecot-files';
import { buildPrograms, startServer } from './programs';
import { ROUND_TRIP } from './servers';

interface Place {
	name: string;
	port: number;
	items: number;
}

const MAILBOX = { __rl: true, mode: 'path', value: 'Archive' };

async function main(): Promise<void> {
	await buildPrograms();
	const dovecot = await startDovecot(await findDovecot(), await makeCertificates());
	const { host, ports, password } = dovecot.address;
	const proxy = await startServer('delay-proxy', String(ports.plain), String(ROUND_TRIP));
	const places: Place[] = [
		{ name: 'loopback', port: ports.plain, items: 10_000 },
		{ name: `${ROUND_TRIP} ms away`, port: proxy.port, items: 500 },
	];
	const lines = [
		'| Place | Items | One command per item (ms) | Nodes (ms) | Ratio |',
		'|---|---:|---:|---:|---:|',
	];
	try {
		for (const place of places) {
			const account = (user: string) => ({ host, port: place.port, user, password });
			const single = await fill(account(`single${place.port}`), place.items);
			const perItem = await timed(() => onePerItem(single, place.items));
			const nodes = await fill(account(`nodes${place.port}`), place.items);
			const ms = await timed(() => flow(nodes, place.items));
			const ratio = (perItem / ms).toFixed(0);
			lines.push(
				`| ${place.name} | ${place.items} | ${Math.round(perItem)} | ${Math.round(ms)} | ${ratio} × |`,
			);
			console.log(lines.at(-1));
		}
	} finally {
		await proxy.stop();
		await dovecot.stop();
	}
	if (process.argv.includes('--record')) {
		const text = `# A flow of n8n nodes beside one command per item\n\nFlags → Move → Quota, ${new Date().toISOString().slice(0, 10)}, by \`npm run bench:flow -- --record\`.\n\n${lines.join('\n')}\n`;
		await writeFile(join(__dirname, 'FLOW.md'), text);
	}
}

/** @returns milliseconds */
async function timed(work: () => Promise<void>): Promise<number> {
	const start = performance.now();
	await work();
	return performance.now() - start;
}

interface Login {
	host: string;
	port: number;
	user: string;
	password: string;
}

const connect = ({ host, port, user, password }: Login): Promise<Imap4> =>
	Imap4.connect({ host, port, security: 'none', auth: { user, password } });

async function fill(login: Login, count: number): Promise<Login> {
	const imap = await connect(login);
	await imap.createMailbox('Archive');
	const message = Buffer.from('Subject: x\r\n\r\ntext\r\n');
	for (let done = 0; done < count; done += 500) {
		const some = Math.min(500, count - done);
		await Promise.all(Array.from({ length: some }, () => imap.append('INBOX', message)));
	}
	await imap.logout();
	return login;
}

async function onePerItem(login: Login, count: number): Promise<void> {
	const imap = await connect(login);
	await imap.open('INBOX');
	for (let uid = 1; uid <= count; uid++)
		await imap.selected.store(UidSet.from(uid), '+FLAGS', ['\\Seen']);
	for (let uid = 1; uid <= count; uid++) await imap.selected.move(UidSet.from(uid), 'Archive');
	for (let n = 0; n < count; n++) await imap.getQuotaRoot('INBOX');
	await check(imap, count);
	await imap.logout();
}

async function check(imap: Imap4, count: number): Promise<void> {
	const { messages } = await imap.status('Archive', ['messages']);
	if (messages !== count) throw new Error(`${messages} of ${count} messages were moved`);
}

async function flow(login: Login, count: number): Promise<void> {
	const imap = await connect(login);
	const { uidValidity } = await imap.open('INBOX', { readOnly: true });
	const credential = {
		id: '1',
		name: 'Account',
		type: 'imap4PlainApi',
		data: { host: login.host, port: login.port, user: login.user, password: login.password },
	};
	const steps = [
		{
			name: 'Flag',
			type: 'imap4Flags',
			resource: 'flag',
			operation: 'add',
			systemFlags: ['\\Seen'],
		},
		{
			name: 'Move',
			type: 'imap4Message',
			resource: 'message',
			operation: 'move',
			destination: MAILBOX,
		},
		{
			name: 'Quota',
			type: 'imap4Quota',
			resource: 'quota',
			operation: 'getMany',
			mailbox: { ...MAILBOX, value: 'INBOX' },
		},
	];
	const run = await runWorkflow({
		nodeTypes: await packageNodeTypes(),
		credentials: [credential],
		startNode: 'Flag',
		input: Array.from({ length: count }, (_, index) => ({
			json: { mailbox: 'INBOX', uidValidity: uidValidity ?? null, uid: index + 1 },
		})),
		workflow: {
			name: 'Flow',
			nodes: steps.map(({ name, type, ...parameters }, index) => ({
				id: name,
				name,
				type: `n8n-nodes-imap4.${type}`,
				typeVersion: 1,
				position: [index * 200, 0] as [number, number],
				credentials: { imap4PlainApi: { id: '1', name: 'Account' } },
				parameters: { authentication: 'plain', ...parameters },
			})),
			connections: {
				Flag: { main: [[{ node: 'Move', type: 'main', index: 0 }]] },
				Move: { main: [[{ node: 'Quota', type: 'main', index: 0 }]] },
			},
		},
	});
	if (run.error) throw run.error;
	const given = outputOf(run, 'Quota').length;
	if (given < count) throw new Error(`${given} of ${count} items came out`);
	await check(imap, count);
	await imap.logout();
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
