/** What Add, Remove, Set and Acknowledge have in common: one STORE for all messages of a batch. */
import type { INodeProperties } from 'n8n-workflow';
import {
	SequenceSet,
	type Imap4,
	type StoreAction,
	type StoreOptions,
	type StoreResult,
} from '../../engine/index';
import { runBatches, type MessageBatch } from '../shared/execution/message-batches';
import type { Execution } from '../shared/execution/execution';
import { selectionProperties } from '../shared/message/message-selection';
import {
	checkCount,
	dryRunReport,
	readSafeguards,
	safeguardProperties,
} from '../shared/execution/safeguards';
import { UserError } from '../shared/errors/user-error';
import { checkPermitted } from '../shared/mailbox/permitted-flags';
import { flagProperties, readFlags } from './flag-choice';
import { readUnchangedSince, unchangedSinceProperty } from './unchanged-since';

export const changeProperties: INodeProperties[] = [
	...selectionProperties,
	...flagProperties,
	unchangedSinceProperty,
	{
		displayName: 'Return Resulting Flags',
		name: 'returnFlags',
		type: 'boolean',
		default: false,
		description:
			'Whether to return all flags that each message has afterwards. The server then answers for every message, which takes longer.',
	},
	...safeguardProperties,
];

interface FlagChange {
	flags: string[];
	returnFlags: boolean;
}

/** @throws UserError if no flag is chosen */
export function readChange(execution: Execution, item: number, action: StoreAction): FlagChange {
	const flags = readFlags(execution, item);
	if (flags.length === 0 && action !== 'FLAGS') {
		throw new UserError(
			'No flag is chosen',
			'Choose one in "System Flags" or name one in "Keywords".',
		);
	}
	return { flags, returnFlags: execution.parameter('returnFlags', item, false) };
}

/**
 * @param told the output field that names the flags
 * @param read what the item asks for; its fields "System Flags" and "Keywords" by default
 */
export async function changeFlags(
	execution: Execution,
	action: StoreAction,
	told: 'added' | 'removed' | 'set' | 'acknowledged',
	read: (item: number) => FlagChange = (item) => readChange(execution, item, action),
): Promise<void> {
	await runBatches(execution, {
		readOnly: false,
		settings: (item) => ({ ...read(item), ...readSafeguards(execution, item) }),
		async run(batch) {
			const { imap, mailbox, settings, uids, items, emit } = batch;
			const { flags, returnFlags } = settings;
			checkCount(uids.length, settings);
			if (action !== '-FLAGS') checkPermitted(mailbox, flags);
			if (settings.dryRun) {
				execution.emit(items, { ...(await dryRunReport(imap, mailbox.name, uids)), [told]: flags });
				return;
			}
			const conditions = unchangedSince(execution, batch);
			const results = await storeAll(batch.imap, conditions, (set, options, imap) =>
				imap.store(set, action, flags, { uid: true, silent: !returnFlags, ...options }),
			);
			const after = new Map(
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
					[told]: left ? [] : flags,
					...(left ? { changedMeanwhile: true } : {}),
					...(returnFlags ? { flags: after.get(uid) ?? null } : {}),
				});
			}
		},
	});
}

/** Which UIDs are to be changed under which condition; undefined for none. */
function unchangedSince(
	execution: Execution,
	{ uids, itemsOf }: MessageBatch<unknown>,
): Map<bigint | undefined, number[]> {
	const byCondition = new Map<bigint | undefined, number[]>();
	const ofItem = new Map<number, bigint | undefined>();
	for (const uid of uids) {
		// Where several items ask for the same message, the strictest condition holds.
		let strictest: bigint | undefined;
		for (const item of itemsOf(uid)) {
			if (!ofItem.has(item)) ofItem.set(item, readUnchangedSince(execution, item));
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
	store: (set: SequenceSet, options: StoreOptions, imap: Imap4) => Promise<StoreResult>,
): Promise<StoreResult[]> {
	return Promise.all(
		[...conditions].map(([modSeq, uids]) =>
			store(SequenceSet.from(uids), modSeq === undefined ? {} : { unchangedSince: modSeq }, imap),
		),
	);
}
