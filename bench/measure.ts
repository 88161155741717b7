import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClientJob, ClientResult } from './client-process';
import { appendedMessages } from './corpus';
import { ENGINE_BEFORE, type ClientName } from './options';
import { CLIENT_BEFORE, program } from './programs';
import { newMailbox } from './servers';
import type { Account, Place, Workload } from './workload';

/** Milliseconds after which a client is given up. */
const PATIENCE = 180_000;

export interface Run {
	workload: Workload;
	place: Place;
	account: Account;
	engine: string;
	/** The built engine of another checkout. */
	engineBefore: string | undefined;
}

/** One run of one client, in a process of its own. @throws Error if it fails */
export async function measure(
	{ workload, place, account, engine, engineBefore }: Run,
	client: ClientName,
	checking: boolean,
): Promise<ClientResult> {
	const { pieces } = workload;
	const box = workload.appends ? await newMailbox(account) : undefined;
	const times = workload.times(place);
	const job: ClientJob = {
		client,
		workload: workload.name,
		kind: workload.kind,
		account: pieces ? { ...account, user: `pieces-${pieces.join('-')}` } : account,
		mailbox: workload.mailbox,
		times,
		target: box?.name ?? '',
		checking,
		...(workload.appends && client === 'imaplib' ? await messagesFile(times) : {}),
	};
	const result =
		client === ENGINE_BEFORE
			? await runClient({ ...job, client: 'engine' }, engineBefore as string, CLIENT_BEFORE)
			: await runClient(job, engine);
	const appended = await box?.undo();
	if (!appended) return result;
	// What it did shows on the server, not in what the client got.
	const hash = createHash('sha256');
	const digests = appended.map((octets) => createHash('sha256').update(octets).digest('hex'));
	for (const digest of digests.sort()) hash.update(digest);
	return { ...result, count: appended.length, hash: hash.digest('hex').slice(0, 16) };
}

async function messagesFile(
	count: number,
): Promise<Pick<ClientJob, 'messagesFile' | 'messageSizes'>> {
	const messages = appendedMessages(count);
	const file = join(program('messages'), '..', 'messages.bin');
	await writeFile(file, Buffer.concat(messages));
	return { messagesFile: file, messageSizes: messages.map(({ length }) => length) };
}

function runClient(job: ClientJob, engine: string, name = 'client-process'): Promise<ClientResult> {
	const [command, script] =
		job.client === 'imaplib'
			? ['python3', join(__dirname, 'clients', 'imaplib_client.py')]
			: [process.execPath, program(name)];
	return new Promise((resolve, reject) => {
		const child = spawn(command, [script], {
			env: {
				...process.env,
				BENCH_JOB: JSON.stringify({ mailbox: null, messagesFile: null, ...job }),
				BENCH_ENGINE: engine,
			},
			stdio: ['ignore', 'pipe', 'pipe'],
			timeout: PATIENCE,
		});
		let output = '';
		let said = '';
		child.stdout.on('data', (chunk: Buffer) => {
			output += chunk.toString();
			if (!output.endsWith('\n')) return;
			resolve(JSON.parse(output) as ClientResult);
			// Node 24.21 hangs once in some hundred times while it exits, long after the work is done.
			child.kill('SIGKILL');
		});
		child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
		child.once('error', reject);
		child.once('close', (code, signal) => {
			reject(new Error(`${job.client} on ${job.workload} ended with ${signal ?? code}: ${said}`));
		});
	});
}
