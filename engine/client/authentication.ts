import { authenticate } from '../commands/session/authenticate';
import { capability } from '../commands/session/capability';
import { login } from '../commands/session/login';
import { Imap4Error } from '../errors';
import type { Credentials, LoginMechanism } from './options';
import { cramMd5 } from '../auth/cram-md5';
import { external } from '../auth/external';
import { login as loginMechanism } from '../auth/login';
import type { Mechanism } from '../auth/mechanism';
import { oauth } from '../auth/oauth';
import { plain } from '../auth/plain';
import { preparedOrAsIs } from '../auth/prepared';
import { saslprep } from '../auth/saslprep';
import { scram } from '../auth/scram';
import type { Expectation, Session } from './session';
import type { ChannelBinding } from '../transport/channel-binding';

/**
 * Servers that carry out what is sent together with AUTHENTICATE. Cyrus loses it, as it may: a security
 * layer could begin there (RFC 4422 §3.7), which LOGIN has not.
 */
const CARRIES_ON = /\bdovecot\b/i;

/** Servers whose login is another process, which may have read on before it hands the connection over. */
const LOSES = /\bcourier\b/i;

/**
 * Servers that bind a login by tls-unique over TLS 1.3 too, where that means nothing (RFC 9266 §1), and refuse
 * one that is bound as it should be (cyrus-imapd issue 4191).
 */
const BINDS_BY_UNIQUE = /\bcyrus\b/i;

/** Where the server is; OAUTHBEARER tells it so that a token can't be used elsewhere. */
export interface Address {
	host: string;
	port: number;
}

/**
 * Logs in the strongest way on offer, or the one demanded, and knows the capabilities afterwards.
 * @param expected what the server is known to offer then, so that commands can be sent with the login
 * @throws Imap4Error AUTHENTICATION_FAILED, LOGIN_DISABLED, CAPABILITY, ARGUMENT
 */
export async function logIn(
	session: Session,
	auth: Credentials,
	address: Address,
	expected?: Expectation,
): Promise<void> {
	const { password } = auth;
	const isLost = LOSES.test(session.greeting?.text ?? '');
	session.redaction.add(password);
	session.redaction.add(password && preparedOrAsIs(password));
	session.redaction.add(auth.accessToken);
	const together = expected && CARRIES_ON.test(session.greeting?.text ?? '');
	const saves = expected !== undefined && !together && !isLost;
	const way = auth.mechanism ?? strongest(session, auth, saves);
	if (way === 'XOAUTH2' || way === 'OAUTHBEARER') session.checkEncrypted('an OAuth token');
	if (way === 'LOGIN command') {
		if (auth.actAs) {
			throw new Imap4Error('ARGUMENT', 'The LOGIN command cannot act as another user; use PLAIN');
		}
		await session.logIn(login(auth.user, passwordOf(auth)), isLost ? undefined : expected);
	} else {
		needMechanism(session, way);
		await runMechanism(
			session,
			mechanism(way, session, auth, address),
			together ? expected : undefined,
		);
	}
	if (!session.capabilitiesKnown && expected) session.assume(expected.capabilities);
	if (!session.capabilitiesKnown) await session.run(capability());
	expected?.sent();
}

/**
 * Those that never let the server, or anyone, see the password come first. Under TLS, PLAIN is
 * better than CRAM-MD5, for which a server must keep passwords readable.
 * @param saves whether other commands can be sent with LOGIN, which shows as much as PLAIN
 */
