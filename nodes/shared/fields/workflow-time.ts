/** Dates from fields and expressions, in the workflow's time zone where they name none. */
import { UserError } from '../errors/user-error';

/** A date, with or without a time of day, without a zone: as the editor's date picker writes it. */
const WITHOUT_ZONE = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?$/;
const DAY = 86_400_000;
const WITH_ZONE = /^\d{4}-\d{2}-\d{2}T.*(?:Z|[+-]\d{2}:?\d{2})$/;

/**
 * The calendar day as `YYYY-MM-DD`; which day a moment is on depends on the time zone.
 * @param value text in ISO 8601, a Date, or the Luxon DateTime of an expression
 * @param timeZone IANA name; the workflow's
 * @throws UserError if it is not a date
 */
export function calendarDay(value: unknown, timeZone: string, field: string): string {
	const text = asText(value);
	const written = WITHOUT_ZONE.exec(text)?.[1];
	// Without a zone it is the day that is written.
	if (written !== undefined && isRealDay(written)) return written;
	if (written !== undefined || !isRealMoment(text)) throw notADate(text, field);
	const { year, month, day } = wallClock(new Date(text), timeZone);
	return `${year}-${month}-${day}`;
}

/** The first moment of the day of `value`, in milliseconds since 1970. @throws UserError as {@link calendarDay} */
export function startOfDay(value: unknown, timeZone: string, field: string): number {
	return moment(calendarDay(value, timeZone, field), timeZone, field).getTime();
}

/** The first moment of the day after that of `value`. @throws UserError as {@link calendarDay} */
export function dayAfter(value: unknown, timeZone: string, field: string): number {
	const day = Date.parse(`${calendarDay(value, timeZone, field)}T00:00:00Z`);
	return startOfDay(new Date(day + DAY).toISOString().slice(0, 10), timeZone, field);
}

/**
 * The day that lies `days` before today as `YYYY-MM-DD`.
 * @param timeZone IANA name; it tells which day today is
 */
export function dayBefore(now: Date, days: number, timeZone: string): string {
	const today = calendarDay(now, timeZone, '');
	return new Date(Date.parse(`${today}T00:00:00Z`) - days * DAY).toISOString().slice(0, 10);
}

/**
 * The moment.
 * @param value as for {@link calendarDay}; without a time of day, midnight
 * @throws UserError if it is not a date
 */
export function moment(value: unknown, timeZone: string, field: string): Date {
	const text = asText(value);
	const written = WITHOUT_ZONE.exec(text);
	if (written ? !isRealDay(written[1] as string) : !isRealMoment(text)) throw notADate(text, field);
	const date = new Date(written ? `${written[1]}T${written[2] ?? '00:00'}Z` : text);
	if (Number.isNaN(date.getTime())) throw notADate(text, field);
	return written ? atWallClock(date.getTime(), timeZone) : date;
}

/**
 * The moment at which clocks show a time. Of two, where they are put back, the first; where they are put
 * forward past it, as if they had not been (RFC 5545 §3.3.5 has both).
 * @param shown the time as if the zone were UTC
 */
function atWallClock(shown: number, timeZone: string): Date {
	const [before = 0, after = 0] = [shown - DAY, shown + DAY].map((time) =>
		offset(new Date(time), timeZone),
	);
	const moments = [shown - before, shown - after].sort((a, b) => a - b);
	const right = moments.find((time) => time + offset(new Date(time), timeZone) === shown);
	return new Date(right ?? shown - before);
}

/** As a person reads it: `2026-11-03 10:00`. @param timeZone IANA name */
export function wallClockText(date: Date, timeZone: string): string {
	const { year, month, day, hour, minute } = wallClock(date, timeZone);
	return `${year}-${month}-${day} ${hour}:${minute}`;
}

/** JavaScript takes 30 February for 2 March. @param day `YYYY-MM-DD` */
function isRealDay(day: string): boolean {
	const date = new Date(`${day}T00:00:00Z`);
	return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}

function isRealMoment(text: string): boolean {
	return WITH_ZONE.test(text) && isRealDay(text.slice(0, 10)) && !Number.isNaN(Date.parse(text));
}

function notADate(text: string, field: string): UserError {
	return new UserError(
		`"${text.slice(0, 80)}" in the field "${field}" is not a valid date`,
		'Write it as 2026-01-31, or as 2026-01-31T12:00:00Z, or use an expression such as {{ $now.minus({ days: 30 }) }}.',
	);
}

function asText(value: unknown): string {
	if (typeof value === 'string') return value.trim();
	if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString();
	if (typeof value === 'object' && value !== null && 'toISO' in value) {
		return String((value as { toISO(): string | null }).toISO());
	}
	return String(value);
}

type WallClock = Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', string>;

function wallClock(date: Date, timeZone: string): WallClock {
	const parts = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
		timeZone,
		year: 'numeric',
		month: '2-digit',
		day: '2-digit',
		hour: '2-digit',
		minute: '2-digit',
		second: '2-digit',
		hourCycle: 'h23',
	}).formatToParts(date);
	const found = Object.fromEntries(parts.map(({ type, value }) => [type, value])) as WallClock;
	return { ...found, year: found.year.padStart(4, '0') };
}

/** Milliseconds that the zone is ahead of UTC at that moment. */
function offset(date: Date, timeZone: string): number {
	const { year, month, day, hour, minute, second } = wallClock(date, timeZone);
	const asIfUtc = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
	return asIfUtc - Math.floor(date.getTime() / 1000) * 1000;
}
