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

/** One Dovecot for a whole run of vitest; tests reach it with `inject('dovecot')`. */
export default async function setup(project: Provider): Promise<() => Promise<void>> {
	const certificates = await makeCertificates();
	project.provide('certificates', certificates);
	const files = await findDovecot().catch((error: Error) => error);
	if (files instanceof Error) {
		console.log(`Left out: all tests on Dovecot, because ${files.message}`);
		project.provide('dovecot', { missing: files.message });
		return () => Promise.resolve();
	}
	// One that is there and does not start is a failure, not a reason to leave tests out.
	const { address, stop } = await startDovecot(files, certificates);
	project.provide('dovecot', address);
	return stop;
}
