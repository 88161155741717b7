import type { Command } from '../command';
import { SELECTED } from '../command';

/** CLOSE (RFC 9051 §6.4.1): leaves the mailbox and removes its \Deleted messages, unless it is read-only. */
export function close(): Command<void> {
	return leaving('CLOSE');
}

/** UNSELECT (RFC 9051 §6.4.2): leaves the mailbox and removes nothing. */
export function unselect(): Command<void> {
	return { ...leaving('UNSELECT'), needs: ['UNSELECT'] };
}

function leaving(name: string): Command<void> {
	return {
		name,
		args: [],
		states: SELECTED,
		pipelining: 'alone',
		done: (_completion, session) => session.setState('authenticated'),
	};
}
