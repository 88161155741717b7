/** The subject without what replies and forwards put around it (RFC 5256 §2.1). */

const BLOB = String.raw`\[[^[\]]*\]\s*`;
const LEADER = new RegExp(String.raw`^(?:(?:${BLOB})*(?:re|fwd?)\s*(?:${BLOB})?:|\s+)`, 'i');
const FIRST_BLOB = new RegExp(`^${BLOB}`);
const TRAILER = /(?:\(fwd\)|\s+)$/i;
const FORWARDED = /^\[fwd:(.*)\]$/i;
/** Characters of a subject that are looked at: the patterns above are not for books. */
const LONGEST = 1000;

export interface BaseSubject {
	text: string;
	/** Something of a reply or a forward was taken off. */
	isReply: boolean;
}

/** @param subject decoded */
export function baseSubject(subject: string): BaseSubject {
	let text = subject.slice(0, LONGEST).replace(/\s+/g, ' ');
	let isReply = false;
	for (;;) {
		let before: string;
		do {
			before = text;
			for (const pattern of [TRAILER, LEADER]) {
				const [found] = pattern.exec(text) ?? [];
				if (found === undefined) continue;
				isReply ||= found.trim() !== '';
				text = text.replace(pattern, '');
			}
			if (text !== before) continue;
			// A blob is kept where nothing else would be left.
			const [blob] = FIRST_BLOB.exec(text) ?? [];
			if (blob !== undefined && blob.length < text.length) text = text.slice(blob.length);
		} while (text !== before);
		const [, forwarded] = FORWARDED.exec(text) ?? [];
		if (forwarded === undefined) return { text, isReply };
		isReply = true;
		text = forwarded;
	}
}
