/** Measures this engine beside its peers, all in one run: `npm run bench`. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { ClientResult } from './client-process';
import type { Run } from './measure';
import { measure } from './measure';
import type { BenchOptions, ClientName } from './options';
import { readOptions, USAGE } from './options';
import { buildPrograms, ROOT } from './programs';
import type { Figures, Result } from './report';
import { goalsTable, json, markdown, median } from './report';
import { startServers } from './servers';
import { workloads } from './workloads/index';

/** A client that took longer than this many milliseconds is not run again. */
const TOO_LONG = 8_000;

async function main(options: BenchOptions): Promise<void> {
	const engine = resolve(ROOT, options.engine);
	if (!existsSync(engine)) throw new Error(`There is no ${engine}: run "npm run build" first`);
	const python = spawnSync('python3', ['--version']).status === 0;
	if (!python) console.log('Left out: imaplib, because there is no python3');
	const clients = options.clients.filter((client) => client !== 'imaplib' || python);
	const before = options.before === undefined ? undefined : resolve(options.before);
	const engineBefore = before && join(before, 'dist', 'engine', 'index.js');
	if (engineBefore && !existsSync(engineBefore)) {
		throw new Error(`There is no ${engineBefore}: run "npm run build" there first`);
	}
	await buildPrograms(before);
	const servers = await startServers();
	console.log(servers.dovecot);
	const results: Result[] = [];
	try {
		for (const workload of workloads.filter(({ name }) => options.only.includes(name))) {
			for (const place of workload.places.filter((one) => options.places.includes(one))) {
				const account = servers.account(place);
				if (!account) continue;
				const run = { workload, place, account, engine, engineBefore };
				const result = await compare(run, clients, options.runs);
				results.push(result);
				console.log(lines(result));
			}
		}
	} finally {
		await servers.stop();
	}
	const conditions = {
		date: new Date().toISOString().slice(0, 10),
		dovecot: servers.dovecot,
		runs: options.runs,
	};
	const file = options.record
		? join(ROOT, 'bench', 'RESULTS')
		: join(ROOT, 'bench', 'results', new Date().toISOString().replace(/[:.]/g, '-'));
	await mkdir(dirname(file), { recursive: true });
	await writeFile(`${file}.md`, markdown(results, conditions));
	await writeFile(`${file}.json`, json(results, conditions));
	console.log(`\n${goalsTable(results)}\n\n${relative(ROOT, file)}.md`);
	if (results.some(({ failures }) => failures.length > 0)) process.exitCode = 1;
}

/** First one run of each that checks what it got, then the measured ones in turn. */
async function compare(run: Run, clients: ClientName[], runs: number): Promise<Result> {
	const failures: string[] = [];
	const measured = new Map<ClientName, ClientResult[]>();
	let got: ClientResult | undefined;
	for (const client of clients) {
		try {
			const result = await measure(run, client, true);
			got ??= result;
			if (result.count !== got.count || result.hash !== got.hash) {
				failures.push(
					`${client} got something else than ${clients[0]}: ${told(result)}, not ${told(got)}`,
				);
			}
			measured.set(client, result.wall > TOO_LONG ? [result] : []);
		} catch (error) {
			failures.push((error as Error).message);
		}
	}
	for (let at = 0; at < runs; at++) {
		for (const [client, taken] of measured) {
			if ((taken.at(-1)?.wall ?? 0) > TOO_LONG) continue;
			try {
				taken.push(await measure(run, client, false));
			} catch (error) {
				failures.push((error as Error).message);
				measured.delete(client);
			}
		}
	}
	const figures = new Map<ClientName, Figures>();
	for (const [client, taken] of measured) {
		const of = (what: 'wall' | 'cpu' | 'memory'): number => median(taken.map((one) => one[what]));
		figures.set(client, {
			wall: of('wall'),
			cpu: of('cpu'),
			memory: of('memory'),
			runs: taken.length,
		});
	}
	const { count = 0, hash = '' } = got ?? {};
	return { ...run, figures, failures, got: { count, hash } };
}

const told = ({ count, octets, hash }: ClientResult): string =>
	`${count} results, ${octets} octets, hash ${hash}`;

function lines({ workload, place, figures, failures }: Result): string {
	const rows = [...figures].map(
		([client, { wall, cpu, memory }]) =>
			`  ${client.padEnd(13)} wall ${wall.toFixed(0).padStart(6)}  CPU ${cpu.toFixed(0).padStart(5)}  peak ${memory.toFixed(0).padStart(4)} MB`,
	);
	const failed = failures.map((text) => `  FAILED: ${text}`);
	return [`${workload.name} on ${place}`, ...rows, ...failed].join('\n');
}

let options: BenchOptions;
try {
	options = readOptions(process.argv.slice(2));
} catch (error) {
	console.error(`${(error as Error).message}\n\n${USAGE}`);
	process.exit(2);
}
void main(options);
