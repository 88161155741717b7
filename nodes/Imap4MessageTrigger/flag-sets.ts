/**
 * The flags of many messages in little room: the UID set of the messages that have the same flags. A
 * thousand messages of which every third is read take about 3 kB; where all are alike, 20 bytes.
 */
import type { MailboxCursor } from './cursor';
import { setOf, uidsIn } from './uid-sets';

/** \Recent comes and goes by itself. */
export function flagsText(flags: readonly string[]): string {
	return flags
		.filter((flag) => flag.toLowerCase() !== '\\recent')
		.sort()
		.join(' ');
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
