/** Outlook's winmail.dat: Transport Neutral Encapsulation Format ([MS-OXTNEF]). */
import { decodeText } from '../charset/decode-text';
import { decompressRtf, htmlOfRtf } from './rtf';

export interface TnefFile {
	name: string;
	mimeType: string;
	content: Buffer;
	contentId?: string;
	/** The message's own text rather than a file. */
	isBody?: boolean;
	charset?: string;
}

const SIGNATURE = 0x223e9f78;
const LEVEL_ATTACHMENT = 2;
const ATT_TITLE = 0x8010;
const ATT_DATA = 0x800f;
const ATT_RENDERING = 0x9002;
const ATT_PROPERTIES = 0x9005;
const MESSAGE_PROPERTIES = 0x9003;
const MESSAGE_BODY = 0x800c;
const CODE_PAGE = 0x9007;

const PR_BODY = 0x1000;
const PR_RTF_COMPRESSED = 0x1009;
const PR_BODY_HTML = 0x1013;
const PR_ATTACH_DATA = 0x3701;
const PR_ATTACH_FILENAME = 0x3704;
const PR_ATTACH_LONG_FILENAME = 0x3707;
const PR_ATTACH_MIME = 0x370e;
const PR_ATTACH_CONTENT_ID = 0x3712;
const PR_DISPLAY_NAME = 0x3001;

const MOST_FILES = 1000;

/** @returns undefined if it is not TNEF. What is damaged is read as far as it goes. */
export async function readTnef(bytes: Buffer): Promise<TnefFile[] | undefined> {
	if (bytes.length < 6 || bytes.readUInt32LE(0) !== SIGNATURE) return undefined;
	const files: TnefFile[] = [];
	const bodies: TnefFile[] = [];
	let properties: Buffer | undefined;
	let open: Partial<TnefFile> & { title?: string } = {};
	let charset = 'windows-1252';
	const finish = (): void => {
		if (open.content && files.length < MOST_FILES) {
			files.push({
				...open,
				name: open.name ?? open.title ?? 'attachment',
				mimeType: open.mimeType ?? 'application/octet-stream',
				content: open.content,
			});
		}
		open = {};
	};
	for (let at = 6; at + 11 <= bytes.length;) {
		const level = bytes[at];
		const id = bytes.readUInt16LE(at + 1);
		const length = bytes.readUInt32LE(at + 5);
		const data = bytes.subarray(at + 9, at + 9 + length);
		if (data.length < length) break;
		at += 9 + length + 2;
		if (level === LEVEL_ATTACHMENT) {
			if (id === ATT_RENDERING) finish();
			else if (id === ATT_TITLE) open.title = ansi(data, charset);
			else if (id === ATT_DATA) open.content ??= data;
			else if (id === ATT_PROPERTIES) Object.assign(open, attachment(data, charset, open.content));
		} else if (id === CODE_PAGE && data.length >= 4) charset = `cp${data.readUInt32LE(0)}`;
		else if (id === MESSAGE_BODY) bodies.push(body('plain', data, charset));
		else if (id === MESSAGE_PROPERTIES) properties ??= data;
	}
	finish();
	const more = properties ? await messageBodies(properties, charset) : [];
	return [...best([...bodies, ...more]), ...files];
}

/** One text: the HTML if there is some, else what is plain. */
function best(bodies: readonly TnefFile[]): TnefFile[] {
	const found =
		bodies.find(({ mimeType }) => mimeType === 'text/html') ??
		bodies.find(({ content }) => content.length > 0);
	return found ? [found] : [];
}

const body = (subtype: 'plain' | 'html', content: Buffer, charset: string): TnefFile => ({
	name: `body.${subtype === 'html' ? 'html' : 'txt'}`,
	mimeType: `text/${subtype}`,
	content,
	charset,
	isBody: true,
});

const ansi = (data: Buffer, charset: string): string =>
	decodeText(beforeNul(data), { claimed: charset });

function beforeNul(data: Buffer): Buffer {
	const end = data.indexOf(0);
	return end < 0 ? data : data.subarray(0, end);
}

