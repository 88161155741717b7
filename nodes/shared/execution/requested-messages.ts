/**
 * What the items of an operation on messages ask for. There may be a hundred thousand of them, and most ask for the
 * same of another message each: what they have in common is held once.
 */
import { UidSet } from '../../../engine/index';
import type { MailboxChoice } from '../mailbox/mailbox-choice';
import type { MessageFilters } from '../message/exact-times';
import type { ReferencedMailbox } from '../message/message-reference';
import { readSelection, type Selection } from '../message/message-selection';
import type { Selecting } from './message-lookup';
import type { Execution } from './execution';
import { acceptsGone } from './gone-messages';
import { keepsInput } from './keep-input';

/** What all items of a batch have in common. */
export interface BatchRequest<Settings> {
	/** Equal for items of one batch. */
	key: string;
	mailbox: MailboxChoice;
	settings: Settings;
	/** Undefined for an operation that has none. */
	safeguards: Safeguards | undefined;
}

export interface Safeguards {
	dryRun: boolean;
	stopIfMoreThan: number;
}

/** What many items of a batch have in common. */
interface Common<Settings> {
	batch: BatchRequest<Settings>;
	keepsInput: boolean;
	acceptsGone: boolean;
	/** Where the messages that the items refer to are; undefined for sets and searches. */
	referenced: ReferencedMailbox | undefined;
}

export class MessageRequest<Settings, Own> implements Selecting {
	/** @param chosen a UID in `common.referenced`, or a set or a search in the mailbox */
	constructor(
		readonly item: number,
		private readonly chosen: number | UidSet | MessageFilters,
		private readonly common: Common<Settings>,
		readonly own: Own,
	) {}

	get batch(): BatchRequest<Settings> {
		return this.common.batch;
	}

	/** Made when it is asked for. */
	get selection(): Selection {
		const { chosen, common } = this;
		const { mailbox } = common.batch;
		if (typeof chosen === 'number') {
			const referenced = common.referenced as ReferencedMailbox;
			return { mailbox, reference: { ...referenced, uid: chosen } };
		}
		return chosen instanceof UidSet ? { mailbox, uids: chosen } : { mailbox, filters: chosen };
	}

	/** Whether the item means one message, and no set or search. */
	get refersToOne(): boolean {
		return this.common.referenced !== undefined;
	}

	/** Whether the item's fields are kept. */
	get keepsInput(): boolean {
		return this.common.keepsInput;
	}

	/** Whether the item's message may be gone. */
	get acceptsGone(): boolean {
		return this.common.acceptsGone;
	}
}

interface Reading<Settings, Own> {
	settings(item: number): Settings;
	own(item: number): Own;
	safeguards(item: number): Safeguards | undefined;
}

/** Reads what the items ask for. */
export class MessageRequests<Settings, Own> {
	private readonly batches = new Map<string, BatchRequest<Settings>>();
	private readonly commons = new Map<string, Common<Settings>>();

	constructor(
		private readonly execution: Execution,
		private readonly reading: Reading<Settings, Own>,
	) {}

	/** @throws UserError, Imap4Error ARGUMENT: a field is not of its kind */
	read(item: number): MessageRequest<Settings, Own> {
		const { execution, reading } = this;
		const selection = readSelection(execution, item);
		const kept = keepsInput(execution, item);
		const gone = acceptsGone(execution, item);
		const settings = reading.settings(item);
		const own = reading.own(item);
		const batch = this.batch(selection.mailbox, settings, reading.safeguards(item));
		const { chosen, referenced } = partsOf(selection);
		const common = this.common(batch, kept, gone, referenced);
		return new MessageRequest(item, chosen, common, own);
	}

	private batch(
		mailbox: MailboxChoice,
		settings: Settings,
		safeguards: Safeguards | undefined,
	): BatchRequest<Settings> {
		const key = JSON.stringify([mailbox, settings, safeguards]);
		return heldAs(this.batches, key, { key, mailbox, settings, safeguards });
	}

	private common(
		batch: BatchRequest<Settings>,
		kept: boolean,
		gone: boolean,
		referenced: ReferencedMailbox | undefined,
	): Common<Settings> {
		const key = JSON.stringify([kept, gone, referenced]) + batch.key;
		return heldAs(this.commons, key, {
			batch,
			referenced,
			keepsInput: kept,
			acceptsGone: gone,
		});
	}
}

/** @returns what the map holds for the key, which is the value from now on if there was none */
function heldAs<Value>(map: Map<string, Value>, key: string, value: Value): Value {
	const held = map.get(key);
	if (held !== undefined) return held;
	map.set(key, value);
	return value;
}

function partsOf(selection: Selection): {
	chosen: number | UidSet | MessageFilters;
	referenced?: ReferencedMailbox;
} {
	if ('uids' in selection) return { chosen: selection.uids };
	if ('filters' in selection) return { chosen: selection.filters };
	const { uid, ...referenced } = selection.reference;
	return { chosen: uid, referenced };
}
