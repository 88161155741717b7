/** When a message was sent, by its own word (RFC 5256 §2.2). */
import type { FetchedMessage } from '../engine/index';

/** Milliseconds since 1970; when the server received it if the Date field says nothing. */
export function sentAt({
	envelope,
	internalDate,
}: Partial<Pick<FetchedMessage, 'envelope' | 'internalDate'>>): number {
	return parseDateField(envelope?.date ?? '') ?? internalDate?.getTime() ?? 0;
}

/**
 * Beginnings of names in other languages, in lower case without accents: some programs write them into the field.
 * Those that mean one month here and another one there, such as `lis`, are left out.
 */
const OTHER_MONTHS: ReadonlyMap<string, number> = new Map(
	[
		'ene gen janv ian oca tam jaa янв яну јан січ sty led ιαν 一月',
		'fev fevr sub hel vee фев феб лют lut uno φεβ 二月',
		'maa mrt mrz mars мар бер bre μαρ 三月',
		'abr avr nis huh апр кві kwi dub απρ 四月',
		'mai maj mag mei tou маи мая мај тра kve μαι 五月',
		'giu juin iun haz kes juun июн юни јун чер cze cvn ιουν 六月',
		'lug juil iul tem hei juul июл юли јул лип cvc ιουλ 七月',
		'ago aou agu elo авг сер sie αυγ 八月',
		'set eyl sze syy сен сеп вер wrz zar σεπ 九月',
		'okt out ott eki lok окт жов paz rij οκτ 十月',
		'noi kas marr ноя ное нов лис νοε 十一月',
		'dez dic des ara jou det дек дец гру gru pro δεκ 十二月',
	].flatMap((names, month) => names.split(' ').map((name): [string, number] => [name, month])),
);
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Hours of the zones that RFC 5322 §4.3 names, and of those in use where it named none. */
const ZONES: Readonly<Record<string, number>> = {
	...{ ut: 0, utc: 0, gmt: 0, z: 0, wet: 0, west: 1, bst: 1, cet: 1, mez: 1, met: 1 },
	...{ cest: 2, mesz: 2, mest: 2, eet: 2, eest: 3, msk: 3, jst: 9, kst: 9, hkt: 8, sgt: 8 },
	...{ edt: -4, est: -5, cdt: -5, cst: -6, mdt: -6, mst: -7, pdt: -7, pst: -8 },
	...{ akdt: -8, akst: -9, hst: -10, aest: 10, aedt: 11, nzst: 12, nzdt: 13 },
};

