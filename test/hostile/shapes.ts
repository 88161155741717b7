/**
 * The worst shapes known of everything that comes from outside, each of any size: what reads them takes time
 * in proportion to their length (test/hostile/cost.test.ts) and lets other work have its turn (bench/event-loop.ts).
 */
import { parseResponses } from '../../engine/index';
import { defaultLimits } from '../../engine/wire/limits';
import { safeText } from '../../engine/client/server-text';
import { parseAddresses } from '../../mail/address/parse-addresses';
import { decodeText } from '../../mail/charset/decode-text';
import { safeFileName } from '../../mail/file-name';
import { decodeWords } from '../../mail/header/encoded-words';
import { headerFields } from '../../mail/header/header-text';
import { messageIds } from '../../mail/header/message-ids';
import { parseParameters } from '../../mail/header/parameters';
import { htmlToText } from '../../mail/html-to-text/html-to-text';
import { treeFromBytes } from '../../mail/mime-tree/from-bytes';
import { joinFlowed } from '../../mail/reading/flowed';
import { newText } from '../../mail/reading/new-text';
import { nextTurn } from '../../mail/next-turn';
import { threads } from '../../mail/threading';

export interface Shape {
	/** What it is read as. */
	kind: string;
	name: string;
	/** Bytes of the longest that is read at all; more is refused unread. */
	longest?: number;
	/** @param size bytes, about */
	make(size: number): unknown;
	read(input: never): unknown;
}

const shape = <Input>(
	kind: string,
	name: string,
	make: (size: number) => Input,
	read: (input: Input) => unknown,
	longest?: number,
): Shape => ({ kind, name, make, read, longest });

/** As often as fits. */
const fill = (piece: string, size: number): string =>
	piece.repeat(Math.max(1, Math.round(size / piece.length)));
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

const UNLIMITED = { lineLength: 1e9, resultLength: 1e9, literalSize: 1e9, heldLiterals: 1e9 };
const { lineLength, resultLength } = defaultLimits;

/** Bytes of what a connection reads at once. */
const CHUNK = 64 * 1024;

/** Many responses come chunk by chunk, with other work in between. */
async function shortResponses(lines: Buffer): Promise<void> {
	let start = 0;
	while (start < lines.length) {
		const end = lines.indexOf('\r\n', Math.min(start + CHUNK, lines.length - 2)) + 2;
		responses(lines.subarray(start, end));
		start = end;
		await nextTurn();
	}
}

function responses(line: Buffer): void {
	try {
		parseResponses(line, UNLIMITED);
	} catch (error) {
		if (!(error instanceof Error) || error.name !== 'Imap4AbortError') throw error;
	}
}

const HTML: Array<[string, (size: number) => string]> = [
	['paragraphs', (size) => fill('<p>a</p>', size)],
	['line breaks', (size) => fill('a<br>', size)],
	['tags that stay open', (size) => fill('<b>', size / 2) + fill('</i>', size / 2)],
	['quotes in quotes', (size) => '<blockquote>'.repeat(190) + fill('x<br>', size)],
	['tables in tables', (size) => fill('<table><tr><td>', size)],
	['links in links', (size) => fill('<a href="https://example.com/">', size)],
	[
		'links in links around tables',
		(size) => fill('<a href="https://example.com/"><table>', size / 2) + fill('x<br>', size / 2),
	],
	['links', (size) => fill('<a href="https://example.com/">a</a> ', size)],
	['a row of spaces', (size) => `<pre>${' '.repeat(size)}x</pre>`],
	['empty lines', (size) => `<pre>${'\n'.repeat(size)}x</pre>`],
	['one word', (size) => 'x'.repeat(size)],
	['one attribute', (size) => `<p class="${'x '.repeat(size / 2)}">x</p>`],
	['attributes', (size) => `<p ${fill('a b=c ', size)}>x</p>`],
	['entities', (size) => fill('&amp;', size)],
	['tags without end', (size) => fill('<a <b ', size)],
	['comments without end', (size) => fill('<!-- ', size)],
	['style sheets', (size) => fill('<style>.a{display:none}</style><p class=a>x', size)],
	['one style sheet', (size) => `<style>${fill('.a{display:none}', size)}</style><p class=a>x`],
];

const HEADER: Array<[string, (size: number) => string]> = [
	['fields', (size) => fill('A: b\r\n', size)],
	['one folded field', (size) => `A: ${fill('b\r\n ', size)}`],
	['no colon', (size) => fill('a', size)],
	['colons', (size) => fill(':', size)],
];

const ADDRESSES: Array<[string, (size: number) => string]> = [
	['addresses', (size) => fill('a <a@b.c>, ', size)],
	['open brackets', (size) => fill('<', size)],
	['open comments', (size) => fill('(', size)],
	['open quotes', (size) => fill('"a\\', size)],
	['groups', (size) => fill('g:', size)],
	['commas', (size) => fill(',', size)],
	['words', (size) => fill('a ', size)],
	['long words', (size) => fill(`${'a'.repeat(4900)},`, size)],
	['colons behind an address', (size) => `a@b.c${':'.repeat(size)}`],
];

