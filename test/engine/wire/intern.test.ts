/** Strings that are made once: each is what its bytes say, whatever was in its slot before. */
import { describe, expect, test } from 'vitest';
import { intern, internText } from '../../../engine/wire/intern';

/** Words of which many are the beginning of another one, more than there are slots. */
function* beginnings(): Generator<{ buffer: Buffer; start: number; end: number; text: string }> {
	let seed = 7;
	for (let word = 0; word < 20_000; word++) {
		let text = '';
		for (let length = 0; length < 10; length++) {
			seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
			text += String.fromCharCode(97 + ((seed >>> 16) % 4));
			// Not at the beginning of a buffer, as in a response.
			yield { buffer: Buffer.from(`* ${text} x`), start: 2, end: 2 + text.length, text };
		}
	}
}

describe('a word', () => {
	test('is never taken for another one in the same slot', () => {
		const wrong: string[] = [];
		for (const { buffer, start, end, text } of beginnings()) {
			if (intern(buffer, start, end).text !== text) wrong.push(text);
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
		const first = intern(Buffer.from('kept'), 0, 4);
		for (const { buffer, start, end } of beginnings()) intern(buffer, start, end);
		expect(intern(Buffer.from('kept'), 0, 4)).not.toBe(first);
	});
});

test('a text is what its bytes say, also where all have the same hash', () => {
	const wrong: string[] = [];
	for (const { buffer, start, end, text } of beginnings()) {
		if (internText(buffer, start, end, 1) !== text) wrong.push(text);
	}
	expect(wrong).toEqual([]);
});
