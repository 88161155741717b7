/**
 * What many active triggers cost one n8n: its processor time per poll, beside that of as many triggers
 * that do nothing, and of as many that only have n8n decrypt their credential, as every trigger with an
 * account must. The latter is n8n's own cost: since 2.x, n8n starts a V8 isolate for expressions with
 * each poll, and one more with each credential. The three run in three n8ns at the same time, so that
 * other load on the machine meets all of them alike; processor time is counted, not time on the clock.
 *
 *   npm run bench:many -- --triggers 150 --minutes 3 --record
 *   npm run bench:many -- --triggers 150 --security none
 */
import '../demo/n8n-core/environment';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { credentialOf, withCredential, type Account } from '../demo/account';
import { RealN8n } from '../demo/n8n/real-n8n';
import type { N8nRest } from '../demo/n8n/rest';
import type { Credential, WorkflowFile } from '../demo/run-workflow';
import { Imap4 } from '../engine/index';
import { makeCertificates } from '../test/real/certificates';
import { startDovecot } from '../test/real/dovecot';
import { findDovecot } from '../test/real/dovecot-files';

const MINUTE = 60_000;
/** Milliseconds in a tick of /proc/PID/stat on Linux. */
const TICK = 10;
const EVERY_MINUTE = { item: [{ mode: 'everyMinute' }] };
const OWN = 'n8n-nodes-imap4.imap4MessageTrigger';
const NOTHING = 'n8n-nodes-nothing.nothingTrigger';

/** A trigger that polls and never finds anything. If it has a credential, it reads it. */
const NOTHING_NODE = `
exports.NothingTrigger = class {
	description = {
		displayName: 'Nothing Trigger', name: 'nothingTrigger', group: ['trigger'], version: 1,
		description: 'Finds nothing', defaults: { name: 'Nothing' }, polling: true,
		inputs: [], outputs: ['main'], properties: [],
		credentials: [{ name: 'imap4SslApi' }, { name: 'imap4PlainApi' }],
	};
	async poll() {
		for (const type of Object.keys(this.getNode().credentials ?? {})) await this.getCredentials(type);
		return null;
	}
};
`;

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			triggers: { type: 'string', default: '150' },
			minutes: { type: 'string', default: '3' },
			security: { type: 'string', default: 'tls' },
			record: { type: 'boolean', default: false },
		},
	});
	const triggers = Number(values.triggers);
	const minutes = Number(values.minutes);
	const tls = values.security !== 'none';
	const certificates = await makeCertificates();
	const dovecot = await startDovecot(await findDovecot(), certificates);
	const { installN8n } = await import('../scripts/n8n-install.mjs');
	const program = await installN8n();
	const { host, ports, password } = dovecot.address;
	const accounts = Array.from({ length: triggers }, (_, n): Account => {
		const user = `trigger${n}`;
		return tls
			? { host, port: ports.tls, security: 'tls', user, password, ca: certificates.ca }
			: { host, port: ports.plain, security: 'none', user, password };
	});
	try {
		for (const account of accounts) await append(account);
		const kinds: Kind[] = [
			{ name: 'none of them does anything', type: NOTHING, reads: false },
			{ name: 'each only reads its credential', type: NOTHING, reads: true },
			{ name: `IMAP4 Message Trigger, ${tls ? 'TLS' : 'without TLS'}`, type: OWN, reads: true },
		];
		const n8ns = await start(program, kinds, accounts);
		let used: number[];
		try {
			used = await costs(n8ns, minutes);
		} finally {
			await Promise.all(n8ns.map((n8n) => n8n.dispose()));
		}
		const polls = triggers * minutes;
		const lines = [
			`| ${triggers} active triggers | CPU (ms a minute) | CPU a poll (ms) |`,
			'|---|---:|---:|',
			...kinds.map(({ name }, index) => {
				const ms = used[index] ?? 0;
				return `| ${name} | ${(ms / minutes).toFixed(0)} | ${(ms / polls).toFixed(1)} |`;
			}),
		];
		const [, credential = 0, own = 0] = used;
		lines.push(
			'',
			`Beyond n8n's own: ${((own - credential) / polls).toFixed(1)} ms of CPU a poll.`,
		);
		console.log(lines.join('\n'));
		if (values.record) await record(lines);
	} finally {
		await dovecot.stop();
	}
}

interface Kind {
	name: string;
	type: string;
	/** Whether the triggers have a credential. */
	reads: boolean;
}

