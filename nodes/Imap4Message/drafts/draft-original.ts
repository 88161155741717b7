/** The message that is answered or forwarded: its header, its text, and the files that go with it. */
import type { Readable } from 'node:stream';
import type { IBinaryData } from 'n8n-workflow';
import type { OpenMailbox, Uid } from '../../../engine/index';
import { answeredMessage, type Answered } from '../../../mail/compose/answered-message';
import type { Bodies } from '../../../mail/compose/quote';
import { fileName, mimeType, type NamedPart } from '../../../mail/file-name';
import { textCharsets } from '../../../mail/mime-tree/from-structure';
import { messageFileName } from '../../../mail/message-file-name';
import type { Cancellable } from '../../shared/account/cancellable';
import { onOneConnection } from '../../shared/account/interrupted-fetch';
import { UserError } from '../../shared/errors/user-error';
import type { StoreBinary } from '../../shared/message/binary-store';
import type {
	ContentRequest,
	MessageContent,
	StoredAttachment,
} from '../../shared/message/content-reader';
import { ContentReading } from '../../shared/message/message-content';
import { fetchAccounted } from '../../shared/message/fetch-accounted';
import { unreadMessage } from '../../shared/message/unread-message';

/** A file of a message, in memory. */
export interface DraftFile {
	filename: string;
	contentType: string;
	content: Buffer;
	/** Shown inside of the HTML under this Content-ID, without angle brackets. */
	cid?: string;
}

/** Its Content-ID with angle brackets, where it has one. */
type IdentifiedPart = NamedPart & { id?: string | null };

/** Which files of the original go into the draft. */
export type WantedFiles = 'all' | 'shown' | 'whole' | 'none';

/** A message before its text and files are read. */
export interface OriginalHead {
	answered: Answered;
	/** Bytes of the whole message. */
	size: number;
	request: ContentRequest;
}

export interface Original {
	answered: Answered;
	bodies: Bodies;
	files: DraftFile[];
}

/** Bytes of the files of one draft; they are held in memory, and few servers send more. */
export const MOST_FILES = 64 * 1024 * 1024;

/** By UID; a message that is gone is not in it, and one that cannot be read is an error. */
export async function fetchHeads(
	mailbox: OpenMailbox,
	uids: readonly Uid[],
): Promise<Map<Uid, OriginalHead | UserError>> {
	const heads = new Map<Uid, OriginalHead | UserError>();
	const items = {
		size: true,
		bodyStructure: true,
		body: [{ section: 'HEADER', peek: true }],
	};
	const { unreadable } = await fetchAccounted(mailbox, uids, items, async (uid, message) => {
		const header = await message.body[0]?.bytes();
		if (!header) return false;
		heads.set(uid, {
			answered: answeredMessage(
				header,
				message.bodyStructure ? textCharsets(message.bodyStructure) : [],
			),
			size: message.size ?? 0,
			request: { uid, structure: message.bodyStructure },
		});
		return true;
	});
	for (const [uid, error] of unreadable) heads.set(uid, unreadMessage(uid, error));
	return heads;
}

const TEXT = { format: 'text', links: 'keep', images: false, onlyNew: false } as const;

/** @throws UserError if the message is there and cannot be read. @returns undefined if it is gone */
async function readContent(
	execution: Cancellable,
	mailbox: OpenMailbox,
	request: ContentRequest,
	store: StoreBinary,
): Promise<MessageContent | undefined> {
	const { uid } = request;
	const reading = new ContentReading([request], store);
	// Drafts that were stored already would be stored twice if it continued over another connection.
	await onOneConnection(reading.read(execution, mailbox));
	if (!reading.unreadable.has(uid)) return reading.contents.get(uid);
	throw unreadMessage(uid, reading.unreadable.get(uid));
}

