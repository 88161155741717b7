/** Invitations (RFC 5545) as calendars write them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { partText } from '../../../mail/reading/part-text';
import { calendarEvent, unfoldedCalendar } from '../../../mail/unwrap/calendar';

const calendar = (...lines: string[]): string =>
	['BEGIN:VCALENDAR', 'BEGIN:VEVENT', ...lines, 'END:VEVENT', 'END:VCALENDAR', ''].join('\r\n');

/** Lines of 75 bytes, cut wherever that is. */
function foldedByBytes(text: string, most: number): Buffer {
	const lines = text.split('\r\n').map((line) => {
		const bytes = Buffer.from(line);
		const pieces: Buffer[] = [];
		for (let at = 0; at === 0 || at < bytes.length; at += most) {
			pieces.push(bytes.subarray(at, at + most));
		}
		return pieces.flatMap((piece, at) => (at === 0 ? piece : [Buffer.from('\r\n '), piece]));
	});
	return Buffer.concat(lines.flatMap((line) => [...line, Buffer.from('\r\n')]));
}

const utf8 = { subtype: 'calendar', parameters: { charset: 'utf-8' } };

test('a character that folding cut in two is whole again', async () => {
	const summary = fc.string({ unit: fc.constantFrom('é', '頠', '😀', 'a', ' '), maxLength: 200 });
	await fc.assert(
		fc.asyncProperty(summary, fc.integer({ min: 20, max: 75 }), async (text, most) => {
			const bytes = foldedByBytes(calendar(`SUMMARY:x${text}x`), most);
			const read = calendarEvent(await partText(unfoldedCalendar(bytes), utf8));
			expect(read?.summary).toBe(`x${text}x`);
		}),
		{ numRuns: 200 },
	);
});

describe('an event that says how long it takes ends then', () => {
	test.each([
		['DTSTART:20261125T233000Z', 'PT1H30M', '2026-11-26T01:00:00Z'],
		['DTSTART;TZID=Europe/Berlin:20261125T180000', 'PT45M', '2026-11-25T18:45:00'],
		['DTSTART;VALUE=DATE:20261230', 'P3D', '2027-01-02'],
		['DTSTART:20261125T180000Z', 'P1W', '2026-12-02T18:00:00Z'],
		['DTSTART:20261125T180000Z', 'P1DT2H3M4S', '2026-11-26T20:03:04Z'],
		['DTSTART:20261125T180000Z', 'one hour', ''],
		['DTSTART:soon', 'PT1H', ''],
	])('%s, %s', (start, duration, end) => {
		expect(calendarEvent(calendar(start, `DURATION:${duration}`))?.end).toBe(end);
	});

	test('unless it names its end', () => {
		const lines = ['DTSTART:20261125T180000Z', 'DURATION:PT1H', 'DTEND:20261125T200000Z'];
		expect(calendarEvent(calendar(...lines))?.end).toBe('2026-11-25T20:00:00Z');
	});
});

test('quotes and carets in a name (RFC 6868)', () => {
	const attendee = `ATTENDEE;CN="Anna ^'Bee^' ^^ Cee":mailto:anna@example.com`;
	expect(calendarEvent(calendar(attendee))?.attendees[0]?.name).toBe('Anna "Bee" ^ Cee');
});

test('the method is that of the type where the calendar names none', () => {
	expect(calendarEvent(calendar('UID:1'), 'cancel')?.method).toBe('CANCEL');
	expect(calendarEvent(`METHOD:REPLY\r\n${calendar('UID:1')}`, 'cancel')?.method).toBe('REPLY');
	expect(calendarEvent(calendar('UID:1'))?.method).toBe('');
});

test.each([
	['ATTENDEE;EMAIL=b@c.example;CN=B:urn:uuid:1', 'b@c.example'],
	['ATTENDEE;EMAIL=b@c.example;CN=B:mailto:d@e.example', 'd@e.example'],
	['ATTENDEE;CN=B:invalid:nomail', 'invalid:nomail'],
])('the mailbox of %s', (line, address) => {
	expect(calendarEvent(calendar(line))?.attendees[0]?.address).toBe(address);
});
