/** What Add, Remove and Set have in common: one STORE for all messages of a batch. */
import type { INodeProperties } from 'n8n-workflow';
import type { StoreAction } from '../../engine/index';
import { runBatches } from '../shared/batches';
import type { Execution } from '../shared/execution';
import { selectionProperties } from '../shared/message-selection';
import { Refusal } from '../shared/node-errors';
import { flagProperties, readFlags } from './flag-choice';

export const changeProperties: INodeProperties[] = [
	...selectionProperties,
	...flagProperties,
	{
		displayName: 'Return Resulting Flags',
		name: 'returnFlags',
		type: 'boolean',
		default: false,
		description:
			'Whether to return all flags that each message has afterwards. The server then answers for every message, which takes longer.',
	},
];

/** @param told the output field that names the flags */
export async function changeFlags(
	execution: Execution,
	action: StoreAction,
	told: 'added' | 'removed' | 'set',
): Promise<void> {
	await runBatches(execution, {
		readOnly: false,
		settings(item) {
			const flags = readFlags(execution, item);
			if (flags.length === 0 && action !== 'FLAGS') {
				throw new Refusal(
					'No flag is chosen',
					'Choose one in "System Flags" or name one in "Keywords".',
				);
			}
			return { flags, returnFlags: execution.parameter('returnFlags', item, false) };
		},
		async run({ imap, mailbox, settings: { flags, returnFlags }, set, uids, emit }) {
			const result = await imap.store(set, action, flags, { uid: true, silent: !returnFlags });
			const after = new Map(result.messages.map((message) => [message.uid, message.flags]));
			for (const uid of uids) {
				emit(uid, {
					mailbox: mailbox.name,
					uidValidity: mailbox.uidValidity,
					uid,
					[told]: flags,
					...(returnFlags ? { flags: after.get(uid) ?? null } : {}),
				});
			}
		},
	});
}
