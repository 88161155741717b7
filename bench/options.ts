import { parseArgs } from 'node:util';
import { workloads } from './workloads/index';

export const CLIENTS = ['raw', 'raw-keep', 'imapflow', 'node-imap', 'imaplib', 'engine'] as const;
export type ClientName = (typeof CLIENTS)[number];

export interface BenchOptions {
	/** Names of workloads. */
	only: string[];
	clients: ClientName[];
	/** Runs of which the median is taken. */
	runs: number;
	places: string[];
	/** The built engine. */
	engine: string;
	/** The result takes the place of bench/RESULTS.md. */
	record: boolean;
}

export const USAGE = `npm run bench -- [options]
  --only=NAME[,NAME]    workloads: ${workloads.map(({ name }) => name).join(' ')}
  --client=NAME[,NAME]  clients: ${CLIENTS.join(' ')} (raw always runs)
  --on=PLACE[,PLACE]    servers: dovecot replay distant
  --runs=N              runs of which the median is taken; 5 by default
  --engine=FILE         the engine to measure; dist/engine/index.js by default
  --record              write bench/RESULTS.md and bench/RESULTS.json anew`;

/** @throws Error on an unknown option or name */
export function readOptions(args: string[]): BenchOptions {
	const { values } = parseArgs({
		args,
		options: {
			only: { type: 'string' },
			client: { type: 'string' },
			on: { type: 'string' },
			runs: { type: 'string', default: '5' },
			engine: { type: 'string', default: 'dist/engine/index.js' },
			record: { type: 'boolean', default: false },
		},
	});
	const runs = Number(values.runs);
	if (!Number.isInteger(runs) || runs < 1 || runs > 50) throw new Error('--runs takes 1 to 50');
	const clients = chosen('--client', values.client, CLIENTS);
	return {
		only: chosen(
			'--only',
			values.only,
			workloads.map(({ name }) => name),
		),
		clients: CLIENTS.filter((name) => name === 'raw' || clients.includes(name)),
		runs,
		places: chosen('--on', values.on, ['dovecot', 'replay', 'distant']),
		engine: values.engine,
		record: values.record,
	};
}

function chosen<Name extends string>(
	option: string,
	value: string | undefined,
	all: readonly Name[],
): Name[] {
	if (value === undefined) return [...all];
	return value.split(',').map((name) => {
		const found = all.find((one) => one === name);
		if (!found) throw new Error(`${option}: there is no "${name}", only ${all.join(', ')}`);
		return found;
	});
}
