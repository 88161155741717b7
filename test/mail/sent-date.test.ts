/** The Date field as senders write it, read as a moment, or not at all. */
import { expect, test } from 'vitest';
import { parseDateField } from '../../mail/sent-date';

const read = (text: string): string | undefined => {
	const time = parseDateField(text);
	return time === undefined ? undefined : new Date(time).toISOString().replace('.000Z', 'Z');
};

test.each([
	['without a second', 'Tue, 3 Nov 2026 9:05 +0100', '2026-11-03T08:05:00Z'],
	['without spaces', 'Tue,03 Nov 2026 10:00:00 +0100', '2026-11-03T09:00:00Z'],
	['in lower case', 'tue, 03 nov 2026 10:00:00 gmt', '2026-11-03T10:00:00Z'],
	['folded', 'Tue, 03 Nov 2026\r\n 10:00:00 +0100', '2026-11-03T09:00:00Z'],
	[
		'with comments in comments',
		'Tue (x), 03 Nov 2026 10:00:00 +0100 (a (b) c)',
		'2026-11-03T09:00:00Z',
	],
	['in quotes', '"Tue, 03 Nov 2026 10:00:00 +0100"', '2026-11-03T09:00:00Z'],
	['with the day in German', 'Di, 03 Nov 2026 10:00:00 +0100', '2026-11-03T09:00:00Z'],
	['with a wrong day', 'Mon, 03 Nov 2026 10:00:00 +0000', '2026-11-03T10:00:00Z'],
	['with hyphens', '03-Nov-2026 10:00:00 +0100', '2026-11-03T09:00:00Z'],
	['of RFC 850', 'Tuesday, 03-Nov-26 10:00:00 GMT', '2026-11-03T10:00:00Z'],
	['of asctime', 'Tue Nov  3 10:00:00 2026', '2026-11-03T10:00:00Z'],
	['of the command date', 'Tue Nov  3 10:00:00 CET 2026', '2026-11-03T09:00:00Z'],
	['in ISO 8601', '2026-11-03T10:00:00.123+01:00', '2026-11-03T09:00:00Z'],
	['in ISO 8601 with spaces', '2026-11-03 10:00:00 +0100', '2026-11-03T09:00:00Z'],
	['with the name of the month', '3 November 2026 10:00:00 +0100', '2026-11-03T09:00:00Z'],
	['with the month first', 'Tue, Nov 3, 2026 10:00:00 PM +0000', '2026-11-03T22:00:00Z'],
	['with midnight in twelve hours', '3 Nov 2026 12:30 AM', '2026-11-03T00:30:00Z'],
	['with a leap second', 'Sat, 31 Dec 2016 23:59:60 +0000', '2017-01-01T00:00:00Z'],
	['of the year 26', '3 Nov 26 10:00 +0000', '2026-11-03T10:00:00Z'],
	['of the year 99', '3 Nov 99 10:00 +0000', '1999-11-03T10:00:00Z'],
	['of the year 106', 'Fri, 3 Nov 106 10:00:00 +0000', '2006-11-03T10:00:00Z'],
	['before 1970', '20 Jul 1969 20:17:40 +0000', '1969-07-20T20:17:40Z'],
])('a date %s', (_what, text, moment) => {
	expect(read(text)).toBe(moment);
});

test.each([
	['EST', '15:00'],
	['EDT', '14:00'],
	['CEST', '08:00'],
	['MEZ', '09:00'],
	['JST', '01:00'],
	['UT', '10:00'],
	['Z', '10:00'],
	// RFC 5322 §4.3: military letters were used in opposite ways, and what is unknown says nothing.
	['A', '10:00'],
	['XYZ', '10:00'],
	['-0000', '10:00'],
	['+9999', '10:00'],
	['', '10:00'],
	['+01:00', '09:00'],
	['GMT+0100', '09:00'],
	['+100', '09:00'],
	['+0530', '04:30'],
])('the zone %j', (zone, time) => {
	expect(read(`Tue, 03 Nov 2026 10:00:00 ${zone}`)).toBe(`2026-11-03T${time}:00Z`);
});

test.each([
	'yesterday',
	'30 Feb 2026 10:00:00 +0000',
	'3 Foo 2026 10:00:00 +0000',
	'3 Nov 2026 24:00:00 +0000',
	'3 Nov 2026 10:60:00 +0000',
	'2026-13-01T10:00:00Z',
	'11/03/2026 10:00:00',
	'3 Nov 2026',
	'0',
])('no date is made of %j', (text) => {
	expect(read(text)).toBeUndefined();
});

test.each([
	['5 Okt 2026 10:00:00 +0200', '2026-10-05T08:00:00Z'],
	['Di, 5 Mai 2026 10:00:00 +0200', '2026-05-05T08:00:00Z'],
	['5 Dez 2026 10:00:00 +0000', '2026-12-05T10:00:00Z'],
	['5 Mrz 2026 10:00:00 +0000', '2026-03-05T10:00:00Z'],
	['jeu., 5 févr. 2026 10:00:00 +0100', '2026-02-05T09:00:00Z'],
	['mer., 5 août 2026 10:00:00 +0200', '2026-08-05T08:00:00Z'],
	['5 juin 2026 10:00:00 +0000', '2026-06-05T10:00:00Z'],
	['5 juil. 2026 10:00:00 +0000', '2026-07-05T10:00:00Z'],
	['lun, 5 ene 2026 10:00:00 +0000', '2026-01-05T10:00:00Z'],
	['5 dic 2026 10:00:00 +0000', '2026-12-05T10:00:00Z'],
	['5 gen 2026 10:00:00 +0000', '2026-01-05T10:00:00Z'],
	['Cum, 6 Kas 2026 10:00:00 +0300', '2026-11-06T07:00:00Z'],
	['śr, 5 sie 2026 10:00:00 +0200', '2026-08-05T08:00:00Z'],
	['5 bře 2026 10:00:00 +0100', '2026-03-05T09:00:00Z'],
	['to, 5 marrask. 2026 10.00.00 +0200', '2026-11-05T08:00:00Z'],
	['Чт, 5 ноя 2026 10:00:00 +0300', '2026-11-05T07:00:00Z'],
	['чт, 5 нояб. 2026 10:00:00 +0300', '2026-11-05T07:00:00Z'],
	['вт, 5 мая 2026 10:00:00 +0300', '2026-05-05T07:00:00Z'],
	['чт, 5 лист. 2026 10:00:00 +0200', '2026-11-05T08:00:00Z'],
	['Πεμ, 5 Νοε 2026 10:00:00 +0200', '2026-11-05T08:00:00Z'],
	['木, 05 11月 2026 10:00:00 +0900', '2026-11-05T01:00:00Z'],
	['목, 05 11월 2026 10:00:00 +0900', '2026-11-05T01:00:00Z'],
	['星期四, 05 十一月 2026 10:00:00 +0800', '2026-11-05T02:00:00Z'],
	['木, 05 13月 2026 10:00:00 +0900', undefined],
	// November in Polish, October in Croatian.
	['5 lis 2026 10:00:00 +0000', undefined],
	['5 foo 2026 10:00:00 +0000', undefined],
	['5 constructor 2026 10:00:00 +0000', undefined],
])('the month in another language: %s', (text, moment) => {
	expect(read(text)).toBe(moment);
});

test('a zone behind the year, and one with a space in it', () => {
	expect(read('Mon Jan  5 10:00:00 2026 +0100')).toBe('2026-01-05T09:00:00Z');
	expect(read('Mon, 5 Jan 2026 10:00:00 - 0500')).toBe('2026-01-05T15:00:00Z');
});
