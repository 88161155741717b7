/**
 * Python's imaplib, name by name: the same classes, methods and results, as typed values. For programs
 * that come from there, and for the proof that nothing is missing (`npm run parity`). New programs use
 * {@link Imap4}, on which this is built.
 *
 * As in imaplib, commands on messages take sequence numbers, and `uid()` has their UID forms.
 * @module imap4-engine/imaplib
 */
import { Imap4, sessionOf } from './client/imap4';
import { storeIn, UID_FORMS } from './imaplib-uid';
import type { Criteria, MessageSetText } from './imaplib-arguments';
import {
	checkSearchCharset,
	flagsOf,
	queryOf,
	sortCriteriaOf,
	statusItemsOf,
} from './imaplib-arguments';
import type { ConnectOptions } from './client/options';
import type { Idler } from './client/idler';
import type { MessageCommands } from './client/messages';
import type { Annotation } from './grammar/annotation';
import type { AccessEntry } from './grammar/acl';
import type { FetchedMessage } from './grammar/fetch';
import type { MailboxEntry } from './grammar/list';
import type { SequenceNumber } from './grammar/message-number';
import { SequenceSet } from './grammar/message-set';
import type { Namespaces } from './grammar/namespace';
import type { MailboxQuota } from './commands/quota/get-quota-root';
import type { Quota } from './grammar/quota';
import type { SortCriterion } from './grammar/sort-key';
import type { MailboxStatus, StatusItem } from './grammar/status';
import type { Thread } from './grammar/thread';
import type { SelectedMailbox } from './commands/selected-mailbox';
import type { Appended } from './commands/message/append';
import type { MessageSource } from './commands/message/append-source';
import type { Copied } from './commands/message/copy';
import type { FetchItems } from './commands/message/fetch-items';
import { fetchItemsOf } from './commands/message/fetch-text';
import type { Moved } from './commands/message/move';
import { partial, partialSection } from './commands/message/partial';
import type { ThreadAlgorithm } from './commands/message/thread';
import type { Argument } from './commands/session/xatom';
import type { ProtocolVersion } from './grammar/capabilities';
import type { ProcessOptions } from './transport/child-process';
import { startProcess } from './transport/child-process';
import type { Responder } from './auth/mechanism';
import { Imap4AbortError, Imap4Error, Imap4ReadonlyError } from './errors';

export type { Criteria, MessageSetText } from './imaplib-arguments';
export { Imap4Error as error, Imap4AbortError as abort, Imap4ReadonlyError as readonly };
export { parseFlags as ParseFlags } from './grammar/flags';
export { intToAp as Int2AP } from './ap-number';
export {
	formatInternalDate as Time2Internaldate,
	parseInternalDate as Internaldate2tuple,
} from './grammar/internal-date';

/** What a command came to: OK with its data, or NO with the server's words. BAD is thrown. */
export type Answer<Data> = [type: 'OK', data: Data] | [type: 'NO', data: [text: string]];

/** imaplib's names of the states. */
export type StateName = 'NONAUTH' | 'AUTH' | 'SELECTED' | 'LOGOUT';

const STATES = {
	'not authenticated': 'NONAUTH',
	authenticated: 'AUTH',
	selected: 'SELECTED',
	logout: 'LOGOUT',
} as const;

/** imaplib.IMAP4: clear text, port 143 by default. */
export class IMAP4 implements AsyncDisposable {
	/** The errors, as imaplib has them on the class. */
	static readonly error = Imap4Error;
	/** The class of errors that end the connection. */
	static readonly abort = Imap4AbortError;
	/** The class of errors about a mailbox that can only be read. */
	static readonly readonly = Imap4ReadonlyError;

	protected constructor(
		/** The session underneath. */
		readonly imap: Imap4,
	) {}

	/**
	 * imaplib's constructor. Without `auth` the session stays in the state NONAUTH.
	 * @throws error, abort
	 */
	static async connect(options: ConnectOptions = {}): Promise<IMAP4> {
		return new IMAP4(await Imap4.connect({ security: 'none', ...options }));
	}

	/** The same over a session that is there already. */
	static over(imap: Imap4): IMAP4 {
		return new IMAP4(imap);
	}

	/** `NONAUTH`, `AUTH`, `SELECTED` or `LOGOUT`. */
	get state(): StateName {
		return STATES[this.imap.state];
	}

	/** In upper case, as the server last sent them. */
	get capabilities(): readonly string[] {
		return [...this.imap.capabilities];
	}

	/** The version of the protocol that is spoken now. */
	get PROTOCOL_VERSION(): ProtocolVersion {
		return this.imap.protocolVersion;
	}

	/** Whether UTF8=ACCEPT or IMAP4rev2 is enabled. */
	get utf8_enabled(): boolean {
		return this.imap.utf8Enabled;
	}

