import { parseArgs } from 'node:util';
import { workloads } from './workloads/index';

const CLIENTS = ['raw', 'raw-keep', 'imapflow', 'node-imap', 'imaplib', 'engine'] as const;
/** The engine of another checkout, which takes part only where `--before` names that. */
export const ENGINE_BEFORE = 'engine-before';
export type ClientName = (typeof CLIENTS)[number] | typeof ENGINE_BEFORE;

export interface BenchOptions {
	/** Names of workloads. */
	only: string[];
	clients: ClientName[];
	/** Runs of which the median is taken. */
	runs: number;
	places: string[];
	/** The built engine. */
	engine: string;
	/** Another checkout, built, whose engine is measured beside this one. */
	before: string | undefined;
	/** The result takes the place of bench/RESULTS.md. */
	record: boolean;
}

export const USAGE = `npm run bench -- [options]
  --only=NAME[,NAME]    workloads: ${workloads.map(({ name }) => name).join(' ')}
  --client=NAME[,NAME]  clients: ${CLIENTS.join(' ')} (raw always runs)
  --on=PLACE[,PLACE]    servers: dovecot replay distant
  --runs=N              runs of which the median is taken; 5 by default
  --engine=FILE         the engine to measure; dist/engine/index.js by default
  --before=FOLDER       another checkout, built, whose engine is measured in the same run
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
			before: { type: 'string' },
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
		clients: [
			...CLIENTS.filter((name) => name === 'raw' || clients.includes(name)),
			...(values.before === undefined ? [] : [ENGINE_BEFORE as ClientName]),
		],
		runs,
		places: chosen('--on', values.on, ['dovecot', 'replay', 'distant']),
		engine: values.engine,
		before: values.before,
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
