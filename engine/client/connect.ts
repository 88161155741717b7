import { capability } from '../commands/session/capability';
import { starttls } from '../commands/session/starttls';
import { Imap4AbortError, Imap4Error } from '../errors';
import type { Address } from './authentication';
import { logIn } from './authentication';
import type { ConnectOptions } from './options';
import { defaultTimeouts } from './options';
import { Session } from './session';
import { Watchdog } from '../transport/clock';
import type { SocketOptions } from '../transport/socket';
import { connectTcp, connectTls, speaksTls } from '../transport/socket';
import { checkTlsOptions } from '../transport/tls-options';
import type { Transport } from '../transport/transport';
import { defaultLimits } from '../wire/limits';

/** After so many milliseconds without a greeting it is worth asking whether the port speaks TLS. */
const SUSPICION = 3000;

/**
 * Opens a connection, secures it as asked, and logs in. On any failure nothing stays open.
 * @throws Imap4AbortError if there is no usable connection; Imap4Error if the login is refused or
 * an option is wrong
 */
export async function connect(
	options: ConnectOptions,
): Promise<{ session: Session; address: Address }> {
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
	if (security !== 'none') checkTlsOptions(address.tls);
	const transport =
		options.transport ?? (await (security === 'tls' ? connectTls(address) : connectTcp(address)));
	const opened = Session.open(transport, {
		limits: { ...defaultLimits, ...options.limits },
		timeouts,
		trace: options.trace,
		tlsRequired: security === 'starttls',
		unsolicited: options.onUnsolicited,
	});
	const session = await (transport.secure || options.transport
		? opened
		: clearTextGreeting(opened, transport, address));
	try {
		if (security === 'starttls' && !session.secure) await secure(session);
		if (!session.capabilitiesKnown) await session.run(capability());
		if (options.auth && session.state === 'not authenticated') {
			await logIn(session, options.auth, address);
		} else if (options.auth?.actAs) {
			throw new Imap4AbortError(
				'PROTOCOL',
				'The server greets with PREAUTH: it has chosen the user itself, so acting as another is not possible',
			);
		}
		return { session, address };
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
