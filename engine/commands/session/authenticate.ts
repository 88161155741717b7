import type { Capabilities } from '../../grammar/capabilities';
import type { Command } from '../command';
import { NOT_AUTHENTICATED } from '../command';
import { Imap4Error } from '../../errors';
import type { Mechanism } from '../../auth/mechanism';
import { raw } from '../../wire/writer';
import { authenticated, authenticationFailed } from './login';

/**
 * AUTHENTICATE (RFC 9051 §6.2.2).
 * @param initial octets of the initial response, if it may go with the command (SASL-IR, RFC 4959)
 */
export function authenticate(mechanism: Mechanism, initial: Buffer | undefined): Command<void> {
	let before: Capabilities;
	let cancelled = false;
	let first = initial === undefined;
	let responded = initial !== undefined;
	return {
		name: 'AUTHENTICATE',
		args: [raw(mechanism.name), ...(initial ? [{ kind: 'base64', octets: initial } as const] : [])],
		states: NOT_AUTHENTICATED,
		pipelining: 'alone',
		challenges: (mechanism.steps ?? Infinity) - (initial ? 1 : 0),
		challengeRefuses: mechanism.refusesByChallenge
			? new Imap4Error(
					'AUTHENTICATION_FAILED',
					'The login was refused: the server asks for more than the access token',
					{ command: 'AUTHENTICATE' },
				)
			: undefined,
		beforeSend(session) {
			before = session.capabilities;
		},
		accepts: (response) => response.type === 'CAPABILITY',
		async onChallenge(data) {
			const octets = first && mechanism.clientFirst ? Buffer.alloc(0) : data;
			first = false;
			const answer = await mechanism.respond(octets);
			cancelled ||= answer === undefined;
			responded = true;
			return answer === undefined ? undefined : Buffer.from(answer);
		},
		done(_completion, session) {
			// A login counts only once its credentials have been sent, whatever the server accepted.
			if (!responded) throw acceptedTooEarly();
			mechanism.confirm?.();
			authenticated(session, before);
		},
		refused(error) {
			if (!cancelled) return authenticationFailed(error);
			return new Imap4Error('AUTHENTICATION_FAILED', 'The authentication was cancelled', {
				command: 'AUTHENTICATE',
				serverText: error.serverText,
			});
		},
	};
}

function acceptedTooEarly(): Imap4Error {
	return new Imap4Error(
		'AUTHENTICATION_FAILED',
		'The server accepted the login before anything of it was sent, so it did not check it',
		{ command: 'AUTHENTICATE' },
	);
}
