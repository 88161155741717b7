/** What the operations on attachments have in common: one FETCH tells the parts of all messages. */
import {
	FetchLedger,
	type BodyStructure,
	type Imap4,
	type SelectedMailbox,
	UidSet,
} from '../../../engine/index';
import { runBatches, type MessageBatch } from '../../shared/execution/message-batches';
import type { Execution } from '../../shared/execution/execution';
import { eachResult } from '../../shared/execution/message-results';
import { concernsMessage } from '../../shared/errors/advice';
import { UserError } from '../../shared/errors/user-error';
import { binaryStore } from '../../shared/message/binary-store';
import type { MessageContent, MessageParts } from '../../shared/message/content-reader';
import { ContentReading } from '../../shared/message/message-content';
import { reasonFor } from '../../shared/message/message-reading';
import { CONTENT_FIELDS } from '../../../mail/mime-tree/from-structure';
import type { MimePart } from '../../../mail/mime-tree/mime-part';
import {
	chosenAttachments,
	readAttachmentChoice,
	whyNoAttachment,
	type AttachmentChoice,
} from './attachment-choice';

type Batch = MessageBatch<Record<string, never>>;

/** Attachments of one message. */
export interface Attachments {
	uid: number;
	parts: MimePart[];
	content: MessageContent;
}

export interface AttachmentOperation<Settings> {
	/** What else the item asks for. */
	settings(item: number): Settings;
	/** Whether the files are downloaded, rather than listed. */
	downloads: boolean;
	/** Puts out what one item chose; the item fails if it throws. */
	emit(item: number, chosen: Attachments[], settings: Settings, mailbox: SelectedMailbox): void;
}

/** A message with what it holds, or why that cannot be read. */
type Message = { uid: number; content: MessageContent } | { uid: number; unreadable: string };

export async function runAttachments<Settings>(
	execution: Execution,
	operation: AttachmentOperation<Settings>,
): Promise<void> {
	// Not the batches' settings: items with different part numbers are to share their commands.
	const asked = new Map<number, { choice: AttachmentChoice; settings: Settings }>();
	const askedBy = (item: number) =>
		asked.get(item) as { choice: AttachmentChoice; settings: Settings };
	const choose = (item: number, parts: MessageParts | undefined): MimePart[] =>
		parts ? chosenAttachments(parts, askedBy(item).choice) : [];

	await runBatches<Record<string, never>>(execution, {
		readOnly: true,
		settings(item) {
			const choice = readAttachmentChoice(execution, item, !operation.downloads);
			asked.set(item, { choice, settings: operation.settings(item) });
			return {};
		},
		async run(batch) {
			const chosenByAny = (uid: number, parts: MessageParts): MimePart[] =>
				operation.downloads
					? [...new Set(batch.itemsOf(uid).flatMap((item) => choose(item, parts)))]
					: [];
			const allNames =
				!operation.downloads ||
				batch.items.some((item) => askedBy(item).choice.names !== undefined);
			const reading = batch.remember(
				() => new AttachmentReading(execution, batch, chosenByAny, allNames),
			);
			await eachResult<Message>(
				execution,
				batch,
				async (done) => {
					await reading.read(batch.imap);
					for (const message of reading.messages()) done(message.uid, message);
				},
				(item, messages) => {
					const { choice, settings } = askedBy(item);
					const found: Attachments[] = [];
					for (const message of messages) {
						if ('content' in message) {
							const { uid, content } = message;
							found.push({ uid, content, parts: choose(item, content.parts) });
						} else emitUnreadable(execution, item, batch.mailbox, message);
					}
					checkFound(found, choice);
					operation.emit(item, found, settings, batch.mailbox);
				},
			);
		},
	});
}

function emitUnreadable(
	execution: Execution,
	item: number,
	{ name, uidValidity }: SelectedMailbox,
	{ uid, unreadable }: { uid: number; unreadable: string },
): void {
	execution.emitUnreadable(item, { mailbox: name, uidValidity, uid, unreadable }, unreadable);
}

/** First the parts of all messages, then what is in those that are wanted. */
class AttachmentReading {
	private readonly structures = new Map<number, BodyStructure | undefined>();
	private readonly headers = new Map<number, Buffer>();
	private readonly ledger: FetchLedger;
	private content: ContentReading | undefined;

	constructor(
		private readonly execution: Execution,
		{ uids }: Batch,
		private readonly choose: (uid: number, parts: MessageParts) => MimePart[],
		/** Whether names decide what is chosen, or are listed. */
		private readonly allNames: boolean,
	) {
		this.ledger = new FetchLedger(uids);
	}

	async read(imap: Imap4): Promise<void> {
		const header = { section: 'HEADER.FIELDS', fields: [...CONTENT_FIELDS], peek: true };
		const items = { uid: true, bodyStructure: true, body: [header] };
		await this.ledger.settle(
			imap,
			async (uids, came) => {
				const messages = imap.selected.fetch(UidSet.from(uids), items);
				for await (const { uid, bodyStructure, body } of messages) {
					const fields = await body[0]?.bytes();
					if (uid === undefined) continue;
					if (fields) this.headers.set(uid, fields);
					this.structures.set(uid, bodyStructure);
					came(uid);
				}
			},
			{ concernsMessage },
		);
		this.execution.checkCancelled();
		this.content ??= new ContentReading(
			[...this.structures].map(([uid, structure]) => ({
				uid,
				structure,
				header: this.headers.get(uid),
				attachments: (parts) => this.choose(uid, parts),
				allNames: this.allNames,
			})),
			binaryStore(this.execution.context),
		);
		await this.content.read(this.execution, imap);
	}

	*messages(): Generator<Message> {
		for (const [uid, content] of this.content?.contents ?? []) yield { uid, content };
		const unreadable = [...this.ledger.unreadable, ...(this.content?.unreadable ?? [])];
		for (const [uid, error] of unreadable) yield { uid, unreadable: reasonFor(error) };
	}
}

/** @throws UserError if the parts cannot be told, or no message has one that was asked for by number */
function checkFound(messages: readonly Attachments[], choice: AttachmentChoice): void {
	let missing: UserError | undefined;
	for (const { uid, content } of messages) {
		if (!content.parts) {
			throw new UserError(
				`The server returned an unreadable structure for the message with UID ${uid}`,
				'Download the whole message instead (Message, operation "Download").',
			);
		}
		const why = whyNoAttachment(content.parts, choice);
		if (!why) return;
		missing ??= why;
	}
	if (missing) throw missing;
}
