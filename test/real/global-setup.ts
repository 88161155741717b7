import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProvidedContext } from 'vitest';
import type { Certificates } from './certificates';
import { makeCertificates } from './certificates';
import type { CourierAddress } from './courier';
import { startCourier } from './courier';
import { findCourier } from './courier-files';
import type { CyrusAddress } from './cyrus';
import { startCyrus } from './cyrus';
import { findCyrus } from './cyrus-files';
import type { DovecotAddress } from './dovecot';
import { startDovecot } from './dovecot';
import { findDovecot } from './dovecot-files';

declare module 'vitest' {
	interface ProvidedContext {
		/** The servers of this run, or why one is not there. */
		dovecot: DovecotAddress | Missing;
		cyrus: CyrusAddress | Missing;
		courier: CourierAddress | Missing;
		certificates: Certificates;
	}
}

export interface Missing {
	missing: string;
}

/** What setup needs of vitest's project. */
interface Provider {
	provide<Key extends keyof ProvidedContext>(key: Key, value: ProvidedContext[Key]): void;
}

interface Shared {
	users: number;
	started: Promise<ProvidedContext & { stop(): Promise<void> }>;
}

/** Vitest calls the setup once for each project, and loads this file anew each time. */
const shared = globalThis as typeof globalThis & { imap4RealServers?: Shared };

/** One of each server for a whole run of vitest; tests reach them with `inject('dovecot')` … */
export default async function setup(project: Provider): Promise<() => Promise<void>> {
	const servers = (shared.imap4RealServers ??= { users: 0, started: start() });
	servers.users++;
	const { dovecot, cyrus, courier, certificates, stop } = await servers.started;
	project.provide('dovecot', dovecot);
	project.provide('cyrus', cyrus);
	project.provide('courier', courier);
	project.provide('certificates', certificates);
	return async () => {
		if (--servers.users > 0) return;
		shared.imap4RealServers = undefined;
		await stop();
	};
}

async function start(): Promise<ProvidedContext & { stop(): Promise<void> }> {
	const certificates = await makeCertificates();
	const running: Running<unknown>[] = [];
	// See demo/n8n-core/environment.ts.
	const n8nCore = await mkdtemp(join(tmpdir(), 'imap4-n8n-core-'));
	process.env.IMAP4_N8N_CORE_FOLDER = n8nCore;
	const stop = async (): Promise<void> => {
		for (const server of running) await server.stop();
		await rm(n8nCore, { recursive: true, force: true });
	};
	const begun = async <Server extends Running<unknown>>(
		begin: Promise<Server>,
	): Promise<Server> => {
		const server = await begin;
		running.push(server);
		return server;
	};
	try {
		const dovecot = await begun(
			found('Dovecot', findDovecot, (files) => startDovecot(files, certificates)),
		);
		const cyrus = await begun(
			found('Cyrus', findCyrus, (files) => startCyrus(files, certificates)),
		);
		const courier = await begun(
			found('Courier', findCourier, (files) => startCourier(files, certificates)),
		);
		return {
			certificates,
			dovecot: dovecot.address,
			cyrus: cyrus.address,
			courier: courier.address,
			stop,
		};
	} catch (error) {
		await stop();
		throw error;
	}
}

interface Running<Address> {
	address: Address | Missing;
	stop(): Promise<void>;
}

/** One that is there and does not start is a failure, not a reason to leave tests out. */
async function found<Files, Address>(
	name: string,
	find: () => Promise<Files>,
	begin: (files: Files) => Promise<Running<Address>>,
): Promise<Running<Address>> {
	const files = await find().catch((error: Error) => error);
	if (!(files instanceof Error)) return begin(files);
	console.log(`Left out: all tests on ${name}, because ${files.message}`);
	return { address: { missing: files.message }, stop: () => Promise.resolve() };
}
