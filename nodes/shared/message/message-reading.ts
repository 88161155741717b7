/** Messages as items: which fields, decoded; texts; attachments as binary data. Each is accounted for. */
import type { IBinaryKeyData, IDataObject } from 'n8n-workflow';
import {
	FetchLedger,
	Imap4AbortError,
	type UidSet,
	type FetchedMessage,
	type FetchItems,
	type OpenMailbox,
	Imap4Error,
	type Uid,
	type SelectedMailbox,
} from '../../../engine/index';
import { hasPlaceholder } from '../../../mail/address/envelope-addresses';
import { authenticationResults } from '../../../mail/header/authentication-results';
import { headerFields } from '../../../mail/header/header-text';
import {
	isEmptyEnvelope,
	referencesOf,
	SUMMARY_FIELDS,
	hasSummary,
	summaryOfEnvelope,
	summaryOfHeader,
	type HeaderSummary,
} from '../../../mail/header/header-summary';
import { RawHeader } from '../../../mail/header/raw-header';
import { CONTENT_FIELDS, textCharsets } from '../../../mail/mime-tree/from-structure';
import { unsubscribe } from '../../../mail/header/unsubscribe';
import { Turns } from '../../../mail/next-turn';
import type { Cancellable } from '../account/cancellable';
import { concernsMessage } from '../errors/advice';
import { shownText } from '../errors/shown-text';
import { binaryStore, type StoresBinary } from './binary-store';
import type { ContentRequest, MessageContent } from './content-reader';
import { ContentReading } from './message-content';
import { fieldItems, fieldValues, malformedFields, summaryFields } from './message-fields';
import type { OutputOptions } from './output-options';
import { simplified } from './simplified-message';

/** Who fetches: a run of a node, or a poll. */
export interface Fetching extends Cancellable {
	context: StoresBinary;
}

/** A message as it is put out. */
export interface MessageOutput {
	uid: Uid;
	json: IDataObject;
	binary: IBinaryKeyData | undefined;
	/** Why it, or what is in it, cannot be read; undefined if it can. */
	unreadable?: string;
}

/**
 * Header fields that are fetched beside what the server describes: ENVELOPE has no References, and servers
 * leave recipients out of it, cut names short and take quotes away where a field is not written as it should be.
 */
const ALWAYS = [...SUMMARY_FIELDS, 'References'];
const OF_DETAILS: Partial<Record<string, readonly string[]>> = {
	authentication: ['Authentication-Results'],
	bounce: ['X-Failed-Recipients'],
	unsubscribe: ['List-Unsubscribe', 'List-Unsubscribe-Post'],
};

const NOTHING = Buffer.alloc(0);

/** Messages whose content is read together: what the server describes of all of them is held meanwhile. */
const PORTION = 1000;
/** The same of messages that are only listed. */
const LISTED = 10_000;

/** What the server says of a message. */
interface Described {
	message: FetchedMessage;
	/** The header fields asked for, or the whole header. */
	header?: Buffer;
	/** The header itself, where the server describes it in a way that can't be right. */
	own?: Buffer;
}

/** What came of a portion. */
interface PortionResult {
	/** In the order of the UIDs given, each once; those that are gone are left out. */
	outputs: MessageOutput[];
	gone: ReadonlySet<Uid>;
}

/**
 * Reads messages of the selected mailbox. No flag is changed by reading. Where the connection breaks, `read`
 * can be called again with another one.
 */
export class MessageReading {
	private readonly waiting: Portion[];
	private readonly results: PortionResult[] = [];

	/** @param account its `url`, which each message names */
	constructor(
		private readonly execution: Fetching,
		account: string | undefined,
		readonly uids: readonly Uid[],
		options: OutputOptions,
	) {
		const size = wantsContent(options) ? PORTION : LISTED;
		this.waiting = Array.from(
			{ length: Math.ceil(uids.length / size) },
			(_, index) =>
				new Portion(execution, account, uids.slice(index * size, (index + 1) * size), options),
		);
	}

	/** @throws InterruptedFetchError if the connection breaks; Imap4Error if no message is the reason */
	async read(mailbox: OpenMailbox): Promise<void> {
		for (let [portion] = this.waiting; portion; [portion] = this.waiting) {
			this.execution.checkCancelled();
			this.results.push(await portion.read(mailbox));
			this.waiting.shift();
		}
	}

	/** Messages that the mailbox no longer has. */
	get gone(): ReadonlySet<Uid> {
		return new Set(this.results.flatMap(({ gone }) => [...gone]));
	}

