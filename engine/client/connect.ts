import { capability } from '../commands/session/capability';
import { starttls } from '../commands/session/starttls';
import { Imap4AbortError, Imap4Error } from '../errors';
import type { Address } from './authentication';
import { logIn } from './authentication';
import { Cancellation, untilAborted } from './cancellation';
import type { ConnectOptions, Credentials, Timeouts } from './options';
import { timeoutsOf } from './options';
import { Session } from './session';
import { cancelledError, loginFailedError, readyTimeoutError } from './session-errors';
import type { AbortSource } from '../transport/abort-source';
import { Watchdog } from '../transport/clock';
import { parseProxy } from '../transport/proxy';
import type { SocketOptions } from '../transport/socket';
import { connectTcp, connectTls, speaksTls } from '../transport/socket';
import { checkTlsOptions } from '../transport/tls-options';
import { defaultLimits } from '../wire/limits';

export interface Connected {
	session: Session;
	address: Address;
	/** When the login is accepted, which others need not wait for under `expectedCapabilities`. */
	loggedIn: Promise<void>;
}

/** Names of this machine, where no network is crossed. */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i;

/** Milliseconds without a greeting after which it is worth testing whether the port expects TLS. */
const SUSPICION = 3000;

/**
 * Opens a connection, secures it as requested, and logs in. On any failure nothing stays open.
 * @throws Imap4AbortError if there is no usable connection; Imap4Error if the login is refused or
 * an option is wrong; the reason of `signal`
 */
export async function connect(options: ConnectOptions): Promise<Connected> {
	try {
		return await connectWithin(options);
	} catch (error) {
		options.transport?.destroy();
		throw error;
	}
}

async function connectWithin(options: ConnectOptions): Promise<Connected> {
	const timeouts = timeoutsOf(options.timeouts);
	const address = addressOf(options, timeouts);
	options.signal?.throwIfAborted();
	const cancellation = new Cancellation(
		timeouts.ready,
		() => readyTimeoutError(timeouts.ready),
		options.signal,
	);
	let loggedIn: Promise<void> | undefined;
	try {
		const established = await untilAborted(
			establish(options, address, timeouts, cancellation),
			cancellation,
		);
		const { session } = established;
		loggedIn = established.loggedIn;
		// What ends the connection can come in the segment that completes the login.
		if (session.closedBy && !loggedIn) throw session.closedBy;
		return { session, address, loggedIn: loggedIn ?? Promise.resolve() };
	} finally {
		if (loggedIn) void loggedIn.catch(() => undefined).then(() => cancellation.stop());
		else cancellation.stop();
	}
}

function addressOf(options: ConnectOptions, timeouts: Timeouts): SocketOptions {
	const { security = 'tls', tls = {}, lookup } = options;
	const address: SocketOptions = {
		host: options.host || 'localhost',
		port: options.port ?? (security === 'tls' ? 993 : 143),
		timeout: timeouts.connect,
		tls,
		lookup,
		proxy: options.proxy === undefined ? undefined : parseProxy(options.proxy),
		connectSocket: options.connectSocket,
	};
	if (!Number.isInteger(address.port) || address.port < 1 || address.port > 65535) {
		throw new Imap4Error('ARGUMENT', `${address.port} is not a port: use 1 to 65535`);
	}
	if (security !== 'none') checkTlsOptions(tls);
	return address;
}

/**
 * @param cancellation closes what has been opened
 * @returns `loggedIn` if the login has been sent and not been answered
 */
async function establish(
	options: ConnectOptions,
	address: SocketOptions,
	timeouts: Timeouts,
	cancellation: AbortSource,
): Promise<{ session: Session; loggedIn?: Promise<void> }> {
	const { security = 'tls' } = options;
	const transport =
		options.transport ??
		(await (security === 'tls'
			? connectTls(address, cancellation)
			: connectTcp(address, cancellation)));
	if (cancellation.aborted) {
		transport.destroy();
		throw cancellation.reason;
	}
	const session = new Session(transport, {
		limits: { ...defaultLimits, ...options.limits },
		timeouts,
		trace: options.trace,
		tlsRequired: security === 'starttls',
		clearTextAllowed: options.allowClearText === true || LOOPBACK.test(address.host),
		unsolicited: options.onUnsolicited,
	});
	const abandon = (): void => session.destroy(cancelledError(cancellation.reason));
	cancellation.addEventListener('abort', abandon);
	const forget = (): void => cancellation.removeEventListener('abort', abandon);
	let loggedIn: Promise<void> | undefined;
	try {
		if (transport.secure || options.transport) await session.start();
		else await clearTextGreeting(session, address, cancellation);
		if (security === 'starttls' && !session.secure) await secure(session);
		if (session.closedBy) throw session.closedBy;
		const { auth } = options;
		if (auth && session.state !== 'not authenticated') checkPreauth(options, auth);
		if (!session.capabilitiesKnown) await session.run(capability());
		if (auth && session.state === 'not authenticated') {
			const expected = options.expectedCapabilities;
			if (expected)
				({ loggedIn } = await beginLogin(session, auth, address, expected, cancellation));
			else await logIn(session, auth, address);
		}
		return { session, loggedIn };
	} catch (error) {
		session.destroy();
		throw error;
	} finally {
		if (loggedIn) loggedIn.then(forget, forget);
		else forget();
	}
}

/** @returns what the login comes to, as soon as commands may follow it */
async function beginLogin(
	session: Session,
	auth: Credentials,
	address: Address,
	capabilities: Iterable<string>,
	cancellation: AbortSource,
): Promise<{ loggedIn: Promise<void> | undefined }> {
	let loggedIn: Promise<void> | undefined;
	await new Promise<void>((sent, failed) => {
		loggedIn = logIn(session, auth, address, { capabilities, sent }).catch((error: Error) => {
			throw cancellation.aborted ? (cancellation.reason as Error) : error;
		});
		loggedIn.catch((error: Error) => {
			failed(error);
			session.destroy(loginFailedError(error));
		});
	});
	return { loggedIn };
}

/**
 * A server that greets with PREAUTH has chosen the user itself (RFC 9051 §7.1.4).
 * @throws Imap4AbortError PROTOCOL where that may be another user than the one to log in
 */
function checkPreauth({ tls, transport }: ConnectOptions, { actAs }: Credentials): void {
	if (actAs) {
		throw new Imap4AbortError(
			'PROTOCOL',
			'The server greets with PREAUTH: it has chosen the user itself, so acting as another user is not possible',
		);
	}
	// Over a tunnel, or by a client certificate, the server can know who it is.
	if (transport || tls?.cert) return;
	throw new Imap4AbortError(
		'PROTOCOL',
		'The server greets with PREAUTH: it has chosen the user itself and does not check this login. Connect without a login if that is intended',
	);
}

/** A server that expects TLS sends nothing first; find out instead of waiting for the timeout. */
async function clearTextGreeting(
	session: Session,
	address: SocketOptions,
	cancellation: AbortSource,
): Promise<void> {
	const greeted = session.start();
	const watchdog = new Watchdog(() => {
		void speaksTls(address, cancellation).then((tls) => {
			if (!tls) return;
			session.destroy(
				new Imap4AbortError(
					'CLEAR_TEXT_EXPECTED',
					`${address.host}:${address.port} speaks TLS from the first byte, not clear text`,
				),
			);
		});
	});
	watchdog.set(SUSPICION);
	try {
		await greeted;
	} finally {
		watchdog.stop();
	}
}

/** STARTTLS or nothing: never go on in clear text (RFC 8314 §5.1). */
async function secure(session: Session): Promise<void> {
	if (session.closedBy) throw session.closedBy;
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
