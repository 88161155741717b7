/** Delimiters of multiparts (RFC 2046 §5.1.1) that are nearly the same, or hold what none may hold. */
import { expect, test } from 'vitest';
import { treeFromBytes } from '../../mail/mime-tree/from-bytes';
import { singleParts } from '../../mail/mime-tree/mime-part';

async function textsOf(lines: readonly string[]): Promise<string[]> {
	const tree = await treeFromBytes(Buffer.from(lines.join('\r\n')));
	return [...singleParts(tree)].map(({ content }) => content?.toString() ?? '');
}

const multipart = (boundary: string): string =>
	`Content-Type: multipart/mixed; boundary="${boundary}"`;

test.each([
	['the outer one begins the inner one', 'a', 'ab'],
	['the inner one begins the outer one', 'ab', 'a'],
	['with dashes', '----=_a', '----=_a-b'],
])('%s', async (_how, outer, inner) => {
	const lines = [
		...[multipart(outer), '', 'preamble', `--${outer}`, '', 'one', `--${outer}`],
		...[multipart(inner), '', `--${inner}`, '', 'two', `--${inner}`, '', 'three', `--${inner}--`],
		...['epilogue', `--${outer}`, '', 'four', `--${outer}--`, 'epilogue'],
	];
	expect(await textsOf(lines)).toEqual(['one', 'two', 'three', 'four']);
});

test('letters whose last byte is A0', async () => {
	expect(
		await textsOf([multipart('aà'), '', '--aà', '', 'one', '--aà', '', 'two', '--aà--']),
	).toEqual(['one', 'two']);
});

test('a part whose text follows its header, or begins it, without an empty line', async () => {
	const lines = [
		multipart('a'),
		'',
		'--a',
		'one',
		'--a',
		'Content-Type: text/plain',
		'two',
		'--a--',
	];
	expect(await textsOf(lines)).toEqual(['one', 'two']);
});

test('the first delimiter ends the header of its multipart', async () => {
	expect(await textsOf([multipart('a'), '--a', '', 'one', '--a', '', 'two', '--a--'])).toEqual([
		...['one', 'two'],
	]);
});
