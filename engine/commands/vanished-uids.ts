import { UidSet } from '../grammar/message-set';

/** The UIDs of VANISHED responses (RFC 7162 §3.2.10); what is not a set of UIDs is left out. */
export function vanishedUids(sets: readonly string[]): UidSet | undefined {
	if (sets.length === 0) return undefined;
	const all = UidSet.fromServer(sets.join(','));
	if (all || sets.length === 1) return all;
	return vanishedUids(sets.filter((set) => UidSet.fromServer(set)).slice(0, sets.length - 1));
}
