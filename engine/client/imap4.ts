import type { State } from '../commands/command';
import { connect } from './connect';
import type { Imap4AbortError } from '../errors';
import type { StatusResponse } from '../grammar/response';
import type { Address } from './authentication';
import type { ConnectOptions } from './options';
import type { Session } from './session';
import { AppendMethods } from './methods/append-methods';

/**
 * An IMAP4 session: one method per command, those on messages on the mailbox that {@link open} returns. Commands may be issued at any time, without waiting
 * for one another; they are sent as early as RFC 9051 §5.5 allows and fail or succeed each for
 * itself.
 *
 * Every method takes a `signal` that ends it at once. It can throw, besides what it says itself: `Imap4Error` of code NO or BAD (the server
 * refused), STATE, ARGUMENT or CAPABILITY (nothing was sent); `Imap4AbortError` when the
 * connection is lost, after which this object is of no further use.
 */
export class Imap4 extends AppendMethods implements AsyncDisposable {
	/** Use {@link connect}. */
	private constructor(session: Session, address: Address) {
		super(session, address);
	}

	/**
	 * Connects, secures the connection, logs in, and knows the server's capabilities.
	 * @throws Imap4AbortError HOST_NOT_FOUND, CONNECTION_REFUSED, CONNECTION_FAILED, TIMEOUT,
	 * TLS_CERTIFICATE, TLS_EXPECTED, CLEAR_TEXT_EXPECTED, TLS_FAILED, STARTTLS, BYE, PROTOCOL
	 * @throws Imap4Error AUTHENTICATION_FAILED, LOGIN_DISABLED, CAPABILITY, ARGUMENT
	 */
	static async connect(options: ConnectOptions): Promise<Imap4> {
		const { session, address } = await connect(options);
		return new Imap4(session, address);
	}

	/** RFC 9051 §3 */
	get state(): State {
		return this.session.state;
	}

	/** The server's greeting; forgotten after STARTTLS, since anyone could have written it. */
	get greeting(): StatusResponse | undefined {
		return this.session.greeting;
	}

	/** Whether nobody on the way can read along. */
	get secure(): boolean {
		return this.session.secure;
	}

	/** Why the connection is gone; undefined while it is usable. */
	get closedBy(): Imap4AbortError | undefined {
		return this.session.closedBy;
	}

	/** Lets the process end although this connection is open. */
	unref(): void {
		this.session.unref();
	}

	ref(): void {
		this.session.ref();
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.logout();
	}
}

/** @internal For the compatible API beside this one. */
export const sessionOf = (imap: Imap4): Session => imap['session'];
