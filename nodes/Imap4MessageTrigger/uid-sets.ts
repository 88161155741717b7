/** UID sets as cursors store them: text, so that a thousand UIDs in a row take a few bytes. */
import { SequenceSet } from '../../engine/index';

export function uidsIn(set: string | undefined): number[] {
	return set === undefined || set === '' ? [] : SequenceSet.from(set).toArray();
}

/** @returns undefined for none */
export function setOf(uids: readonly number[]): string | undefined {
	return uids.length === 0 ? undefined : SequenceSet.from(uids).toString();
}
