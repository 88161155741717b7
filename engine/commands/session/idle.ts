import type { Command } from '../command';
import { AUTHENTICATED } from '../command';
import type { UntaggedResponse } from '../../grammar/response';
import { applyToMailbox } from '../apply-unsolicited';

/**
 * IDLE (RFC 2177, RFC 9051 §6.3.13). Data may come even before the server says that it idles.
 * @param take is handed each response
 * @param idling is handed, once the server idles, what ends it (DONE)
 */
export function idle(
	take: (response: UntaggedResponse) => void,
	idling: (end: () => void) => void,
): Command<void> {
	return {
		name: 'IDLE',
		args: [],
		states: AUTHENTICATED,
		pipelining: 'alone',
		needs: ['IDLE'],
		noTimeout: true,
		onContinuation: (line) => idling(() => line('DONE')),
		accepts(response, { mailbox }) {
			if (response.type === 'status' && response.status === 'BYE') return false;
			if (mailbox) applyToMailbox(mailbox, response);
			take(response);
			return true;
		},
		done: () => undefined,
	};
}
