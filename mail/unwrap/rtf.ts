/** Compressed RTF ([MS-OXRTFCP]), and the HTML that Outlook keeps in it ([MS-OXRTFEX]). */
import { decodeText } from '../charset/decode-text';
import { Turns } from '../next-turn';

/** What the dictionary begins with. */
const PRELOAD =
	'{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx';
const COMPRESSED = 0x75465a4c;
const UNCOMPRESSED = 0x414c454d;
const DICTIONARY = 4096;
const MOST_BYTES = 16 * 1024 * 1024;
/** Bytes that one can stand for: eight references of two bytes, each to 17, behind a byte of flags. */
const MOST_EXPANSION = 8;
/** Groups in one another; what is deeper is not text. */
const DEEPEST = 10_000;
/** Tokens that are read in one go. */
const TOKENS_PER_TURN = 10_000;

/** @returns undefined if it is damaged, or larger than any mail */
export function decompressRtf(data: Buffer): string | undefined {
	if (data.length < 16) return undefined;
	const size = Math.min(data.readUInt32LE(4), data.length * MOST_EXPANSION);
	const kind = data.readUInt32LE(8);
	if (kind === UNCOMPRESSED) return data.subarray(16, 16 + size).toString('latin1');
	if (kind !== COMPRESSED || size > MOST_BYTES) return undefined;
	const dictionary = Buffer.alloc(DICTIONARY);
	let write = dictionary.write(PRELOAD, 'latin1');
	const out = Buffer.alloc(size);
	let length = 0;
	const put = (byte: number): void => {
		if (length < size) out[length++] = byte;
		dictionary[write] = byte;
		write = (write + 1) % DICTIONARY;
	};
	for (let at = 16; at < data.length && length < size;) {
		const flags = data[at++] as number;
		for (let bit = 0; bit < 8 && at < data.length; bit++) {
			if ((flags & (1 << bit)) === 0) {
				put(data[at++] as number);
				continue;
			}
			const reference = ((data[at] as number) << 8) | (data[at + 1] ?? 0);
			at += 2;
			const from = reference >> 4;
			// A reference to where it writes ends it.
			if (from === write) return out.subarray(0, length).toString('latin1');
			for (let index = 0; index < (reference & 15) + 2; index++) {
				put(dictionary[(from + index) % DICTIONARY] as number);
			}
		}
	}
	return out.subarray(0, length).toString('latin1');
}

const TOKEN =
	/\\'([0-9a-fA-F]{2})|\\([a-zA-Z]+)(-?\d+)? ?|\\([^a-zA-Z'])|([{}])|([^\\{}\r\n]+)|[\r\n]/g;

/** @returns undefined if the RTF was not made of HTML. Other work gets its turn in between. */
export async function htmlOfRtf(rtf: string): Promise<string | undefined> {
	if (!rtf.slice(0, 2000).includes('\\fromhtml')) return undefined;
	const codePage = /\\ansicpg(\d+)/.exec(rtf.slice(0, 2000))?.[1];
	const found: string[] = [];
	let bytes: number[] = [];
	const flush = (): void => {
		if (bytes.length > 0)
			found.push(decodeText(Buffer.from(bytes), { claimed: `cp${codePage ?? '1252'}` }));
		bytes = [];
	};
	/** Whether each group that is open is left out, and whether it is HTML. */
	const groups: Array<{ isSkipped: boolean; isTag: boolean }> = [];
	let state = { isSkipped: false, isTag: false };
	let isRtfOnly = false;
	let isStarred = false;
	let skipNext = 0;
	let tokens = 0;
	const turns = new Turns();
	for (const [, hex, word, number, symbol, brace, text] of rtf.matchAll(TOKEN)) {
		if (++tokens % TOKENS_PER_TURN === 0) await turns.next();
		const isShown = !state.isSkipped && (state.isTag || !isRtfOnly);
		if (hex !== undefined) {
			if (skipNext > 0) skipNext--;
			else if (isShown) bytes.push(parseInt(hex, 16));
			continue;
		}
		flush();
		if (brace === '{') {
			if (groups.length >= DEEPEST) return undefined;
			groups.push(state);
			state = { ...state };
		} else if (brace === '}') state = groups.pop() ?? state;
		else if (symbol === '*') isStarred = true;
		else if (symbol !== undefined) {
			if (isShown) found.push(symbol === '~' ? '\u00a0' : symbol === '_' ? '\u00ad' : symbol);
		} else if (word !== undefined) {
			if (word === 'htmltag') state = { isSkipped: false, isTag: true };
			else if (isStarred || /^(?:fonttbl|colortbl|stylesheet|info|pntext)$/.test(word))
				state.isSkipped = true;
			else if (word === 'htmlrtf') isRtfOnly = number !== '0';
			else if (word === 'u' && isShown && number !== undefined) {
				found.push(String.fromCharCode(Number(number) & 0xffff));
				skipNext = 1;
			} else if (isShown && (word === 'par' || word === 'line')) found.push('\n');
			else if (isShown && word === 'tab') found.push('\t');
			isStarred = false;
		} else if (text !== undefined && isShown) {
			found.push(skipNext > 0 ? text.slice(1) : text);
			skipNext = 0;
		}
	}
	flush();
	return found.join('');
}
