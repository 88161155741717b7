const BLOB = String.raw`\[[^[\]]*\]\s*`;
const LEADER = new RegExp(String.raw`^(?:(?:${BLOB})*(?:re|fwd?)\s*(?:${BLOB})?:|\s+)`, 'i');
const FIRST_BLOB = new RegExp(`^${BLOB}`);
const TRAILER = /(?:\(fwd\)|\s+)$/i;
const FORWARD = /^\[fwd:(.*)\]$/is;

/** A subject without what replies and forwards put around it, for sorting and threading. */
export interface BaseSubject {
	text: string;
	/** Something of a reply or a forward was taken off. */
	isReply: boolean;
}

/** RFC 5256 §2.1. @param subject decoded */
export function baseSubject(subject: string): BaseSubject {
	let text = subject.replace(/\s+/g, ' ');
	let isReply = false;
	const strip = (pattern: RegExp, mark: boolean): boolean => {
		const found = pattern.exec(text)?.[0];
		if (!found) return false;
		text = text.replace(pattern, '');
		if (mark && found.trim() !== '') isReply = true;
		return true;
	};
	for (;;) {
		while (strip(TRAILER, true));
		for (;;) {
			if (strip(LEADER, true)) continue;
			const blob = FIRST_BLOB.exec(text)?.[0];
			if (!blob || blob.length === text.length) break;
			text = text.slice(blob.length);
		}
		const forwarded = FORWARD.exec(text);
		if (!forwarded) return { text, isReply };
		isReply = true;
		text = forwarded[1] ?? '';
	}
}
