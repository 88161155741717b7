/** Lists of flags that were read before: they are remembered, and that must not show. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseResponses } from '../../../engine/client/parse-responses';
import type { FetchedMessage } from '../../../engine/grammar/fetch';

const read = (items: string): FetchedMessage =>
	(
		parseResponses(Buffer.from(`* 1 FETCH (${items})\r\n`, 'latin1'))[0] as unknown as {
			message: FetchedMessage;
		}
	).message;

test('what a caller does with its list is not seen by the next', () => {
	const first = read('FLAGS (\\Seen mine) UID 1').flags;
	first?.push('\\Deleted');
	const second = read('FLAGS (\\Seen mine) UID 2').flags;
	expect(second).toEqual(['\\Seen', 'mine']);
	second?.splice(0);
	expect(read('FLAGS (\\Seen mine) UID 3').flags).toEqual(['\\Seen', 'mine']);
});

test('lists that differ in one letter, or only in case, are different lists', () => {
	const lists = ['\\Seen', '\\seen', '\\Sees', '\\Seen a', '\\Seen b', 'a \\Seen', ''];
	for (let round = 0; round < 2; round++) {
		for (const list of lists) expect(read(`FLAGS (${list})`).flags?.join(' ')).toBe(list);
	}
});

test('system flags separated by commas are separate flags each time', () => {
	for (let round = 0; round < 3; round++)
		expect(read('FLAGS (\\Seen,\\Flagged)').flags).toEqual(['\\Seen', '\\Flagged']);
});

test('a list whose closing parenthesis is missing ends at the next item, before and after', () => {
	const first = read('FLAGS (\\Seen UID 5');
	expect(first).toMatchObject({ flags: ['\\Seen'], uid: 5 });
	for (let round = 0; round < 2; round++) expect(read('FLAGS (\\Seen UID) UID 6').uid).toBe(6);
	expect(read('FLAGS (\\Seen UID 5')).toEqual(first);
});

test('whatever the list, it is read the second time as the first time', () => {
	const piece = fc.constantFrom(
		...[
			'\\Seen',
			'a',
			'$x',
			',',
			' ',
			'  ',
			'\t',
			'(',
			')',
			'"',
			'\\',
			'{1}',
			'UID',
			'NIL',
			'\x01',
			'é',
			'%',
			'*',
		],
	);
	const list = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
	fc.assert(
		fc.property(list, fc.constantFrom('', ' UID 7', ' RFC822.SIZE 3 UID 7'), (inside, behind) => {
			const items = `FLAGS (${inside})${behind}`;
			const [first, second, third] = [read(items), read(items), read(items)];
			expect(second).toEqual(first);
			expect(third).toEqual(first);
		}),
		{ numRuns: 2000 },
	);
});
