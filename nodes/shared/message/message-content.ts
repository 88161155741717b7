/** Fetches texts and attachments: only the parts that are wanted, streamed, and decoded on the way. */
import type { Readable } from 'node:stream';
import type { IBinaryData } from 'n8n-workflow';
import {
	SequenceSet,
	type FetchedMessage,
	type Imap4,
	type SinglePartStructure,
} from '../../../engine/index';
import type { Cancellable } from '../execution/execution';
import { fileName, mimeType } from '../../../mail/header-text';
import { decodedPartText, decodedStream, textOfHtml } from '../../../mail/part-content';

export interface PartRequest {
	uid: number;
	plain: readonly SinglePartStructure[];
	html: readonly SinglePartStructure[];
	attachments: readonly SinglePartStructure[];
	/** Whether the HTML is (also) to be given as text. */
	htmlAsText: boolean;
}

export interface StoredAttachment {
	part: SinglePartStructure;
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

/**
 * @param got called for each message as it has been read
 * @returns by UID; a message that is gone meanwhile is not in it
 */
export async function fetchContents(
	execution: Cancellable,
	imap: Imap4,
	requests: readonly PartRequest[],
	store: StoreBinary,
	got: (uid: number, content: MessageContent) => void = () => undefined,
): Promise<Map<number, MessageContent>> {
	const contents = new Map<number, MessageContent>();
	const settle = (uid: number, content: MessageContent): void => {
		contents.set(uid, content);
		got(uid, content);
	};
	for (const [sections, group] of alike(requests)) {
		if (sections.length === 0) {
			for (const { uid } of group.values()) settle(uid, { attachments: [] });
			continue;
		}
		execution.checkCancelled();
		const body = sections.map((section) => ({ section, peek: true }));
		const set = SequenceSet.from([...group.keys()]);
		for await (const message of imap.fetch(set, { uid: true, body }, { uid: true })) {
			const request = message.uid === undefined ? undefined : group.get(message.uid);
			if (request) settle(request.uid, await read(message, request, store));
			execution.checkCancelled();
		}
	}
	return contents;
}

/** Messages that are to give the same sections share one command. */
function alike(requests: readonly PartRequest[]): Array<[string[], Map<number, PartRequest>]> {
	const groups = new Map<string, [string[], Map<number, PartRequest>]>();
	for (const request of requests) {
		const sections = partsOf(request).map(({ part }) => part);
		const key = sections.join(' ');
		const group = groups.get(key) ?? [sections, new Map<number, PartRequest>()];
		group[1].set(request.uid, request);
		groups.set(key, group);
	}
	return [...groups.values()];
}

function partsOf({ plain, html, attachments }: PartRequest): SinglePartStructure[] {
	return [...plain, ...html, ...attachments];
}

/** The bodies come in the order they were asked for, and must be read in that order. */
async function read(
	message: FetchedMessage,
	request: PartRequest,
	store: StoreBinary,
): Promise<MessageContent> {
	const parts = partsOf(request);
	const plain: string[] = [];
	const html: string[] = [];
	const attachments: StoredAttachment[] = [];
	for (const [index, part] of parts.entries()) {
		const body = message.body[index];
		if (!body || body.content === null) continue;
		const source = body.stream();
		if (request.attachments.includes(part)) {
			const content = decodedStream(source, part.encoding);
			attachments.push({ part, data: await store(content, fileName(part), mimeType(part)) });
		} else {
			const text = await decodedPartText(source, part);
			(request.html.includes(part) ? html : plain).push(text);
		}
	}
	const wholeHtml = html.join('\n');
	return {
		text: request.htmlAsText ? textOfHtml(wholeHtml) : plain.join('\n'),
		html: wholeHtml,
		attachments,
	};
}
