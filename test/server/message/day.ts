/** Milliseconds. */
export const DAY = 86_400_000;

/** Zones are disregarded: the day is the one that was written (RFC 3501 §6.4.4). @returns days since 1970 */
export function dayOf(date: Date, zone: number): number {
	return Math.floor((date.getTime() + zone * 60_000) / DAY);
}

/** @param how `SINCE`, `BEFORE` or `ON` */
export function compareDay(how: string, day: number, wanted: number): boolean {
	return how === 'SINCE' ? day >= wanted : how === 'BEFORE' ? day < wanted : day === wanted;
}
