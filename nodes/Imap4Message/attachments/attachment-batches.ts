/** What the operations on attachments have in common: one FETCH tells the parts of all messages. */
import {
	FetchLedger,
	type BodyStructure,
	type OpenMailbox,
	type SelectedMailbox,
	type Uid,
} from '../../../engine/index';
import { onMessages } from '../../shared/execution/on-messages';
import type { Work } from '../../shared/execution/operation';
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

/** Attachments of one message. */
export interface Attachments {
	uid: number;
	parts: MimePart[];
	content: MessageContent;
}

export interface AttachmentTask<Settings> {
	execution: Execution;
	mailbox: OpenMailbox;
	item: number;
	settings: Settings;
}

export interface AttachmentOperation<Settings> {
	/** What else an item asks for. */
	read(execution: Execution, item: number): Settings;
	/** Whether the files are downloaded, rather than listed. */
	downloads: boolean;
	/** Puts out what one item chose; the item fails if it throws. */
	emit(task: AttachmentTask<Settings>, chosen: Attachments[]): void;
}

/** A message with what it holds, or why that cannot be read. */
type Message = { uid: Uid; content: MessageContent } | { uid: Uid; unreadable: string };

/** What an item asks for; items with different part numbers share their commands. */
interface Wishes<Settings> {
	choice: AttachmentChoice;
	settings: Settings;
}

export function onAttachments<Settings>(operation: AttachmentOperation<Settings>): Work {
	const { downloads } = operation;
	return onMessages<undefined, Wishes<Settings>>({
		readOnly: true,
		readOwn: (execution, item) => ({
			choice: readAttachmentChoice(execution, item, !downloads),
			settings: operation.read(execution, item),
		}),
		async run(batch) {
			const { execution, mailbox, own, items, itemsOf } = batch;
			const choose = (item: number, parts: MessageParts | undefined): MimePart[] =>
				parts ? chosenAttachments(parts, own(item).choice) : [];
			const chosenByAny = (uid: Uid, parts: MessageParts): MimePart[] =>
				downloads ? [...new Set(itemsOf(uid).flatMap((item) => choose(item, parts)))] : [];
			const allNames = !downloads || items.some((item) => own(item).choice.names !== undefined);
			const reading = batch.remember(
				() => new AttachmentReading(execution, batch.uids, chosenByAny, allNames),
			);
			await eachResult<Message>(
				batch,
				async (done) => {
					await reading.read(mailbox);
					for (const message of reading.messages()) done(message.uid, message);
				},
				(item, messages) => {
					const { choice, settings } = own(item);
					const found: Attachments[] = [];
					for (const message of messages) {
						if ('content' in message) {
							const { uid, content } = message;
							found.push({ uid, content, parts: choose(item, content.parts) });
						} else emitUnreadable(execution, item, mailbox, message);
					}
					checkFound(found, choice);
					operation.emit({ execution, mailbox, item, settings }, found);
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
	private readonly structures = new Map<Uid, BodyStructure | undefined>();
	private readonly headers = new Map<Uid, Buffer>();
	private readonly ledger: FetchLedger;
	private content: ContentReading | undefined;

	constructor(
		private readonly execution: Execution,
		uids: readonly Uid[],
		private readonly choose: (uid: Uid, parts: MessageParts) => MimePart[],
		/** Whether names decide what is chosen, or are listed. */
		private readonly allNames: boolean,
	) {
		this.ledger = new FetchLedger(uids);
	}

	async read(mailbox: OpenMailbox): Promise<void> {
		const header = { section: 'HEADER.FIELDS', fields: [...CONTENT_FIELDS], peek: true };
		const items = { uid: true, bodyStructure: true, body: [header] };
		await this.ledger.settle(
			mailbox,
			async (uids, came) => {
				const messages = mailbox.fetch(uids, items);
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
		await this.content.read(this.execution, mailbox);
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
