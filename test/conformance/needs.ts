import type { TestContext } from 'vitest';
import type { Imap4 } from '../../engine/index';

declare module 'vitest' {
	interface TaskMeta {
		/** Why a test was left out; the report on parity tells it. */
		leftOut?: string;
	}
}

/** Leaves a test out where the server lacks what it is about, and says so. */
export function leaveOut(context: TestContext, reason: string): never {
	context.task.meta.leftOut = reason;
	return context.skip(reason);
}

/** Leaves a test out where the server does not offer these capabilities. */
export function needs(context: TestContext, imap: Imap4, ...capabilities: string[]): void {
	const missing = capabilities.filter((one) => !imap.capabilities.has(one));
	if (missing.length > 0) leaveOut(context, `${missing.join(' and ')} not offered`);
}

/** Leaves a test out where the server does not offer this SASL mechanism. */
export function needsMechanism(context: TestContext, imap: Imap4, mechanism: string): void {
	needs(context, imap, `AUTH=${mechanism}`);
}
