/**
 * One client does one workload once, in this process of its own, and tells on its standard output
 * what it took. The clock starts when the client is logged in and has selected the mailbox.
 */
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { appendedMessages } from './corpus';
import { Count } from './tally';
import type { Account, BenchClient } from './workload';
import { workloads } from './workloads/index';

/** What the environment variable BENCH_JOB holds, as JSON. */
export interface ClientJob {
	client: string;
	workload: string;
	kind: string;
	account: Account;
	mailbox?: string;
	times: number;
	target: string;
	checking: boolean;
	/** For clients that cannot make the messages themselves: one behind the other in a file. */
	messagesFile?: string;
	messageSizes?: number[];
}

export interface ClientResult {
	/** Milliseconds */
	wall: number;
	cpu: number;
	/** MB at the peak, the runtime included. */
	memory: number;
	count: number;
	octets: number;
	hash: string;
}

/** Each is loaded only in its own process. */
async function makeClient(name: string): Promise<BenchClient> {
	switch (name) {
		case 'raw':
		case 'raw-keep':
			return new (await import('./clients/raw.js')).RawClient(name === 'raw-keep');
		case 'engine':
			return new (await import('./clients/engine.js')).EngineClient();
		case 'imapflow':
			return new (await import('./clients/imapflow.js')).ImapFlowClient();
		case 'node-imap':
			return new (await import('./clients/node-imap.js')).NodeImapClient();
		default:
			throw new Error(`There is no client "${name}"`);
	}
}

/** MB. What the system counts for a process (ru_maxrss) begins with its parent's; this does not. */
function peakMemory(): number {
	const [, kilobytes] = /^VmHWM:\s+(\d+)/m.exec(readStatus()) ?? [];
	return (kilobytes === undefined ? process.resourceUsage().maxRSS : Number(kilobytes)) / 1024;
}

function readStatus(): string {
	return existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : '';
}

/** Milliseconds after which nothing of the loading runs any longer. */
const SETTLED_AFTER = 250;

async function main(): Promise<void> {
	const job = JSON.parse(process.env.BENCH_JOB as string) as ClientJob;
	const workload = workloads.find(({ name }) => name === job.workload);
	if (!workload) throw new Error(`There is no workload "${job.workload}"`);
	const client = await makeClient(job.client);
	const tally = new Count(job.checking);
	const { account, times, target } = job;
	const messages = workload.appends ? appendedMessages(times) : [];
	if (workload.mailbox) await client.open(account, workload.mailbox);
	// Loading a client leaves work to Node's other threads: the CA certificates that `node:tls` reads, say, for
	// some 15 ms. A client that loads faster would be charged for more of it.
	await setTimeout(SETTLED_AFTER);
	const started = process.hrtime.bigint();
	const before = process.cpuUsage();
	await workload.run(client, tally, { account, times, target, messages });
	const { user, system } = process.cpuUsage(before);
	const result: ClientResult = {
		wall: Number(process.hrtime.bigint() - started) / 1e6,
		cpu: (user + system) / 1000,
		memory: peakMemory(),
		count: tally.count,
		octets: tally.octetCount,
		hash: tally.digest(),
	};
	if (workload.mailbox) await client.close();
	process.stdout.write(`${JSON.stringify(result)}\n`);
}

void main();
