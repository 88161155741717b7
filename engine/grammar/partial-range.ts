import { Imap4Error } from '../errors';

/**
 * A window on a result (RFC 9394 §3.1, `partial-range`): from this place to that one, both
 * inclusive, counted from 1 at the beginning or from -1 at the end.
 */
export type PartialRange = readonly [number, number];

/** @throws Imap4Error ARGUMENT for 0, or for one place from each end */
export function partialRange([from, to]: PartialRange): string {
	const places = [from, to];
	const whole = places.every((place) => Number.isInteger(place) && Math.abs(place) <= 0xffffffff);
	if (!whole || from * to <= 0) {
		throw new Imap4Error(
			'ARGUMENT',
			`${from} to ${to} is not a part of a result: both are counted from 1, or both from -1 at the end`,
		);
	}
	return `${from}:${to}`;
}