/** @throws UserError if its files are too large for a draft. @returns undefined if it is gone */
export async function fetchOriginal(
	execution: Cancellable,
	mailbox: OpenMailbox,
	{ answered, request, size }: OriginalHead,
	wanted: WantedFiles,
): Promise<Original | undefined> {
	const files = new FilesInMemory();
	if (wanted === 'whole') {
		if (size > MOST_FILES) throw tooLarge();
		const file = await files.wholeMessage(mailbox, request.uid, answered.subject);
		return file && { answered, bodies: { text: '', html: '' }, files: [file] };
	}
	const read = (one: ContentRequest): Promise<MessageContent | undefined> =>
		readContent(execution, mailbox, one, files.store);
	const content = await read({ ...request, text: TEXT, html: true });
	if (!content) return undefined;
	const bodies = { text: content.text ?? '', html: content.html ?? '' };
	const isWanted = (part: IdentifiedPart): boolean =>
		wanted === 'all' || (wanted === 'shown' && isShown(part, bodies.html));
	const attachments = (content.parts?.attachments ?? []).filter(isWanted);
	if (attachments.length === 0) return { answered, bodies, files: [] };
	checkSizes(attachments);
	const stored = await read({
		...request,
		attachments: (parts) => parts.attachments.filter(isWanted),
	});
	return {
		answered,
		bodies,
		files: (stored?.attachments ?? []).map((one) => files.file(one, bodies.html)),
	};
}

/** Whether the HTML shows it: RFC 2392. */
function isShown({ id }: Pick<IdentifiedPart, 'id'>, html: string): boolean {
	const cid = id?.replace(/^<|>$/g, '') ?? '';
	return cid !== '' && html.includes(`cid:${cid}`);
}

function checkSizes(parts: ReadonlyArray<{ size: number }>): void {
	// Encoded they are a third larger; what comes is counted once more.
	if (parts.reduce((sum, { size }) => sum + size, 0) > MOST_FILES * 1.4) throw tooLarge();
}

const tooLarge = (): UserError =>
	new UserError(
		`The attachments of the message are larger than ${MOST_FILES / 1024 / 1024} MiB, which is too large for a draft`,
		'Turn off "Keep Attachments", or download the files and share a link to them.',
	);

class FilesInMemory {
	private readonly contents = new Map<IBinaryData, Buffer>();
	private total = 0;

	/** As `helpers.prepareBinaryData`, but into memory. */
	readonly store = async (source: Readable, name: string, type: string): Promise<IBinaryData> => {
		const data = { data: '', fileName: name, mimeType: type };
		this.contents.set(data, await this.collect(source));
		return data;
	};

	file({ part, data }: StoredAttachment, html: string): DraftFile {
		const { id = null }: IdentifiedPart = part;
		return {
			filename: fileName(part),
			contentType: mimeType(part),
			content: this.contents.get(data) ?? Buffer.alloc(0),
			...(id !== null && isShown({ id }, html) ? { cid: id.replace(/^<|>$/g, '') } : {}),
		};
	}

	async wholeMessage(
		mailbox: OpenMailbox,
		uid: Uid,
		subject: string,
	): Promise<DraftFile | undefined> {
		let content: Buffer | undefined;
		const items = { body: [{ section: '', peek: true }] };
		const { unreadable } = await fetchAccounted(mailbox, [uid], items, async (_uid, message) => {
			const [body] = message.body;
			if (!body || body.content === null) return false;
			content = await this.collect(body.stream());
			return true;
		});
		if (unreadable.has(uid)) throw unreadMessage(uid, unreadable.get(uid));
		if (!content) return undefined;
		return { filename: messageFileName(subject, uid), contentType: 'message/rfc822', content };
	}

	private async collect(source: AsyncIterable<unknown>): Promise<Buffer> {
		const chunks: Buffer[] = [];
		for await (const chunk of source) {
			chunks.push(chunk as Buffer);
			this.total += (chunk as Buffer).length;
			// A server may announce less than it sends.
			if (this.total > MOST_FILES) throw tooLarge();
		}
		return Buffer.concat(chunks);
	}
}