function strongest(session: Session, auth: Credentials, saves: boolean): LoginMechanism {
	const { capabilities } = session;
	const offered = new Set(capabilities.mechanisms);
	if (auth.accessToken !== undefined) return offered.has('OAUTHBEARER') ? 'OAUTHBEARER' : 'XOAUTH2';
	if (auth.password === undefined) return 'EXTERNAL';
	// SCRAM needs a password that SASLprep accepts; a server may well have accepted others.
	const scramPossible = saslprep(auth.user) !== undefined && saslprep(auth.password) !== undefined;
	if (scramPossible && bindsLogins(session)) {
		if (offered.has('SCRAM-SHA-256-PLUS')) return 'SCRAM-SHA-256-PLUS';
		if (offered.has('SCRAM-SHA-1-PLUS')) return 'SCRAM-SHA-1-PLUS';
	}
	if (scramPossible && offered.has('SCRAM-SHA-256')) return 'SCRAM-SHA-256';
	if (scramPossible && offered.has('SCRAM-SHA-1')) return 'SCRAM-SHA-1';
	if (offered.has('CRAM-MD5') && !session.secure && !auth.actAs) return 'CRAM-MD5';
	const forbidden = capabilities.has('LOGINDISABLED');
	// eslint-disable-next-line no-control-regex -- LOGIN can be trusted with US-ASCII only
	const unicode = /[^\x00-\x7f]/.test(auth.user + auth.password);
	// PLAIN carries any text; without SASL-IR it takes one round trip more than LOGIN.
	const worthIt = capabilities.has('SASL-IR') || forbidden || unicode;
	if (saves && !auth.actAs && !forbidden && !unicode) return 'LOGIN command';
	if (auth.actAs || (offered.has('PLAIN') && worthIt)) return 'PLAIN';
	return forbidden && offered.has('LOGIN') ? 'LOGIN' : 'LOGIN command';
}

function mechanism(
	way: Exclude<LoginMechanism, 'LOGIN command'>,
	session: Session,
	auth: Credentials,
	address: Address,
): Mechanism {
	const { user, actAs } = auth;
	switch (way) {
		case 'SCRAM-SHA-256-PLUS':
		case 'SCRAM-SHA-1-PLUS':
		case 'SCRAM-SHA-256':
		case 'SCRAM-SHA-1': {
			const hash = way.startsWith('SCRAM-SHA-256') ? 'SHA-256' : 'SHA-1';
			const binding = way.endsWith('-PLUS') ? bindingOf(session) : undefined;
			// The server knows then if someone has removed its -PLUS from the list (RFC 5802 §6).
			const couldBind =
				session.channelBinding !== undefined &&
				!session.capabilities.mechanisms.some((name) => name.endsWith('-PLUS'));
			return scram(hash, user, passwordOf(auth), { actAs, binding, couldBind });
		}
		case 'CRAM-MD5':
			return cramMd5(user, passwordOf(auth));
		case 'PLAIN':
			return plain(user, passwordOf(auth), actAs);
		case 'LOGIN':
			return loginMechanism(user, passwordOf(auth));
		case 'XOAUTH2':
		case 'OAUTHBEARER': {
			const { accessToken } = auth;
			if (accessToken === undefined)
				throw new Imap4Error('ARGUMENT', `${way} needs an access token`);
			return oauth(way, user, accessToken, address);
		}
		case 'EXTERNAL':
			return external(actAs);
		default:
			throw new Imap4Error('ARGUMENT', `"${String(way)}" is not a login mechanism of this client`);
	}
}

function passwordOf({ password }: Credentials): string {
	if (password === undefined)
		throw new Imap4Error('ARGUMENT', 'This login mechanism needs a password');
	return password;
}

/** Whether a login bound to the connection will do. After STARTTLS the greeting is forgotten. */
function bindsLogins({ channelBinding, greeting }: Session): boolean {
	if (channelBinding?.type === 'tls-unique') return true;
	return channelBinding !== undefined && !!greeting && !BINDS_BY_UNIQUE.test(greeting.text);
}

function bindingOf(session: Session): ChannelBinding {
	const binding = session.channelBinding;
	if (!binding) throw new Imap4Error('STATE', 'Channel binding needs a connection with TLS');
	return binding;
}

/** @throws Imap4Error CAPABILITY if the server doesn't offer the mechanism */
export function needMechanism(session: Session, name: string): void {
	if (session.capabilities.mechanisms.includes(name)) return;
	throw new Imap4Error('CAPABILITY', `The server does not offer the login mechanism ${name}`, {
		command: 'AUTHENTICATE',
	});
}

/** Runs a SASL exchange; the initial response goes with the command where SASL-IR is offered. */
export async function runMechanism(
	session: Session,
	mechanism: Mechanism,
	expected?: Expectation,
): Promise<void> {
	let initial: Buffer | undefined;
	if (mechanism.clientFirst && session.capabilities.has('SASL-IR')) {
		const first = await mechanism.respond(Buffer.alloc(0));
		if (first === undefined) {
			throw new Imap4Error('AUTHENTICATION_FAILED', 'The authentication was cancelled');
		}
		initial = Buffer.from(first);
	}
	await session.logIn(authenticate(mechanism, initial), expected);
}
