import { capability } from './commands/session/capability';
import { authenticate } from './commands/session/authenticate';
import { login } from './commands/session/login';
import { starttls } from './commands/session/starttls';
import { Imap4AbortError, Imap4Error } from './errors';
import type { ConnectOptions, Credentials } from './options';
import { defaultTimeouts } from './options';
import { login as loginMechanism } from './sasl/login';
import type { Mechanism } from './sasl/mechanism';
import { plain } from './sasl/plain';
import { Session } from './session';
import { Watchdog } from './transport/clock';
import type { SocketOptions } from './transport/socket';
import { connectTcp, connectTls, speaksTls } from './transport/socket';
import type { Transport } from './transport/transport';
import { defaultLimits } from './wire/limits';

/** After so many milliseconds without a greeting it is worth asking whether the port speaks TLS. */
const SUSPICION = 3000;

/**
 * Opens a connection, secures it as asked, and logs in. On any failure nothing stays open.
 * @throws Imap4AbortError if there is no usable connection; Imap4Error if the login is refused or
 * an option is wrong
 */
export async function connect(options: ConnectOptions): Promise<Session> {
	const { security = 'tls' } = options;
	const timeouts = { ...defaultTimeouts, ...options.timeouts };
	for (const [name, value] of Object.entries(timeouts)) {
		if (!(value > 0)) throw new Imap4Error('ARGUMENT', `The timeout "${name}" must be above 0`);
	}
	const address: SocketOptions = {
		host: options.host || 'localhost',
		port: options.port ?? (security === 'tls' ? 993 : 143),
		timeout: timeouts.connect,
		tls: options.tls ?? {},
		lookup: options.lookup,
	};
	if (!Number.isInteger(address.port) || address.port < 1 || address.port > 65535) {
		throw new Imap4Error('ARGUMENT', `${address.port} is no port: 1 to 65535`);
	}
	const transport =
		options.transport ?? (await (security === 'tls' ? connectTls(address) : connectTcp(address)));
	const opened = Session.open(transport, {
		limits: { ...defaultLimits, ...options.limits },
		timeouts,
		trace: options.trace,
		unsolicited: options.onUnsolicited,
	});
	const session = await (transport.secure || options.transport
		? opened
		: clearTextGreeting(opened, transport, address));
	try {
		if (security === 'starttls' && !session.secure) await secure(session);
		if (!session.capabilitiesKnown) await session.run(capability());
		if (options.auth && session.state === 'not authenticated') await logIn(session, options.auth);
		return session;
	} catch (error) {
		session.destroy();
		throw error;
	}
}

/** A server that expects TLS says nothing until we do; find out instead of waiting for the deadline. */
async function clearTextGreeting(
	opened: Promise<Session>,
	transport: Transport,
	address: SocketOptions,
): Promise<Session> {
	let watchdog: Watchdog | undefined;
	const suspicion = new Promise<never>((_resolve, reject) => {
		watchdog = new Watchdog(() => {
			void speaksTls(address).then((tls) => {
				if (!tls) return;
				const place = `${address.host}:${address.port}`;
				reject(
					new Imap4AbortError(
						'CLEAR_TEXT_EXPECTED',
						`${place} speaks TLS from the first octet: use the security "tls"`,
					),
				);
			});
		});
		watchdog.set(SUSPICION);
	});
	try {
		return await Promise.race([opened, suspicion]);
	} catch (error) {
		opened.catch(() => undefined);
		transport.destroy();
		throw error;
	} finally {
		watchdog?.stop();
	}
}

/** STARTTLS or nothing: never go on in clear text (RFC 8314 §5.1). */
async function secure(session: Session): Promise<void> {
	if (session.state !== 'not authenticated') {
		throw new Imap4AbortError(
			'STARTTLS',
			'The server greets with PREAUTH, so the connection cannot be secured with STARTTLS any more',
		);
	}
	if (!session.capabilitiesKnown) await session.run(capability());
	if (!session.capabilities.has('STARTTLS')) {
		throw new Imap4AbortError('STARTTLS', 'The server does not offer STARTTLS');
	}
	await session.startTls(starttls());
}

/** Logs in the best way on offer, or the one demanded, and knows the capabilities afterwards. */
export async function logIn(session: Session, auth: Credentials): Promise<void> {
	const { user, password, actAs } = auth;
	const { capabilities } = session;
	const way = auth.mechanism ?? bestWay(session, auth);
	if (way === 'LOGIN command') {
		if (actAs)
			throw new Imap4Error('ARGUMENT', 'The LOGIN command cannot act as another user; use PLAIN');
		await session.run(login(user, password));
	} else {
		if (!capabilities.mechanisms.includes(way)) {
			throw new Imap4Error('CAPABILITY', `The server does not offer the login mechanism ${way}`, {
				command: 'AUTHENTICATE',
			});
		}
		await runMechanism(
			session,
			way === 'PLAIN' ? plain(user, password, actAs) : loginMechanism(user, password),
		);
	}
	if (!session.capabilitiesKnown) await session.run(capability());
}

function bestWay(
	{ capabilities }: Session,
	{ user, password, actAs }: Credentials,
): NonNullable<Credentials['mechanism']> {
	const { mechanisms } = capabilities;
	const forbidden = capabilities.has('LOGINDISABLED');
	// eslint-disable-next-line no-control-regex -- LOGIN can be trusted with US-ASCII only
	const unicode = /[^\x00-\x7f]/.test(user + password);
	// PLAIN carries any text; without SASL-IR it takes one round trip more than LOGIN.
	if (
		mechanisms.includes('PLAIN') &&
		(capabilities.has('SASL-IR') || forbidden || unicode || actAs)
	)
		return 'PLAIN';
	if (actAs) return 'PLAIN';
	return forbidden && mechanisms.includes('LOGIN') ? 'LOGIN' : 'LOGIN command';
}

/** Runs a SASL exchange; the initial response goes with the command where SASL-IR is offered. */
export async function runMechanism(session: Session, mechanism: Mechanism): Promise<void> {
	let initial: Buffer | undefined;
	if (mechanism.clientFirst && session.capabilities.has('SASL-IR')) {
		const first = await mechanism.respond(Buffer.alloc(0));
		if (first === undefined)
			throw new Imap4Error('AUTHENTICATION_FAILED', 'The authentication was cancelled');
		initial = Buffer.from(first);
	}
	await session.run(authenticate(mechanism, initial));
}
