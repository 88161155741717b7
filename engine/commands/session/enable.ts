import type { Command } from '../command';
import { AUTHENTICATED } from '../command';
import { Imap4Error } from '../../errors';
import { raw } from '../../wire/writer';

/**
 * ENABLE (RFC 9051 §6.3.1). Refused here if the server doesn't offer one of them.
 * @returns the capabilities that `* ENABLED` confirmed now, in upper case
 */
export function enable(names: readonly string[]): Command<string[]> {
	const confirmed: string[] = [];
	const wanted = names.map((name) => name.toUpperCase());
	for (const name of wanted) {
		if (!/^[A-Z0-9=+._/-]+$/.test(name)) {
			throw new Imap4Error('ARGUMENT', `"${name}" is not a capability name`, {
				command: 'ENABLE',
			});
		}
	}
	// These change no argument of the commands behind it, as UTF8=ACCEPT does.
	const harmless = wanted.every((name) => name === 'QRESYNC' || name === 'CONDSTORE');
	return {
		name: 'ENABLE',
		args: wanted.map(raw),
		states: AUTHENTICATED,
		pipelining: 'alone',
		...(harmless ? { speculative: true, leadsTo: 'authenticated' } : {}),
		needs: ['ENABLE', ...wanted],
		accepts(response) {
			if (response.type !== 'ENABLED') return false;
			// What was not asked for was not offered either, and is not to be relied on.
			confirmed.push(...response.capabilities.filter((name) => wanted.includes(name)));
			return true;
		},
		done(_completion, session) {
			session.markEnabled(confirmed);
			return confirmed;
		},
	};
}
