import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
	calendarDay,
	dayAfter,
	moment,
	startOfDay,
} from '../../../../nodes/shared/fields/workflow-time';

const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Apia'];

describe('calendarDay', () => {
	test.each([
		['2026-01-31', 'Asia/Tokyo', '2026-01-31'],
		['2026-01-31T00:00:00', 'Asia/Tokyo', '2026-01-31'],
		['2026-01-31 23:59', 'America/New_York', '2026-01-31'],
		['2026-01-31T23:30:00Z', 'Europe/Berlin', '2026-02-01'],
		['2026-01-31T00:30:00.000+01:00', 'UTC', '2026-01-30'],
		[new Date('2026-01-31T23:30:00Z'), 'Europe/Berlin', '2026-02-01'],
		[{ toISO: () => '2026-06-30T23:30:00.000Z' }, 'Europe/Berlin', '2026-07-01'],
		['0099-03-04', 'UTC', '0099-03-04'],
	])('%j in %s is %s', (value, zone, day) => {
		expect(calendarDay(value, zone, 'x')).toBe(day);
	});

	test.each([
		'',
		'yesterday',
		'2026-13-01',
		'31.01.2026',
		'2026-1-1',
		'1',
		42,
		null,
		'2026-01-01\r\nX',
	])('%j is refused, naming the field', (value) => {
		expect(() => calendarDay(value, 'UTC', 'Received Since')).toThrow(
			/"Received Since" is not a valid date/,
		);
	});
});

describe('moment', () => {
	test.each([
		['2026-07-01T12:00:00', 'Europe/Berlin', '2026-07-01T10:00:00.000Z'],
		['2026-01-01', 'Europe/Berlin', '2025-12-31T23:00:00.000Z'],
		['2026-01-01T12:00:00+05:30', 'Europe/Berlin', '2026-01-01T06:30:00.000Z'],
		// The clocks go forward at 02:00 and back at 03:00.
		['2026-03-29T03:30:00', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
		['2026-10-25T03:30:00', 'Europe/Berlin', '2026-10-25T02:30:00.000Z'],
	])('%s in %s is %s', (value, zone, iso) => {
		expect(moment(value, zone, 'x').toISOString()).toBe(iso);
	});

	test.each([
		// The clocks go forward at 02:00 and at midnight: what they leave out is what they show then.
		['2026-03-29T02:30:00', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
		['2026-03-08T02:30:00', 'America/New_York', '2026-03-08T07:30:00.000Z'],
		['2026-09-06', 'America/Santiago', '2026-09-06T04:00:00.000Z'],
		['2026-03-08', 'America/Havana', '2026-03-08T05:00:00.000Z'],
		['2026-03-29', 'Asia/Beirut', '2026-03-28T22:00:00.000Z'],
		// They go back: the first of the two is meant.
		['2026-10-25T02:30:00', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
		['2026-11-01T01:30:00', 'America/New_York', '2026-11-01T05:30:00.000Z'],
		['2026-11-01', 'America/Havana', '2026-11-01T04:00:00.000Z'],
	])('%s in %s, where the clocks change, is %s', (value, zone, iso) => {
		expect(moment(value, zone, 'x').toISOString()).toBe(iso);
	});

	test('a day begins where the one before ends, and is the day that it is called', () => {
		const zones = [...ZONES, 'America/Santiago', 'America/Havana', 'Asia/Beirut', 'Africa/Cairo'];
		for (const zone of zones) {
			for (let at = Date.parse('2026-01-01'); at < Date.parse('2027-01-01'); at += 86_400_000) {
				const day = new Date(at).toISOString().slice(0, 10);
				const start = startOfDay(day, zone, 'x');
				expect(calendarDay(new Date(start), zone, 'x'), `${day} ${zone}`).toBe(day);
				expect(calendarDay(new Date(start - 1), zone, 'x'), `${day} ${zone}`).not.toBe(day);
				expect(dayAfter(new Date(start), zone, 'x')).toBe(
					startOfDay(new Date(at + 86_400_000).toISOString().slice(0, 10), zone, 'x'),
				);
			}
		}
	});

	test('a wall clock time means the day that calendarDay takes it for', () => {
		fc.assert(
			fc.property(
				fc.date({ min: new Date('1990-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }),
				fc.constantFrom(...ZONES),
				(date, zone) => {
					// Noon exists on every day in every zone.
					const written = `${date.toISOString().slice(0, 10)}T12:00:00`;
					const instant = moment(written, zone, 'x');
					return calendarDay(instant.toISOString(), zone, 'x') === calendarDay(written, zone, 'x');
				},
			),
			// Samoa left out the 30th of December 2011.
			{ examples: [[new Date('2012-01-01T00:00:00Z'), 'Pacific/Apia']] },
		);
	});
});
