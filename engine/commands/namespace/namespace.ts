import type { Command } from '../command';
import { answeredCommand } from '../command';
import type { Namespaces } from '../../grammar/namespace';

/** NAMESPACE (RFC 9051 §6.3.10, RFC 2342): where personal, other users' and shared mailboxes are. */
export function namespace(): Command<Namespaces> {
	return answeredCommand('NAMESPACE', [], ['NAMESPACE'], (response) =>
		response.type === 'NAMESPACE' ? response.namespaces : undefined,
	);
}
