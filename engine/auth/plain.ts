import type { Mechanism } from './mechanism';
import { Imap4Error } from '../errors';
import { preparedOrAsIs } from './prepared';

/**
 * SASL PLAIN (RFC 4616).
 * @param actAs authorization identity: the user to act as, where an admin logs in
 * @throws Imap4Error ARGUMENT for NUL in any of them
 */
export function plain(user: string, password: string, actAs = ''): Mechanism {
	if ([user, password, actAs].some((value) => value.includes('\0'))) {
		throw new Imap4Error('ARGUMENT', 'A user name or password cannot contain NUL');
	}
	return {
		name: 'PLAIN',
		clientFirst: true,
		steps: 1,
		respond: () => `${actAs}\0${preparedOrAsIs(user)}\0${preparedOrAsIs(password)}`,
	};
}
