/** What the operations on attachments have in common: one FETCH tells the parts of all messages. */
import type { BodyStructure, SelectedMailbox, SinglePartStructure } from '../../engine/index';
import { runBatches, type MessageBatch } from '../shared/execution/message-batches';
import type { Execution } from '../shared/execution/execution';
import { eachResult } from '../shared/execution/message-results';
import { UserError } from '../shared/errors/user-error';
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
	parts: SinglePartStructure[];
}

export interface AttachmentOperation<Settings> {
	/** What else the item asks for. */
	settings(item: number): Settings;
	/**
	 * Reads the attachments that any item chose; nothing by default.
	 * @param done to be called for each message
	 */
	read?(batch: Batch, wanted: readonly Attachments[], done: (uid: number) => void): Promise<void>;
	/** Puts out what one item chose; the item fails if it throws. */
	emit(item: number, chosen: Attachments[], settings: Settings, mailbox: SelectedMailbox): void;
}

interface Message {
	uid: number;
	/** Undefined where the server describes the message in a way that can't be read. */
	structure: BodyStructure | undefined;
}

export async function runAttachments<Settings>(
	execution: Execution,
	operation: AttachmentOperation<Settings>,
): Promise<void> {
	// Not the batches' settings: items with different part numbers are to share their commands.
	const asked = new Map<number, { choice: AttachmentChoice; settings: Settings }>();
	const askedBy = (item: number) =>
		asked.get(item) as { choice: AttachmentChoice; settings: Settings };
	const choose = (item: number, { structure }: Message): SinglePartStructure[] =>
		structure ? chosenAttachments(structure, askedBy(item).choice) : [];

	await runBatches<Record<string, never>>(execution, {
		readOnly: true,
		settings(item) {
			const choice = readAttachmentChoice(execution, item);
			asked.set(item, { choice, settings: operation.settings(item) });
			return {};
		},
		async run(batch) {
			const work = async (done: (uid: number, message: Message) => void): Promise<void> => {
				const messages = await fetchStructures(batch);
				execution.checkCancelled();
				const wanted = [...messages.values()].map((message) => ({
					uid: message.uid,
					parts: [...new Set(batch.itemsOf(message.uid).flatMap((item) => choose(item, message)))],
				}));
				const read = operation.read ?? readNothing;
				await read(batch, wanted, (uid) => done(uid, messages.get(uid) as Message));
			};
			await eachResult(execution, batch, work, (item, messages) => {
				const { choice, settings } = askedBy(item);
				checkReadable(messages, choice);
				const chosen = messages.map((one) => ({ uid: one.uid, parts: choose(item, one) }));
				operation.emit(item, chosen, settings, batch.mailbox);
			});
		},
	});
}

async function fetchStructures({ imap, set }: Batch): Promise<Map<number, Message>> {
	const messages = new Map<number, Message>();
	for await (const { uid, bodyStructure } of imap.fetch(
		set,
		{ uid: true, bodyStructure: true },
		{ uid: true },
	)) {
		if (uid !== undefined) messages.set(uid, { uid, structure: bodyStructure });
	}
	return messages;
}

function readNothing(
	_batch: Batch,
	wanted: readonly Attachments[],
	done: (uid: number) => void,
): Promise<void> {
	for (const { uid } of wanted) done(uid);
	return Promise.resolve();
}

/** @throws UserError if the parts cannot be told, or no message has one that was asked for by number */
function checkReadable(messages: readonly Message[], choice: AttachmentChoice): void {
	let missing: UserError | undefined;
	for (const { uid, structure } of messages) {
		if (!structure) {
			throw new UserError(
				`The server describes the parts of the message with UID ${uid} in a way that cannot be read`,
				'Download the whole message instead (Message, operation "Download").',
			);
		}
		const why = whyNoAttachment(structure, choice);
		if (!why) return;
		missing ??= why;
	}
	if (missing) throw missing;
}
