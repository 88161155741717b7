import { checkpoint } from '../commands/mailbox/check';
import { close, unselect } from '../commands/mailbox/close';
import type { Expunged } from '../commands/mailbox/expunge';
import { expunge } from '../commands/mailbox/expunge';
import type { Selected } from '../commands/mailbox/select';
import { select } from '../commands/mailbox/select';
import type { SelectedMailbox } from '../commands/selected-mailbox';
import type { Imap4AbortError } from '../errors';
import { Imap4ReadonlyError, isNotUnderstood } from '../errors';
import type { Capabilities } from '../grammar/capabilities';
import type { SequenceNumber, Uid } from '../grammar/message-number';
import type { SequenceSet } from '../grammar/message-set';
import { UidSet } from '../grammar/message-set';
import type { CommandOptions, UidMessages } from './messages';
import { MessageCommands } from './messages';
import type { Session } from './session';

/** What a QRESYNC open reported (RFC 7162 §3.2.5). */
export type Resynchronized = Pick<Selected, 'vanished' | 'changed'>;

/** How to leave a mailbox. */
export interface CloseOptions extends CommandOptions {
	/** CLOSE (RFC 9051 §6.4.1): removes the messages with \Deleted, unless the mailbox is read-only. */
	expunge?: boolean;
}

/**
 * An open mailbox: what the server reports of it, kept up to date, and the commands on its messages.
 * They take and return UIDs; {@link bySequenceNumber} has those that take and return sequence numbers.
 *
 * It is open until it is closed, another mailbox is opened, or the connection ends: see {@link isOpen}.
 * `await using mailbox = await imap.open('INBOX')` closes it at the end of the block.
 * @example
 * await using mailbox = await imap.open('INBOX');
 * const uids = await mailbox.search({ seen: false });
 * if (uids.length > 0) await mailbox.move(uids, 'Archive');
 */
export class OpenMailbox extends MessageCommands<Uid, UidSet> implements AsyncDisposable {
	/** The same commands by sequence number, which change whenever a message is removed. */
	readonly bySequenceNumber: MessageCommands<SequenceNumber, SequenceSet>;
	/** As the server described the mailbox when it was opened. */
	readonly initial: Readonly<SelectedMailbox>;
	readonly #session: Session;
	readonly #selected: Readonly<SelectedMailbox>;

	/** @internal */
	constructor(
		session: Session,
		selected: SelectedMailbox,
		/** What has changed, where `qresync` was asked for. */
		readonly resynchronized?: Resynchronized,
	) {
		super(session, selected, true);
		this.#session = session;
		this.#selected = selected;
		this.initial = { ...selected };
		this.bySequenceNumber = new MessageCommands(session, selected, false);
	}

	/** Whether this is still the session's open mailbox. */
	get isOpen(): boolean {
		return this.#session.mailbox === this.#selected;
	}

	/** Capabilities of the server, as the connection knows them now. */
	get capabilities(): Capabilities {
		return this.#session.capabilities;
	}

	/** Why the connection has ended; undefined while it is open. */
	get closedBy(): Imap4AbortError | undefined {
		return this.#session.closedBy;
	}

	/** The mailbox's name, as it was given. */
	get name(): string {
		return this.#selected.name;
	}

	/** Nothing can be changed: it was opened so, or the server allows no more. */
	get readOnly(): boolean {
		return this.#selected.readOnly;
	}

	/**
	 * @throws Imap4ReadonlyError if nothing can be changed in this mailbox
	 * @example
	 * const mailbox = await imap.open('INBOX');
	 * mailbox.checkWritable();
	 */
	checkWritable(): void {
		if (!this.readOnly) return;
		const message = `The server opens the mailbox "${this.name}" only for reading; ask for read-only if that is enough`;
		throw new Imap4ReadonlyError(message, { command: 'SELECT' });
	}

	/** Number of messages. */
	get exists(): number {
		return this.#selected.exists;
	}

	/** Messages with \Recent in this session; IMAP4rev1 only. */
	get recent(): number {
		return this.#selected.recent;
	}

	/** Flags in use in the mailbox. */
	get flags(): readonly string[] {
		return this.#selected.flags;
	}

	/** Flags that can be changed permanently; `\*` means that new keywords can be made. */
	get permanentFlags(): readonly string[] {
		return this.#selected.permanentFlags;
	}

	/** Undefined where the server does not say. */
	get uidValidity(): number | undefined {
		return this.#selected.uidValidity;
	}

	/** The UID the next message will get at least; undefined where the server does not say. */
	get uidNext(): number | undefined {
		return this.#selected.uidNext;
	}

	/** The first unseen message, where the server says so (IMAP4rev1). */
	get unseen(): SequenceNumber | undefined {
		return this.#selected.unseen;
	}

	/** RFC 7162; undefined where the mailbox keeps none. */
	get highestModSeq(): bigint | undefined {
		return this.#selected.highestModSeq;
	}

	/** RFC 8474 */
	get mailboxId(): string | undefined {
		return this.#selected.mailboxId;
	}

	/**
	 * A copy of what the server reports of the mailbox now.
	 * @example
	 * const before = mailbox.snapshot();
	 * await imap.noop();
	 * mailbox.exists - before.exists; // messages that came
	 */
	snapshot(): SelectedMailbox {
		return { ...this.#selected };
	}

	/**
	 * EXPUNGE (RFC 9051 §6.4.3): removes the messages with \Deleted permanently.
	 * @param messages only those of these messages; needs UIDPLUS
	 * @example
	 * const uids = await mailbox.search({ subject: 'Old newsletter' });
	 * await mailbox.store(uids, '+FLAGS', ['\\Deleted']);
	 * await mailbox.expunge(uids); // only these
	 */
	async expunge(messages?: UidMessages, options: CommandOptions = {}): Promise<Expunged> {
		if (messages === undefined) return this.run(expunge(), options);
		const parts = await Promise.all(
			this.parts(messages).map((part) => this.run(expunge(part), options)),
		);
		const uids = parts.flatMap((part) => part.uids?.toString() ?? []);
		return {
			sequenceNumbers: parts.flatMap((part) => part.sequenceNumbers),
			uids: uids.length > 0 ? UidSet.from(uids.join(',')) : undefined,
		};
	}

	/**
	 * CHECK (RFC 3501 §6.4.1); NOOP on IMAP4rev2, where CHECK is gone (RFC 9051 appendix E).
	 * @example
	 * await mailbox.check();
	 */
	async check(options: CommandOptions = {}): Promise<void> {
		return this.run(checkpoint(this.#session.capabilities), options);
	}

	/**
	 * Leaves the mailbox. No message is removed, unless `expunge` asks for it.
	 * @example
	 * await mailbox.close();
	 */
	async close({ expunge: remove, ...options }: CloseOptions = {}): Promise<void> {
		if (remove) return this.run(close(), options);
		if (this.#session.capabilities.has('UNSELECT')) {
			try {
				return await this.run(unselect(), options);
			} catch (error) {
				if (!isNotUnderstood(error)) throw error;
			}
		}
		// CLOSE removes nothing from a mailbox that is open read-only (RFC 3501 §6.4.2).
		if (this.readOnly) return this.run(close(), options);
		// Where EXAMINE fails no mailbox is open, so that CLOSE is not sent.
		await Promise.all([
			this.run(select(this.name, { readOnly: true }), options),
			this.#session.run(close(), options),
		]);
	}

	/** Leaves the mailbox if it is still open. Fails only with what the server answers. */
	async [Symbol.asyncDispose](): Promise<void> {
		if (this.isOpen) await this.close();
	}
}
