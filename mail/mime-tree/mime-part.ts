/** The parts of a message, in one form, whether the server described them or the message was read as a whole. */

export interface PartDisposition {
	/** Lower case: `attachment`, `inline` … */
	type: string;
	parameters: Readonly<Record<string, string>>;
}

export interface MimePart {
	/** The part's number for BODY[…]: `1`, `2.1` …; empty for a message that is one multipart. */
	part: string;
	/** Lower case: `text`, `image`, `multipart` … */
	type: string;
	/** Lower case: `plain`, `jpeg`, `alternative` … */
	subtype: string;
	/** Names in lower case; values as they were written. */
	parameters: Readonly<Record<string, string>>;
	disposition: PartDisposition | null;
	/** Content-ID, with its angle brackets. */
	id: string | null;
	/** Content-Transfer-Encoding in lower case. */
	encoding: string;
	/** Charsets of the message's texts, for a file name that names none. */
	charsets?: readonly string[];
	/** Bytes, still encoded. */
	size: number;
	/** Of a multipart. */
	parts: readonly MimePart[];
	/** The message in a message/rfc822 or message/global part, where it is known. */
	message?: MimePart;
	/** Whether only its recipient can read it, as its content says. */
	encrypted?: boolean;
	/** Still encoded: there if the message was read as a whole, or if the part came out of another one. */
	content?: Buffer;
	/** The header of the part (of the message, for the top), where it was read. */
	header?: Buffer;
}

export const isMultipart = ({ type }: { type: string }): boolean => type === 'multipart';

/** A message that is attached to this one. */
export const isMessage = ({ type, subtype }: MimePart): boolean =>
	type === 'message' && (subtype === 'rfc822' || subtype === 'global' || subtype === 'news');

/** S/MIME data that only its recipient can read (RFC 8551 §3.2.2). */
export const isEncrypted = ({ type, subtype, parameters, encrypted }: MimePart): boolean =>
	encrypted === true ||
	(type === 'application' &&
		/^(?:x-)?pkcs7-mime$/.test(subtype) &&
		/enveloped/i.test(parameters['smime-type'] ?? ''));

/** Parts of a tree that are read: what hostile messages have more of is left out. */
export const MOST_PARTS = 5_000;
/** Levels of multiparts and attached messages. */
export const DEEPEST = 100;

/** All single parts in order, those inside attached messages left out; without recursion. */
export function* singleParts(root: MimePart): Generator<MimePart> {
	const waiting: MimePart[] = [root];
	for (let part = waiting.pop(); part; part = waiting.pop()) {
		if (!isMultipart(part)) yield part;
		else waiting.push(...part.parts.toReversed());
	}
}

/** All parts in order, those inside attached messages behind the part that holds them. */
function* allParts(root: MimePart): Generator<MimePart> {
	const waiting: MimePart[] = [root];
	for (let part = waiting.pop(); part; part = waiting.pop()) {
		yield part;
		if (part.message) waiting.push(part.message);
		waiting.push(...part.parts.toReversed());
	}
}

/**
 * The part of this number, those inside attached messages included (RFC 9051 §6.4.5).
 * @returns undefined if there is none
 */
export function partOfNumber(root: MimePart, number: string): MimePart | undefined {
	// An attached message has the number of the multipart that it is; it comes first.
	for (const part of allParts(root)) if (part.part === number) return part;
	return undefined;
}

/** The number of the nth part (from 1) of a multipart or message of this number. */
export const childNumber = (number: string, index: number): string =>
	number === '' ? String(index) : `${number}.${index}`;
