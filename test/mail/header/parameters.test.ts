/** Parameters whose quotes were forgotten (RFC 2045 §5.1 would end them at the first space). */
import { expect, test } from 'vitest';
import { parseParameters } from '../../../mail/header/parameters';

test.each([
	['a; filename=Invoice (1).pdf', 'Invoice (1).pdf'],
	['a; filename=Invoice (1) (final).pdf; size=3', 'Invoice (1) (final).pdf'],
	['a; filename=a.pdf (a comment)', 'a.pdf'],
	['a; filename=(a comment) a.pdf', 'a.pdf'],
])('the file name in %s', (field, name) => {
	expect(parseParameters(field).parameters.filename).toBe(name);
});

test.each([
	['text/html charset=utf-8', 'text/html', { charset: 'utf-8' }],
	[
		'text/html, charset="utf-8"; format=flowed',
		'text/html',
		{ charset: 'utf-8', format: 'flowed' },
	],
	['attachment filename="a b.pdf"', 'attachment', { filename: 'a b.pdf' }],
	['text/html (a comment); charset=utf-8', 'text/html', { charset: 'utf-8' }],
	['text/html; charset=utf-8', 'text/html', { charset: 'utf-8' }],
])('a value without a semicolon behind it: %s', (field, value, parameters) => {
	expect(parseParameters(field)).toEqual({ value, parameters });
});
