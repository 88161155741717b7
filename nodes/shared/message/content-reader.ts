/**
 * What is in one message, step by step: first its parts as they are, then the texts and files that are
 * wanted. Each step says which sections it needs.
 */
import { Readable } from 'node:stream';
import type { IBinaryData } from 'n8n-workflow';
import type { BodyStructure, MessageBody, Uid } from '../../../engine/index';
import { messageIds } from '../../../mail/header/message-ids';
import { RawHeader } from '../../../mail/header/raw-header';
import { fileName, givenFileName, mayBeCut, mimeType } from '../../../mail/file-name';
import { partFromHeader, textInHeader, treeFromBytes } from '../../../mail/mime-tree/from-bytes';
import {
	correctRoot,
	implausible,
	treeFromStructure,
} from '../../../mail/mime-tree/from-structure';
import {
	childNumber,
	isMessage,
	MOST_PARTS,
	singleParts,
	type MimePart,
} from '../../../mail/mime-tree/mime-part';
import { readableParts, type BodyNode, type ReadableParts } from '../../../mail/reading/body';
import { isBlank } from '../../../mail/reading/blank-text';
import { partText } from '../../../mail/reading/part-text';
import { readHtml, readText, type ShownTexts } from '../../../mail/reading/read-body';
import { inForm, type TextForm } from '../../../mail/reading/text-form';
import { calendarEvent, unfoldedCalendar, type CalendarEvent } from '../../../mail/unwrap/calendar';
import {
	deliveryReports,
	dispositionReport,
	type DeliveryReport,
} from '../../../mail/unwrap/report';
import { failedRecipients, plainReports } from '../../../mail/unwrap/plain-report';
import { qmailReports } from '../../../mail/unwrap/qmail-report';
import { filePart, unwrapPart, wrappedParts } from '../../../mail/unwrap/unwrap-parts';
import {
	decodedBytes,
	decodedStream,
	joined,
} from '../../../mail/transfer-encoding/decode-transfer';
import { transferEncoding } from '../../../mail/transfer-encoding/encoding-name';
import { takeUuFiles } from '../../../mail/transfer-encoding/uuencode';
import type { StoreBinary } from './binary-store';

/** What is wanted of one message. */
export interface ContentRequest {
	uid: Uid;
	/** As the server describes the message; undefined where that cannot be read. */
	structure: BodyStructure | undefined;
	/** The message's own fields that describe its content, if they were fetched (CONTENT_FIELDS). */
	header?: Buffer;
	/** How to write the text that a reader sees; undefined if it is not wanted. */
	text?: TextForm;
	html?: boolean;
	/** Which parts to store as files; undefined for none. May be asked for the parts without storing any. */
	attachments?: (parts: MessageParts) => readonly MimePart[];
	/** Whether the names of all parts are needed, not only of those that are stored. */
	allNames?: boolean;
	/** Reports on delivery or reading. */
	reports?: boolean;
	calendar?: boolean;
}

export interface MessageParts extends ReadableParts {
	root: MimePart;
}

export interface StoredAttachment {
	part: MimePart;
	data: IBinaryData;
}

export interface MessageContent {
	/** Why the message was read as a whole, rather than as the server describes it. */
	readAsWhole?: string;
	/** Undefined if not even the parts can be read. */
	parts?: MessageParts;
	text?: string;
	/** Whether the text was cut at its maximum length. */
	textIsCut?: boolean;
	html?: string;
	/** In the order of the request. */
	attachments: StoredAttachment[];
	reports: DeliveryReport[];
	event?: CalendarEvent;
	/** What cannot be read, by part number. */
	unreadable: Array<{ part: string; reason: string }>;
}

/** A section that has to be fetched. */
export interface Need {
	/** As in BODY[…]. */
	section: string;
	/** May be called again if the connection breaks. @param body undefined if the server has no such section */
	take(body: MessageBody | undefined): Promise<void>;
}

/** Bytes of a message that is read as a whole, in memory; larger ones keep what the server describes. */
const LARGEST_WHOLE = 32 * 1024 * 1024;
/** Bytes of a part that is read for the fields in it. */
const LARGEST_FIELDS = 1024 * 1024;
/** Sections that are asked for at a time: servers take lines of some 64 kB. */
const MOST_NEEDS = 1000;
/** Parts that are unwrapped; what is in them may be wrapped again. */
const MOST_UNWRAPPED = 50;

/** Empty texts whose header is looked at. */
const MOST_EMPTY = 10;

/** A server may count a line end that is not there. */
const isEmptyText = ({ type, size }: MimePart): boolean => type === 'text' && size <= 2;

