/** UID sets as cursors store them: text, so that a thousand UIDs in a row take a few bytes. */
import { UidSet } from '../../engine/index';

export function uidsIn(set: string | undefined): number[] {
	return set === undefined || set === '' ? [] : UidSet.from(set).toArray();
}

/** @returns undefined for none */
export function setOf(uids: readonly number[]): string | undefined {
	return uids.length === 0 ? undefined : UidSet.from(uids).toString();
}
