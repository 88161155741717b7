/** Uuencode, which was there before MIME: as a transfer encoding, and inside of a text. */

const BEGIN = /^begin(?:-base64)? [0-7]{3,4} (.+)$/;

/** One line: a character for the length in bytes, then four characters for each three bytes. */
function uuLine(line: string): Buffer | undefined {
	const length = (line.charCodeAt(0) - 32) & 63;
	const bytes = Buffer.alloc(Math.ceil(length / 3) * 3);
	for (let at = 1, to = 0; to < length; at += 4, to += 3) {
		let group = 0;
		for (let index = at; index < at + 4; index++) {
			// Spaces at the end of a line get lost on the way.
			const code = index < line.length ? line.charCodeAt(index) : 32;
			if (code < 32 || code > 96) return undefined;
			group = (group << 6) | ((code - 32) & 63);
		}
		bytes.writeUIntBE(group, to, 3);
	}
	return bytes.subarray(0, length);
}

/** Decodes chunk by chunk: what is between the lines `begin` and `end`. */
export class UuDecoder {
	private line = '';
	private state: 'before' | 'inside' | 'after' = 'before';

	decode(chunk: Buffer): Buffer {
		const lines = (this.line + chunk.toString('latin1')).split('\n');
		this.line = lines.pop() ?? '';
		if (this.line.length > 1000) this.line = '';
		return Buffer.concat(lines.map((line) => this.oneLine(line.replace(/\r$/, ''))));
	}

	end(): Buffer {
		return this.oneLine(this.line);
	}

	private oneLine(line: string): Buffer {
		if (this.state === 'before') {
			if (BEGIN.test(line)) this.state = 'inside';
		} else if (this.state === 'inside') {
			if (/^end\s*$/.test(line)) this.state = 'after';
			else if (line !== '') return uuLine(line) ?? Buffer.alloc(0);
		}
		return Buffer.alloc(0);
	}
}

export interface UuFile {
	name: string;
	content: Buffer;
}

/**
 * Takes files out of a text.
 * @param text with line ends as `\n`
 * @returns the text without them; a file that is not whole stays in it
 */
export function takeUuFiles(text: string): { text: string; files: UuFile[] } {
	const files: UuFile[] = [];
	if (!/^begin [0-7]{3,4} \S/m.test(text)) return { text, files };
	const lines = text.split('\n');
	const kept: string[] = [];
	for (let at = 0; at < lines.length; at++) {
		const line = lines[at] as string;
		const name = BEGIN.exec(line.trimEnd())?.[1];
		const file = name === undefined ? undefined : wholeFile(lines, at + 1);
		if (name === undefined || !file) {
			kept.push(line);
			continue;
		}
		files.push({ name, content: file.content });
		at = file.end;
	}
	return { text: kept.join('\n'), files };
}

/** @returns undefined if it is not uuencoded up to a line `end` */
function wholeFile(
	lines: readonly string[],
	from: number,
): { content: Buffer; end: number } | undefined {
	const content: Buffer[] = [];
	for (let at = from; at < lines.length; at++) {
		const line = (lines[at] as string).replace(/\r$/, '');
		if (/^end\s*$/.test(line)) {
			return content.length > 0 ? { content: Buffer.concat(content), end: at } : undefined;
		}
		if (line === '' || line === '`' || line === ' ') continue;
		const bytes = isUuLine(line) ? uuLine(line) : undefined;
		if (!bytes) return undefined;
		content.push(bytes);
	}
	return undefined;
}

/** The length at its beginning fits the length of the line. */
function isUuLine(line: string): boolean {
	const length = (line.charCodeAt(0) - 32) & 63;
	const wanted = 1 + Math.ceil(length / 3) * 4;
	return line.length <= wanted + 2 && line.trimEnd().length >= Math.min(2, wanted);
}
