/**
 * n8n in queue mode, with Redis and PostgreSQL, one main and two workers, killed (SIGKILL) at random while
 * messages arrive by delivery, APPEND, COPY and MOVE. Two workflows run: one is given messages When Received with
 * durable cursors, each of which must be in exactly one execution, and one Until Acknowledged, of which none
 * may be left.
 *
 *   npm run soak:queue -- --minutes 10
 */
import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { credentialOf, type Account } from '../../demo/account';
import { DURABLE } from '../../demo/n8n/polling';
import { RealN8n } from '../../demo/n8n/real-n8n';
import { Imap4 } from '../../engine/index';
import { makeCertificates } from '../real/certificates';
import { startDovecot, type DovecotAddress } from '../real/dovecot';
import { findDovecot } from '../real/dovecot-files';
import { startPostgres, startRedis } from '../real/queue-services';
import {
	addWorkflow,
	Arrivals,
	judge,
	MINUTE,
	owner,
	SECOND,
	sleep,
	untilQuiet,
	workflowOf,
	type SoakOptions,
} from './trigger-soak';

const WORKERS = 2;

interface Watched {
	options: SoakOptions;
	account: Account;
	imap: Imap4;
	arrivals: Arrivals;
}

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			minutes: { type: 'string', default: '10' },
			verbose: { type: 'boolean', default: false },
		},
	});
	const minutes = Number(values.minutes);
	if (!(minutes > 0)) throw new Error('--minutes takes a number above 0');
	const services: Array<{ stop(): Promise<void> }> = [];
	const begun = async <Service extends { stop(): Promise<void> }>(
		starting: Promise<Service>,
	): Promise<Service> => {
		const service = await starting;
		services.unshift(service);
		return service;
	};
	try {
		const dovecot = await begun(startDovecot(await findDovecot(), await makeCertificates()));
		const redis = await begun(startRedis());
		const postgres = await begun(startPostgres());
		const { installN8n } = await import('../../scripts/n8n-install.mjs');
		const n8n = await RealN8n.prepare(await installN8n(), {
			settings: {
				...DURABLE,
				EXECUTIONS_MODE: 'queue',
				QUEUE_BULL_REDIS_HOST: '127.0.0.1',
				QUEUE_BULL_REDIS_PORT: String(redis.port),
				DB_TYPE: 'postgresdb',
				DB_POSTGRESDB_HOST: '127.0.0.1',
				DB_POSTGRESDB_PORT: String(postgres.port),
				DB_POSTGRESDB_DATABASE: 'postgres',
				DB_POSTGRESDB_USER: 'postgres',
				DB_POSTGRESDB_PASSWORD: 'trusted',
			},
		});
		services.unshift({ stop: () => n8n.dispose() });
		await soak(n8n, dovecot.address, minutes);
		if (process.exitCode || values.verbose) console.log(n8n.log());
	} finally {
		for (const service of services) await service.stop();
	}
}

async function soak(n8n: RealN8n, dovecot: DovecotAddress, minutes: number): Promise<void> {
	const watched = [
		await watch(dovecot, 'received', { acknowledged: false, durable: true, wait: false }),
		await watch(dovecot, 'acknowledged', { acknowledged: true, durable: true, wait: false }),
	];
	const credentials = watched.map(({ account: one }) => credentialOf(one, one.user, one.user));
	await n8n.importCredentials(credentials);
	const first = await n8n.startEditor(owner);
	const ids: string[] = [];
	for (const [index, { options }] of watched.entries()) {
		const credential = credentials[index];
		if (credential) ids.push(await addWorkflow(first, workflowOf(options), credential));
	}
	const workers = new Workers(n8n);
	await workers.fill();
	// Until workers listen, and the triggers have polled by schedule.
	await sleep(20 * SECOND);
	const kills = await disturb(n8n, workers, watched, minutes * MINUTE);
	console.log(`Killed: main ${kills.main} times, a worker ${kills.worker} times`);
	const rest = await n8n.start();
	await rest.logIn(owner);
	await Promise.all(watched.map(({ imap, options }) => untilQuiet(imap, options)));
	for (const [index, { imap, arrivals, options }] of watched.entries()) {
		console.log(options.acknowledged ? 'Until Acknowledged:' : 'When Received, durable cursors:');
		await judge(rest, ids[index] ?? '', arrivals.subjects, imap, options);
		await imap.logout();
	}
}

async function watch(
	dovecot: DovecotAddress,
	user: string,
	options: SoakOptions,
): Promise<Watched> {
	const { host, ports, password } = dovecot;
	const account: Account = { host, port: ports.plain, security: 'none', user, password };
	const imap = await Imap4.connect({ ...account, auth: { user, password } });
	await imap.createMailbox('Elsewhere');
	const deliver = (octets: string): Promise<void> => deliverLocally(dovecot, user, octets);
	try {
		await deliverLocally(dovecot, 'anybody', 'Subject: x\r\n\r\ntext\r\n');
		return { options, account, imap, arrivals: new Arrivals(imap, deliver) };
	} catch (error) {
		console.log(`Left out: delivery by dovecot-lda, because ${(error as Error).message}`);
		return { options, account, imap, arrivals: new Arrivals(imap) };
	}
}

/** As a mail server does: by Dovecot's own delivery agent, whose LMTP is a package of its own. */
function deliverLocally({ program }: DovecotAddress, user: string, octets: string): Promise<void> {
	const config = program.args[program.args.indexOf('-c') + 1] ?? '';
	const agent = join(program.libexec, 'dovecot-lda');
	const env = { ...process.env, ...program.environment };
	return new Promise((resolve, reject) => {
		const child = execFile(agent, ['-c', config, '-d', user], { env }, (error, _out, words) => {
			if (error) reject(new Error(words.trim() || error.message));
			else resolve();
		});
		child.stdin?.end(octets);
	});
}

class Workers {
	private readonly kills: Array<() => Promise<void>> = [];

	constructor(private readonly n8n: RealN8n) {}

	/** Starts those that are missing. */
	async fill(): Promise<void> {
		while (this.kills.length < WORKERS) this.kills.push(await this.n8n.startWorker());
	}

	async killOne(): Promise<void> {
		const [kill] = this.kills.splice(randomInt(this.kills.length), 1);
		await kill?.();
	}
}

async function disturb(
	n8n: RealN8n,
	workers: Workers,
	watched: readonly Watched[],
	duration: number,
): Promise<{ main: number; worker: number }> {
	const end = Date.now() + duration;
	const kills = { main: 0, worker: 0 };
	let arriving = true;
	const arrival = Promise.all(
		watched.map(async ({ arrivals }) => {
			while (arriving) {
				await arrivals.one();
				await sleep(randomInt(100, 2_000));
			}
		}),
	);
	while (Date.now() < end) {
		await sleep(Math.min(randomInt(2 * SECOND, 15 * SECOND), Math.max(0, end - Date.now())));
		if (randomInt(3) === 0) {
			// Just when it polls, or hands the items on.
			await sleep(5 * SECOND - (Date.now() % (5 * SECOND)) + randomInt(400));
			await n8n.kill();
			kills.main++;
			await sleep(randomInt(0, 3 * SECOND));
			await n8n.start();
		} else {
			await workers.killOne();
			kills.worker++;
			await sleep(randomInt(0, 5 * SECOND));
			await workers.fill();
		}
	}
	arriving = false;
	await arrival;
	await n8n.kill();
	return kills;
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
