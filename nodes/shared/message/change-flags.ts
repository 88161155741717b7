/** What all operations that change flags have in common: one STORE for all messages of a batch. */
import {
	UidSet,
	type Imap4,
	type StoreAction,
	type StoreOptions,
	type StoreResult,
} from '../../../engine/index';
import { runBatches, type MessageBatch } from '../execution/message-batches';
import type { Execution } from '../execution/execution';
import { checkCount, dryRunReport, readSafeguards } from '../execution/safeguards';
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
export async function changeFlags(
	execution: Execution,
	action: StoreAction,
	named: 'added' | 'removed' | 'set' | 'acknowledged',
	read: (item: number) => FlagChange,
	unchangedSince: (item: number) => bigint | undefined = () => undefined,
): Promise<void> {
	await runBatches(execution, {
		readOnly: false,
		settings: (item) => ({ ...read(item), ...readSafeguards(execution, item) }),
		async run(batch) {
			const { mailbox, settings, uids, items, emit } = batch;
			const { flags, returnFlags } = settings;
			checkCount(uids.length, settings);
			if (action !== '-FLAGS') checkPermitted(mailbox, flags);
			if (settings.dryRun) {
				execution.emit(items, {
					...(await dryRunReport(mailbox, uids)),
					[named]: flags,
				});
				return;
			}
			const conditions = conditionsOf(batch, unchangedSince);
			const results = await storeAll(batch.imap, conditions, (set, options, imap) =>
				imap.selected.store(set, action, flags, { silent: !returnFlags, ...options }),
			);
			const after = new Map<number | undefined, string[] | undefined>(
				results.flatMap(({ messages }) =>
					messages.map((message) => [message.uid, message.flags] as const),
				),
			);
			const changedMeanwhile = results.flatMap(({ modified }) => modified ?? []);
			for (const uid of uids) {
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
}

/** Which UIDs are to be changed under which condition; undefined for none. */
function conditionsOf(
	{ uids, itemsOf }: MessageBatch<unknown>,
	unchangedSince: (item: number) => bigint | undefined,
): Map<bigint | undefined, number[]> {
	const byCondition = new Map<bigint | undefined, number[]>();
	const ofItem = new Map<number, bigint | undefined>();
	for (const uid of uids) {
		// Where several items ask for the same message, the strictest condition holds.
		let strictest: bigint | undefined;
		for (const item of itemsOf(uid)) {
			if (!ofItem.has(item)) ofItem.set(item, unchangedSince(item));
			const asked = ofItem.get(item);
			if (asked !== undefined && (strictest === undefined || asked < strictest)) strictest = asked;
		}
		const same = byCondition.get(strictest);
		if (same) same.push(uid);
		else byCondition.set(strictest, [uid]);
	}
	return byCondition;
}

/** All at once, in one round trip. */
function storeAll(
	imap: Imap4,
	conditions: ReadonlyMap<bigint | undefined, readonly number[]>,
	store: (set: UidSet, options: StoreOptions, imap: Imap4) => Promise<StoreResult>,
): Promise<StoreResult[]> {
	return Promise.all(
		[...conditions].map(([modSeq, uids]) =>
			store(UidSet.from(uids), modSeq === undefined ? {} : { unchangedSince: modSeq }, imap),
		),
	);
}
