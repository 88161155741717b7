/**
 * Parts that hold others in a form of their own: TNEF (winmail.dat), signed data (PKCS #7), messages in a
 * transfer encoding, and files in uuencode. What is in them takes their place in the tree.
 */
import { decodedBytes } from '../transfer-encoding/decode-transfer';
import { transferEncoding } from '../transfer-encoding/encoding-name';
import {
	childNumber,
	isEncrypted,
	isMessage,
	singleParts,
	type MimePart,
} from '../mime-tree/mime-part';
import { RawHeader } from '../header/raw-header';
import { treeFromBytes } from '../mime-tree/from-bytes';
import { givenFileName, mimeType } from '../file-name';
import { isEnveloped, signedContent } from './pkcs7';
import { readTnef } from './tnef';

/** Bytes of a part that is unwrapped in memory, encoded. */
const MOST_BYTES = 48 * 1024 * 1024;

type Container = 'tnef' | 'pkcs7' | 'message';

const TNEF = /^application\/(?:ms-tnef|vnd\.ms-tnef|x-ms-tnef)$/;
const PKCS7 = /^application\/(?:x-)?pkcs7-mime$/;
/** A type that says nothing: the usual name does (for S/MIME RFC 8551 §3.2.1). */
const UNKNOWN = 'application/octet-stream';

function containerIn(part: MimePart): Container | undefined {
	const type = mimeType(part);
	const name = type === UNKNOWN ? givenFileName(part)?.toLowerCase() : undefined;
	if (TNEF.test(type) || name === 'winmail.dat') return 'tnef';
	if (PKCS7.test(type) || name === 'smime.p7m') return 'pkcs7';
	return isMessage(part) ? 'message' : undefined;
}

/** The parts whose content has to be read to know what is in them. */
export function wrappedParts(root: MimePart): MimePart[] {
	return [...singleParts(root)].filter((part) => part.size <= MOST_BYTES && isWrapped(part));
}

function isWrapped(part: MimePart): boolean {
	const container = containerIn(part);
	if (container === 'pkcs7') return !isEncrypted(part);
	if (container === 'tnef') return true;
	return (
		container === 'message' &&
		part.message === undefined &&
		transferEncoding(part.encoding) !== 'none'
	);
}

/**
 * Puts what is in a part into its place.
 * @param content of the part, still encoded
 * @returns false if it can't be read: then the part stays as it is
 */
export async function unwrapPart(part: MimePart, content: Buffer): Promise<boolean> {
	const bytes = await decodedBytes(content, part.encoding);
	// What only has the name of a container is a file like others.
	const isFile = mimeType(part) === UNKNOWN;
	const container = containerIn(part);
	if (container === 'tnef') {
		const files = await readTnef(bytes);
		if (!files || files.length === 0) return isFile;
		become(part, {
			type: 'multipart',
			subtype: 'mixed',
			parts: files.map((file, at) => ({
				...filePart(childNumber(part.part, at + 1), file.mimeType, file.name, file.content),
				id: file.contentId ?? null,
				...(file.isBody === true
					? { disposition: null, parameters: { charset: file.charset ?? 'utf-8' } }
					: {}),
			})),
		});
		return true;
	}
	if (container === 'pkcs7') {
		const inner = signedContent(bytes);
		if (!inner) {
			part.encrypted = isEnveloped(bytes);
			return part.encrypted || isFile;
		}
		// A file that is signed, such as an invoice, is attached as it is.
		if (!isEntity(inner)) return true;
		const tree = await treeFromBytes(inner);
		become(part, renumbered(tree, part.part));
		return true;
	}
	part.message = renumbered(await treeFromBytes(bytes), part.part);
	return true;
}

/** Whether it begins like a part of a message: with the fields of one, or with none. */
function isEntity(bytes: Buffer): boolean {
	if (/^\r?\n/.test(bytes.toString('latin1', 0, 2))) return true;
	const hasField = /^[!-9;-~]+[ \t]*:/.test(bytes.toString('latin1', 0, 200));
	return hasField && new RawHeader(bytes).first('content-type') !== undefined;
}

/** A file that came out of another part; its content is not encoded. */
export function filePart(number: string, type: string, name: string, content: Buffer): MimePart {
	const [main = 'application', subtype = 'octet-stream'] = type.toLowerCase().split('/');
	return {
		part: number,
		type: main,
		subtype,
		parameters: {},
		disposition: { type: 'attachment', parameters: { filename: name } },
		id: null,
		encoding: 'binary',
		size: content.length,
		parts: [],
		content,
	};
}

function become(part: MimePart, other: Partial<MimePart>): void {
	Object.assign(part, {
		message: undefined,
		content: undefined,
		disposition: null,
		...other,
		part: part.part,
	});
}

/** The tree as one in a part of this number: `1.2` becomes `3.1.2`. */
function renumbered(root: MimePart, number: string): MimePart {
	const prefix = (own: string): string => (own === '' ? number : `${number}.${own}`);
	const waiting = [root];
	for (let part = waiting.pop(); part; part = waiting.pop()) {
		part.part = prefix(part.part);
		waiting.push(...part.parts, ...(part.message ? [part.message] : []));
	}
	return root;
}