/** @returns an n8n for each kind, in which all of its triggers are active */
async function start(
	program: string,
	kinds: readonly Kind[],
	accounts: readonly Account[],
): Promise<RealN8n[]> {
	const n8ns: RealN8n[] = [];
	try {
		for (const { type, reads } of kinds) {
			const n8n = await RealN8n.prepare(program);
			n8ns.push(n8n);
			await placeNothing(n8n.userFolder);
			const credentials = accounts.map((account) =>
				credentialOf(account, account.user, account.user),
			);
			await n8n.importCredentials(credentials);
			const rest = await n8n.startEditor();
			for (const credential of credentials) {
				const workflow = workflowOf(type, credential.name);
				await activate(rest, reads ? withAccount(workflow, credential) : workflow);
			}
		}
		return n8ns;
	} catch (error) {
		await Promise.all(n8ns.map((n8n) => n8n.dispose()));
		throw error;
	}
}

/** @returns milliseconds of processor time of each, in the same minutes */
async function costs(n8ns: readonly RealN8n[], minutes: number): Promise<number[]> {
	// Until each has polled by schedule.
	await sleep(1.25 * MINUTE);
	const before = await Promise.all(n8ns.map(cpu));
	await sleep(minutes * MINUTE);
	const after = await Promise.all(n8ns.map(cpu));
	return after.map((ms, index) => ms - (before[index] ?? 0));
}

function withAccount(workflow: WorkflowFile, credential: Credential): WorkflowFile {
	const { id, name, type } = credential;
	const nodes = workflow.nodes.map((node) =>
		node.type === NOTHING ? { ...node, credentials: { [type]: { id, name } } } : node,
	);
	return withCredential({ ...workflow, nodes }, credential);
}

/** @returns milliseconds of processor time so far, user and system */
async function cpu(n8n: RealN8n): Promise<number> {
	const stat = await readFile(`/proc/${n8n.pid}/stat`, 'utf8');
	const [user = '', system = ''] = stat
		.slice(stat.lastIndexOf(')') + 2)
		.split(' ')
		.slice(11, 13);
	return (Number(user) + Number(system)) * TICK;
}

async function append({ host, port, security, user, password, ca }: Account): Promise<void> {
	const tls = ca === undefined ? {} : { ca };
	const imap = await Imap4.connect({ host, port, security, tls, auth: { user, password } });
	await imap.append('INBOX', 'From: anna@example.com\r\nSubject: one\r\n\r\ntext\r\n');
	await imap.logout();
}

/** As a community package that n8n finds in its folder. */
async function placeNothing(userFolder: string): Promise<void> {
	const folder = join(userFolder, '.n8n', 'nodes', 'node_modules', 'n8n-nodes-nothing');
	await mkdir(folder, { recursive: true });
	const nodes = ['NothingTrigger.node.js'];
	const manifest = {
		...{ name: 'n8n-nodes-nothing', version: '1.0.0', keywords: ['n8n-community-node-package'] },
		n8n: { n8nNodesApiVersion: 1, nodes, credentials: [] },
	};
	await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
	await writeFile(join(folder, 'NothingTrigger.node.js'), NOTHING_NODE);
}

function workflowOf(type: string, name: string): WorkflowFile {
	const parameters = { pollTimes: EVERY_MINUTE };
	const trigger = {
		...{ id: 'trigger', name: 'Trigger', type, typeVersion: 1, parameters },
		position: [0, 0] as [number, number],
	};
	const done = {
		...{ id: 'done', name: 'Done', type: 'n8n-nodes-base.noOp', typeVersion: 1, parameters: {} },
		position: [220, 0] as [number, number],
	};
	return {
		name,
		nodes: [trigger, done],
		connections: { Trigger: { main: [[{ node: 'Done', type: 'main', index: 0 }]] } },
		settings: { executionOrder: 'v1' },
	};
}

async function activate(rest: N8nRest, file: WorkflowFile): Promise<void> {
	const id = await patiently(() => rest.addWorkflow(file));
	await patiently(() => rest.activate(id));
}

/** n8n answers 503 while its database is slow. */
async function patiently<Result>(request: () => Promise<Result>): Promise<Result> {
	for (let tries = 1; ; tries++) {
		try {
			return await request();
		} catch (error) {
			if (tries === 30 || !(error as Error).message.includes(' with 503')) throw error;
			await sleep(2_000);
		}
	}
}

const HEADING = '## Many active triggers, polls every minute, nothing new';

async function record(lines: readonly string[]): Promise<void> {
	const file = join(__dirname, 'TRIGGER.md');
	const [before = ''] = (await readFile(file, 'utf8')).split(HEADING);
	const date = new Date().toISOString().slice(0, 10);
	const text = `${date}, by \`npm run bench:many -- --record\`.`;
	await writeFile(
		file,
		`${before.trimEnd()}\n\n${HEADING}\n\n${text}\n\n${lines.join('\n').trimEnd()}\n`,
	);
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
