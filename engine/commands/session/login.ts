import type { Capabilities } from '../../grammar/capabilities';
import type { Command, SessionState } from '../command';
import { NOT_AUTHENTICATED } from '../command';
import { preparedOrAsIs } from '../../auth/prepared';
import { Imap4Error } from '../../errors';
import { astring, secret } from '../../wire/writer';

/** LOGIN (RFC 9051 §6.2.3). Refused here, before anything is sent, under LOGINDISABLED. */
export function login(user: string, password: string): Command<void> {
	let before: Capabilities;
	return {
		name: 'LOGIN',
		args: [astring(preparedOrAsIs(user)), secret(preparedOrAsIs(password))],
		states: NOT_AUTHENTICATED,
		pipelining: 'alone',
		beforeSend(session) {
			if (session.capabilities.has('LOGINDISABLED')) {
				throw new Imap4Error(
					'LOGIN_DISABLED',
					'The server forbids a login with LOGIN on this connection (LOGINDISABLED); use TLS or another mechanism',
					{ command: 'LOGIN' },
				);
			}
			before = session.capabilities;
		},
		accepts: (response) => response.type === 'CAPABILITY',
		done: (_completion, session) => authenticated(session, before),
		refused: authenticationFailed,
	};
}

/** What was offered before a login says nothing of what is offered after (RFC 9051 §6.2.2). */
export function authenticated(session: SessionState, before: Capabilities): void {
	if (session.capabilities === before) session.forgetCapabilities();
	session.setState('authenticated');
}

/** A login refused by the server, in an error of its own code (RFC 5530 §3). */
export function authenticationFailed(error: Imap4Error): Imap4Error {
	if (error.responseCode === 'PRIVACYREQUIRED') {
		return new Imap4Error(
			'LOGIN_DISABLED',
			`The server forbids a login without encryption: ${error.serverText}`,
			{ command: error.command, responseCode: error.responseCode, serverText: error.serverText },
		);
	}
	if (error.code !== 'NO') return error;
	return new Imap4Error(
		'AUTHENTICATION_FAILED',
		`The login was refused: ${error.serverText || 'the server gave no reason'}`,
		{
			command: error.command,
			responseCode: error.responseCode,
			serverText: error.serverText,
		},
	);
}
