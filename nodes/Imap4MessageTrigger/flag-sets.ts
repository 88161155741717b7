/**
 * The flags of many messages in little room: the UID set of the messages that have the same flags. A
 * thousand messages of which every third is read take about 3 kB; where all are alike, 20 bytes.
 */
import type { MailboxCursor } from './cursor';
import { setOf, uidsIn } from './uid-sets';

/** Each flag once, as the server spells it. \Recent comes and goes by itself. */
export function flagsText(flags: readonly string[]): string {
	const spelled = new Map(flags.map((flag) => [flag.toLowerCase(), flag]));
	spelled.delete('\\recent');
	return [...spelled.values()].sort().join(' ');
}

/** The flags that are in `flags` and not in `others`; their case means nothing (RFC 9051 §2.3.2). */
export function flagsNotIn(others: string, flags: string): string[] {
	const known = new Set(splitFlags(others.toLowerCase()));
	return splitFlags(flags).filter((flag) => !known.has(flag.toLowerCase()));
}

export const splitFlags = (flags: string): string[] => (flags === '' ? [] : flags.split(' '));

/** @returns flags by UID; undefined if none were ever remembered */
export function readFlagSets({ flagSets, flags }: MailboxCursor): Map<number, string> | undefined {
	if (flagSets === undefined) {
		if (flags === undefined) return undefined;
		return new Map(Object.entries(flags).map(([uid, text]) => [Number(uid), text]));
	}
	const found = new Map<number, string>();
	for (const [text, set] of Object.entries(flagSets)) {
		for (const uid of uidsIn(set)) found.set(uid, text);
	}
	return found;
}

/** Of the newest `most` messages. */
export function writeFlagSets(
	flags: ReadonlyMap<number, string>,
	most: number,
): Record<string, string> {
	const byText = new Map<string, number[]>();
	const newest = [...flags].sort(([a], [b]) => b - a).slice(0, most);
	for (const [uid, text] of newest) {
		const uids = byText.get(text);
		if (uids) uids.push(uid);
		else byText.set(text, [uid]);
	}
	const sets = [...byText].map(([text, uids]) => [text, setOf(uids) ?? ''] as const);
	return Object.fromEntries(sets);
}