const TIME = String.raw`(\d{1,2})[:.](\d{1,2})(?:[:.](\d{1,2})(?:[.,]\d{1,9})?)?\s*([ap]\.?m\.?\b)?\s*(.*)`;
/** What programs write, the usual form of RFC 5322 first. */
const FORMS: ReadonlyArray<{ form: RegExp; parts: readonly Part[] }> = [
	{
		form: new RegExp(String.raw`^(\d{1,2})[-\s.]+([a-z]{3,9})[-\s.,]+(\d{2,4})[\sT,]+${TIME}$`),
		parts: ['day', 'month', 'year', 'hour', 'minute', 'second', 'half', 'zone'],
	},
	{
		// C's asctime; some put the zone before the year.
		form: /^([a-z]{3,9})\s+(\d{1,2}),?\s+(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?\s+(?:([a-z]{1,5}|[-+]\d{4})\s+)?(\d{4})$/,
		parts: ['month', 'day', 'hour', 'minute', 'second', 'zone', 'year'],
	},
	{
		// Or behind it.
		form: /^([a-z]{3,9})\s+(\d{1,2}),?\s+(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?\s+(\d{4})\s+([a-z]{1,5}|[-+]\d{4})\b.*$/,
		parts: ['month', 'day', 'hour', 'minute', 'second', 'year', 'zone'],
	},
	{
		form: new RegExp(String.raw`^([a-z]{3,9})\.?\s+(\d{1,2}),?\s+(\d{4}),?\s+${TIME}$`),
		parts: ['month', 'day', 'year', 'hour', 'minute', 'second', 'half', 'zone'],
	},
	{
		form: new RegExp(String.raw`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[\st]+)${TIME}$`),
		parts: ['year', 'month', 'day', 'hour', 'minute', 'second', 'half', 'zone'],
	},
	{
		// The usual form in other scripts.
		form: new RegExp(
			String.raw`^(\d{1,2})[-\s.]+(\p{L}{3,12}|\p{L}{1,2}月|\d{1,2}[月월])[-\s.,]+(\d{4})[\s,]+${TIME}$`,
			'u',
		),
		parts: ['day', 'month', 'year', 'hour', 'minute', 'second', 'half', 'zone'],
	},
];

type Part = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'half' | 'zone';

/**
 * Reads what RFC 5322 §3.3 and §4.3 allow, and what programs write in its place.
 * @param text a Date field; one without a zone, or with one that says nothing, is taken as UTC
 * @returns undefined if it is not a date: none is made of one that the calendar does not have
 */
export function parseDateField(text: string): number | undefined {
	const plain = withoutAccents(withoutComments(text.slice(0, 200)))
		.replace(/["']/g, ' ')
		.replace(/\s+/g, ' ')
		.trim()
		.toLowerCase();
	// The name of the day, in whatever language: it says nothing that the date does not.
	const date = plain.replace(/^[^\d\s,]+\s*,\s*|^(?:sun|mon|tue|wed|thu|fri|sat)[a-z]*\.?\s+/, '');
	for (const { form, parts } of FORMS) {
		const [whole, ...found] = form.exec(date) ?? [];
		if (whole !== undefined) {
			return timeOf((part) => found[parts.indexOf(part)]);
		}
	}
	return undefined;
}

/** Comments are nested, and name the zone once more: `+0100 (CET)`. */
function withoutComments(text: string): string {
	let plain = text;
	for (let before = ''; before !== plain;) {
		before = plain;
		plain = plain.replace(/\([^()]*\)/g, ' ');
	}
	return plain.replace(/\(.*$/, ' ');
}

function timeOf(found: (part: Part) => string | undefined): number | undefined {
	const year = fullYear(found('year') ?? '');
	const month = monthOf(found('month') ?? '');
	const day = Number(found('day'));
	const hour = hourOf(Number(found('hour')), found('half'));
	const minute = Number(found('minute'));
	const second = Number(found('second') ?? 0);
	if (month === undefined || hour === undefined || minute > 59 || second > 60) return undefined;
	// Date.UTC takes years below 100 for those of the last century.
	const date = new Date(0);
	date.setUTCFullYear(year, month, day);
	if (date.getUTCDate() !== day || date.getUTCMonth() !== month) return undefined;
	const offset = minutesOf((found('zone') ?? '').trim());
	return date.getTime() + ((hour * 60 + minute - offset) * 60 + second) * 1000;
}

/** RFC 5322 §4.3: two digits from 50 on are of the last century, three are counted from 1900. */
function fullYear(written: string): number {
	const year = Number(written);
	if (written.length === 2) return year < 50 ? 2000 + year : 1900 + year;
	return written.length === 3 ? 1900 + year : year;
}

/** Next to no date has one, and there can be a hundred thousand dates. */
const withoutAccents = (text: string): string =>
	/[^\0-\x7f]/.test(text) ? text.normalize('NFD').replace(/\p{M}/gu, '').normalize() : text;

function monthOf(written: string): number | undefined {
	const [, digits] = /^(\d+)[月월]?$/.exec(written) ?? [];
	const start = written.slice(0, 3);
	// Finnish "marraskuu" is November.
	const known = written.startsWith('marr') ? -1 : MONTHS.indexOf(start);
	const number = digits === undefined ? known : Number(digits) - 1;
	if (number >= 0 && number < 12) return number;
	return OTHER_MONTHS.get(written.slice(0, 4)) ?? OTHER_MONTHS.get(start);
}

function hourOf(hour: number, half: string | undefined): number | undefined {
	if (half === undefined) return hour < 24 ? hour : undefined;
	// Some write a 24-hour time and the half of the day as well.
	if (hour > 12) return hour < 24 ? hour : undefined;
	return (hour % 12) + (half.startsWith('p') ? 12 : 0);
}

/** Minutes east of Greenwich; none where the zone is not known, which RFC 5322 §4.3 takes for `-0000`. */
function minutesOf(zone: string): number {
	const [, sign, hours = '', minutes = '0'] =
		/^(?:utc|gmt|ut)?\s?([-+])\s?(\d{1,2}):?(\d{2})?\b/.exec(zone) ?? [];
	if (sign !== undefined) {
		const all = Number(hours) * 60 + Number(minutes);
		// Further away than any place on Earth.
		if (Number(minutes) > 59 || all > 24 * 60) return 0;
		return sign === '-' ? -all : all;
	}
	const [name = ''] = /^[a-z]{1,4}\b/.exec(zone) ?? [];
	return (ZONES[name] ?? 0) * 60;
}
