/** What all operations that change flags have in common: one STORE for all messages of a batch. */
import type { SearchQuery, StoreAction, Uid } from '../../../engine/index';
import { Turns } from '../../../mail/next-turn';
import type { Execution } from '../execution/execution';
import { failKept, notChanged } from '../execution/kept-messages';
import { onMessages, type MessageBatch } from '../execution/on-messages';
import type { Work } from '../execution/operation';
import { checkPermitted, unsureFlags } from '../mailbox/permitted-flags';

export interface FlagChange {
	flags: string[];
	returnFlags: boolean;
}

/**
 * @param named the output field that names the flags
 * @param read what an item asks for
 * @param unchangedSince the mod-sequence since which a message must be unchanged; undefined if it need not be
 */
export const changeFlags = (
	action: StoreAction,
	named: 'added' | 'removed' | 'set' | 'acknowledged',
	read: (execution: Execution, item: number) => FlagChange,
	unchangedSince: (execution: Execution, item: number) => bigint | undefined = () => undefined,
): Work =>
	onMessages({
		readOnly: false,
		read,
		readOwn: unchangedSince,
		dryRun({ mailbox, settings: { flags } }) {
			if (action !== '-FLAGS') checkPermitted(mailbox, flags);
			return { [named]: flags };
		},
		async run(batch) {
			const { mailbox, settings, uids, emit } = batch;
			const { flags, returnFlags } = settings;
			if (action !== '-FLAGS') checkPermitted(mailbox, flags);
			// All at once, in one round trip.
			const results = await Promise.all(
				[...conditionsOf(batch)].map(([unchangedSince, some]) =>
					mailbox.store(some, action, flags, {
						silent: !returnFlags,
						...(unchangedSince === undefined ? {} : { unchangedSince }),
					}),
				),
			);
			const after = new Map<number | undefined, string[] | undefined>(
				results.flatMap(({ messages }) =>
					messages.map((message) => [message.uid, message.flags] as const),
				),
			);
			const changedMeanwhile = results.flatMap(({ modified }) => modified ?? []);
			const isLeft = (uid: Uid): boolean => changedMeanwhile.some((set) => set.includes(uid));
			const unchanged = await findUnchanged(batch, action, isLeft);
			const turns = new Turns();
			for (const uid of uids) {
				await turns.next();
				if (unchanged?.uids.has(uid)) continue;
				const left = isLeft(uid);
				emit(uid, {
					mailbox: mailbox.name,
					uidValidity: mailbox.uidValidity,
					uid,
					[named]: left ? [] : flags,
					...(left ? { changedMeanwhile: true } : {}),
					...(returnFlags ? { flags: after.get(uid) ?? null } : {}),
				});
			}
			if (unchanged) failKept(batch, unchanged.uids, (count) => notChanged(count, unchanged.flag));
		},
	});

/**
 * Messages that are still as they were. It is asked only where the mailbox does not say that it keeps the flag.
 * @param isLeft whether a message was not to be changed
 */
async function findUnchanged(
	{ mailbox, settings, set }: MessageBatch<FlagChange, unknown>,
	action: StoreAction,
	isLeft: (uid: Uid) => boolean,
): Promise<{ flag: string; uids: ReadonlySet<Uid> } | undefined> {
	for (const flag of unsureFlags(mailbox, settings.flags)) {
		const wrong = withFlag(flag, action === '-FLAGS');
		if (!wrong) continue;
		const found = await mailbox.search({ uid: set, ...wrong });
		const uids = found.filter((uid) => set.includes(uid) && !isLeft(uid));
		if (uids.length > 0) return { flag, uids: new Set(uids) };
	}
	return undefined;
}

const SEARCH_KEYS = ['answered', 'deleted', 'draft', 'flagged', 'seen'] as const;

/** A search for messages that have a flag, or have it not. @returns undefined for one that no search knows */
function withFlag(flag: string, isSet: boolean): SearchQuery | undefined {
	if (!flag.startsWith('\\')) return isSet ? { keyword: flag } : { notKeyword: flag };
	const key = SEARCH_KEYS.find((one) => flag.toLowerCase() === `\\${one}`);
	return key && { [key]: isSet };
}

/** Which UIDs to change under which condition; undefined for no condition. */
function conditionsOf({
	uids,
	itemsOf,
	own,
}: MessageBatch<unknown, bigint | undefined>): Map<bigint | undefined, Uid[]> {
	const byCondition = new Map<bigint | undefined, Uid[]>();
	for (const uid of uids) {
		// Where several items ask for the same message, the strictest condition holds.
		let strictest: bigint | undefined;
		for (const item of itemsOf(uid)) {
			const asked = own(item);
			if (asked !== undefined && (strictest === undefined || asked < strictest)) strictest = asked;
		}
		const same = byCondition.get(strictest);
		if (same) same.push(uid);
		else byCondition.set(strictest, [uid]);
	}
	return byCondition;
}
