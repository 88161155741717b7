import type { ProvidedContext } from 'vitest';
import type { Certificates } from './certificates';
import { makeCertificates } from './certificates';
import type { DovecotAddress } from './dovecot';
import { startDovecot } from './dovecot';
import { findDovecot } from './dovecot-files';

declare module 'vitest' {
	interface ProvidedContext {
		/** The Dovecot of this run, or why there is none. */
		dovecot: DovecotAddress | { missing: string };
		certificates: Certificates;
	}
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

/** One Dovecot for a whole run of vitest; tests reach it with `inject('dovecot')`. */
export default async function setup(project: Provider): Promise<() => Promise<void>> {
	const servers = (shared.imap4RealServers ??= { users: 0, started: start() });
	servers.users++;
	const { dovecot, certificates, stop } = await servers.started;
	project.provide('dovecot', dovecot);
	project.provide('certificates', certificates);
	return async () => {
		if (--servers.users > 0) return;
		shared.imap4RealServers = undefined;
		await stop();
	};
}

async function start(): Promise<ProvidedContext & { stop(): Promise<void> }> {
	const certificates = await makeCertificates();
	const files = await findDovecot().catch((error: Error) => error);
	if (files instanceof Error) {
		console.log(`Left out: all tests on Dovecot, because ${files.message}`);
		return { certificates, dovecot: { missing: files.message }, stop: () => Promise.resolve() };
	}
	// One that is there and does not start is a failure, not a reason to leave tests out.
	const { address, stop } = await startDovecot(files, certificates);
	return { certificates, dovecot: address, stop };
}