const WORDS: Array<[string, (size: number) => string]> = [
	['encoded words', (size) => fill('=?utf-8?Q?=C3=A4?= ', size)],
	['words in parts', (size) => fill('=?utf-8?B?w6?= ', size)],
	['beginnings', (size) => fill('=?', size)],
	['beginnings with a charset', (size) => fill('=?utf-8?Q?', size)],
	['words without end', (size) => fill('=?a?B?b ', size)],
	['words with one end', (size) => `${fill('=?a?Q?b ', size)}?=`],
	['spaces between', (size) => `=?utf-8?Q?a?=${' '.repeat(size)}=?utf-8?Q?b?=`],
	['one long word', (size) => `=?utf-8?Q?${fill('=C3=A4', size)}?=`],
];

const PARAMETERS: Array<[string, (size: number) => string]> = [
	['parameters', (size) => `a/b${fill('; a=b', size)}`],
	['parts', (size) => `a/b${Array.from({ length: size / 10 }, (_, n) => `; a*${n}=b`).join('')}`],
	[
		'parts backwards',
		(size) =>
			`a/b${Array.from({ length: size / 10 }, (_, n) => `; a*${(size / 10 - n) | 0}*=b`).join('')}`,
	],
	['open quotes', (size) => `a/b; a="${fill('\\"', size)}`],
	['semicolons', (size) => fill(';', size)],
	['spaces', (size) => `a/b;${' '.repeat(size)}x`],
];

const part = '("a" "b" NIL NIL NIL "7bit" 1)';
const RESPONSES: Array<[string, string, (size: number) => string]> = [
	['BODYSTRUCTURE', 'parts', (n) => `* 1 FETCH (BODYSTRUCTURE (${fill(part, n)} "mixed"))`],
	['BODYSTRUCTURE', 'open parts', (n) => `* 1 FETCH (BODYSTRUCTURE ${'('.repeat(n)}`],
	[
		'BODYSTRUCTURE',
		'parameters',
		(n) => `* 1 FETCH (BODYSTRUCTURE ("a" "b" (${fill('"c" "d" ', n)})`,
	],
	['BODYSTRUCTURE', 'again and again', (n) => `* 1 FETCH (${fill(`BODYSTRUCTURE ${part} `, n)})`],
	['FETCH', 'bodies', (n) => `* 1 FETCH (${fill('BODY[1] "" ', n)})`],
	[
		'FETCH',
		'items of other names',
		(n) => `* 1 FETCH (${Array.from({ length: n / 8 }, (_, k) => `X${k} 1`).join(' ')})`,
	],
	['FETCH', 'broken items', (n) => `* 1 FETCH (${fill('ENVELOPE ("a" ', n)})`],
	['FETCH', 'open flags', (n) => `* 1 FETCH (${fill('FLAGS (\\Seen ', n)})`],
	['FETCH', 'flags', (n) => `* 1 FETCH (FLAGS (${fill('\\Seen ', n)}))`],
	[
		'FETCH',
		'addresses',
		(n) =>
			`* 1 FETCH (ENVELOPE (NIL NIL (${fill('("a" NIL "b" "c")', n)}) NIL NIL NIL NIL NIL NIL NIL))`,
	],
	['LIST', 'attributes', (n) => `* LIST (${fill('\\A ', n)}) "/" a`],
	['LIST', 'a name with ampersands', (n) => `* LIST () "/" "${'&'.repeat(n)}"`],
	['LIST', 'a name with spaces', (n) => `* LIST () "/" a${' '.repeat(n)}b`],
	['LIST', 'a name with lists', (n) => `* LIST () "/" a ${fill('("X" (', n)}`],
	['STATUS', 'a name with lists', (n) => `* STATUS a ${fill('(b) ', n)}`],
	['STATUS', 'broken items', (n) => `* STATUS a (${fill('MESSAGES ( ', n)}`],
	['QUOTA', 'a name with lists', (n) => `* QUOTA a ${fill('(b) ', n)}`],
	['MYRIGHTS', 'spaces', (n) => `* MYRIGHTS a${' '.repeat(n)}b c`],
	['CAPABILITY', 'brackets', (n) => `* CAPABILITY ${'('.repeat(n)} ${fill('a) ', n)}`],
	['ID', 'words', (n) => `* ID ("a" ${fill('b ', n)})`],
	['THREAD', 'open threads', (n) => `* THREAD ${fill('(1 ', n)}`],
	['THREAD', 'deep threads', (n) => `* THREAD ${'(1 '.repeat(n / 5)}${')'.repeat(n / 5)}`],
	['THREAD', 'one thread', (n) => `* THREAD (${fill('1 ', n)})`],
	['THREAD', 'threads', (n) => `* THREAD ${fill('(1)', n)}`],
	['SEARCH', 'numbers', (n) => `* SEARCH${fill(' 1', n)}`],
	['ESEARCH', 'numbers', (n) => `* ESEARCH (TAG "a") UID ALL ${fill('1,', n)}1`],
	['ESEARCH', 'ranges', (n) => `* ESEARCH (TAG "a") UID ALL ${fill('1:9,', n)}1`],
	['a code', 'brackets', (n) => `* OK [X ${fill('"[', n)}`],
];

