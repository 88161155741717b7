/** When a message was sent, by its own word (RFC 5256 §2.2). */
import type { FetchedMessage } from '../engine/index';

/** Milliseconds since 1970; when the server received it if the Date field says nothing. */
export function sentAt({
	envelope,
	internalDate,
}: Partial<Pick<FetchedMessage, 'envelope' | 'internalDate'>>): number {
	return parseDateField(envelope?.date ?? '') ?? internalDate?.getTime() ?? 0;
}

/** @param text a Date field (RFC 5322 §3.3), without a zone taken as UTC. @returns undefined if it is no date */
export function parseDateField(text: string): number | undefined {
	// Comments name the zone once more: `+0100 (CET)`.
	const plain = text
		.slice(0, 200)
		.replace(/\([^()]*\)/g, ' ')
		.trim();
	// Date.parse makes a date of almost anything.
	if (!/\d\s+[A-Za-z]{3,9}\s+\d{2,4}\b/.test(plain)) return undefined;
	const zoned = /(?:[+-]\d{4}|[A-Za-z]{1,4})$/.test(plain) ? plain : `${plain} +0000`;
	const time = Date.parse(zoned);
	return Number.isNaN(time) ? undefined : time;
}
