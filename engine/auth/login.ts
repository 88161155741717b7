import { Imap4Error } from '../errors';
import type { Mechanism } from './mechanism';
import { preparedOrAsIs } from './prepared';

/** The LOGIN mechanism (draft-murchison-sasl-login): user and password, one after the other. */
export function login(user: string, password: string): Mechanism {
	const answers = [preparedOrAsIs(user), preparedOrAsIs(password)];
	return {
		name: 'LOGIN',
		clientFirst: false,
		steps: 2,
		respond: () => answers.shift(),
		confirm() {
			if (answers.length === 0) return;
			throw new Imap4Error(
				'AUTHENTICATION_FAILED',
				'The server accepted the login before it asked for the password, so it did not check it',
				{ command: 'AUTHENTICATE' },
			);
		},
	};
}