export class ContentReader {
	readonly content: MessageContent = { attachments: [], reports: [], unreadable: [] };
	private root: MimePart | undefined;
	private readonly known = new Map<MimePart, string>();
	private readonly shown: ShownTexts = new Map();
	private readonly looked = new Set<MimePart>();
	private readonly fields = new Map<MimePart, Buffer>();
	private readonly uuFiles: MimePart[] = [];
	/** Empty texts that a server may have taken for a header. */
	private readonly empty = new Set<MimePart>();
	private readonly stored = new Map<MimePart, IBinaryData | undefined>();
	private triedWhole = false;

	constructor(
		private readonly request: ContentRequest,
		private readonly store: StoreBinary,
	) {}

	/** To be called again when what it needs has been taken. @returns nothing if the content is complete */
	async next(): Promise<Need[]> {
		return (await this.needed()).slice(0, MOST_NEEDS);
	}

	private async needed(): Promise<Need[]> {
		const whole = this.wholeNeeded();
		if (whole) return [whole];
		if (!this.root) return [];
		const wrapped = await this.wrappedNeeds(this.root);
		if (wrapped.length > 0) return wrapped;
		const parts = { root: this.root, ...readableParts(this.root) };
		const texts = await this.textNeeds(parts.body);
		parts.attachments.push(...this.uuFiles);
		this.content.parts = parts;
		const names = this.nameNeeds(parts);
		if (names.length > 0) return names;
		const fields = this.fieldNeeds(parts.root);
		if (texts.length === 0) fields.push(...this.plainReportNeeds(parts.root));
		// Files that are in a text are known when it has been read.
		const files = texts.length > 0 ? [] : await this.fileNeeds(parts);
		const needs = [...texts, ...fields, ...files];
		if (needs.length === 0) await this.finish(parts);
		return needs;
	}

	/** The message itself, where the server describes it in a way that can't be right. */
	private wholeNeeded(): Need | undefined {
		if (this.root) return undefined;
		const { structure, header } = this.request;
		const described = structure ? treeFromStructure(structure) : undefined;
		const why = described
			? ((header && correctRoot(described, header)) ?? implausible(described))
			: 'the server describes its parts in a way that cannot be read';
		const looksEmpty = described && this.request.text && isEmptyText(described);
		if (this.triedWhole || (why === undefined && !looksEmpty)) {
			this.root = described;
			return undefined;
		}
		if (why === undefined) return this.emptyNeeded();
		return {
			section: '',
			take: async (body) => {
				this.triedWhole = true;
				if (!body) this.note('', 'The server does not return the message');
				else if ((body.size ?? 0) > LARGEST_WHOLE) {
					this.note(
						'',
						`The message is too large to be read as a whole, which is needed because ${why}`,
					);
				} else {
					this.root = await treeFromBytes((await body.bytes()) ?? Buffer.alloc(0));
					this.content.readAsWhole = why;
				}
			},
		};
	}

	/** A message without an empty line is all header to a server. */
	private emptyNeeded(): Need {
		return {
			section: '',
			take: async (body) => {
				this.triedWhole = true;
				if (!body || (body.size ?? 0) > LARGEST_WHOLE) return;
				const whole = await treeFromBytes((await body.bytes()) ?? Buffer.alloc(0));
				if (isEmptyText(whole)) return;
				this.root = whole;
				this.content.readAsWhole = 'no empty line separates its header from its text';
			},
		};
	}

	/** Parts that hold others. */
	private async wrappedNeeds(root: MimePart): Promise<Need[]> {
		const needs: Need[] = [];
		for (const part of wrappedParts(root)) {
			if (this.looked.has(part) || this.looked.size >= MOST_UNWRAPPED) continue;
			if (part.content) {
				await this.unwrap(part, part.content);
				// It may hold more of the kind.
				return this.wrappedNeeds(root);
			}
			needs.push({
				section: part.part,
				take: async (body) => this.unwrap(part, (await body?.bytes()) ?? undefined),
			});
		}
		return needs;
	}

	/** The headers of parts whose name the server may have cut. */
	private nameNeeds(parts: MessageParts): Need[] {
		const { attachments, allNames = false } = this.request;
		if (!attachments || this.content.readAsWhole !== undefined) return [];
		const needs: Need[] = [];
		for (const part of allNames ? parts.attachments : this.wantedFiles(parts)) {
			if (part.content || this.looked.has(part) || !mayBeCut(part)) continue;
			needs.push({
				section: parts.root === part ? 'HEADER' : `${part.part}.MIME`,
				take: async (body) => {
					this.looked.add(part);
					takeName(part, (await body?.bytes()) ?? Buffer.alloc(0));
				},
			});
		}
		return needs;
	}