const RESULT = /SEARCH|THREAD/;

const TEXTS: Array<[string, (size: number) => string]> = [
	['dots', (size) => `${'.'.repeat(size)}x`],
	['spaces', (size) => `${' '.repeat(size)}x`],
	['controls', (size) => fill('\x1b[', size)],
];

function madeUp(size: number): Parameters<typeof threads>[0] {
	const count = Math.max(1, Math.round(size / 100));
	return Array.from({ length: count }, (_, n) => ({
		uid: n + 1,
		messageId: `<m${n}>`,
		// Each goes one deeper below what no message has.
		references: n === 0 ? ['<x0>'] : [`<x${n - 1}>`, `<x${n}>`],
		subject: `s${n % 7}`,
		isReply: n % 2 === 1,
		sentAt: n,
	}));
}

export const SHAPES: readonly Shape[] = [
	...HTML.flatMap(([name, make]) => [
		shape('HTML', name, make, (html) => htmlToText(html)),
		shape('HTML as Markdown', name, make, (html) =>
			htmlToText(html, { format: 'markdown', links: 'footnotes' }),
		),
	]),
	...HEADER.map(([name, make]) =>
		shape('a header', name, (size) => bytes(make(size)), headerFields),
	),
	...ADDRESSES.map(([name, make]) =>
		shape('addresses', name, make, (text) => parseAddresses(text)),
	),
	...WORDS.map(([name, make]) => shape('encoded words', name, make, (text) => decodeWords(text))),
	...PARAMETERS.map(([name, make]) => shape('parameters', name, make, parseParameters)),
	...RESPONSES.map(([kind, name, make]) =>
		shape(
			kind,
			name,
			(size) => bytes(`${make(size)}\r\n`),
			responses,
			RESULT.test(kind) ? resultLength : lineLength,
		),
	),
	shape('LIST', 'mailboxes', (size) => bytes(fill('* LIST () "/" a b\r\n', size)), shortResponses),
	...TEXTS.flatMap(([name, make]) => [
		shape("a server's words", name, make, (text) => safeText(text, (one) => one)),
		shape('a file name', name, make, (text) => safeFileName(text)),
		shape('new text', name, make, newText),
		shape('flowed text', name, make, (text) => joinFlowed(text, false)),
		shape('Message-IDs', name, make, messageIds),
	]),
	shape('Message-IDs', 'open brackets', (size) => fill('<', size), messageIds),
	shape(
		'new text',
		'answers between quotations',
		(size) => fill('On 1 Jan 2020 a@b.c wrote:\n> x\ny\n', size),
		newText,
	),
	shape(
		'text',
		'bytes of no charset',
		(size) => Buffer.alloc(size, 0xff),
		(all) => decodeText(all),
	),
	shape(
		'a message',
		'parts',
		(size) =>
			bytes(`Content-Type: multipart/mixed; boundary=a\r\n\r\n${fill('--a\r\n\r\nx\r\n', size)}`),
		treeFromBytes,
	),
	shape('a message', 'parts in parts', (size) => bytes(nested(size)), treeFromBytes),
	shape(
		'a message',
		'messages in messages',
		(size) => bytes(fill('Content-Type: message/rfc822\r\n\r\n', size)),
		treeFromBytes,
	),
	shape(
		'a message',
		'lines that begin like a boundary',
		(size) => bytes(`Content-Type: multipart/mixed; boundary=a\r\n\r\n${fill('--b\r\n', size)}`),
		treeFromBytes,
	),
	shape('threads', 'references below what is missing', madeUp, (messages) =>
		threads(messages, 'REFERENCES'),
	),
	shape(
		'threads',
		'references in the order of the thread',
		(size) =>
			madeUp(size).map((one, n) => ({ ...one, references: n === 0 ? [] : [`<m${n - 1}>`] })),
		(messages) => threads(messages, 'REFERENCES'),
	),
	shape(
		'threads',
		'references that end in the first',
		(size) => madeUp(size).map((one, n) => ({ ...one, references: [`<m${n}>`, `<m${n + 1}>`] })),
		(messages) => threads(messages, 'REFS'),
	),
];

function nested(size: number): string {
	const count = Math.round(size / 60);
	const heads = Array.from(
		{ length: count },
		(_, n) => `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}\r\n`,
	);
	return heads.join('');
}
