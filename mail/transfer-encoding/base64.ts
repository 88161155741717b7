/** Base64 (RFC 2045 §6.8) as it comes: in several padded runs, with stray characters, with clear text behind it. */
import { trimWhitespace } from '../header/whitespace';

const LF = '\n';
/** Characters of a line that has no end; RFC 2045 allows 76. */
const LONGEST_LINE = 64 * 1024;

/** Neither of the alphabet nor a line end. */
const OTHER = /[^A-Za-z0-9+/\r\n]/;

const CLEAN = /^[A-Za-z0-9+/]+={0,3}$/;
/** The alphabet for URLs (RFC 4648 §5), in which some scripts write. */
const FOR_URLS = /^[A-Za-z0-9_-]+={0,3}$/;

/** Decodes chunk by chunk. */
export class Base64Decoder {
	/** Of the last line, which is not whole yet. */
	private line = '';
	/** Characters of a group of four that is not whole yet. */
	private group = '';
	private padded = false;
	private ended = false;
	/** Whether anything was base64. */
	private begun = false;
	/** Text that only claims to be base64, which is left as it is. */
	private clear = false;
	/** Whether a line was in the alphabet for URLs. */
	private forUrls = false;

	decode(chunk: Buffer): Buffer {
		if (this.clear) return Buffer.concat([this.lines(this.line), chunk]);
		if (this.ended) return Buffer.alloc(0);
		const text = this.line + chunk.toString('latin1');
		this.line = '';
		// The first line shows what it is.
		if (!this.begun && text.length < LONGEST_LINE && !text.includes(LF)) {
			this.line = text;
			return Buffer.alloc(0);
		}
		if (this.padded) return this.byLine(text);
		return this.plain(text) ?? this.beginning(text);
	}

	/** @returns undefined if it has anything but base64 in it; what is left over goes on as part of the group */
	private plain(text: string): Buffer | undefined {
		// Plain strings are looked for many times faster than either line end at once.
		const all = this.group + text.replace(/\r\n/g, '').replace(/\n/g, '');
		// Padding, as at nearly every end: not to be decoded twice.
		if (all.includes('=')) return undefined;
		const whole = all.length - (all.length % 4);
		const group = all.slice(whole);
		const decoded = Buffer.from(all.slice(0, whole), 'base64');
		// The platform skips what is no base64, apart from two characters of base64url.
		const isPlain =
			decoded.length === (whole / 4) * 3 &&
			!all.includes('-') &&
			!all.includes('_') &&
			/^[A-Za-z0-9+/]*$/.test(group);
		if (!isPlain) return undefined;
		this.begun ||= all !== '';
		this.group = group;
		return decoded;
	}

	/** The lines at the beginning that are nothing but base64, then what follows line by line. */
	private beginning(text: string): Buffer {
		const other = text.search(OTHER);
		const end =
			other < 0
				? text.length
				: Math.max(text.lastIndexOf(LF, other), text.lastIndexOf('\r', other)) + 1;
		const plain = this.take(text.slice(0, end).replace(/[\r\n]+/g, ''));
		if (end === text.length) return plain;
		const rest = this.byLine(text.slice(end));
		return rest.length === 0 ? plain : Buffer.concat([plain, rest]);
	}

	/** What has other characters in it; the last line may go on in the next chunk. */
	private byLine(text: string): Buffer {
		const end = text.length > LONGEST_LINE ? text.length : text.lastIndexOf(LF) + 1;
		this.line = text.slice(end);
		return this.lines(text.slice(0, end));
	}

	end(): Buffer {
		const rest = this.ended ? Buffer.alloc(0) : this.lines(this.line);
		const last = this.ended ? '' : this.group;
		this.line = this.group = '';
		return last === '' ? rest : Buffer.concat([rest, Buffer.from(last, 'base64')]);
	}

	private lines(text: string): Buffer {
		if (this.clear) {
			this.line = '';
			return Buffer.from(text, 'latin1');
		}
		const found: Buffer[] = [];
		for (const line of text.split(LF)) {
			if (this.ended) break;
			if (this.clear) found.push(Buffer.from(`\n${line}`, 'latin1'));
			else found.push(this.oneLine(trimWhitespace(line)));
		}
		return found.length === 1 ? (found[0] as Buffer) : Buffer.concat(found);
	}

	private oneLine(written: string): Buffer {
		if (written === '') return Buffer.alloc(0);
		const line = this.inStandardAlphabet(written);
		const isClean = CLEAN.test(line);
		// Lists and virus scanners append their words in clear text, which is none of the content.
		const isProse = /[ \t]/.test(line) && /[^A-Za-z0-9+/= \t]/.test(line);
		const isRule = /^[-_=*~#]{2,}/.test(line);
		if (isProse && !this.begun) {
			this.clear = true;
			return Buffer.from(line, 'latin1');
		}
		if (
			(this.padded && !(isClean && line.length % 4 === 0)) ||
			(this.group === '' && !isClean && (isProse || isRule))
		) {
			this.ended = true;
			return Buffer.alloc(0);
		}
		this.padded = false;
		const found: Buffer[] = [];
		for (const run of line.replace(/[^A-Za-z0-9+/=]/g, '').match(/[^=]+|=+/g) ?? []) {
			if (!run.startsWith('=')) {
				found.push(this.take(run));
				continue;
			}
			found.push(Buffer.from(this.group, 'base64'));
			this.group = '';
			this.padded = true;
		}
		return Buffer.concat(found);
	}

	private inStandardAlphabet(line: string): string {
		if (CLEAN.test(line) || !FOR_URLS.test(line)) return line;
		// A few show it. More in a row can be a line that is drawn, two at the beginning a delimiter.
		this.forUrls ||= !/^(?:--|__)/.test(line) && /(?<![-_])[-_]{1,3}(?![-_])/.test(line);
		return this.forUrls ? line.replace(/-/g, '+').replace(/_/g, '/') : line;
	}

	/** @param characters of the alphabet only */
	private take(characters: string): Buffer {
		const all = this.group + characters;
		this.begun ||= all !== '';
		const whole = all.length - (all.length % 4);
		this.group = all.slice(whole);
		return Buffer.from(all.slice(0, whole), 'base64');
	}
}
