import { cpus, release } from 'node:os';
import type { Goal } from './goals';
import { goals } from './goals';
import type { ClientName } from './options';
import type { Place, Workload } from './workload';

/** Medians of one client's runs: milliseconds, and MB at the peak. */
export interface Figures {
	wall: number;
	cpu: number;
	memory: number;
	runs: number;
}

export interface Result {
	workload: Workload;
	place: Place;
	figures: Map<ClientName, Figures>;
	/** Clients that failed, or got something else than the others, and what. */
	failures: string[];
	/** What all clients got. */
	got: { count: number; hash: string };
}

export interface Conditions {
	date: string;
	dovecot: string;
	runs: number;
}

const PEERS: readonly ClientName[] = ['imapflow', 'node-imap', 'imaplib'];
const PLACES: Record<Place, string> = {
	dovecot: 'Dovecot on this machine',
	replay: 'replay server',
	distant: '20 ms away',
};

export const median = (values: number[]): number => {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = Math.floor(sorted.length / 2);
	return sorted.length % 2 === 1
		? (sorted[middle] as number)
		: ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
};

const ratio = (value: number, of: number | undefined): string =>
	of === undefined || of === 0 ? '' : (value / of).toFixed(2);

function best(
	{ figures }: Result,
	what: 'wall' | 'cpu',
	clients: readonly ClientName[],
): number | undefined {
	const values = clients.flatMap((client) => figures.get(client)?.[what] ?? []);
	return values.length > 0 ? Math.min(...values) : undefined;
}

function table(result: Result): string {
	const { workload, place, figures, failures, got } = result;
	const raw = figures.get('raw');
	const rows = [...figures].map(([client, { wall, cpu, memory }]) => {
		const own = client.startsWith('raw');
		return `| ${[
			client === 'engine' ? '**this engine**' : client,
			wall.toFixed(0),
			cpu.toFixed(0),
			memory.toFixed(0),
			ratio(wall, raw?.wall),
			ratio(cpu, raw?.cpu),
			own ? '' : ratio(wall, best(result, 'wall', PEERS)),
			own ? '' : ratio(cpu, best(result, 'cpu', PEERS)),
		].join(' | ')} |`;
	});
	const same = got.count > 0 ? `\nAll clients: ${got.count} results, hash ${got.hash}.\n` : '';
	return `### ${workload.title} (${workload.name}): ${PLACES[place]}

| client | wall ms | CPU ms | peak MB | wall × raw | CPU × raw | wall × best peer | CPU × best peer |
|---|--:|--:|--:|--:|--:|--:|--:|
${rows.join('\n')}
${same}${failures.map((text) => `\nFAILED: ${text}\n`).join('')}`;
}

interface Judged {
	goal: Goal;
	result: Result;
	value: number;
}

function judge(results: Result[]): Judged[] {
	return results.flatMap((result) =>
		goals.flatMap((goal) => {
			const { workload, place, figures } = result;
			if (goal.workload !== workload.name || (goal.places && !goal.places.includes(place)))
				return [];
			const own = figures.get('engine')?.[goal.what];
			const other = goal.of ? figures.get(goal.of)?.[goal.what] : 1;
			return own === undefined || !other ? [] : [{ goal, result, value: own / other }];
		}),
	);
}

function goalRow({ goal: { what, of, most }, result, value }: Judged): string {
	const unit = of ? ` × ${of}` : ' MB';
	const digits = of ? 2 : 0;
	return `| ${result.workload.name} | ${result.place} | ${what} | ≤ ${most.toFixed(digits)}${unit} | ${value.toFixed(digits)} | ${value <= most ? 'met' : '**missed**'} |`;
}

/** What was to be reached, and what was. */
export function goalsTable(results: Result[]): string {
	return `| workload | server | figure | goal | reached | |
|---|---|---|--:|--:|---|
${judge(results).map(goalRow).join('\n')}`;
}

export function markdown(results: Result[], { date, dovecot, runs }: Conditions): string {
	const [cpu] = cpus();
	return `# How fast

Taken on ${date} by \`npm run bench\`: ${cpus().length} × ${cpu?.model.trim()}, Linux ${release().split('-')[0]}, Node ${process.version}; ${dovecot}. Medians of ${runs} interleaved runs, each client in a process of its own. The machine does other work besides: compare within one table only, and CPU rather than wall time.

\`raw\` is a socket that throws away what comes, the limit of what any client can reach; \`raw-keep\` keeps the octets in memory until the command has ended. Python's imaplib leaves most responses unparsed. "Peers" are imapflow, node-imap (the package \`imap\`) and imaplib.

## Goals

${goalsTable(results)}

## Figures

${results.map(table).join('\n')}`;
}

export function json(results: Result[], conditions: Conditions): string {
	return JSON.stringify(
		{
			...conditions,
			node: process.version,
			processor: cpus()[0]?.model,
			results: results.map(({ workload, place, figures, failures, got }) => ({
				workload: workload.name,
				place,
				got,
				failures,
				clients: Object.fromEntries(figures),
			})),
		},
		undefined,
		'\t',
	);
}