	private async unwrap(part: MimePart, content: Buffer | undefined): Promise<void> {
		this.looked.add(part);
		if (content && (await unwrapPart(part, content))) return;
		if (!content) this.note(part.part, 'The server does not return this part');
		else this.note(part.part, `What is in this part (${mimeType(part)}) cannot be read`);
	}

	private async textNeeds(body: BodyNode): Promise<Need[]> {
		const { text, html } = this.request;
		const { content, known } = this;
		const parts = new Set<MimePart>();
		if (text && content.text === undefined) {
			const read = await readText(body, known, text, this.shown);
			if ('needs' in read) for (const part of read.needs) parts.add(part);
			else if (isBlank(read.text) && this.empty.size > 0) {
				const needs = [...this.empty].map((part) => this.headerTextNeed(part));
				this.empty.clear();
				return needs;
			} else {
				const written = inForm(read.text, text);
				content.text = written.text;
				content.textIsCut = written.isCut;
			}
		}
		if (html && content.html === undefined) {
			const read = readHtml(body, known);
			if ('needs' in read) for (const part of read.needs) parts.add(part);
			else content.html = read.html;
		}
		const here = [...parts].filter((part) => part.content !== undefined);
		for (const part of here) {
			const bytes = await decodedBytes(part.content as Buffer, part.encoding);
			await this.know(part, await partText(bytes, part));
		}
		if (here.length > 0) return this.textNeeds(body);
		return [...parts].map((part) => this.textNeed(part));
	}

	private textNeed(part: MimePart): Need {
		return {
			section: part.part,
			take: async (found) => {
				// A part that the server has lost is an empty one: another alternative may say something.
				if (!found) {
					this.note(part.part, 'The server does not return this part');
					this.known.set(part, '');
					return;
				}
				await this.know(part, await partText(await decoded(found, part.encoding), part));
				const canBeHeader = part !== this.root && isEmptyText(part);
				if (canBeHeader && this.empty.size < MOST_EMPTY) this.empty.add(part);
			},
		};
	}

	/** Of a part without an empty line, all is header to a server. */
	private headerTextNeed(part: MimePart): Need {
		return {
			section: `${part.part}.MIME`,
			take: async (found) => {
				const text = textInHeader((await found?.bytes()) ?? Buffer.alloc(0));
				if (text.length === 0) return;
				this.shown.delete(part);
				await this.know(part, await partText(await decodedBytes(text, part.encoding), part));
			},
		};
	}

	/** Files that were put into a plain text are files. */
	private async know(part: MimePart, text: string): Promise<void> {
		if (part.subtype === 'html') {
			this.known.set(part, text);
			return;
		}
		const taken = await takeUuFiles(text, MOST_PARTS - this.uuFiles.length);
		this.known.set(part, taken.text);
		for (const [at, { name, content }] of taken.files.entries()) {
			const number = childNumber(part.part, at + 1);
			this.uuFiles.push(filePart(number, 'application/octet-stream', name, content));
		}
	}

	/** Parts that say something to programs. */
	private fieldNeeds(root: MimePart): Need[] {
		const needs: Need[] = [];
		for (const part of this.fieldParts(root)) {
			if (this.fields.has(part)) continue;
			if (part.content) this.fields.set(part, part.content);
			else {
				needs.push({
					section: isMessage(part) ? `${part.part}.HEADER` : part.part,
					take: async (body) => {
						const isTooLarge = (body?.size ?? 0) > LARGEST_FIELDS;
						this.fields.set(part, (!isTooLarge && (await body?.bytes())) || Buffer.alloc(0));
					},
				});
			}
		}
		return needs;
	}

	/**
	 * The text of a message without any MIME, or that names who did not get one: it may be the report of a
	 * program that knows no other form.
	 */
	private plainReportNeeds(root: MimePart): Need[] {
		if (this.request.reports !== true || root.size > LARGEST_FIELDS) return [];
		const { header } = this;
		const mayBeReport =
			header !== undefined &&
			(header.first('content-type') === undefined || failedRecipients(header).length > 0) &&
			mimeType(root) === 'text/plain' &&
			transferEncoding(root.encoding) === 'none';
		if (!mayBeReport) return [];
		const text = this.known.get(root);
		const bytes = text === undefined ? root.content : Buffer.from(text);
		if (bytes) this.fields.set(root, bytes);
		if (this.fields.has(root)) return [];
		return [
			{
				section: root.part,
				take: async (body) => {
					this.fields.set(root, (await body?.bytes()) ?? Buffer.alloc(0));
				},
			},
		];
	}

