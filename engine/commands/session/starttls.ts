import type { Command } from '../command';
import { NOT_AUTHENTICATED } from '../command';

/** STARTTLS (RFC 9051 §6.2.1). The session changes its transport when it has succeeded. */
export function starttls(): Command<void> {
	return {
		name: 'STARTTLS',
		args: [],
		states: NOT_AUTHENTICATED,
		pipelining: 'alone',
		done: () => undefined,
	};
}