	/** The text of the greeting. */
	get welcome(): string | undefined {
		return this.imap.greeting?.text;
	}

	/** APPEND. Without a mailbox it is INBOX. @param flags `(\Seen)`, or the flags themselves */
	append(
		mailbox: string | null,
		flags: string | readonly string[] | null,
		date: Date | null,
		message: MessageSource,
	): Promise<Answer<Appended | undefined>> {
		return answer(
			this.imap.append(mailbox ?? 'INBOX', message, {
				flags: flagsOf(flags ?? []),
				...(date ? { date } : {}),
			}),
		);
	}

	/** AUTHENTICATE. @param authobject gets each challenge decoded; undefined cancels */
	async authenticate(mechanism: string, authobject: Responder): Promise<Answer<[]>> {
		await this.imap.authenticate(mechanism, authobject);
		return ['OK', []];
	}

	/** CAPABILITY */
	capability(): Promise<Answer<readonly string[]>> {
		return answer(this.imap.capability().then((capabilities) => [...capabilities]));
	}

	/** CHECK */
	check(): Promise<Answer<void>> {
		return this.onMailbox((mailbox) => mailbox.check());
	}

	/** CLOSE: removes the messages with \Deleted. */
	close(): Promise<Answer<void>> {
		return this.onMailbox((mailbox) => mailbox.close({ expunge: true }));
	}

	/** COPY */
	copy(message_set: MessageSetText, new_mailbox: string): Promise<Answer<Copied | undefined>> {
		return this.onMessages((messages) => messages.copy(SequenceSet.from(message_set), new_mailbox));
	}

	/** CREATE */
	create(mailbox: string): Promise<Answer<void>> {
		return answer(this.imap.createMailbox(mailbox));
	}

	/** DELETE */
	delete(mailbox: string): Promise<Answer<void>> {
		return answer(this.imap.deleteMailbox(mailbox));
	}

	/** DELETEACL */
	deleteacl(mailbox: string, who: string): Promise<Answer<void>> {
		return answer(this.imap.deleteAcl(mailbox, who));
	}

	/** ENABLE. @returns what the server confirmed */
	enable(capability: string): Promise<Answer<readonly string[]>> {
		return answer(this.imap.enable(capability.split(' ')));
	}

	/** EXPUNGE. @returns the numbers in the order received */
	expunge(): Promise<Answer<readonly number[]>> {
		return this.onMailbox(async (mailbox) => {
			const { sequenceNumbers, uids } = await mailbox.expunge();
			return uids ? uids.toArray() : sequenceNumbers;
		});
	}

	/** FETCH. @param message_parts `(FLAGS BODY.PEEK[TEXT])`, or items as values */
	fetch(
		message_set: MessageSetText,
		message_parts: string | FetchItems,
	): Promise<Answer<FetchedMessage[]>> {
		return this.onMessages((messages) =>
			messages.fetch(SequenceSet.from(message_set), fetchItemsOf(message_parts)).all(),
		);
	}

	/** GETACL */
	getacl(mailbox: string): Promise<Answer<AccessEntry[]>> {
		return answer(this.imap.getAcl(mailbox));
	}

	/** GETANNOTATION */
	getannotation(mailbox: string, entry: string, attribute: string): Promise<Answer<Annotation[]>> {
		return answer(this.imap.getAnnotation(mailbox, entry, attribute));
	}

	/** GETQUOTA */
	getquota(root: string): Promise<Answer<Quota>> {
		return answer(this.imap.getQuota(root));
	}

	/** GETQUOTAROOT */
	getquotaroot(mailbox: string): Promise<Answer<MailboxQuota>> {
		return answer(this.imap.getQuotaRoot(mailbox));
	}

	/** IDLE, as an iterator of what the server reports. @param duration in seconds */
	idle(duration = Infinity): Idler {
		return this.imap.idle({ duration: duration * 1000 });
	}

	/** LIST */
	list(directory = '', pattern = '*'): Promise<Answer<MailboxEntry[]>> {
		return answer(this.imap.list(directory, pattern));
	}

	/** LOGIN. @throws error if it is refused, as imaplib does */
	async login(user: string, password: string): Promise<Answer<[]>> {
		await this.imap.login(user, password);
		return ['OK', []];
	}

	/** AUTHENTICATE CRAM-MD5. @throws error if it is refused */
	async login_cram_md5(user: string, password: string): Promise<Answer<[]>> {
		await this.imap.logIn({ user, password, mechanism: 'CRAM-MD5' });
		return ['OK', []];
	}

	/** LOGOUT. @returns the text of BYE */
	async logout(): Promise<['BYE', [text: string]]> {
		return ['BYE', [await this.imap.logout()]];
	}

	/** LSUB */
	lsub(directory = '', pattern = '*'): Promise<Answer<MailboxEntry[]>> {
		return answer(this.imap.lsub(directory, pattern));
	}

