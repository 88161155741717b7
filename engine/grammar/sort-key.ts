import { Imap4Error } from '../errors';

const KEYS = [
	'ARRIVAL',
	'CC',
	'DATE',
	'DISPLAYFROM',
	'DISPLAYTO',
	'FROM',
	'SIZE',
	'SUBJECT',
	'TO',
] as const;

/** RFC 5256 §3; DISPLAYFROM and DISPLAYTO need SORT=DISPLAY (RFC 5957). */
export type SortKey = (typeof KEYS)[number];

/** A criterion; `reverse` turns its order round. */
export type SortCriterion = SortKey | { key: SortKey; reverse?: boolean };

/** @returns e.g. `REVERSE DATE`. @throws Imap4Error ARGUMENT */
export function sortCriterion(criterion: SortCriterion): string {
	const { key, reverse = false } = typeof criterion === 'string' ? { key: criterion } : criterion;
	const upper = String(key).toUpperCase();
	if (!(KEYS as readonly string[]).includes(upper)) {
		throw new Imap4Error(
			'ARGUMENT',
			`"${String(key)}" is no sort key; there are ${KEYS.join(', ')}`,
		);
	}
	return reverse ? `REVERSE ${upper}` : upper;
}
