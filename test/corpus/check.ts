/**
 * `npm run corpus -- FOLDER`: runs each .eml file of a folder through the Message node on the in-memory
 * server, and counts for how many it says the same as independent readers (mailparser; Python's email
 * where there is python3).
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import {
	outputOf,
	packageNodeTypes,
	runWorkflow,
	type NodeTypeRegistry,
	type WorkflowFile,
} from '../../demo/run-workflow';
import { MemoryServer } from '../server';
import { byMailparser, byNode, byPython, CHECKS, type Check, type Reading } from './readers';

/** Differences that are printed for each check. */
const MOST_SHOWN = 20;

function emlFiles(folder: string): string[] {
	return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
		const path = join(folder, entry.name);
		if (entry.isDirectory()) return emlFiles(path);
		return /\.(?:eml|msg|txt)$/i.test(entry.name) && statSync(path).size > 0 ? [path] : [];
	});
}

const ACCOUNT = { user: 'anna', password: 'secret' };

async function readByNode(nodeTypes: NodeTypeRegistry, message: Buffer): Promise<Reading> {
	const server = await MemoryServer.start();
	server.addAccount(ACCOUNT.user, ACCOUNT.password).mailbox('INBOX').append(message);
	const { host, port } = server;
	const data = { host, port, ...ACCOUNT };
	try {
		const run = await runWorkflow({
			nodeTypes,
			credentials: [{ id: '1', name: 'Account', type: 'imap4PlainApi', data }],
			input: [{ json: {} }],
			startNode: 'Read',
			workflow: WORKFLOW,
		});
		if (run.error) throw run.error;
		const [item] = outputOf(run, 'Read');
		if (!item) throw new Error('No item came');
		return await byNode(item);
	} finally {
		await server.stop();
	}
}

const WORKFLOW: WorkflowFile = {
	name: 'Corpus',
	nodes: [
		{
			id: 'read',
			name: 'Read',
			type: 'n8n-nodes-imap4.imap4Message',
			typeVersion: 1,
			position: [0, 0],
			credentials: { imap4PlainApi: { id: '1', name: 'Account' } },
			parameters: {
				authentication: 'plain',
				resource: 'message',
				operation: 'getMany',
				mailbox: { __rl: true, mode: 'path', value: 'INBOX' },
				body: 'both',
				downloadAttachments: true,
			},
		},
	],
	connections: {},
};

interface Count {
	same: number;
	differences: string[];
}

async function main(): Promise<void> {
	const [given] = process.argv.slice(2);
	if (given === undefined) {
		console.error('Usage: npm run corpus -- FOLDER    (a folder of .eml files)');
		process.exitCode = 2;
		return;
	}
	const folder = resolve(given);
	const files = emlFiles(folder);
	if (files.length === 0) {
		console.error(`There is no .eml file in ${folder}.`);
		process.exitCode = 2;
		return;
	}
	const nodeTypes = await packageNodeTypes();
	const messages = files.map((file) => readFileSync(file));
	const python = byPython(files);
	const others = new Map<string, ReadonlyArray<Reading | undefined>>([
		['mailparser', await Promise.all(messages.map(byMailparser))],
		...(python ? [['Python', python] as const] : []),
	]);
	if (!python) console.log('Left out: Python, because there is no python3');
	const counts = new Map<string, Count>();
	let failed = 0;
	for (const [index, message] of messages.entries()) {
		const name = relative(folder, files[index] as string);
		let own: Reading;
		try {
			own = await readByNode(nodeTypes, message);
		} catch (error) {
			failed++;
			console.log(`${name}: ${(error as Error).message}`);
			continue;
		}
		for (const [reader, readings] of others) {
			const other = readings[index];
			if (!other) continue;
			for (const check of CHECKS) note(counts, `${reader}: ${check}`, name, check, own, other);
		}
	}
	print(counts, files.length, failed);
}

function note(
	counts: Map<string, Count>,
	key: string,
	name: string,
	check: Check,
	own: Reading,
	other: Reading,
): void {
	const count = counts.get(key) ?? { same: 0, differences: [] };
	const [mine, theirs] = [own[check], other[check]];
	if (mine === theirs) count.same++;
	else {
		const short = (text: string): string => JSON.stringify(text.slice(0, 120));
		count.differences.push(`  ${name}\n    here:  ${short(mine)}\n    there: ${short(theirs)}`);
	}
	counts.set(key, count);
}

function print(counts: ReadonlyMap<string, Count>, files: number, failed: number): void {
	for (const [key, { differences }] of counts) {
		if (differences.length === 0) continue;
		console.log(`\n${key}: ${differences.length} differ`);
		console.log(differences.slice(0, MOST_SHOWN).join('\n'));
		const more = differences.length - MOST_SHOWN;
		if (more > 0) console.log(`  and ${more} more`);
	}
	console.log(`\n${files} files, ${failed} failed`);
	for (const [key, { same, differences }] of counts) {
		console.log(`${key.padEnd(36)}${String(same).padStart(6)} of ${same + differences.length}`);
	}
}

void main().finally(() => process.exit());
