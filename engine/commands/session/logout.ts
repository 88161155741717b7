import type { Command } from '../command';
import { ANY_STATE } from '../command';

/** LOGOUT (RFC 9051 §6.1.3). Done when the server says so, says BYE, or simply closes. @returns its BYE text */
export function logout(): Command<string> {
	let text = '';
	return {
		name: 'LOGOUT',
		args: [],
		states: ANY_STATE,
		pipelining: 'alone',
		accepts(response) {
			if (response.type !== 'status' || response.status !== 'BYE') return false;
			text = response.text;
			return true;
		},
		done: () => text,
		aborted: () => ({ result: text }),
	};
}
