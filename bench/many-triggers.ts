/**
 * What many active triggers cost one n8n: its processor time per poll, beside that of as many triggers
 * that do nothing, which is n8n's own.
 *
 *   npm run bench:many -- --triggers 150 --minutes 2 --record
 *   npm run bench:many -- --triggers 150 --security none
 */
import '../demo/n8n-core/environment';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { credentialOf, withCredential, type Account } from '../demo/account';
import { RealN8n } from '../demo/n8n/real-n8n';
import type { N8nRest } from '../demo/n8n/rest';
import type { WorkflowFile } from '../demo/run-workflow';
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

/** A trigger that polls and never finds anything. */
const NOTHING_NODE = `
exports.NothingTrigger = class {
	description = {
		displayName: 'Nothing Trigger', name: 'nothingTrigger', group: ['trigger'], version: 1,
		description: 'Finds nothing', defaults: { name: 'Nothing' }, polling: true,
		inputs: [], outputs: ['main'], properties: [],
	};
	async poll() { return null; }
};
`;

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			triggers: { type: 'string', default: '150' },
			minutes: { type: 'string', default: '2' },
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
	const n8n = await RealN8n.prepare(await installN8n());
	try {
		await placeNothing(n8n.userFolder);
		const { host, ports, password } = dovecot.address;
		const accounts = Array.from({ length: triggers }, (_, n): Account => {
			const user = `trigger${n}`;
			return tls
				? { host, port: ports.tls, security: 'tls', user, password, ca: certificates.ca }
				: { host, port: ports.plain, security: 'none', user, password };
		});
		for (const account of accounts) await append(account);
		await n8n.importCredentials(
			accounts.map((account) => credentialOf(account, account.user, account.user)),
		);
		const rest = await n8n.startEditor({
			...{ email: 'owner@mail.example', firstName: 'Bench', lastName: 'Owner' },
			password: `Owner1-${randomBytes(6).toString('hex')}`,
		});
		const measure = new Measure(n8n, minutes);
		const idle = await measure.during('no trigger');
		const nothing = accounts.map(({ user }) => workflowOf(NOTHING, `nothing ${user}`));
		const off = await activate(rest, nothing);
		const empty = await measure.during(`${triggers} triggers that do nothing`);
		await off();
		await activate(
			rest,
			accounts.map((account) =>
				withCredential(
					workflowOf(OWN, account.user),
					credentialOf(account, account.user, account.user),
				),
			),
		);
		const own = await measure.during(`${triggers} IMAP4 Message Triggers`);
		const polls = triggers * minutes;
		const lines = [
			'| n8n | CPU (ms a minute) | CPU a poll (ms) |',
			'|---|---:|---:|',
			`| no trigger | ${perMinute(idle, minutes)} | |`,
			`| ${triggers} triggers that do nothing | ${perMinute(empty, minutes)} | ${((empty - idle) / polls).toFixed(1)} |`,
			`| ${triggers} IMAP4 Message Triggers, ${tls ? 'TLS' : 'without TLS'} | ${perMinute(own, minutes)} | ${((own - idle) / polls).toFixed(1)} |`,
			'',
			`Beyond n8n's own: ${((own - empty) / polls).toFixed(1)} ms of CPU a poll.`,
		];
		console.log(lines.join('\n'));
		if (values.record) await record(lines);
	} finally {
		await n8n.dispose();
		await dovecot.stop();
	}
}

async function append({ host, port, security, user, password, ca }: Account): Promise<void> {
	const tls = ca === undefined ? {} : { ca };
	const imap = await Imap4.connect({ host, port, security, tls, auth: { user, password } });
	await imap.append('INBOX', 'From: anna@example.com\r\nSubject: one\r\n\r\ntext\r\n');
	await imap.logout();
}

const perMinute = (ms: number, minutes: number): string => (ms / minutes).toFixed(0);

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

/** @returns what deactivates them */
async function activate(
	rest: N8nRest,
	workflows: readonly WorkflowFile[],
): Promise<() => Promise<void>> {
	const ids: string[] = [];
	for (const file of workflows) {
		const { id, versionId } = await rest.request<{ id: string; versionId: string }>(
			'POST',
			'/workflows',
			file,
		);
		await rest.request('POST', `/workflows/${id}/activate`, { versionId });
		ids.push(id);
	}
	return async () => {
		for (const id of ids) await rest.request('POST', `/workflows/${id}/deactivate`);
	};
}

class Measure {
	constructor(
		private readonly n8n: RealN8n,
		private readonly minutes: number,
	) {}

	/** @returns milliseconds of processor time, user and system, once things have settled */
	async during(what: string): Promise<number> {
		await sleep(1.25 * MINUTE);
		const before = await this.cpu();
		await sleep(this.minutes * MINUTE);
		const used = (await this.cpu()) - before;
		console.log(`${what}: ${perMinute(used, this.minutes)} ms a minute`);
		return used;
	}

	private async cpu(): Promise<number> {
		const stat = await readFile(`/proc/${this.n8n.pid}/stat`, 'utf8');
		const [user = '', system = ''] = stat
			.slice(stat.lastIndexOf(')') + 2)
			.split(' ')
			.slice(11, 13);
		return (Number(user) + Number(system)) * TICK;
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
