/** Base64 (RFC 2045 §6.8) as it comes: in several padded runs, with stray characters, with clear text behind it. */

const LF = '\n';
/** Characters of a line that has no end; RFC 2045 allows 76. */
const LONGEST_LINE = 64 * 1024;

const OTHER = 0;
const ALPHABET = 1;
const LINE_END = 2;
const kinds = new Uint8Array(256);
for (const byte of Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'))
	kinds[byte] = ALPHABET;
kinds[0x0a] = kinds[0x0d] = LINE_END;

/**
 * The lines at the beginning that are nothing but base64.
 * @returns their characters without line ends, and where the first line begins that has others in it
 */
function plainLines(chunk: Buffer): { characters: string; end: number } {
	const { length } = chunk;
	const kept = Buffer.allocUnsafe(length);
	let count = 0;
	let [lineAt, lineCount] = [0, 0];
	for (let at = 0; at < length; at++) {
		const byte = chunk[at] as number;
		const kind = kinds[byte];
		if (kind === ALPHABET) kept[count++] = byte;
		else if (kind === OTHER)
			return { characters: kept.toString('latin1', 0, lineCount), end: lineAt };
		else {
			lineAt = at + 1;
			lineCount = count;
		}
	}
	return { characters: kept.toString('latin1', 0, count), end: length };
}

/** Decodes chunk by chunk. */
export class Base64Decoder {
	/** Of the last line, which is not whole yet. */
	private line = '';
	/** Characters of a group of four that is not whole yet. */
	private group = '';
	private padded = false;
	private ended = false;

	decode(chunk: Buffer): Buffer {
		if (this.ended) return Buffer.alloc(0);
		const bytes =
			this.line === '' ? chunk : Buffer.concat([Buffer.from(this.line, 'latin1'), chunk]);
		this.line = '';
		if (this.padded) return this.byLine(bytes);
		const { characters, end } = plainLines(bytes);
		// What is left of the last line goes on as part of the group: no line end is needed any more.
		const plain = this.take(characters);
		if (end === bytes.length) return plain;
		return Buffer.concat([plain, this.byLine(bytes.subarray(end))]);
	}

	/** What has other characters in it; the last line may go on in the next chunk. */
	private byLine(bytes: Buffer): Buffer {
		const text = bytes.toString('latin1');
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
		const found: Buffer[] = [];
		for (const line of text.split(LF)) {
			if (this.ended) break;
			found.push(this.oneLine(line.trim()));
		}
		return found.length === 1 ? (found[0] as Buffer) : Buffer.concat(found);
	}

	private oneLine(line: string): Buffer {
		if (line === '') return Buffer.alloc(0);
		const isClean = /^[A-Za-z0-9+/]+={0,3}$/.test(line);
		// Lists and virus scanners append their words in clear text, which is none of the content.
		const isProse = /\s/.test(line) && /[^A-Za-z0-9+/=\s]/.test(line);
		const isRule = /^[-_=*~#]{2,}/.test(line);
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

	/** @param characters of the alphabet only */
	private take(characters: string): Buffer {
		const all = this.group + characters;
		const whole = all.length - (all.length % 4);
		this.group = all.slice(whole);
		return Buffer.from(all.slice(0, whole), 'base64');
	}
}
