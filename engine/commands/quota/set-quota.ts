import type { Command } from '../command';
import { AUTHENTICATED } from '../command';
import { Imap4Error } from '../../errors';
import type { Quota } from '../../grammar/quota';
import { astring, list, raw } from '../../wire/writer';

/**
 * SETQUOTA (RFC 9208 §4.1.3); usually for administrators. Resources that are not named lose their limit.
 * @param limits by resource: STORAGE in units of 1024 octets, MESSAGE in messages
 * @returns the new usage and limits; undefined if the server does not return them
 * @throws Imap4Error ARGUMENT for a resource name that is not valid, or a limit that is not a whole number from 0
 */
export function setQuota(
	root: string,
	limits: Readonly<Record<string, number>>,
): Command<Quota | undefined> {
	let returned: Quota | undefined;
	const parts = Object.entries(limits).map(([name, limit]) => {
		if (!/^[A-Za-z][A-Za-z0-9-]*$/.test(name) || !Number.isSafeInteger(limit) || limit < 0) {
			throw new Imap4Error(
				'ARGUMENT',
				`The quota limit "${name.slice(0, 80)}" = ${limit} is not valid: use a resource name such as STORAGE and a whole number`,
			);
		}
		return raw(`${name.toUpperCase()} ${limit}`);
	});
	return {
		name: 'SETQUOTA',
		args: [astring(root), list(parts)],
		states: AUTHENTICATED,
		pipelining: 'free',
		needs: ['QUOTA'],
		accepts(response) {
			if (response.type !== 'QUOTA' || response.quota.root !== root) return false;
			returned = response.quota;
			return true;
		},
		done: () => returned,
	};
}
