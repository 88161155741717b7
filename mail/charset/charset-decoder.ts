/** Decodes bytes of a named charset, in one go or in chunks. */
import { TextDecoder } from 'node:util';
import { tableDecoder } from '../vendor/iconv';
import {
	decodeExtendedIso2022Jp,
	decodeHz,
	decodeIso2022Shifted,
	decodeJohab,
	decodeUtf32,
	decodeUtf7,
	isExtendedIso2022Jp,
} from './escape-charsets';

/** Back to ASCII, and at once on to another set: encoded words that are joined read so. */
const EMPTY_SHIFT = /\x1b\([BJ](?=\x1b)/g;

function decodeIso2022Jp(bytes: Buffer): string {
	return isExtendedIso2022Jp(bytes)
		? decodeExtendedIso2022Jp(bytes, decodeRfc1468)
		: decodeRfc1468(bytes);
}

/** The standard of browsers makes U+FFFD of a shift without characters, which is none in RFC 1468. */
function decodeRfc1468(bytes: Buffer): string {
	const plain = bytes.includes('\x1b(')
		? bytes.toString('latin1').replace(EMPTY_SHIFT, '')
		: undefined;
	return new TextDecoder('iso-2022-jp').decode(
		plain === undefined ? bytes : Buffer.from(plain, 'latin1'),
	);
}

/** What iconv-lite calls a charset, where its table has more characters than ICU's of that name. */
const TABLES: Readonly<Record<string, string>> = {
	big5: 'big5hkscs',
	'euc-kr': 'cp949',
	'us-ascii': 'windows-1252',
};

/** Charsets in which a byte means nothing without those before it, and behind what they can be cut. */
const STATEFUL: Readonly<Record<string, [(bytes: Buffer) => string, ...string[]]>> = {
	'iso-2022-kr': [(bytes) => decodeIso2022Shifted(bytes, 'cp949'), '\n', '\x0f'],
	'iso-2022-cn': [(bytes) => decodeIso2022Shifted(bytes, 'gb18030'), '\n', '\x0f'],
	'hz-gb-2312': [decodeHz, '\n', '~}'],
	// What follows a line that does not end in ASCII goes on in its set.
	'iso-2022-jp': [decodeIso2022Jp],
	johab: [decodeJohab, '\n', ' '],
	'utf-7': [decodeUtf7, '\n', '-'],
	'utf-32': [(bytes) => decodeUtf32(bytes, true)],
	'utf-32be': [(bytes) => decodeUtf32(bytes, true)],
	'utf-32le': [(bytes) => decodeUtf32(bytes, false)],
};

const NATIVE = new Set(['utf-8', 'utf-16le', 'utf-16be']);

/** @param charset as charsetNamed() returns it. What can't be decoded becomes U+FFFD. */
export function decodeAs(bytes: Buffer, charset: string): string {
	const decoder = chunkDecoder(charset);
	return decoder.write(bytes) + decoder.end();
}

export interface ChunkDecoder {
	write(bytes: Buffer): string;
	end(): string;
}

/** @param charset as charsetNamed() returns it */
export function chunkDecoder(charset: string): ChunkDecoder {
	if (charset === 'windows-1252') return { write: windows1252, end: () => '' };
	if (NATIVE.has(charset)) {
		const decoder = new TextDecoder(charset, { ignoreBOM: false });
		return {
			write: (bytes) => decoder.decode(bytes, { stream: true }),
			end: () => decoder.decode(),
		};
	}
	const stateful = STATEFUL[charset];
	if (stateful) return cutBehind(...stateful);
	const decoder = tableDecoder(TABLES[charset] ?? charset);
	return {
		write: (bytes) => decoder.write(bytes),
		end: () => decoder.end() ?? '',
	};
}

/** Decodes up to the last of these marks; what follows is kept for the next chunk. */
function cutBehind(decode: (bytes: Buffer) => string, ...marks: readonly string[]): ChunkDecoder {
	let rest: Buffer = Buffer.alloc(0);
	return {
		write: (bytes) => {
			const all = rest.length > 0 ? Buffer.concat([rest, bytes]) : bytes;
			const end = Math.max(0, ...marks.map((mark) => endOfLast(all, mark)));
			rest = all.subarray(end);
			return decode(all.subarray(0, end));
		},
		end: () => decode(rest),
	};
}

function endOfLast(bytes: Buffer, mark: string): number {
	const at = bytes.lastIndexOf(mark);
	return at < 0 ? 0 : at + mark.length;
}

const UPPER_CONTROLS = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/** As browsers read it: the five bytes that Windows leaves undefined are the control characters. */
function windows1252(bytes: Buffer): string {
	return bytes
		.toString('latin1')
		.replace(/[\x80-\x9f]/g, (one) => UPPER_CONTROLS[one.charCodeAt(0) - 0x80] as string);
}
