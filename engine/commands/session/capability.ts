import type { Capabilities } from '../../grammar/capabilities';
import type { Command } from '../command';
import { ANY_STATE } from '../command';

/** CAPABILITY (RFC 9051 §6.1.1). The session keeps what every CAPABILITY response says. */
export function capability(): Command<Capabilities> {
	return {
		name: 'CAPABILITY',
		args: [],
		states: ANY_STATE,
		pipelining: 'free',
		discardable: true,
		speculative: true,
		accepts: (response) => response.type === 'CAPABILITY',
		done: (_completion, session) => session.capabilities,
	};
}
