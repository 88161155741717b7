/** What all operations that change flags have in common: one STORE for all messages of a batch. */
import type { StoreAction, Uid } from '../../../engine/index';
import { Turns } from '../../../mail/next-turn';
import type { Execution } from '../execution/execution';
import { onMessages, type MessageBatch } from '../execution/on-messages';
import type { Work } from '../execution/operation';
import { checkPermitted } from '../mailbox/permitted-flags';

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
			const turns = new Turns();
			for (const uid of uids) {
				await turns.next();
				const left = changedMeanwhile.some((set) => set.includes(uid));
				emit(uid, {
					mailbox: mailbox.name,
					uidValidity: mailbox.uidValidity,
					uid,
					[named]: left ? [] : flags,
					...(left ? { changedMeanwhile: true } : {}),
					...(returnFlags ? { flags: after.get(uid) ?? null } : {}),
				});
			}
		},
	});

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