	/** MOVE */
	move(message_set: MessageSetText, new_mailbox: string): Promise<Answer<Moved>> {
		return this.onMessages((messages) => messages.move(SequenceSet.from(message_set), new_mailbox));
	}

	/** MYRIGHTS */
	myrights(mailbox: string): Promise<Answer<string>> {
		return answer(this.imap.myRights(mailbox));
	}

	/** NAMESPACE */
	namespace(): Promise<Answer<Namespaces>> {
		return answer(this.imap.namespace());
	}

	/** NOOP */
	noop(): Promise<Answer<void>> {
		return answer(this.imap.noop());
	}

	/**
	 * A piece of a message: PARTIAL on a server from before IMAP4rev1, else `BODY[…]<…>`.
	 * @param message_part `RFC822`, `RFC822.HEADER`, `RFC822.TEXT` or `BODY[…]`
	 * @param start byte to begin with; `length` bytes at most
	 * @returns null if there is no such part
	 */
	partial(
		message_num: number,
		message_part: string,
		start: number,
		length: number,
	): Promise<Answer<Buffer | null>> {
		return this.onMessages(async (messages) => {
			if (this.imap.protocolVersion === 'IMAP4')
				return sessionOf(this.imap).run(partial(message_num, message_part, start, length));
			const body = [{ ...partialSection(message_part), partial: { start, length } }];
			const [message] = await messages.fetch(SequenceSet.from(message_num), { body }).all();
			if (message) return message.body[0]?.content ?? null;
			const text = `There is no message ${message_num}`;
			throw new Imap4Error('NO', text, { command: 'FETCH', serverText: text });
		});
	}

	/** PROXYAUTH */
	proxyauth(user: string): Promise<Answer<void>> {
		return answer(this.imap.proxyauth(user));
	}

	/** How many messages are \Recent: what the server reported last, else what it reports to NOOP. */
	async recent(): Promise<Answer<number | undefined>> {
		const { responses } = sessionOf(this.imap);
		const [reported] = responses.take('RECENT').slice(-1);
		if (reported !== undefined) return ['OK', reported as number];
		await this.imap.noop();
		return ['OK', responses.take('RECENT').at(-1) as number | undefined];
	}

	/** RENAME */
	rename(oldmailbox: string, newmailbox: string): Promise<Answer<void>> {
		return answer(this.imap.renameMailbox(oldmailbox, newmailbox));
	}

	/**
	 * What came with this response or response code since last asked for, oldest first: numbers for
	 * EXISTS, the code itself for COPYUID, texts for ALERT. The last hundred are kept.
	 */
	response(code: string): [code: string, data: unknown[]] {
		return [code, sessionOf(this.imap).responses.take(code.toUpperCase())];
	}

	/** SEARCH. @returns the numbers; empty if nothing was found */
	search(charset: string | null, ...criteria: Criteria[]): Promise<Answer<readonly number[]>> {
		return this.onMessages((messages) => {
			checkSearchCharset(charset, this.utf8_enabled);
			return messages.search(queryOf(criteria));
		});
	}

	/**
	 * SELECT, or EXAMINE. After NO no mailbox is selected.
	 * @throws readonly if it can only be read and `readonly` was not asked for; it is selected then
	 */
	async select(mailbox = 'INBOX', readonly = false): Promise<Answer<SelectedMailbox>> {
		const opened = await answer(this.imap.open(mailbox, { readOnly: readonly }));
		if (opened[0] === 'NO') return opened;
		if (!readonly) opened[1].checkWritable();
		return ['OK', opened[1].snapshot()];
	}

	/** SETACL */
	setacl(mailbox: string, who: string, what: string): Promise<Answer<void>> {
		return answer(this.imap.setAcl(mailbox, who, what));
	}

	/** SETANNOTATION. @param attributes e.g. `{ 'value.priv': 'text' }`; null deletes */
	setannotation(
		mailbox: string,
		entry: string,
		attributes: Readonly<Record<string, string | null>>,
	): Promise<Answer<void>> {
		return answer(this.imap.setAnnotation(mailbox, entry, attributes));
	}

	/** SETQUOTA. @param limits e.g. `{ STORAGE: 512 }` */
	setquota(
		root: string,
		limits: Readonly<Record<string, number>>,
	): Promise<Answer<Quota | undefined>> {
		return answer(this.imap.setQuota(root, limits));
	}

	/** SORT. @param sort_criteria `(REVERSE DATE)`, or criteria as values */
	sort(
		sort_criteria: string | readonly SortCriterion[],
		charset: string,
		...search_criteria: Criteria[]
	): Promise<Answer<readonly number[]>> {
		return this.onMessages((messages) =>
			messages.sort(sortCriteriaOf(sort_criteria), queryOf(search_criteria), { charset }),
		);
	}

