/** Uuencode, which was there before MIME: as a transfer encoding, and inside of a text. */
import { Turns } from '../next-turn';

const BEGIN = /^begin(?:-base64)? [0-7]{3,4} (.+)$/;

/** What a line says of its length in bytes. */
const bytesOf = (line: string): number => (line.charCodeAt(0) - 32) & 63;

/** The bytes of some lines in one place: a buffer for each line would take many times their memory. */
class UuBytes {
	private readonly bytes: Buffer;
	private length = 0;

	/** @param most bytes of all lines that will be added */
	constructor(most: number) {
		// The last group of three bytes may not be full.
		this.bytes = Buffer.allocUnsafe(most + 2);
	}

	/**
	 * One line: a character for the length in bytes, then four characters for each three bytes.
	 * @returns false if it is none
	 */
	add(line: string): boolean {
		const start = this.length;
		const end = start + bytesOf(line);
		for (let at = 1, to = start; to < end; at += 4, to += 3) {
			let group = 0;
			for (let index = at; index < at + 4; index++) {
				// Spaces at the end of a line get lost on the way.
				const code = index < line.length ? line.charCodeAt(index) : 32;
				if (code < 32 || code > 96) return false;
				group = (group << 6) | ((code - 32) & 63);
			}
			this.bytes.writeUIntBE(group, to, 3);
		}
		this.length = end;
		return true;
	}

	get content(): Buffer {
		return this.bytes.subarray(0, this.length);
	}
}

/** Decodes chunk by chunk: what is between the lines `begin` and `end`. */
export class UuDecoder {
	private line = '';
	private state: 'before' | 'inside' | 'after' = 'before';

	decode(chunk: Buffer): Buffer {
		const lines = (this.line + chunk.toString('latin1')).split('\n');
		this.line = lines.pop() ?? '';
		if (this.line.length > 1000) this.line = '';
		return this.decoded(lines);
	}

	end(): Buffer {
		return this.decoded([this.line]);
	}

	private decoded(lines: readonly string[]): Buffer {
		const bytes = new UuBytes(lines.reduce((sum, line) => sum + bytesOf(line), 0));
		for (const line of lines) this.oneLine(line.replace(/\r$/, ''), bytes);
		return bytes.content;
	}

	private oneLine(line: string, bytes: UuBytes): void {
		if (this.state === 'before') {
			if (BEGIN.test(line)) this.state = 'inside';
		} else if (this.state === 'inside') {
			if (/^end\s*$/.test(line)) this.state = 'after';
			else if (line !== '') bytes.add(line);
		}
	}
}

export interface UuFile {
	name: string;
	content: Buffer;
}

/**
 * Takes files out of a text. Other work gets its turn in between.
 * @param text with line ends as `\n`
 * @param most files to take; more stay in the text
 * @returns the text without them; a file that is not whole stays in it
 */
export async function takeUuFiles(
	text: string,
	most = Infinity,
): Promise<{ text: string; files: UuFile[] }> {
	const files: UuFile[] = [];
	if (!/^begin [0-7]{3,4} \S/m.test(text)) return { text, files };
	const lines = text.split('\n');
	const kept: string[] = [];
	for (let at = 0; at < lines.length; at++) {
		const line = lines[at] as string;
		const name = files.length < most ? BEGIN.exec(line.trimEnd())?.[1] : undefined;
		const end = name === undefined ? undefined : await endOfFile(lines, at + 1);
		const content = end === undefined ? undefined : await contentOf(lines.slice(at + 1, end));
		if (name === undefined || end === undefined || !content) {
			kept.push(line);
			continue;
		}
		files.push({ name, content });
		at = end;
	}
	return { text: kept.join('\n'), files };
}

/** Lines that are read in one go. */
const LINES_PER_TURN = 10_000;

/** @returns the line `end`; undefined if it does not end, or is not uuencoded up to there */
async function endOfFile(lines: readonly string[], from: number): Promise<number | undefined> {
	const turns = new Turns();
	for (let at = from; at < lines.length; at++) {
		if (at % LINES_PER_TURN === 0) await turns.next();
		const line = withoutReturn(lines[at] as string);
		if (/^end\s*$/.test(line)) return at;
		if (!isEmpty(line) && !isUuLine(line)) return undefined;
	}
	return undefined;
}

/** @returns undefined if there is none, or it is not uuencoded */
async function contentOf(lines: readonly string[]): Promise<Buffer | undefined> {
	const turns = new Turns();
	const bytes = new UuBytes(lines.reduce((sum, line) => sum + bytesOf(line), 0));
	let isThere = false;
	for (const [at, written] of lines.entries()) {
		if (at % LINES_PER_TURN === 0) await turns.next();
		const line = withoutReturn(written);
		if (isEmpty(line)) continue;
		if (!bytes.add(line)) return undefined;
		isThere = true;
	}
	return isThere ? bytes.content : undefined;
}

const withoutReturn = (line: string): string => line.replace(/\r$/, '');

const isEmpty = (line: string): boolean => line === '' || line === '`' || line === ' ';

/** The length at its beginning fits the length of the line. */
function isUuLine(line: string): boolean {
	const wanted = 1 + Math.ceil(bytesOf(line) / 3) * 4;
	return line.length <= wanted + 2 && line.trimEnd().length >= Math.min(2, wanted);
}
