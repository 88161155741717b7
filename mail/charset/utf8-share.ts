/** How much of some bytes is UTF-8. */
import { isUtf8 } from 'node:buffer';

export interface Utf8Share {
	/** Characters of two bytes and more that are whole. */
	valid: number;
	/** Those of three bytes and more among them. */
	long: number;
	/** Bytes, or beginnings of characters, that are not UTF-8. */
	invalid: number;
	/** Whether the last one is the beginning of a character. */
	isCut: boolean;
}

/** Bytes looked at: what a text is shows in its beginning. */
const ENOUGH = 256 * 1024;

export function utf8Share(all: Buffer): Utf8Share {
	const bytes = all.subarray(0, ENOUGH);
	const share: Utf8Share = { valid: 0, long: 0, invalid: 0, isCut: false };
	for (let at = 0; at < bytes.length;) {
		const lead = bytes[at] as number;
		if (lead < 0x80) {
			at++;
			continue;
		}
		const length =
			lead >= 0xc2 && lead <= 0xdf
				? 2
				: lead >= 0xe0 && lead <= 0xef
					? 3
					: lead >= 0xf0 && lead <= 0xf4
						? 4
						: 1;
		let end = at + 1;
		while (end < at + length && end < bytes.length && ((bytes[end] as number) & 0xc0) === 0x80)
			end++;
		if (length > 1 && end === at + length && isUtf8(bytes.subarray(at, end))) {
			share.valid++;
			if (length > 2) share.long++;
		} else {
			share.invalid++;
			share.isCut = end === bytes.length && end < at + length;
		}
		at = end;
	}
	return share;
}