	/** In the order of the UIDs given; each message is given once, and held no longer. */
	*outputs(): Generator<MessageOutput> {
		for (const { outputs } of this.results) yield* outputs.splice(0);
	}
}

/** One UID FETCH for all, and one for the bodies of those whose bodies are laid out alike. */
class Portion {
	/** Of messages that have not been read to the end. */
	private readonly described = new Map<Uid, Described>();
	/**
	 * Of messages that have been read to the end, as they came: what is put out, in place of all that the server
	 * described, which takes many times the memory. A map of so many would itself be moved to the old generation.
	 */
	private readonly ready: MessageOutput[] = [];
	private readonly ledger: FetchLedger;
	private headerLedger: FetchLedger | undefined;
	private content: ContentReading | undefined;
	/** What can be had of messages that cannot be read. */
	private readonly little = new Map<Uid, Little>();

	constructor(
		private readonly execution: Fetching,
		private readonly account: string | undefined,
		private readonly uids: readonly Uid[],
		private readonly options: OutputOptions,
	) {
		this.ledger = new FetchLedger(uids);
	}

	/** Where the connection breaks, it can be called again with another one. */
	async read(mailbox: OpenMailbox): Promise<PortionResult> {
		await this.ledger.settle(mailbox, (uids, came) => this.fetchFields(mailbox, uids, came), {
			concernsMessage,
		});
		this.execution.checkCancelled();
		await this.fetchOwnHeaders(mailbox);
		this.content ??= new ContentReading(
			this.contentRequests(),
			binaryStore(this.execution.context),
		);
		await this.content.read(this.execution, mailbox, (uid, content) => {
			const described = this.described.get(uid);
			if (!described) return;
			this.described.delete(uid);
			this.finish(mailbox, uid, described, content);
		});
		for (const [uid, error] of this.unreadable()) {
			if (this.described.has(uid) || this.little.has(uid)) continue;
			// At a message that broke the connection it would break again.
			const little = error instanceof Imap4AbortError ? {} : await readLittle(mailbox, uid);
			this.little.set(uid, little);
		}
		const gone = new Set([...this.ledger.gone, ...this.content.gone]);
		return { outputs: [...this.outputs(mailbox, gone)], gone };
	}

	private *outputs(mailbox: SelectedMailbox, gone: ReadonlySet<Uid>): Generator<MessageOutput> {
		const unreadable = new Map(this.unreadable());
		const ready = this.ready.sort((one, other) => one.uid - other.uid);
		for (const uid of new Set(this.uids)) {
			if (gone.has(uid)) continue;
			const reference = this.reference(mailbox, uid);
			if (unreadable.has(uid)) {
				const reason = reasonFor(unreadable.get(uid));
				const json = { ...this.known(uid), unreadable: reason, ...reference };
				yield { uid, json, binary: undefined, unreadable: reason };
				continue;
			}
			const output = outputOf(uid, ready);
			const described = this.described.get(uid);
			if (output) yield output;
			else if (described) yield this.output(uid, described, reference, undefined);
		}
	}

	private unreadable(): Array<[Uid, Error | undefined]> {
		return [...this.ledger.unreadable, ...(this.content?.unreadable ?? [])];
	}

	private output(
		uid: Uid,
		described: Described,
		reference: IDataObject,
		content: MessageContent | undefined,
	): MessageOutput {
		const { options } = this;
		const { message, header, own } = described;
		const json = this.fields(described, content);
		Object.assign(json, malformedFields(message));
		if (options.text) json.text = content?.text ?? '';
		if (content?.textIsCut) json.textIsCut = true;
		if (options.html) json.html = content?.html ?? '';
		Object.assign(json, this.details(header, content), notes(content));
		const isFromHeader = own !== undefined || (options.simplify && header !== undefined);
		if (isFromHeader && isEnvelopeMalformed(message)) json.readFromHeader = FROM_HEADER;
		// Last, behind what a person looks for.
		Object.assign(json, reference);
		return { uid, json, binary: this.binary(content) };
	}

	private binary({ attachments }: Partial<MessageContent> = {}): IBinaryKeyData | undefined {
		if (!attachments?.length) return undefined;
		const { attachmentPrefix } = this.options;
		return Object.fromEntries(
			attachments.map(({ data }, index) => [`${attachmentPrefix}${index}`, data]),
		);
	}