function attachment(data: Buffer, charset: string, known: Buffer | undefined): Partial<TnefFile> {
	const found: Partial<TnefFile> = {};
	for (const { id, type, value } of propertiesIn(data)) {
		const text = (): string => propertyText(type, value, charset);
		if (id === PR_ATTACH_LONG_FILENAME) found.name = text();
		else if (id === PR_ATTACH_FILENAME || id === PR_DISPLAY_NAME) found.name ??= text();
		else if (id === PR_ATTACH_MIME) found.mimeType = text();
		else if (id === PR_ATTACH_CONTENT_ID) found.contentId = `<${text().replace(/[<>]/g, '')}>`;
		else if (id === PR_ATTACH_DATA && (type & 0xfff) === PT_BINARY) found.content = value;
		else if (id === PR_ATTACH_DATA && (type & 0xfff) === PT_OBJECT) {
			// A message attached to it: an interface's identifier, then TNEF again.
			const inner = value.subarray(16);
			found.content = inner.length > 4 && inner.readUInt32LE(0) === SIGNATURE ? inner : value;
			found.mimeType = 'application/ms-tnef';
			if (inner !== found.content) found.mimeType = 'application/octet-stream';
		}
	}
	if (known && known.length > 0 && !found.content) found.content = known;
	return found;
}

async function messageBodies(data: Buffer, charset: string): Promise<TnefFile[]> {
	const found: TnefFile[] = [];
	let compressed: Buffer | undefined;
	for (const { id, type, value } of propertiesIn(data)) {
		if (id === PR_BODY_HTML) {
			const isText = (type & 0xfff) === PT_STRING8 || (type & 0xfff) === PT_UNICODE;
			const html = isText ? Buffer.from(propertyText(type, value, charset)) : value;
			found.push(body('html', html, isText ? 'utf-8' : charset));
		} else if (id === PR_BODY) {
			found.push(body('plain', Buffer.from(propertyText(type, value, charset)), 'utf-8'));
		} else if (id === PR_RTF_COMPRESSED) compressed ??= value;
	}
	const rtf = compressed && decompressRtf(compressed);
	const html = rtf && (await htmlOfRtf(rtf));
	if (html) found.push(body('html', Buffer.from(html), 'utf-8'));
	return found;
}

const PT_OBJECT = 0x0d;
const PT_STRING8 = 0x1e;
const PT_UNICODE = 0x1f;
const PT_BINARY = 0x102;
/** Bytes of values of a fixed size, by type; each is padded to four. */
const SIZES: Readonly<Record<number, number>> = {
	0x02: 4,
	0x03: 4,
	0x04: 4,
	0x05: 8,
	0x06: 8,
	0x07: 8,
	0x0a: 4,
	0x0b: 4,
	0x14: 8,
	0x40: 8,
	0x48: 16,
};

interface Property {
	id: number;
	type: number;
	value: Buffer;
}

/** A list of MAPI properties ([MS-OXTNEF] §2.1.3.4); of several values the first. It ends where it is damaged. */
function propertiesIn(data: Buffer): Property[] {
	const found: Property[] = [];
	// By division: a length of nearly 2^32 must not become a step back.
	const padded = (length: number): number => Math.ceil(length / 4) * 4;
	try {
		let at = 4;
		for (let left = data.readUInt32LE(0); left > 0; left--) {
			const type = data.readUInt16LE(at);
			const id = data.readUInt16LE(at + 2);
			at += 4;
			if (id >= 0x8000) {
				// A named property: its set, then a number or a name.
				const kind = data.readUInt32LE(at + 16);
				at += 20 + (kind === 0 ? 4 : 4 + padded(data.readUInt32LE(at + 20)));
			}
			const base = type & 0xfff;
			const isMany = (type & 0x1000) !== 0;
			const size = SIZES[base];
			let count = 1;
			if (isMany || size === undefined) {
				count = data.readUInt32LE(at);
				at += 4;
			}
			for (let index = 0; index < count; index++) {
				const length = size ?? data.readUInt32LE(at);
				if (size === undefined) at += 4;
				if (at + length > data.length) return found;
				if (index === 0) found.push({ id, type, value: data.subarray(at, at + length) });
				at += padded(length);
			}
		}
	} catch (error) {
		if (!(error instanceof RangeError)) throw error;
	}
	return found;
}

function propertyText(type: number, value: Buffer, charset: string): string {
	if ((type & 0xfff) === PT_UNICODE) return value.toString('utf16le').replace(/\0.*$/s, '');
	return ansi(value, charset);
}
