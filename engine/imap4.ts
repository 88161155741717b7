import type { Capabilities, ProtocolVersion } from './capabilities';
import type { State } from './command';
import { store } from './commands/flags/store';
import type { StoreAction, StoreOptions, StoreResult } from './commands/flags/store';
import { check } from './commands/mailbox/check';
import { close, unselect } from './commands/mailbox/close';
import { create } from './commands/mailbox/create';
import { deleteMailbox } from './commands/mailbox/delete';
import type { Expunged } from './commands/mailbox/expunge';
import { expunge } from './commands/mailbox/expunge';
import type { ListOptions } from './commands/mailbox/list';
import { list, lsub } from './commands/mailbox/list';
import { rename } from './commands/mailbox/rename';
import { select } from './commands/mailbox/select';
import { status } from './commands/mailbox/status';
import { subscribe } from './commands/mailbox/subscribe';
import { unsubscribe } from './commands/mailbox/unsubscribe';
import type { Appended, AppendOptions } from './commands/message/append';
import { append } from './commands/message/append';
import type { MessageSource } from './commands/message/append-source';
import { literalOf } from './commands/message/append-source';
import type { Copied } from './commands/message/copy';
import { copy, merged } from './commands/message/copy';
import type { FetchItems } from './commands/message/fetch';
import { fetch } from './commands/message/fetch';
import { FetchedMessages } from './commands/message/fetched-messages';
import type { Moved } from './commands/message/move';
import { moveMessages } from './commands/message/move';
import { search } from './commands/message/search';
import { namespace } from './commands/namespace/namespace';
import { capability } from './commands/session/capability';
import { enable } from './commands/session/enable';
import type { IdFields } from './commands/session/id';
import { id } from './commands/session/id';
import { logout } from './commands/session/logout';
import { noop } from './commands/session/noop';
import { connect, logIn, runMechanism } from './connect';
import type { Imap4AbortError } from './errors';
import { Imap4Error } from './errors';
import type { MailboxEntry } from './grammar/list';
import type { Namespaces } from './grammar/namespace';
import type { StatusResponse } from './grammar/response';
import type { SearchQuery } from './grammar/search-key';
import type { SequenceSetLike } from './grammar/sequence-set';
import { SequenceSet } from './grammar/sequence-set';
import type { MailboxStatus, StatusItem } from './grammar/status';
import type { SelectedMailbox } from './mailbox';
import type { ConnectOptions, Credentials } from './options';
import type { Responder } from './sasl/mechanism';
import type { Session } from './session';

/** How a set of messages is meant: as UIDs, or (the default) as sequence numbers. */
export interface ByUid {
	uid?: boolean;
}

/**
 * An IMAP4 session: one method per command. Commands may be issued at any time, without waiting
 * for one another; they are sent as early as RFC 9051 §5.5 allows and fail or succeed each for
 * itself.
 *
 * Every method can throw, beside what it says itself: `Imap4Error` of code NO or BAD (the server
 * refused), STATE, ARGUMENT or CAPABILITY (nothing was sent); `Imap4AbortError` when the
 * connection is lost, after which this object is of no further use.
 */
export class Imap4 implements AsyncDisposable {
	private constructor(private readonly session: Session) {}

	/**
	 * Connects, secures the connection, logs in, and knows the server's capabilities.
	 * @throws Imap4AbortError HOST_NOT_FOUND, CONNECTION_REFUSED, CONNECTION_FAILED, TIMEOUT,
	 * TLS_CERTIFICATE, TLS_EXPECTED, CLEAR_TEXT_EXPECTED, TLS_FAILED, STARTTLS, BYE, PROTOCOL
	 * @throws Imap4Error AUTHENTICATION_FAILED, LOGIN_DISABLED, CAPABILITY, ARGUMENT
	 */
	static async connect(options: ConnectOptions): Promise<Imap4> {
		return new Imap4(await connect(options));
	}

	/** RFC 9051 §3 */
	get state(): State {
		return this.session.state;
	}

	get capabilities(): Capabilities {
		return this.session.capabilities;
	}

