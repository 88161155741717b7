import type { Command } from '../command';
import { AUTHENTICATED } from '../command';
import type { UntaggedResponse } from '../../grammar/response';
import { applyToMailbox } from '../apply-unsolicited';

/**
 * IDLE (RFC 2177, RFC 9051 §6.3.13). Data may come even before the server says that it idles. While
 * it idles there is no timeout; before it does, and once DONE was sent, there is.
 * @param take is called with each response
 * @param idling is called, once the server idles, with what ends it (DONE)
 */
export function idle(
	take: (response: UntaggedResponse) => void,
	idling: (end: () => void) => void,
): Command<void> {
	let idles = false;
	return {
		name: 'IDLE',
		args: [],
		states: AUTHENTICATED,
		pipelining: 'alone',
		needs: ['IDLE'],
		get noTimeout() {
			return idles;
		},
		onContinuation(sendLine) {
			idles = true;
			idling(() => {
				idles = false;
				sendLine('DONE');
			});
		},
		accepts(response, { mailbox }) {
			if (response.type === 'status' && response.status === 'BYE') return false;
			if (mailbox) applyToMailbox(mailbox, response);
			take(response);
			return true;
		},
		done: () => undefined,
	};
}
