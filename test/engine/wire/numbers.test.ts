import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readNumbers } from '../../../engine/wire/numbers';

/** Reads `text` from its beginning. */
function read(text: string): { numbers: number[]; stop: number } {
	const bytes = Buffer.from(`x${text}`, 'latin1');
	const numbers: number[] = [];
	const stop = readNumbers(bytes, 1, bytes.length, numbers);
	return { numbers, stop: stop < 0 ? stop + 1 : stop - 1 };
}

const separator = fc.stringMatching(/^[ ,\t]+$/);
const end = fc.constantFrom('', '(MODSEQ 5)', ')', 'x', '\r');

describe('readNumbers', () => {
	test('reads what a simple split reads, whatever separates the numbers and stands behind them', () => {
		fc.assert(
			fc.property(fc.array(fc.tuple(fc.nat(), separator)), end, (pairs, rest) => {
				const text = pairs.map(([number, between]) => `${number}${between}`).join('');
				const { numbers, stop } = read(text + rest);
				expect(numbers).toEqual(text.split(/[ ,\t]+/).flatMap((one) => (one ? [Number(one)] : [])));
				expect(Math.abs(stop)).toBe(text.length);
			}),
		);
	});

	test('returns where they end, below zero unless each is larger than the one before', () => {
		fc.assert(
			fc.property(fc.array(fc.nat({ max: 20 }), { minLength: 1 }), (numbers) => {
				const ascending = numbers.every((number, at) => number > (at > 0 ? numbers[at - 1]! : 0));
				expect(read(numbers.join(' ')).stop > 0).toBe(ascending);
			}),
		);
	});

	test.each([
		['', [], 0],
		[' , 7', [7], 4],
		['7 x', [7], 2],
		['7x', [7], 1],
		['0', [0], -1],
		['/', [], 0],
		[':', [], 0],
		['99999999999', [99_999_999_999], 11],
	])('reads %j', (text, numbers, stop) => {
		expect(read(text)).toEqual({ numbers, stop });
	});

	test('reads no further than the end it is given', () => {
		const numbers: number[] = [];
		expect(readNumbers(Buffer.from('12345'), 1, 3, numbers)).toBe(3);
		expect(numbers).toEqual([23]);
	});
});
