import type { Command } from '../../command';
import { AUTHENTICATED } from '../../command';
import { Imap4Error } from '../../errors';
import type { Namespaces } from '../../grammar/namespace';

/** NAMESPACE (RFC 9051 §6.3.10, RFC 2342). */
export function namespace(): Command<Namespaces> {
	let found: Namespaces | undefined;
	return {
		name: 'NAMESPACE',
		args: [],
		states: AUTHENTICATED,
		pipelining: 'free',
		needs: ['NAMESPACE'],
		claim(response) {
			if (response.type !== 'NAMESPACE') return false;
			found = response.namespaces;
			return true;
		},
		done() {
			if (found) return found;
			throw new Imap4Error('MALFORMED', 'The server gave no namespaces', { command: 'NAMESPACE' });
		},
	};
}
