import type { CommandReader } from './command-reader';
import { BadSyntax, formatDateTime } from './command-reader';
import { binaryItems } from './extensions/binary';
import { condstoreItems } from './extensions/condstore-items';
import { gmailItems } from './extensions/gmail';
import { objectIdItems } from './extensions/object-id';
import { previewItems } from './extensions/preview';
import { saveDateItems } from './extensions/save-date';
import { envelope } from './message/envelope';
import { split } from './message/header';
import { mime } from './message/parsed';
import { bodyStructure, section } from './message/structure';
import type { Session } from './session';
import type { StoredMessage } from './store/mailbox';
import type { MailboxView } from './view';

/** One thing asked for of a message, and what answers it. */
export interface FetchItem {
	name: string;
	/** It sets \Seen (RFC 3501 §6.4.5). */
	marks: boolean;
	value(message: StoredMessage, view: MailboxView): (string | Buffer)[];
}

/** A data item of an extension: the capability it belongs to, and how what follows its name is read. */
export interface ExtensionItem {
	needs: string;
	read(reader: CommandReader, session: Session): FetchItem;
}

const EXTENSION_ITEMS: Record<string, ExtensionItem> = {
	...saveDateItems,
	...objectIdItems,
	...previewItems,
	...condstoreItems,
	...binaryItems,
	...gmailItems,
};

/** Reads `ALL`, `FLAGS`, `(UID BODY.PEEK[1.MIME]<0.10>)` … (RFC 3501 `fetch`). */
export function readFetchItems(reader: CommandReader, session: Session): FetchItem[] {
	if (reader.peek() === '(') return reader.list(() => readItem(reader, session)).flat();
	return readItem(reader, session);
}

const MACROS: Record<string, string[]> = {
	ALL: ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE', 'ENVELOPE'],
	FAST: ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE'],
	FULL: ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE', 'ENVELOPE', 'BODY'],
};

function readItem(reader: CommandReader, session: Session): FetchItem[] {
	const name = reader.run(/[A-Za-z0-9.-]/, 'a data item').toUpperCase();
	const extension = Object.hasOwn(EXTENSION_ITEMS, name) ? EXTENSION_ITEMS[name] : undefined;
	if (extension && session.has(extension.needs)) return [extension.read(reader, session)];
	// RFC 9051 appendix E.
	if (session.onlyRev2 && /^RFC822(?:\.HEADER|\.TEXT)?$/.test(name))
		throw new BadSyntax(`unknown data item ${name}`);
	if (MACROS[name]) return MACROS[name].map(simpleItem);
	if ((name === 'BODY' || name === 'BODY.PEEK') && reader.take('['))
		return [bodyItem(reader, name)];
	return [simpleItem(name)];
}

function simpleItem(name: string): FetchItem {
	const item = (value: FetchItem['value'], marks = false): FetchItem => ({ name, marks, value });
	switch (name) {
		case 'UID':
			return item(({ uid }) => [String(uid)]);
		case 'FLAGS':
			return item((message, view) => [`(${view.flags(message).join(' ')})`]);
		case 'INTERNALDATE':
			return item(({ internalDate, zone }) => [formatDateTime(internalDate, zone)]);
		case 'RFC822.SIZE':
			return item(({ octets }) => [String(octets.length)]);
		case 'ENVELOPE':
			return item((message) => [Buffer.from(envelope(split(message.octets).fields), 'latin1')]);
		case 'BODYSTRUCTURE':
		case 'BODY':
			return item((message) => [
				Buffer.from(bodyStructure(mime(message), name !== 'BODY'), 'latin1'),
			]);
		case 'RFC822':
			return item(({ octets }) => literal(octets), true);
		case 'RFC822.HEADER':
			return item((message) => literal(split(message.octets).header));
		case 'RFC822.TEXT':
			return item((message) => literal(split(message.octets).body), true);
		default:
			throw new BadSyntax(`unknown data item ${name}`);
	}
}

function bodyItem(reader: CommandReader, name: string): FetchItem {
	const path = readPath(reader);
	const ends = reader.peek() === ']';
	const what = ends ? '' : reader.run(/[A-Za-z.]/, 'a section').toUpperCase();
	const known = [
		'',
		'HEADER',
		'TEXT',
		'HEADER.FIELDS',
		'HEADER.FIELDS.NOT',
		...(path.length > 0 ? ['MIME'] : []),
	];
	if (!known.includes(what)) throw new BadSyntax(`unknown section ${what}`);
	let fields: string[] = [];
	let shown = [...path, ...(what ? [what] : [])].join('.');
	if (what.startsWith('HEADER.FIELDS')) {
		reader.space();
		fields = reader.list(() => reader.astring().toString('latin1'));
		shown += ` (${fields.join(' ')})`;
	}
	reader.expect(']');
	const { cut, origin } = readPartial(reader);
	return {
		name: `BODY[${shown}]${origin}`,
		marks: name === 'BODY',
		value(message) {
			const found = section(mime(message), path, what, fields);
			return found ? literal(cut(found)) : ['NIL'];
		},
	};
}

/** A part number such as `1.2`; nothing for the message itself. */
export function readPath(reader: CommandReader): number[] {
	const path: number[] = [];
	while (/[1-9]/.test(reader.peek())) {
		path.push(reader.number());
		if (!reader.take('.')) break;
	}
	return path;
}

/** `<0.10>`, if it is there: what it cuts, and the origin that the answer names. */
export function readPartial(reader: CommandReader): {
	cut(octets: Buffer): Buffer;
	origin: string;
} {
	if (!reader.take('<')) return { cut: (octets) => octets, origin: '' };
	const start = reader.number();
	reader.expect('.');
	const length = reader.number();
	if (length === 0) throw new BadSyntax('a partial fetch of no octets');
	reader.expect('>');
	return { cut: (octets) => octets.subarray(start, start + length), origin: `<${start}>` };
}

function literal(octets: Buffer): (string | Buffer)[] {
	return [`{${octets.length}}\r\n`, octets];
}
