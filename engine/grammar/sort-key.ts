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

/** What to sort by, ascending unless `reverse` is true. */
export type SortCriterion =
	| SortKey
	| {
			/** What to sort by. */
			key: SortKey;
			/** Descending. */
			reverse?: boolean;
	  };

/** @returns e.g. `REVERSE DATE`. @throws Imap4Error ARGUMENT */
export function sortCriterion(criterion: SortCriterion): string {
	const { key, reverse = false } = typeof criterion === 'string' ? { key: criterion } : criterion;
	const upper = String(key).toUpperCase();
	if (!(KEYS as readonly string[]).includes(upper)) {
		throw new Imap4Error(
			'ARGUMENT',
			`"${String(key)}" is not a sort key; there are ${KEYS.join(', ')}`,
		);
	}
	return reverse ? `REVERSE ${upper}` : upper;
}
