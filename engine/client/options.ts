import type { Trace } from './trace';
import type { UntaggedResponse } from '../grammar/response';
import type { Lookup } from '../transport/socket';
import type { TlsOptions } from '../transport/tls-options';
import type { Transport } from '../transport/transport';
import type { Limits } from '../wire/limits';

/** `tls` from the first octet; `starttls` before anything secret; `none` for clear text. */
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
	user: string;
	password?: string;
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
}

export const defaultTimeouts: Timeouts = { connect: 30_000, greeting: 30_000, command: 60_000 };

export interface ConnectOptions {
	/** Name or address; localhost by default. */
	host?: string;
	/** 993 with TLS, else 143, by default. */
	port?: number;
	/** `tls` by default. */
	security?: Security;
	tls?: TlsOptions;
	/** Without it the session stays in the state "not authenticated", unless the server says PREAUTH. */
	auth?: Credentials;
	timeouts?: Partial<Timeouts>;
	limits?: Partial<Limits>;
	/** Resolves the host name; e.g. one that refuses private addresses. */
	lookup?: Lookup;
	/** A connection that is open already, in place of host and port. */
	transport?: Transport;
	/** Told of every line sent and received, secrets blotted out. */
	trace?: Trace;
	/** Told of responses that no command asked for: new messages, expunges, changed flags, alerts. */
	onUnsolicited?: (response: UntaggedResponse) => void;
}