	private fields({ message, header, own }: Described, content?: MessageContent): IDataObject {
		const { options } = this;
		if (options.simplify) {
			const charsets = message.bodyStructure ? textCharsets(message.bodyStructure) : [];
			const raw = new RawHeader(own ?? header ?? NOTHING);
			const summary = own || hasSummary(raw) ? summaryOfHeader(raw, charsets) : summaryOf(message);
			const { addressesAsData } = options;
			return simplified(message, summary, referencesOf(raw), addressesAsData, content?.parts);
		}
		const fields = fieldValues(message, options.fields);
		if (own && options.fields.includes('envelope')) {
			fields.envelope = summaryFields(summaryOfHeader(new RawHeader(own)));
		}
		return {
			...fields,
			...(header && options.fields.includes('header') ? { header: headerFields(header) } : {}),
		};
	}

	private details(header: Buffer = NOTHING, content?: MessageContent): IDataObject {
		const found: IDataObject = {};
		for (const detail of this.options.details) {
			if (detail === 'authentication') found.authentication = record(authenticationResults(header));
			else if (detail === 'unsubscribe') found.unsubscribe = record(unsubscribe(header));
			else if (detail === 'calendar') found.calendar = record(content?.event);
			else {
				const [first, ...others] = content?.reports ?? [];
				found.bounce = record(first);
				if (others.length > 0) found.bounces = [first, ...others].map(record);
			}
		}
		return found;
	}

	/** What is known of a message that cannot be read. */
	private known(uid: Uid): IDataObject {
		const described = this.described.get(uid);
		if (described) return this.fields(described);
		const little = this.little.get(uid);
		if (!little?.message) return {};
		const { message: some } = little;
		const header = little.header && new RawHeader(little.header);
		const summary = header && summaryOfHeader(header);
		if (summary && this.options.simplify) {
			const references = referencesOf(header);
			return {
				...simplified(some, summary, references, this.options.addressesAsData),
				size: some.size ?? null,
			};
		}
		return {
			...(summary ? { envelope: summaryFields(summary) } : {}),
			size: some.size ?? null,
			flags: some.flags ?? null,
		};
	}

	private async fetchFields(
		mailbox: OpenMailbox,
		uids: UidSet,
		came: (uid: Uid) => void,
	): Promise<void> {
		const items = this.items();
		const isLast = !wantsContent(this.options);
		// A thousand may wait to be taken, and nothing else gets its turn between two that are there.
		const turns = new Turns();
		for await (const message of mailbox.fetch(uids, items)) {
			// A large one is still on its way, and must be read before the next message is asked for.
			const header = await message.body[0]?.bytes();
			const { uid } = message;
			if (uid === undefined) continue;
			const described = { message, ...(header ? { header } : {}) };
			if (isLast && !this.needsOwnHeader(described))
				this.finish(mailbox, uid, described, undefined);
			else this.described.set(uid, described);
			came(uid);
			await turns.next();
			this.execution.checkCancelled();
		}
	}

	private finish(
		mailbox: OpenMailbox,
		uid: Uid,
		described: Described,
		content: MessageContent | undefined,
	): void {
		this.ready.push(this.output(uid, described, this.reference(mailbox, uid), content));
	}

	private items(): FetchItems {
		const { simplify, fields, details } = this.options;
		const bodies = wantsContent(this.options);
		const names = [
			...(simplify ? ALWAYS : []),
			...details.flatMap((detail) => OF_DETAILS[detail] ?? []),
			...(bodies ? CONTENT_FIELDS : []),
		];
		const body =
			names.length > 0 ? [{ section: 'HEADER.FIELDS', fields: names, peek: true }] : undefined;
		if (simplify) {
			const described = { envelope: true, bodyStructure: true };
			return { uid: true, flags: true, internalDate: true, ...described, body };
		}
		const items = fieldItems(fields);
		const bodyStructure = bodies || items.bodyStructure;
		// The whole header has those fields as well.
		return { ...items, uid: true, bodyStructure, body: items.body ?? body };
	}

	/** Reads the header itself where the server describes it in a way that can't be right. */
	private async fetchOwnHeaders(mailbox: OpenMailbox): Promise<void> {
		this.headerLedger ??= new FetchLedger(
			[...this.described].filter(([, one]) => this.needsOwnHeader(one)).map(([uid]) => uid),
		);
		await this.headerLedger.settle(
			mailbox,
			async (uids, came) => {
				const items = { uid: true, body: [{ section: 'HEADER', peek: true }] };
				for await (const { uid, body } of mailbox.fetch(uids, items)) {
					const header = await body[0]?.bytes();
					if (uid === undefined) continue;
					const described = this.described.get(uid);
					if (header && described) described.own = header;
					came(uid);
				}
			},
			{ concernsMessage },
		);
	}

