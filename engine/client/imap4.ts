import type { State } from '../commands/command';
import { connect } from './connect';
import type { Imap4AbortError } from '../errors';
import type { StatusResponse } from '../grammar/response';
import type { Address } from './authentication';
import type { ConnectOptions } from './options';
import type { Session } from './session';
import { AppendMethods } from './methods/append-methods';

/**
 * An IMAP4 session: one method per command. Those on messages are methods of the mailbox that
 * {@link open} returns. Commands can be issued at any time, without waiting for one another; each is sent
 * as early as RFC 9051 §5.5 allows, and fails or succeeds by itself.
 *
 * Every method takes a `signal` that ends it at once. Besides what its own description names, it can throw
 * `Imap4Error` of code NO or BAD (the server refused it), STATE, ARGUMENT or CAPABILITY (nothing was sent),
 * and `Imap4AbortError` if the connection is lost: then connect again.
 * @example
 * const imap = await Imap4.connect({
 * 	host: 'imap.example.com',
 * 	auth: { user: 'ann@example.com', password: 'secret' },
 * });
 * const mailbox = await imap.open('INBOX');
 * const [unread, lists] = await Promise.all([
 * 	mailbox.search({ seen: false }),
 * 	imap.list(), // sent at once, together with the search
 * ]);
 * await imap.logout();
 */
export class Imap4 extends AppendMethods implements AsyncDisposable {
	/** Use {@link connect}. */
	private constructor(
		session: Session,
		address: Address,
		/**
		 * When the login is accepted: at once, except under `expectedCapabilities`.
		 * @throws as connect
		 */
		readonly loggedIn: Promise<void>,
	) {
		super(session, address);
	}

	/**
	 * Connects, secures the connection, logs in, and learns the server's capabilities.
	 * @throws Imap4AbortError HOST_NOT_FOUND, CONNECTION_REFUSED, CONNECTION_FAILED, TIMEOUT,
	 * TLS_CERTIFICATE, TLS_EXPECTED, CLEAR_TEXT_EXPECTED, TLS_FAILED, STARTTLS, BYE, PROTOCOL
	 * @throws Imap4Error AUTHENTICATION_FAILED, LOGIN_DISABLED, CAPABILITY, ARGUMENT
	 * @example
	 * const imap = await Imap4.connect({
	 * 	host: 'imap.example.com',
	 * 	auth: { user: 'ann@example.com', password: 'secret' },
	 * });
	 * await imap.logout();
	 */
	static async connect(options: ConnectOptions): Promise<Imap4> {
		const { session, address, loggedIn } = await connect(options);
		return new Imap4(session, address, loggedIn);
	}

	/** RFC 9051 §3 */
	get state(): State {
		return this.session.state;
	}

	/** The server's greeting; forgotten after STARTTLS, since anyone could have written it. */
	get greeting(): StatusResponse | undefined {
		return this.session.greeting;
	}

	/** Whether the connection is safe from readers on the network path. */
	get secure(): boolean {
		return this.session.secure;
	}

	/** Why the connection is gone; undefined while it is usable. */
	get closedBy(): Imap4AbortError | undefined {
		return this.session.closedBy;
	}

	/**
	 * Lets the process end although this connection is open.
	 * @example
	 * imap.unref(); // a script that has nothing else to do can end now
	 */
	unref(): void {
		this.session.unref();
	}

	/**
	 * Keeps the process alive while this connection is open, as it does unless {@link unref} was called.
	 * @example
	 * imap.unref();
	 * // A wait during which the process must live on:
	 * imap.ref();
	 */
	ref(): void {
		this.session.ref();
	}

	/** The same as {@link logout}. */
	async [Symbol.asyncDispose](): Promise<void> {
		await this.logout();
	}
}

/** @internal For the compatible API beside this one. */
export const sessionOf = (imap: Imap4): Session => imap['session'];
