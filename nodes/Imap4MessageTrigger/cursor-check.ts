/**
 * Whether what is remembered of a mailbox makes sense. Static data can be damaged: by an import, by hand, or by
 * a version that is older or newer. With a damaged cursor every poll would fail for ever.
 */
import { UidSet } from '../../engine/index';
import type { MailboxCursor } from './cursor';

type Check = (value: unknown) => boolean;

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const isText: Check = (value) => typeof value === 'string';
const isTrue: Check = (value) => value === true;

/** Of 32 bits, as UIDs and counts of messages are (RFC 9051 §9). */
const isCount: Check = (value) =>
	Number.isInteger(value) && Number(value) >= 0 && Number(value) < 2 ** 32;
const isTime: Check = (value) => Number.isFinite(value) && Number(value) >= 0;
const isTexts: Check = (value) => Array.isArray(value) && value.every(isText);

function isSet(value: unknown): boolean {
	if (typeof value !== 'string' || value.includes('*')) return false;
	try {
		UidSet.from(value);
		return true;
	} catch {
		return false;
	}
}

const byUid =
	(check: Check): Check =>
	(value) =>
		isObject(value) &&
		Object.entries(value).every(([uid, one]) => /^[1-9]\d{0,9}$/.test(uid) && check(one));

const isHeld: Check = (value) => isObject(value) && isCount(value.tries) && isText(value.reason);
const isInFlight: Check = (value) =>
	isObject(value) &&
	isTime(value.given) &&
	isCount(value.times) &&
	(value.keyword === undefined || isCount(value.keyword));

const CHECKS: { [Field in keyof Required<MailboxCursor>]: Check } = {
	uidValidity: (value) => value === null || isCount(value),
	mailboxId: isText,
	baseline: isTrue,
	fromNow: isTrue,
	goneSince: isTime,
	lastUid: isCount,
	queue: isSet,
	held: byUid(isHeld),
	suspects: isSet,
	inFlight: byUid(isInFlight),
	pending: isSet,
	fingerprints: isTexts,
	modSeq: (value) => typeof value === 'string' && /^\d{1,19}$/.test(value),
	flagSets: (value) => isObject(value) && Object.values(value).every(isSet),
	flags: byUid(isText),
	known: (value) => value === '' || isSet(value),
	wrongUidNext: isTrue,
	uidNext: isCount,
	exists: isCount,
	keptEmpty: isTrue,
	renumbered: isCount,
	above: isTexts,
};
const FIELDS = Object.keys(CHECKS) as Array<keyof MailboxCursor>;
const REQUIRED: ReadonlySet<string> = new Set(['uidValidity', 'lastUid']);

export function isSoundCursor(value: unknown): value is MailboxCursor {
	if (!isObject(value)) return false;
	return FIELDS.every((field) => {
		const one = value[field];
		return one === undefined ? !REQUIRED.has(field) : CHECKS[field](one);
	});
}

/** Of texts by name, or undefined where it is anything else. */
export const soundTexts = (value: unknown): Record<string, string> | undefined =>
	isObject(value) && Object.values(value).every(isText)
		? (value as Record<string, string>)
		: undefined;

export const soundText = (value: unknown): string | undefined =>
	typeof value === 'string' ? value : undefined;

export const soundList = (value: unknown): string[] | undefined =>
	isTexts(value) ? (value as string[]) : undefined;

export const soundMailboxes = (value: unknown): Record<string, unknown> | undefined =>
	isObject(value) ? value : undefined;