	private reference({ name, uidValidity }: SelectedMailbox, uid: Uid): IDataObject {
		const { account } = this;
		return { mailbox: name, uidValidity, uid, ...(account === undefined ? {} : { account }) };
	}

	private needsOwnHeader({ message, header }: Described): boolean {
		const { simplify, fields } = this.options;
		if (!(simplify || fields.includes('envelope')) || !hasDoubtfulEnvelope(message)) return false;
		// Its fields may have come beside the ENVELOPE.
		return !(simplify && header && hasSummary(new RawHeader(header)));
	}

	private contentRequests(): ContentRequest[] {
		if (!wantsContent(this.options)) return [];
		const { text, html, attachments, details } = this.options;
		return [...this.described].map(([uid, { message, header }]) => ({
			uid,
			structure: message.bodyStructure,
			header,
			text,
			html,
			attachments: attachments ? (parts) => parts.attachments : undefined,
			reports: details.includes('bounce'),
			calendar: details.includes('calendar'),
		}));
	}
}

/** @param ready in the order of their UIDs */
function outputOf(uid: Uid, ready: readonly MessageOutput[]): MessageOutput | undefined {
	let low = 0;
	let high = ready.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((ready[middle] as MessageOutput).uid < uid) low = middle + 1;
		else high = middle;
	}
	const found = ready[low];
	return found?.uid === uid ? found : undefined;
}

function wantsContent({ text, html, attachments, details }: OutputOptions): boolean {
	const ofParts = details.includes('bounce') || details.includes('calendar');
	return text !== undefined || html || attachments || ofParts;
}

const FROM_HEADER = 'the server describes the header in a way that cannot be read';

const summaryOf = ({ envelope }: FetchedMessage): HeaderSummary | undefined =>
	envelope && summaryOfEnvelope(envelope);

const record = (value: object | undefined): IDataObject | null =>
	value === undefined ? null : { ...value };

const isEnvelopeMalformed = ({ malformed }: FetchedMessage): boolean =>
	malformed?.some(({ item }) => item === 'ENVELOPE') ?? false;

function hasDoubtfulEnvelope(message: FetchedMessage): boolean {
	const { envelope } = message;
	if (isEnvelopeMalformed(message)) return true;
	if (envelope === undefined) return false;
	// A sender is a group in next to no mail: rather there is a colon in a name without quotes.
	const hasGroup = envelope.from.some(({ group }) => group !== null);
	return hasGroup || hasPlaceholder(envelope) || isEmptyEnvelope(envelope);
}

/** What could not be read as it should, so that what is missing does not look empty. */
function notes(content: MessageContent | undefined): IDataObject {
	if (!content) return {};
	const { readAsWhole, unreadable } = content;
	return {
		...(readAsWhole === undefined ? {} : { readAsWhole }),
		...(unreadable.length > 0 ? { unreadableParts: unreadable.map((one) => ({ ...one })) } : {}),
	};
}

const LEFT_OUT = 'The server lists the message in SEARCH and leaves it out of FETCH';

/** The error with the server's text. */
export function reasonFor(error: Error | undefined): string {
	if (error === undefined) return LEFT_OUT;
	if (!(error instanceof Imap4Error))
		return shownText(
			`A defect of this package: ${error.message}. Please report it with the message.`,
		);
	const text = error.serverText;
	if (text === undefined || error.message.includes(text)) return shownText(error.message);
	return shownText(`${error.message}: ${text}`);
}

export interface Little {
	message?: FetchedMessage;
	header?: Buffer;
}

/** Of a message that cannot be read: its header, size and flags, or at least the size and flags. */
export async function readLittle(mailbox: OpenMailbox, uid: Uid): Promise<Little> {
	const few = { uid: true, flags: true, size: true };
	const more = { ...few, internalDate: true, body: [{ section: 'HEADER', peek: true }] };
	for (const items of [more, few]) {
		try {
			for await (const message of mailbox.fetch(uid, items)) {
				const header = await message.body[0]?.bytes();
				if (message.uid === uid) return { message, ...(header ? { header } : {}) };
			}
		} catch (error) {
			if (mailbox.closedBy) throw error;
		}
	}
	return {};
}