	private fieldParts(root: MimePart): MimePart[] {
		const { reports, calendar } = this.request;
		const parts = [...singleParts(root)];
		const found = parts.filter(
			(part) =>
				part.size <= LARGEST_FIELDS &&
				((reports === true && REPORT.test(mimeType(part))) ||
					(calendar === true && isCalendar(part))),
		);
		if (!found.some((part) => DELIVERY.test(mimeType(part)))) return found;
		// What is returned with a report says which message it is about, and the report itself does not.
		const returned = parts.find(
			(part) => isMessage(part) || (HEADERS.test(mimeType(part)) && part.size <= LARGEST_FIELDS),
		);
		return returned ? [...found, returned] : found;
	}

	private async fileNeeds(parts: MessageParts): Promise<Need[]> {
		const needs: Need[] = [];
		for (const part of this.wantedFiles(parts)) {
			if (this.stored.has(part)) continue;
			const save = (source: Readable): Promise<IBinaryData> =>
				this.store(decodedStream(source, part.encoding), fileName(part), mimeType(part));
			if (part.content) this.stored.set(part, await save(Readable.from([part.content])));
			else {
				needs.push({
					section: part.part,
					take: async (body) => {
						if (!body) this.note(part.part, 'The server does not return this part');
						this.stored.set(part, body ? await save(body.stream()) : undefined);
					},
				});
			}
		}
		return needs;
	}

	private wantedFiles(parts: MessageParts): readonly MimePart[] {
		return this.request.attachments?.(parts) ?? [];
	}

	private async finish(parts: MessageParts): Promise<void> {
		const { content } = this;
		content.attachments = this.wantedFiles(parts).flatMap((part) => {
			const data = this.stored.get(part);
			return data ? [{ part, data }] : [];
		});
		content.unreadable.push(...parts.unreadable);
		let returned: Buffer = Buffer.alloc(0);
		for (const [part, bytes] of this.fields) {
			const decoded = await decodedBytes(bytes, part.encoding);
			const type = mimeType(part);
			if (isCalendar(part))
				content.event ??= calendarEvent(
					await partText(unfoldedCalendar(decoded), part),
					part.parameters.method,
				);
			else if (NOTIFICATION.test(type)) content.reports.push(dispositionReport(decoded));
			else if (DELIVERY.test(type)) content.reports.push(...deliveryReports(decoded));
			else if (type === 'text/plain') content.reports.push(...this.plainReports(decoded));
			else returned = isMessage(part) ? bytes.subarray(0, LARGEST_FIELDS) : decoded;
		}
		const [originalMessageId] = messageIds(new RawHeader(returned).first('message-id'));
		if (originalMessageId === undefined) return;
		for (const report of content.reports) report.originalMessageId ||= originalMessageId;
	}

	private plainReports(text: Buffer): DeliveryReport[] {
		const found = qmailReports(text);
		return found.length > 0 || !this.header ? found : plainReports(this.header, text);
	}

	private get header(): RawHeader | undefined {
		const { header } = this.request;
		return header && new RawHeader(header);
	}

	private note(part: string, reason: string): void {
		this.content.unreadable.push({ part, reason });
	}
}

const NOTIFICATION = /^message\/(?:global-)?disposition-notification$/;
const DELIVERY = /^message\/(?:global-)?delivery-status$/;
const REPORT = /^message\/(?:(?:global-)?delivery-status|(?:global-)?disposition-notification)$/;
/** The header of a message that was not delivered (RFC 6522 §4, RFC 6533 §5). */
const HEADERS = /^(?:text\/rfc822-headers|message\/(?:global|rfc822)-headers)$/;
const CALENDAR = /^(?:text\/calendar|application\/ics)$/;

/** Of a type that says nothing, the name says it. */
const isCalendar = (part: MimePart): boolean =>
	CALENDAR.test(mimeType(part)) ||
	(mimeType(part) === 'application/octet-stream' && /\.ics$/i.test(givenFileName(part) ?? ''));

/** The part's own header has the name that the server's description lacks. */
function takeName(part: MimePart, header: Buffer): void {
	const { parameters, disposition } = partFromHeader(new RawHeader(header));
	if (givenFileName({ ...part, parameters, disposition }) === undefined) return;
	Object.assign(part, { parameters: { ...part.parameters, ...parameters }, disposition });
}

/** What has come whole needs no stream. */
async function decoded(body: MessageBody, encoding: string): Promise<Buffer> {
	if (body.content) return decodedBytes(body.content, encoding);
	const chunks: Buffer[] = [];
	for await (const chunk of decodedStream(body.stream(), encoding)) chunks.push(chunk as Buffer);
	return joined(chunks);
}
