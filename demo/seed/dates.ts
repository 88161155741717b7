import { type Random } from './random';

export const DAY_MS = 24 * 60 * 60 * 1000;
/** Messages older than this are moved into the archive of their year. */
const ARCHIVE_AFTER = { years: 1 };
/** Junk older than this is deleted. */
const JUNK_DAYS = 30;

// A day on each side for the server's and n8n's time zones, a day for a run across midnight.
const CLEARANCE_MS = 2 * DAY_MS;

/** `now` a year ago, as n8n's `$now.minus({ years: 1 })`. */
export function aYearBefore(now: Date): Date {
	const then = new Date(now);
	then.setUTCFullYear(now.getUTCFullYear() - ARCHIVE_AFTER.years);
	return then;
}

export function junkLimit(now: Date): Date {
	return new Date(now.getTime() - JUNK_DAYS * DAY_MS);
}

/**
 * Whether a message of this date belongs to one side of each limit in every time zone: SEARCH
 * BEFORE compares calendar days of the server's choice of zone (RFC 9051 §6.4.4), and the year of a
 * message depends on the zone too.
 */
function isClear(date: Date, now: Date): boolean {
	const year = date.getUTCFullYear();
	const limits = [
		aYearBefore(now).getTime(),
		junkLimit(now).getTime(),
		Date.UTC(year, 0, 1),
		Date.UTC(year + 1, 0, 1),
	];
	return limits.every((limit) => Math.abs(limit - date.getTime()) > CLEARANCE_MS);
}

/**
 * Dates in ascending order, mostly in working hours, none near a limit.
 *
 * @param youngest days before `now`
 * @param oldest days before `now`
 */
export function datesBetween(
	random: Random,
	now: Date,
	count: number,
	youngest: number,
	oldest: number,
): Date[] {
	const dates: Date[] = [];
	while (dates.length < count) {
		const day = now.getTime() - random.integer(youngest, oldest) * DAY_MS;
		const date = new Date(Math.floor(day / DAY_MS) * DAY_MS);
		const late = random.chance(0.15);
		date.setUTCHours(late ? random.integer(18, 22) : random.integer(6, 17));
		date.setUTCMinutes(random.integer(0, 59), random.integer(0, 59), 0);
		if (date < now && isClear(date, now)) dates.push(date);
	}
	return dates.sort((one, other) => one.getTime() - other.getTime());
}
