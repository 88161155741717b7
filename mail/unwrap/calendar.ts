/** The first event of an invitation (RFC 5545, RFC 5546), as fields. */

export interface CalendarEvent {
	/** `REQUEST`, `REPLY`, `CANCEL` …; empty if it is not an invitation. */
	method: string;
	uid: string;
	summary: string;
	/** ISO 8601: with `Z` for UTC, with a date only for whole days, else local to `timeZone`. */
	start: string;
	end: string;
	/** The sender's name of the zone, if the times are local. */
	timeZone: string;
	location: string;
	description: string;
	organizer: string;
	attendees: Array<{ name: string; address: string; status: string }>;
	recurrence: string;
}

const LONGEST = 1024 * 1024;
const MOST_ATTENDEES = 1000;

interface Line {
	name: string;
	parameters: Record<string, string>;
	value: string;
}

/**
 * Joins lines that were folded, before they are decoded: some programs fold within a character of several
 * bytes (RFC 5545 §3.1).
 */
export function unfoldedCalendar(bytes: Buffer): Buffer {
	return Buffer.from(bytes.toString('latin1').replace(FOLD, ''), 'latin1');
}

/** A line that begins with a space goes on the one before. */
const FOLD = /\r?\n[ \t]/g;

/**
 * @param declared the method that the part's type names, for a calendar that names none
 * @returns undefined if it holds no event
 */
export function calendarEvent(text: string, declared = ''): CalendarEvent | undefined {
	const lines = linesOf(text.slice(0, LONGEST));
	const from = lines.findIndex(
		({ name, value }) => name === 'BEGIN' && /^V(?:EVENT|TODO)$/i.test(value),
	);
	if (from < 0) return undefined;
	const event = ownLines(lines.slice(from + 1));
	const first = (name: string): Line | undefined => event.find((line) => line.name === name);
	const plain = (name: string): string => unescaped(first(name)?.value ?? '');
	const start = first('DTSTART');
	const startTime = isoTime(start?.value);
	const end = first('DTEND') ?? first('DUE');
	return {
		method: (lines.find(({ name }) => name === 'METHOD')?.value || declared).trim().toUpperCase(),
		uid: plain('UID'),
		summary: plain('SUMMARY'),
		start: startTime,
		end: end ? isoTime(end.value) : timeAfter(startTime, first('DURATION')?.value),
		timeZone: start?.parameters.TZID ?? '',
		location: plain('LOCATION'),
		description: plain('DESCRIPTION'),
		organizer: addressOf(first('ORGANIZER')?.value ?? ''),
		attendees: event
			.filter(({ name }) => name === 'ATTENDEE')
			.slice(0, MOST_ATTENDEES)
			.map(({ parameters, value }) => ({
				name: parameters.CN ?? '',
				// Where the address is an identifier of the sender's own, this is the mailbox (RFC 7986 §6.2).
				address: /^mailto:/i.test(value.trim())
					? addressOf(value)
					: parameters.EMAIL || addressOf(value),
				status: parameters.PARTSTAT ?? '',
			})),
		recurrence: first('RRULE')?.value ?? '',
	};
}

/** Those of the event itself, not those of its alarms. */
function ownLines(lines: readonly Line[]): Line[] {
	const found: Line[] = [];
	let depth = 0;
	for (const line of lines) {
		if (line.name === 'BEGIN') depth++;
		else if (line.name === 'END') {
			if (depth-- === 0) break;
		} else if (depth === 0) found.push(line);
	}
	return found;
}

function linesOf(text: string): Line[] {
	return text
		.replace(/\r\n?/g, '\n')
		.replace(FOLD, '')
		.split('\n')
		.flatMap((line) => {
			const [, name, parameters = '', value = ''] =
				/^([A-Za-z][A-Za-z0-9-]{0,60})((?:;[^:;"=]{1,60}=(?:"[^"]*"|[^":;])*)*):(.*)$/.exec(line) ??
				[];
			return name === undefined
				? []
				: [{ name: name.toUpperCase(), parameters: read(parameters), value }];
		});
}

function read(parameters: string): Record<string, string> {
	const found: Record<string, string> = {};
	for (const [, name = '', quoted, plain = ''] of parameters.matchAll(
		/;([^=;]+)=(?:"([^"]*)"|([^;"]*))/g,
	)) {
		found[name.toUpperCase()] = withoutCarets(quoted ?? plain);
	}
	return found;
}

/** What a parameter can't hold as it is (RFC 6868): quotes, line ends, and the caret itself. */
const withoutCarets = (value: string): string =>
	value.replace(/\^([n'^])/g, (_all, one: string) =>
		one === 'n' ? '\n' : one === "'" ? '"' : one,
	);

const unescaped = (value: string): string =>
	value.replace(/\\([\\;,nN])/g, (_all, one: string) => (/n/i.test(one) ? '\n' : one)).trim();

const addressOf = (value: string): string => value.trim().replace(/^mailto:/i, '');

/** `20261125T180000Z` becomes `2026-11-25T18:00:00Z`. */
function isoTime(value = ''): string {
	const [, year, month, day, time] =
		/^(\d{4})(\d\d)(\d\d)(?:T(\d{6}Z?))?$/.exec(value.trim()) ?? [];
	if (year === undefined) return value.trim();
	const date = `${year}-${month}-${day}`;
	if (time === undefined) return date;
	return `${date}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}`;
}

const DURATION =
	/^\+?P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,8})M)?(?:(\d{1,9})S)?)?$/;

/**
 * The end of an event that says how long it takes (RFC 5545 §3.3.6).
 * @param start as isoTime() returns it
 */
function timeAfter(start: string, duration = ''): string {
	const [whole, ...counts] = DURATION.exec(duration.trim()) ?? [];
	// A time without a zone is counted as if it were UTC.
	const from = Date.parse(start.includes('T') && !start.endsWith('Z') ? `${start}Z` : start);
	if (whole === undefined || Number.isNaN(from)) return '';
	const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = counts.map((one) =>
		Number(one ?? 0),
	);
	const taken = (((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds;
	const end = new Date(from + taken * 1000).toISOString().slice(0, 19);
	return start.endsWith('Z') ? `${end}Z` : end.slice(0, start.length);
}
