/** Fetches texts and attachments: only the parts that are wanted, streamed, and decoded on the way. */
import { Readable } from 'node:stream';
import type { IBinaryData } from 'n8n-workflow';
import {
	SequenceSet,
	type FetchedMessage,
	type Imap4,
	type SinglePartStructure,
} from '../../../engine/index';
import type { Cancellable } from '../execution/execution';
import { fileName, mimeType, type NamedPart } from '../../../mail/file-name';
import { treeFromBytes } from '../../../mail/mime-tree/from-bytes';
import type { MimePart } from '../../../mail/mime-tree/mime-part';
import { readableParts, type BodyNode } from '../../../mail/reading/body';
import { partText } from '../../../mail/reading/part-text';
import { readHtml, readText, type TextOptions } from '../../../mail/reading/read-body';
import { decodedBytes, decodedStream } from '../../../mail/transfer-encoding/decode-transfer';

/** What is wanted of one message. */
export interface ContentRequest {
	uid: number;
	body?: BodyNode;
	/** Why the server's description of the message cannot be used: then the message itself is read. */
	whole?: string;
	/** How to write the text that a reader sees; undefined if it is not wanted. */
	text?: TextOptions;
	html?: boolean;
	/** Ignored for a message that is read as a whole: then all attachments are meant if there are any here. */
	attachments: readonly SinglePartStructure[] | 'all';
}

export interface StoredAttachment {
	part: NamedPart;
	data: IBinaryData;
}

export interface MessageContent {
	text?: string;
	html?: string;
	/** In the order of the request; what the server no longer has is left out. */
	attachments: StoredAttachment[];
}

/** `helpers.prepareBinaryData`: takes the stream into n8n's binary storage. */
export type StoreBinary = (
	content: Readable,
	fileName: string,
	mimeType: string,
) => Promise<IBinaryData>;

/** One message on its way: which texts are known by now, and which are needed next. */
interface Progress {
	request: ContentRequest;
	known: Map<MimePart, string>;
	needs: MimePart[];
	content: MessageContent;
	/** What a reader sees, from the server's description or from the message itself. */
	body: BodyNode | undefined;
	wholeWanted: boolean;
	/** Attachments come with the first command. */
	attachmentsWanted: boolean;
}

/**
 * Which of two alternatives is the text can depend on what is in them: a plain text that is blank is
 * passed over for the HTML. So texts are fetched as they turn out to be needed, mostly by one command.
 * @param got called for each message as it has been read
 * @returns by UID; a message that is gone meanwhile is not in it
 */
export async function fetchContents(
	execution: Cancellable,
	imap: Imap4,
	requests: readonly ContentRequest[],
	store: StoreBinary,
	got: (uid: number, content: MessageContent) => void = () => undefined,
): Promise<Map<number, MessageContent>> {
	const contents = new Map<number, MessageContent>();
	let waiting: Progress[] = requests.map((request) => ({
		request,
		known: new Map(),
		needs: [],
		content: { attachments: [] },
		body: request.body,
		wholeWanted: request.whole !== undefined,
		attachmentsWanted: request.attachments.length > 0,
	}));
	while (waiting.length > 0) {
		const unfinished: Progress[] = [];
		for (const progress of waiting) {
			if (!(await isFinished(progress))) unfinished.push(progress);
			else {
				contents.set(progress.request.uid, progress.content);
				got(progress.request.uid, progress.content);
			}
		}
		waiting = await fetchNeeded(execution, imap, unfinished, store);
	}
	return contents;
}

/** Makes of the known texts what is wanted, or notes which are still needed. */
async function isFinished(progress: Progress): Promise<boolean> {
	const { request, known, content, body } = progress;
	const { text, html } = request;
	progress.needs = [];
	if (progress.wholeWanted) return false;
	if (body && text) {
		const read = await readText(body, known, text);
		if ('needs' in read) progress.needs.push(...read.needs);
		else content.text = read.text;
	}
	if (body && html) {
		const read = readHtml(body, known);
		if ('needs' in read) progress.needs.push(...read.needs);
		else content.html = read.html;
	}
	progress.needs = [...new Set(progress.needs)];
	const here = progress.needs.filter((part) => part.content !== undefined);
	for (const part of here) {
		const bytes = await decodedBytes(part.content as Buffer, part.encoding);
		known.set(part, await partText(bytes, part));
	}
	if (here.length > 0) return isFinished(progress);
	return progress.needs.length === 0 && !progress.attachmentsWanted;
}