	/** STARTTLS. Failing, it ends the session. */
	async starttls(): Promise<Answer<void>> {
		return answer(this.imap.startTls());
	}

	/** STATUS. @param names `(MESSAGES UNSEEN)`, or items by their names here */
	status(mailbox: string, names: string | readonly StatusItem[]): Promise<Answer<MailboxStatus>> {
		return answer(this.imap.status(mailbox, statusItemsOf(names)));
	}

	/** STORE. @param command `+FLAGS`, `-FLAGS`, `FLAGS`, each with `.SILENT` if the flags are not wanted */
	store(
		message_set: MessageSetText,
		command: string,
		flags: string | readonly string[],
	): Promise<Answer<FetchedMessage[]>> {
		return this.onMessages((messages) =>
			storeIn(messages, SequenceSet.from(message_set), command, flags),
		);
	}

	/** SUBSCRIBE */
	subscribe(mailbox: string): Promise<Answer<void>> {
		return answer(this.imap.subscribe(mailbox));
	}

	/** THREAD */
	thread(
		threading_algorithm: ThreadAlgorithm,
		charset: string,
		...search_criteria: Criteria[]
	): Promise<Answer<Thread<SequenceNumber>[]>> {
		return this.onMessages((messages) =>
			messages.thread(threading_algorithm, queryOf(search_criteria), { charset }),
		);
	}

	/**
	 * The UID form of a command: `uid('STORE', '5', '+FLAGS', '(\\Seen)')`. The arguments and the result are
	 * those of the method of its name, with UIDs; those of SEARCH may begin with `CHARSET`, charset.
	 * @throws error ARGUMENT for a command that has no UID form
	 */
	uid(command: string, ...args: unknown[]): Promise<Answer<unknown>> {
		const name = command.toUpperCase();
		if (!Object.hasOwn(UID_FORMS, name)) {
			throw new Imap4Error(
				'ARGUMENT',
				`"${command.slice(0, 40)}" has no UID form; these have one: ${Object.keys(UID_FORMS).join(', ')}`,
			);
		}
		return answer(
			Promise.resolve().then((): Promise<unknown> =>
				UID_FORMS[name as keyof typeof UID_FORMS](this.imap, args),
			),
		);
	}

	/** UNSELECT: removes nothing. */
	unselect(): Promise<Answer<void>> {
		return this.onMailbox((mailbox) => mailbox.close());
	}

	/** UNSUBSCRIBE */
	unsubscribe(mailbox: string): Promise<Answer<void>> {
		return answer(this.imap.unsubscribe(mailbox));
	}

	/** Any extension command, with its arguments as values. @returns what the server sent, line by line */
	xatom(name: string, ...args: Argument[]): Promise<Answer<Buffer[]>> {
		return answer(this.imap.command(name, args).then(({ lines }) => lines));
	}

	/** imaplib's shutdown(): closes the connection at once. */
	shutdown(): void {
		this.imap.destroy();
	}

	/** The `with` statement: logs out once. */
	async [Symbol.asyncDispose](): Promise<void> {
		await this.imap.logout();
	}

	private onMailbox<Data>(
		run: (mailbox: Imap4['selected']) => Promise<Data>,
	): Promise<Answer<Data>> {
		return answer(Promise.resolve().then(() => run(this.imap.selected)));
	}

	private onMessages<Data>(
		run: (messages: MessageCommands<SequenceNumber, SequenceSet>) => Promise<Data>,
	): Promise<Answer<Data>> {
		return this.onMailbox((mailbox) => run(mailbox.bySequenceNumber));
	}
}

/** imaplib.IMAP4_SSL: TLS from the first byte, port 993. The certificate is verified. */
export class IMAP4_SSL extends IMAP4 {
	static override async connect(options: ConnectOptions = {}): Promise<IMAP4_SSL> {
		return new IMAP4_SSL(await Imap4.connect({ ...options, security: 'tls' }));
	}
}

/** imaplib.IMAP4_stream: a child process's standard input and output as the connection. */
export class IMAP4_stream extends IMAP4 {
	static override async connect(
		options: ConnectOptions & Partial<ProcessOptions> = {},
	): Promise<IMAP4_stream> {
		const { command = '', args, env, cwd, ...others } = options;
		const transport = await startProcess({ command, args, env, cwd });
		return new IMAP4_stream(await Imap4.connect({ security: 'none', ...others, transport }));
	}
}

/** As imaplib answers: NO is a result, all else that went wrong is thrown. */
async function answer<Data>(work: Promise<Data>): Promise<Answer<Data>> {
	try {
		return ['OK', await work];
	} catch (error) {
		if (error instanceof Imap4Error && error.code === 'NO') return ['NO', [error.serverText ?? '']];
		throw error;
	}
}
