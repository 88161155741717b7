/** Strings that are made once: each is what its bytes say, whatever was in its slot before. */
import { describe, expect, test } from 'vitest';
import { intern, internText } from '../../../engine/wire/intern';

interface Slice {
	buffer: Buffer;
	start: number;
	end: number;
}

let decoded = 0;

/** Not at the beginning of a buffer, as in a response. Each time that its bytes become a string is counted. */
function slice(text: string): Slice {
	const buffer = Buffer.from(`* ${text} x`);
	const latin1Slice = (start: number, end: number): string => {
		decoded++;
		return buffer.toString('latin1', start, end);
	};
	return { buffer: Object.assign(buffer, { latin1Slice }), start: 2, end: 2 + text.length };
}

/** How many are made again when they come a second time. */
function madeAgain<Text>(texts: readonly Text[], make: (text: Text) => unknown): number {
	texts.forEach(make);
	decoded = 0;
	texts.forEach(make);
	return decoded;
}

const makeWord = (text: string) => {
	const { buffer, start, end } = slice(text);
	return intern(buffer, start, end);
};
const makeText = ({ text, hash }: { text: string; hash: number }) => {
	const { buffer, start, end } = slice(text);
	return internText(buffer, start, end, hash);
};

/** Words of which many are the beginning of another one, more than there are slots. */
function* beginnings(): Generator<string> {
	let seed = 7;
	for (let word = 0; word < 20_000; word++) {
		let text = '';
		for (let length = 0; length < 10; length++) {
			seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
			text += String.fromCharCode(97 + ((seed >>> 16) % 4));
			yield text;
		}
	}
}

/** What responses repeat. */
const USUAL_WORDS =
	`FETCH UID FLAGS ENVELOPE BODYSTRUCTURE BODY BINARY INTERNALDATE SAVEDATE EMAILID
	THREADID MODSEQ PREVIEW ANNOTATION X-GM-MSGID X-GM-THRID X-GM-LABELS RFC822 RFC822.SIZE RFC822.HEADER
	RFC822.TEXT \\Seen \\Answered \\Flagged \\Deleted \\Draft \\Recent $Forwarded $MDNSent $Junk $NotJunk
	$Phishing $Important NonJunk Junk text plain html multipart mixed alternative related signed report
	application octet-stream pdf image png jpeg gif message rfc822 delivery-status charset utf-8 us-ascii
	iso-8859-1 windows-1252 boundary name filename format flowed delsp 7bit 8bit base64 quoted-printable
	attachment inline size NIL OK NO BAD BYE PREAUTH LIST LSUB STATUS SEARCH ESEARCH EXISTS EXPUNGE VANISHED
	MESSAGES UIDNEXT UIDVALIDITY UNSEEN RECENT HIGHESTMODSEQ MAILBOXID APPENDLIMIT DELETED \\HasChildren
	\\HasNoChildren \\Noselect \\NonExistent \\Subscribed \\Marked \\Unmarked \\Sent \\Trash \\Drafts
	\\Archive \\All`.split(/\s+/);

describe('a word', () => {
	test('is never taken for another one in the same slot', () => {
		const wrong: string[] = [];
		for (const text of beginnings()) {
			if (makeWord(text).text !== text) wrong.push(text);
		}
		expect(wrong).toEqual([]);
	});

	test.each([1, 4, 63, 64])('of %i bytes is made once', (length) => {
		const text = 'aB'.repeat(32).slice(0, length);
		const first = intern(Buffer.from(text), 0, length);
		expect(intern(Buffer.from(`* ${text})`), 2, 2 + length)).toBe(first);
		expect(first).toEqual({ text, upper: text.toUpperCase(), lower: text.toLowerCase() });
	});

	test('of more than 64 bytes is not kept', () => {
		const text = 'ab'.repeat(40);
		for (const length of [65, 80]) {
			const first = intern(Buffer.from(text), 0, length);
			expect(intern(Buffer.from(text), 0, length)).not.toBe(first);
			expect(first.text).toBe(text.slice(0, length));
		}
	});

	test('takes the slot of the one before it, and that one is made again', () => {
		const first = makeWord('kept');
		for (const text of beginnings()) makeWord(text);
		expect(makeWord('kept')).not.toBe(first);
	});

	test('that responses repeat is made once, although others have their slots in the same table', () => {
		// Two words with the same slot are both made again each time.
		expect(madeAgain(USUAL_WORDS, makeWord)).toBeLessThanOrEqual(4);
	});

	test('has a slot that its last characters decide as much as its first', () => {
		const numbered = Array.from({ length: 500 }, (_, number) => `X-Custom-Item-${number}`);
		expect(madeAgain(numbered, makeWord)).toBeLessThanOrEqual(100);
	});
});

describe('a text', () => {
	test('is what its bytes say, also where all have the same hash', () => {
		const wrong: string[] = [];
		for (const text of beginnings()) {
			if (makeText({ text, hash: 1 }) !== text) wrong.push(text);
		}
		expect(wrong).toEqual([]);
	});

	test.each([
		['the lower', 1],
		['the higher', 2 ** 13],
	])('keeps its slot beside others whose hashes differ in %s bits', (_title, step) => {
		const texts = Array.from({ length: 4096 }, (_, number) => ({
			text: `host${number}.example`,
			hash: number * step,
		}));
		expect(madeAgain(texts, makeText)).toBe(0);
	});
});
