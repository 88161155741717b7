/** Minutes east of UTC of the zones that RFC 822 gives names (RFC 5322 §4.3). */
const NAMED_ZONES: Record<string, number> = {
	EST: -300,
	EDT: -240,
	CST: -360,
	CDT: -300,
	MST: -420,
	MDT: -360,
	PST: -480,
	PDT: -420,
};

const DATE =
	/(\d{1,2})\s+([A-Za-z]{3})\s+(\d{2,4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2}))?)?(?:\s+([+-]\d{4}|[A-Za-z]+))?/;

/**
 * The moment a Date field tells, for sorting (RFC 5256 §2.2): midnight where the time makes no
 * sense, UTC where the zone makes none.
 * @returns milliseconds since 1970; undefined where there is no date in it
 */
export function sentDate(value: string | undefined): number | undefined {
	const match = DATE.exec(value ?? '');
	if (!match) return undefined;
	const [, day, month, digits = '', hour = '0', minute = '0', second = '0', zone = ''] = match;
	// Years of two and three digits (RFC 5322 §4.3).
	const year =
		digits.length === 4 ? Number(digits) : Number(digits) + (Number(digits) < 50 ? 2000 : 1900);
	const date = Date.parse(`${day} ${month} ${year} UTC`);
	if (Number.isNaN(date)) return undefined;
	const time = (Number(hour) * 60 + Number(minute)) * 60 + Number(second);
	return date + (time < 86_400 ? time * 1000 : 0) - offset(zone) * 60_000;
}

function offset(zone: string): number {
	const digits = /^([+-])(\d\d)(\d\d)$/.exec(zone);
	if (!digits) return NAMED_ZONES[zone.toUpperCase()] ?? 0;
	const minutes = Number(digits[2]) * 60 + Number(digits[3]);
	return digits[1] === '-' ? -minutes : minutes;
}