/** @returns the messages that are still there */
async function fetchNeeded(
	execution: Cancellable,
	imap: Imap4,
	unfinished: readonly Progress[],
	store: StoreBinary,
): Promise<Progress[]> {
	const there: Progress[] = [];
	for (const [sections, group] of alike(unfinished)) {
		execution.checkCancelled();
		const body = sections.map((section) => ({ section, peek: true }));
		const set = SequenceSet.from([...group.keys()]);
		for await (const message of imap.fetch(set, { uid: true, body }, { uid: true })) {
			const progress = message.uid === undefined ? undefined : group.get(message.uid);
			if (progress && !there.includes(progress)) {
				await take(message, progress, store);
				there.push(progress);
			}
			execution.checkCancelled();
		}
	}
	return there;
}

/** Messages of which the same sections are needed share one command. */
function alike(unfinished: readonly Progress[]): Array<[string[], Map<number, Progress>]> {
	const groups = new Map<string, [string[], Map<number, Progress>]>();
	for (const progress of unfinished) {
		const sections = progress.wholeWanted
			? ['']
			: [...progress.needs, ...attachmentsOf(progress)].map(({ part }) => part);
		const key = sections.join(' ');
		const group = groups.get(key) ?? [sections, new Map<number, Progress>()];
		group[1].set(progress.request.uid, progress);
		groups.set(key, group);
	}
	return [...groups.values()];
}

function attachmentsOf({ request, attachmentsWanted }: Progress): readonly SinglePartStructure[] {
	return attachmentsWanted && request.attachments !== 'all' ? request.attachments : [];
}

/** The bodies come in the order they were asked for, and must be read in that order. */
async function take(
	message: FetchedMessage,
	progress: Progress,
	store: StoreBinary,
): Promise<void> {
	if (progress.wholeWanted) return takeWhole(message, progress, store);
	const { needs, known, content } = progress;
	const attachments = attachmentsOf(progress);
	progress.attachmentsWanted = false;
	for (const [index, part] of needs.entries()) {
		const body = message.body[index];
		// A part that the server has lost is an empty one: another alternative may say something.
		if (!body || body.content === null) known.set(part, '');
		else known.set(part, await partText(await inMemory(body.stream(), part), part));
	}
	for (const [index, part] of attachments.entries()) {
		const body = message.body[needs.length + index];
		if (!body || body.content === null) continue;
		const decoded = decodedStream(body.stream(), part.encoding);
		const data = await store(decoded, fileName(part), mimeType(part));
		content.attachments.push({ part, data });
	}
}

/** Bytes of a message that is read as a whole, in memory; larger ones keep what the server describes. */
const LARGEST_WHOLE = 32 * 1024 * 1024;

/** Reads the message itself, where the server describes its parts wrongly. */
async function takeWhole(
	message: FetchedMessage,
	progress: Progress,
	store: StoreBinary,
): Promise<void> {
	const { request, content } = progress;
	progress.wholeWanted = false;
	const [body] = message.body;
	if (!body || body.content === null || (body.size ?? 0) > LARGEST_WHOLE) {
		progress.attachmentsWanted = false;
		return;
	}
	const bytes = await body.bytes();
	const parts = readableParts(await treeFromBytes(bytes ?? Buffer.alloc(0)));
	progress.body = parts.body;
	if (!progress.attachmentsWanted) return;
	progress.attachmentsWanted = false;
	if (request.attachments.length === 0) return;
	for (const part of parts.attachments) {
		const decoded = await decodedBytes(part.content ?? Buffer.alloc(0), part.encoding);
		const data = await store(Readable.from([decoded]), fileName(part), mimeType(part));
		content.attachments.push({ part, data });
	}
}

async function inMemory(source: Readable, { encoding }: MimePart): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of decodedStream(source, encoding)) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks);
}