	get protocolVersion(): ProtocolVersion {
		return this.session.capabilities.version;
	}

	/** The server's greeting; forgotten after STARTTLS, since anyone could have written it. */
	get greeting(): StatusResponse | undefined {
		return this.session.greeting;
	}

	/** Whether nobody on the way can read along. */
	get secure(): boolean {
		return this.session.secure;
	}

	/** Whether UTF8=ACCEPT or IMAP4rev2 is enabled: `* ENABLED` has said so. */
	get utf8Enabled(): boolean {
		return this.session.names.utf8;
	}

	/** The selected mailbox, kept up to date by the server's news; undefined if none is selected. */
	get mailbox(): Readonly<SelectedMailbox> | undefined {
		return this.session.mailbox;
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

	// Session

	/** CAPABILITY (RFC 9051 §6.1.1): asks anew. */
	capability(): Promise<Capabilities> {
		return this.session.run(capability());
	}

	/** NOOP (RFC 9051 §6.1.2) */
	noop(): Promise<void> {
		return this.session.run(noop());
	}

	/** ID (RFC 2971). @returns what the server tells of itself; null where it has no ID or tells nothing */
	async id(fields: IdFields | null = null): Promise<IdFields | null> {
		return this.capabilities.has('ID') ? await this.session.run(id(fields)) : null;
	}

	/** STARTTLS (RFC 9051 §6.2.1), for a session opened in clear text. Failing, it ends the session. */
	async startTls(): Promise<void> {
		if (this.session.secure) throw new Imap4Error('STATE', 'The connection is encrypted already');
		if (!this.capabilities.has('STARTTLS')) {
			throw new Imap4Error('CAPABILITY', 'The server does not offer STARTTLS');
		}
		await this.session.startTls();
		await this.capability();
	}

	/** Logs in the best way on offer. @throws Imap4Error AUTHENTICATION_FAILED, LOGIN_DISABLED */
	login(user: string, password: string): Promise<void> {
		return logIn(this.session, { user, password });
	}

	/**
	 * AUTHENTICATE (RFC 9051 §6.2.2) with a mechanism of the caller's.
	 * @param respond called for each challenge; for one where the client speaks first, at once
	 * @throws Imap4Error AUTHENTICATION_FAILED, CAPABILITY
	 */
	async authenticate(mechanism: string, respond: Responder, options: { clientFirst?: boolean } = {}): Promise<void> {
		const name = mechanism.toUpperCase();
		if (!this.capabilities.mechanisms.includes(name)) {
			throw new Imap4Error('CAPABILITY', `The server does not offer the login mechanism ${mechanism}`);
		}
		await runMechanism(this.session, { name, clientFirst: options.clientFirst ?? false, respond });
		if (!this.session.capabilitiesKnown) await this.capability();
	}

	/** Logs in with given credentials, as {@link connect} does. */
	logIn(credentials: Credentials): Promise<void> {
		return logIn(this.session, credentials);
	}

	/** ENABLE (RFC 9051 §6.3.1). @returns what the server confirmed, in upper case */
	enable(...capabilities: string[]): Promise<string[]> {
		return this.session.run(enable(capabilities));
	}

	/** LOGOUT (RFC 9051 §6.1.3). Never fails: a connection that is gone is logged out. @returns the server's words */
	async logout(): Promise<string> {
		if (this.session.closedBy) return '';
		const text = await this.session.run(logout());
		this.session.destroy();
		return text;
	}

	/** Closes the connection at once. Commands under way fail with code CLOSED. */
	destroy(): void {
		this.session.destroy();
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.logout();
	}

	// Mailboxes

	/**
	 * SELECT, or EXAMINE if `readOnly` (RFC 9051 §6.3.2). After NO or BAD no mailbox is selected.
	 * @returns the mailbox as it is now; {@link mailbox} follows its changes
	 * @throws Imap4ReadonlyError if it can only be read and `readOnly` was not asked for; it is selected then
	 */
	select(mailbox = 'INBOX', { readOnly = false } = {}): Promise<SelectedMailbox> {
		return this.session.run(select(mailbox, readOnly));
	}

	/** EXAMINE (RFC 9051 §6.3.3) */
	examine(mailbox = 'INBOX'): Promise<SelectedMailbox> {
		return this.select(mailbox, { readOnly: true });
	}

	/** CREATE (RFC 9051 §6.3.4). @param options.specialUse e.g. `['\\Archive']`; needs CREATE-SPECIAL-USE */
	create(mailbox: string, options: { specialUse?: readonly string[] } = {}): Promise<void> {
		return this.session.run(create(mailbox, options.specialUse));
	}

	/** DELETE (RFC 9051 §6.3.5): the mailbox and all messages in it. */
	delete(mailbox: string): Promise<void> {
		return this.session.run(deleteMailbox(mailbox));
	}

	/** RENAME (RFC 9051 §6.3.6) */
	rename(from: string, to: string): Promise<void> {
		return this.session.run(rename(from, to));
	}

	/** SUBSCRIBE (RFC 9051 §6.3.7) */
	subscribe(mailbox: string): Promise<void> {
		return this.session.run(subscribe(mailbox));
	}

	/** UNSUBSCRIBE (RFC 9051 §6.3.8) */
	unsubscribe(mailbox: string): Promise<void> {
		return this.session.run(unsubscribe(mailbox));
	}

	/**
	 * LIST (RFC 9051 §6.3.9). With `status`, each mailbox comes with these figures: in the same
	 * answer where LIST-STATUS is offered, else by one STATUS each, sent at once.
	 * @param pattern `%` stands for anything within a level, `*` for anything; several need LIST-EXTENDED
	 */
	async list(
		reference = '',
		pattern: string | readonly string[] = '*',
		options: ListOptions = {},
	): Promise<MailboxEntry[]> {
		const patterns = [pattern].flat();
		const { status: items = [], ...rest } = options;
		if (items.length === 0) return this.session.run(list(reference, patterns, rest));
		if (this.capabilities.has('LIST-STATUS')) return this.session.run(list(reference, patterns, options));
		const entries = await this.session.run(list(reference, patterns, rest));
		const selectable = entries.filter(
			({ attributes }) => !attributes.some((one) => /^\\(noselect|nonexistent)$/i.test(one)),
		);
		await Promise.all(
			selectable.map(async (entry) => {
				entry.status = await this.status(entry.name, items);
			}),
		);
		return entries;
	}

	/** LSUB (RFC 3501 §6.3.9): the subscribed mailboxes; on IMAP4rev2, which has no LSUB, by LIST. */
	lsub(reference = '', pattern = '*'): Promise<MailboxEntry[]> {
		return this.session.run(
			this.protocolVersion === 'IMAP4rev2'
				? list(reference, [pattern], { subscribed: true })
				: lsub(reference, pattern),
		);
	}

	/** STATUS (RFC 9051 §6.3.11). Some items need a capability: `size` STATUS=SIZE, `highestModSeq` CONDSTORE … */
	status(mailbox: string, items: readonly StatusItem[]): Promise<MailboxStatus> {
		return this.session.run(status(mailbox, items));
	}

	/** NAMESPACE (RFC 9051 §6.3.10) */
	namespace(): Promise<Namespaces> {
		return this.session.run(namespace());
	}

	/** CHECK (RFC 3501 §6.4.1); NOOP on IMAP4rev2, where CHECK is gone (RFC 9051 appendix E). */
	check(): Promise<void> {
		return this.session.run(this.protocolVersion === 'IMAP4rev2' ? noop() : check());
	}

	/** CLOSE (RFC 9051 §6.4.1): removes \Deleted messages, unless read-only. */
	close(): Promise<void> {
		return this.session.run(close());
	}

	/** UNSELECT (RFC 9051 §6.4.2): removes nothing. */
	unselect(): Promise<void> {
		return this.session.run(unselect());
	}

	/**
	 * EXPUNGE (RFC 9051 §6.4.3): all \Deleted messages, or only those among the UIDs given, which
	 * needs UIDPLUS.
	 */
	async expunge(options: { uid?: SequenceSetLike } = {}): Promise<Expunged> {
		if (options.uid === undefined) return this.session.run(expunge());
		const parts = await this.inParts(options.uid, (part) => this.session.run(expunge(part)));
		return {
			sequenceNumbers: parts.flatMap((part) => part.sequenceNumbers),
			uids: parts.every((part) => part.uids === undefined)
				? undefined
				: SequenceSet.from(parts.map((part) => part.uids?.toString()).filter(Boolean).join(',')),
		};
	}

	// Messages

	/**
	 * APPEND (RFC 9051 §6.3.12).
	 * @param message octets, text, or a stream. Bare CR and LF become CRLF, except in a stream of given `size`,
	 * which is sent as it is while it is read; a stream without size is read into memory first.
	 * @returns where the message is, if the server says so (UIDPLUS)
	 */
	async append(
		mailbox: string,
		message: MessageSource,
		options: AppendOptions & { size?: number } = {},
	): Promise<Appended | undefined> {
		const octets = literalOf(message, options.size);
		return this.session.run(append(mailbox, octets instanceof Promise ? await octets : octets, options));
	}

	/**
	 * SEARCH, or UID SEARCH (RFC 9051 §6.4.4).
	 * @returns sequence numbers, or UIDs, as the server sent them: mostly ascending; empty if nothing was found
	 */
	search(query: SearchQuery, { uid = false }: ByUid = {}): Promise<number[]> {
		return this.session.run(search(query, uid, this.capabilities.has('ESEARCH'), this.utf8Enabled));
	}

	/**
	 * FETCH, or UID FETCH (RFC 9051 §6.4.5). It is sent when the result is iterated.
	 * @throws Imap4Error ARGUMENT at once
	 */
	fetch(set: SequenceSetLike, items: FetchItems, { uid = false }: ByUid = {}): FetchedMessages {
		const parts = SequenceSet.from(set).split();
		// Made here as well, so that a wrong argument is told to whoever gave it.
		fetch(parts[0] as SequenceSet, items, uid, { message: () => undefined });
		return new FetchedMessages(async (sink) => {
			await Promise.all(parts.map((part) => this.session.run(fetch(part, items, uid, sink))));
		});
	}

	/**
	 * STORE, or UID STORE (RFC 9051 §6.4.6).
	 * @returns the flags the server told, and with `unchangedSince` which messages had changed
	 */
	async store(
		set: SequenceSetLike,
		action: StoreAction,
		flags: readonly string[],
		{ uid = false, ...options }: ByUid & StoreOptions = {},
	): Promise<StoreResult> {
		const parts = await this.inParts(set, (part) => this.session.run(store(part, action, flags, uid, options)));
		const modified = parts.flatMap((part) => part.modified?.toString() ?? []);
		return {
			messages: parts.flatMap((part) => part.messages),
			modified: modified.length > 0 ? SequenceSet.from(modified.join(',')) : undefined,
		};
	}

	/**
	 * COPY, or UID COPY (RFC 9051 §6.4.7).
	 * @returns where the copies are, if the server says so (UIDPLUS)
	 */
	async copy(set: SequenceSetLike, mailbox: string, { uid = false }: ByUid = {}): Promise<Copied | undefined> {
		return merged(await this.inParts(set, (part) => this.session.run(copy(part, mailbox, uid))));
	}

	/**
	 * MOVE, or UID MOVE (RFC 9051 §6.4.8). Without MOVE: COPY, STORE \Deleted and, with UIDPLUS,
	 * UID EXPUNGE of just these messages; `via` tells which way ran.
	 */
	move(set: SequenceSetLike, mailbox: string, { uid = false }: ByUid = {}): Promise<Moved> {
		return moveMessages(this.session, SequenceSet.from(set), mailbox, uid);
	}

	/** Runs one command for a set, or several at once where the set is too long for a command line. */
	private inParts<Result>(set: SequenceSetLike, run: (part: SequenceSet) => Promise<Result>): Promise<Result[]> {
		return Promise.all(SequenceSet.from(set).split().map(run));
	}
}
