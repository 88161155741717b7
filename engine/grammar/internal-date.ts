import { Imap4Error } from '../errors';

/** English in any locale (RFC 9051 `date-month`). */
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const IN_LOWER_CASE = MONTHS.map((name) => name.toLowerCase());

/** A moment, and the zone it was written in. */
export interface InternalDate {
	/** The moment. */
	date: Date;
	/** Minutes east of UTC. */
	offset: number;
}

/**
 * Reads ` 1-Feb-2020 03:04:05 +0100` (RFC 9051 `date-time`), with or without quotes.
 * @returns undefined if it is no such date
 * @example
 * parseInternalDate('01-Mar-2024 13:00:00 +0100')?.date.toISOString(); // '2024-03-01T12:00:00.000Z'
 */
export function parseInternalDate(text: string): InternalDate | undefined {
	const match =
		/^"?\s*(\d{1,2})-([A-Za-z]{3})-(\d{4}) (\d{2}):(\d{2}):(\d{2})(?: ([+-])(\d{2})(\d{2}))?"?$/.exec(
			text,
		);
	if (!match) return undefined;
	const month = IN_LOWER_CASE.indexOf(match[2]?.toLowerCase() ?? '');
	const day = Number(match[1]);
	if (month < 0 || day < 1 || day > 31) return undefined;
	const east = match[7] ? Number(match[8]) * 60 + Number(match[9]) : 0;
	// Not -1 times it: of the zone -0000 that would make -0.
	const offset = match[7] === '-' ? 0 - east : east;
	const date = new Date(0);
	date.setUTCFullYear(Number(match[3]), month, day);
	date.setUTCHours(Number(match[4]), Number(match[5]), Number(match[6]));
	return { date: new Date(date.getTime() - offset * 60_000), offset };
}

/**
 * Writes a moment as `01-Feb-2020 03:04:05 +0100`, without quotes (RFC 9051 `date-time`).
 * @param offset minutes east of UTC, -1439…1439; the zone is always explicit
 * @throws Imap4Error ARGUMENT for an invalid date or zone, or a year outside 0-9999
 * @example
 * formatInternalDate(new Date('2024-03-01T12:00:00Z'), 60); // '01-Mar-2024 13:00:00 +0100'
 */
export function formatInternalDate(date: Date, offset = 0): string {
	if (!(date instanceof Date)) throw new Imap4Error('ARGUMENT', 'The date is not a valid Date');
	const local = new Date(date.getTime() + offset * 60_000);
	checkDate(local);
	if (!Number.isInteger(offset) || Math.abs(offset) >= 24 * 60) {
		throw new Imap4Error(
			'ARGUMENT',
			`${offset} is not a time zone offset in minutes: use -1439 to 1439`,
		);
	}
	const two = (value: number): string => String(value).padStart(2, '0');
	const zone = Math.abs(offset);
	return (
		`${two(local.getUTCDate())}-${MONTHS[local.getUTCMonth()]}-${fourDigits(local)} ` +
		`${two(local.getUTCHours())}:${two(local.getUTCMinutes())}:${two(local.getUTCSeconds())} ` +
		`${offset < 0 ? '-' : '+'}${two(Math.floor(zone / 60))}${two(zone % 60)}`
	);
}

/**
 * Writes a calendar day as `1-Feb-2020` (RFC 9051 `date`), as SEARCH takes it.
 * @param day a Date, of which the day in UTC counts, or `2020-02-01`
 * @throws Imap4Error ARGUMENT
 * @example
 * formatDay(new Date('2024-03-01T12:00:00Z')); // '1-Mar-2024'
 */
export function formatDay(day: Date | string): string {
	if (typeof day === 'string') {
		const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
		const date = match ? new Date(`${day}T00:00:00Z`) : undefined;
		if (!date || !date.toJSON()?.startsWith(day)) {
			throw new Imap4Error('ARGUMENT', `"${day}" is not a date of the form YYYY-MM-DD`);
		}
		return formatDay(date);
	}
	checkDate(day);
	return `${day.getUTCDate()}-${MONTHS[day.getUTCMonth()]}-${fourDigits(day)}`;
}

function checkDate(date: Date): void {
	const year = date.getUTCFullYear();
	if (!(year >= 0 && year <= 9999)) {
		throw new Imap4Error(
			'ARGUMENT',
			'The date is not valid, or its year does not have four digits',
		);
	}
}

function fourDigits(date: Date): string {
	return String(date.getUTCFullYear()).padStart(4, '0');
}
