import { Imap4Error } from '../errors';
import type { Trace } from './trace';
import type { UntaggedResponse } from '../grammar/response';
import type { ConnectSocket, Lookup } from '../transport/socket';
import type { TlsOptions } from '../transport/tls-options';
import type { Transport } from '../transport/transport';
import type { Limits } from '../wire/limits';

/** `tls` from the first byte; `starttls` before anything secret; `none` for clear text. */
export type Security = 'tls' | 'starttls' | 'none';

/** The LOGIN command, or a SASL mechanism. */
export type LoginMechanism =
	| 'LOGIN command'
	| 'SCRAM-SHA-256-PLUS'
	| 'SCRAM-SHA-256'
	| 'SCRAM-SHA-1-PLUS'
	| 'SCRAM-SHA-1'
	| 'CRAM-MD5'
	| 'PLAIN'
	| 'LOGIN'
	| 'XOAUTH2'
	| 'OAUTHBEARER'
	| 'EXTERNAL';

/** Who logs in, and with what: a password, an OAuth 2.0 access token, or neither (EXTERNAL). */
export interface Credentials {
	/** The name to log in with. */
	user: string;
	/** Sent only by mechanisms that need it; SCRAM and CRAM-MD5 prove that it is known. */
	password?: string;
	/** An OAuth 2.0 access token, for XOAUTH2 and OAUTHBEARER. */
	accessToken?: string;
	/** SASL authorization identity: act as this user (RFC 4616), where the server lets `user` do so. */
	actAs?: string;
	/** Demand this way to log in; the strongest on offer by default. */
	mechanism?: LoginMechanism;
}

/** Milliseconds; each must be above 0. Infinity waits for ever. */
export interface Timeouts {
	/** Name resolution, TCP and TLS. */
	connect: number;
	/** From the open connection to the server's greeting. */
	greeting: number;
	/** Without progress while a command waits for its answer. */
	command: number;
	/**
	 * From the call of `connect` until the session is ready: name resolution, TCP, TLS, greeting and
	 * login together. Nothing that the server sends meanwhile puts it off. By default the sum of the
	 * other three.
	 */
	ready: number;
}

const defaultTimeouts = { connect: 30_000, greeting: 30_000, command: 60_000 };

/** @throws Imap4Error ARGUMENT for a timeout that is not above 0 */
export function timeoutsOf(given: Partial<Timeouts> = {}): Timeouts {
	const timeouts = { ...defaultTimeouts, ...given };
	const { connect, greeting, command, ready = connect + greeting + command } = timeouts;
	const all = { connect, greeting, command, ready };
	for (const [name, value] of Object.entries(all)) {
		if (!(value > 0)) throw new Imap4Error('ARGUMENT', `The timeout "${name}" must be above 0`);
	}
	return all;
}

/** Where to connect to, and how. */
export interface ConnectOptions {
	/** Name or address; localhost by default. */
	host?: string;
	/** 993 with TLS, else 143, by default. */
	port?: number;
	/** `tls` by default. */
	security?: Security;
	/** How the server proves who it is. Its certificate is verified by default. */
	tls?: TlsOptions;
	/**
	 * Sends OAuth tokens, and acts as another user by PROXYAUTH, even over a connection without TLS to
	 * a host other than this one. Anyone on the network path can read and use them. False by default.
	 */
	allowClearText?: boolean;
	/** Without it the session stays in the state "not authenticated", unless the server says PREAUTH. */
	auth?: Credentials;
	/**
	 * Capabilities that this server listed after an earlier login of the same account. With them,
	 * `connect` waits only until the login can be sent: commands that read (open, list, status, noop)
	 * go out in the same round trip, and `loggedIn` reports how the login ended. If it failed, so did
	 * they, and the connection is closed. Some servers lose what comes with a login; then a command
	 * fails with TIMEOUT ten seconds later.
	 */
	expectedCapabilities?: Iterable<string>;
	/** Each of them has a default: see {@link Timeouts}. */
	timeouts?: Partial<Timeouts>;
	/** Ends `connect` at once, in whatever it is doing; the connection is closed. */
	signal?: AbortSignal;
	/** Each of them has a default: see {@link defaultLimits}. */
	limits?: Partial<Limits>;
	/** Resolves the host name; e.g. one that refuses private addresses. */
	lookup?: Lookup;
	/**
	 * The proxy to connect through, which resolves the host name: `socks5://user:password@host:1080`, or
	 * `http://` or `https://` for one with HTTP CONNECT.
	 */
	proxy?: string;
	/** Opens the TCP connection in the caller's own way; TLS, where asked for, runs on top of it. */
	connectSocket?: ConnectSocket;
	/** A connection that is open already, in place of host and port. */
	transport?: Transport;
	/** Is called with every line sent and received, secrets redacted. */
	trace?: Trace;
	/** Is called with responses that no command asked for: new messages, expunges, changed flags, alerts. */
	onUnsolicited?: (response: UntaggedResponse) => void;
}
