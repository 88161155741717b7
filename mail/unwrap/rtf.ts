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

/** Of a group. */
interface State {
	isSkipped: boolean;
	/** Whether it is HTML. */
	isTag: boolean;
	/** Bytes behind a character that stand for it (`\uc`). */
	substitutes: number;
}

const MOST_SUBSTITUTES = 100;

/** Words that are characters ([MS-OXRTFEX] §2.1.3.1.4.1). */
const CHARACTERS: Readonly<Record<string, string>> = {
	par: '\n',
	line: '\n',
	tab: '\t',
	lquote: '\u2018',
	rquote: '\u2019',
	ldblquote: '\u201c',
	rdblquote: '\u201d',
	bullet: '\u2022',
	endash: '\u2013',
	emdash: '\u2014',
};

/** @returns undefined if the RTF was not made of HTML. Other work gets its turn in between. */
export async function htmlOfRtf(rtf: string): Promise<string | undefined> {
	if (!rtf.slice(0, 2000).includes('\\fromhtml')) return undefined;
	const codePage = /\\ansicpg(\d+)/.exec(rtf.slice(0, 2000))?.[1];
	const found: string[] = [];
	/** Bytes of the code page, each as one character: some are written as codes, others as they are. */
	let run = '';
	const flush = (): void => {
		if (run !== '')
			found.push(decodeText(Buffer.from(run, 'latin1'), { claimed: `cp${codePage ?? '1252'}` }));
		run = '';
	};
	/** Of the groups that are open. */
	const groups: State[] = [];
	let state: State = { isSkipped: false, isTag: false, substitutes: 1 };
	let isRtfOnly = false;
	let isStarred = false;
	/** Bytes that stand for a character behind it, for programs that can't read that. */
	let skipNext = 0;
	let tokens = 0;
	const turns = new Turns();
	for (const [, hex, word, number, symbol, brace, text] of rtf.matchAll(TOKEN)) {
		if (++tokens % TOKENS_PER_TURN === 0) await turns.next();
		const isShown = !state.isSkipped && (state.isTag || !isRtfOnly);
		const bytes =
			hex !== undefined
				? String.fromCharCode(parseInt(hex, 16))
				: symbol !== undefined && '\\{}'.includes(symbol)
					? symbol
					: text;
		if (bytes !== undefined) {
			if (isShown) run += bytes.slice(skipNext);
			skipNext = Math.max(0, skipNext - bytes.length);
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
			if (word === 'htmltag') state = { ...state, isSkipped: false, isTag: true };
			else if (isStarred || /^(?:fonttbl|colortbl|stylesheet|info|pntext)$/.test(word))
				state.isSkipped = true;
			else if (word === 'htmlrtf') isRtfOnly = number !== '0';
			else if (word === 'uc') state.substitutes = Math.min(Number(number ?? 1), MOST_SUBSTITUTES);
			else if (word === 'u' && number !== undefined) {
				if (isShown) found.push(String.fromCharCode(Number(number) & 0xffff));
				skipNext = state.substitutes;
			} else if (isShown && Object.hasOwn(CHARACTERS, word)) found.push(CHARACTERS[word] as string);
			isStarred = false;
		}
	}
	flush();
	return found.join('');
}
