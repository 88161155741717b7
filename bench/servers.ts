import { randomBytes } from 'node:crypto';
import { makeCertificates } from '../test/real/certificates';
import { startDovecot } from '../test/real/dovecot';
import { findDovecot } from '../test/real/dovecot-files';
import { RawClient } from './clients/raw';
import { corpusMessage, mailboxes } from './corpus';
import type { RunningServer } from './programs';
import { startServer } from './programs';
import type { Account, Place } from './workload';

/** Milliseconds that the way to the distant server takes there and back. */
export const ROUND_TRIP = 20;
/** Octets appended by one command when a mailbox is filled. */
const BATCH = 20_000_000;

export interface Servers {
	/** What to log in to; undefined where there is no such server here. */
	account(place: Place): Account | undefined;
	/** Dovecot's version, or why there is none. */
	dovecot: string;
	stop(): Promise<void>;
}

/** Starts all servers, with the same mailboxes on each. */
export async function startServers(): Promise<Servers> {
	const running: { stop(): Promise<void> }[] = [];
	const stop = async (): Promise<void> => {
		for (const server of running.reverse()) await server.stop();
	};
	const keep = <Server extends { stop(): Promise<void> }>(server: Server): Server => {
		running.push(server);
		return server;
	};
	try {
		const replay = at(keep(await startServer('replay-server')), 'user', 'secret');
		let real: Account | undefined;
		let dovecot: string;
		const files = await findDovecot().catch((error: Error) => error);
		if (files instanceof Error) {
			dovecot = `left out: ${files.message}`;
		} else {
			const { address } = keep(await startDovecot(files, await makeCertificates()));
			real = at({ port: address.ports.plain }, 'bench', address.password);
			dovecot = `Dovecot ${files.version}`;
			await fill(real);
		}
		const near = real ?? replay;
		const proxy = keep(await startServer('delay-proxy', String(near.port), String(ROUND_TRIP)));
		const distant = { ...near, port: proxy.port };
		return {
			account: (place) => ({ dovecot: real, replay, distant })[place],
			dovecot,
			stop,
		};
	} catch (error) {
		await stop();
		throw error;
	}
}

const at = ({ port }: Pick<RunningServer, 'port'>, user: string, password: string): Account => ({
	host: '127.0.0.1',
	port,
	user,
	password,
});

async function fill(account: Account): Promise<void> {
	const client = new RawClient(false);
	await client.open(account);
	for (const plan of mailboxes) {
		await client.command(`CREATE ${plan.name}`);
		const batch = Math.max(1, Math.min(1_000, Math.floor(BATCH / plan.octets)));
		for (let number = 1; number <= plan.messages; number += batch) {
			const count = Math.min(batch, plan.messages - number + 1);
			const messages = Array.from(
				{ length: count },
				(_, index) => corpusMessage(plan, number + index).octets,
			);
			await client.append(plan.name, messages, true);
		}
	}
	await client.close();
}

/** Makes a mailbox for what a workload appends; `undo` looks what is in it and deletes it. */
export async function newMailbox(
	account: Account,
): Promise<{ name: string; undo(): Promise<Buffer[]> }> {
	const name = `new${randomBytes(6).toString('hex')}`;
	const client = new RawClient(false);
	await client.open(account);
	await client.command(`CREATE ${name}`);
	return {
		name,
		async undo() {
			const found: Buffer[] = [];
			await client.command(`SELECT ${name}`);
			await client.bodies({
				checking: true,
				body: (octets) => found.push(Buffer.from(octets)),
				message: () => undefined,
				octets: () => undefined,
				found: () => undefined,
			});
			await client.command('CLOSE');
			await client.command(`DELETE ${name}`);
			await client.close();
			return found;
		},
	};
}
