/** imaplib's table: its errors and functions. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
	abort,
	error,
	IMAP4,
	Int2AP,
	Internaldate2tuple,
	readonly,
	Time2Internaldate,
} from '../../engine/imaplib';

describe('without a server', () => {
	test('the three errors, of which the second is one of the first [parity: error, abort, readonly]', () => {
		expect([IMAP4.error, IMAP4.abort, IMAP4.readonly]).toEqual([error, abort, readonly]);
		expect(abort.prototype).toBeInstanceOf(error);
		expect(readonly.prototype).toBeInstanceOf(error);
	});

	test('Int2AP() writes a number in the digits A to P, without its sign [parity: Int2AP]', () => {
		fc.assert(
			fc.property(fc.integer(), (number) => {
				const hex = Int2AP(number).replace(/./g, (one) => (one.charCodeAt(0) - 65).toString(16));
				expect(parseInt(hex || '0', 16)).toBe(Math.abs(number));
			}),
		);
		expect([65_535, 0, -17].map(Int2AP)).toEqual(['PPPP', '', 'BB']);
	});

	test('internal dates are read and written [parity: Internaldate2tuple, Time2Internaldate]', () => {
		const date = new Date('2020-01-02T03:04:05Z');
		expect(Time2Internaldate(date, 60)).toBe('02-Jan-2020 04:04:05 +0100');
		expect(
			Internaldate2tuple('INTERNALDATE "02-Jan-2020 04:04:05 +0100"'.slice(14, 40))?.date,
		).toEqual(date);
	});
});
