import type { INodeProperties } from 'n8n-workflow';
import { type Imap4, type SequenceSet } from '../../../engine/index';
import { runBatches } from '../../shared/batches';
import type { Execution } from '../../shared/execution';
import { selectionProperties } from '../../shared/message-selection';
import { Refusal } from '../../shared/node-errors';
import type { Operation } from '../../shared/operation';
import {
	checkCount,
	dryRunReport,
	readSafeguards,
	safeguardProperties,
} from '../../shared/safeguards';
import { findTrash } from '../../shared/special-use';
import { newReference } from '../transfer';

const properties: INodeProperties[] = [
	...selectionProperties,
	{
		displayName: 'Delete Mode',
		name: 'deleteMode',
		type: 'options',
		options: [
			{
				name: 'Move to Trash',
				value: 'trash',
				description: 'Into the mailbox that the server marks as \\Trash, or that has a usual name',
			},
			{
				name: 'Permanently',
				value: 'permanent',
				description: 'For good: there is no way back (STORE \\Deleted, UID EXPUNGE)',
			},
		],
		default: 'trash',
	},
	...safeguardProperties,
];

async function execute(execution: Execution): Promise<void> {
	await runBatches(execution, {
		readOnly: false,
		settings: (item) => ({
			permanently: execution.parameter<string>('deleteMode', item, 'trash') === 'permanent',
			...readSafeguards(execution, item),
		}),
		async run({ imap, mailbox, settings, set, uids, items, emit }) {
			checkCount(uids.length, settings);
			const trash = settings.permanently ? undefined : await findTrash(imap);
			if (trash === mailbox.name) {
				throw new Refusal(
					`The messages are in the trash ("${trash}") already`,
					'Choose "Permanently" in "Delete Mode" to delete them for good.',
				);
			}
			const to = trash === undefined ? {} : { trash };
			if (settings.dryRun) {
				execution.emit(items, { ...(await dryRunReport(imap, mailbox.name, uids)), ...to });
				return;
			}
			const moved = trash === undefined ? undefined : await imap.move(set, trash, { uid: true });
			const via = moved?.via ?? (await removeForGood(imap, set));
			for (const uid of uids) {
				emit(uid, {
					deleted: true,
					mailbox: mailbox.name,
					uidValidity: mailbox.uidValidity,
					uid,
					via,
					...(trash === undefined ? {} : { movedTo: newReference(trash, uid, moved?.copied) }),
				});
			}
		},
	});
}

/** @returns which way ran */
async function removeForGood(imap: Imap4, set: SequenceSet): Promise<string> {
	const selective = imap.capabilities.has('UIDPLUS');
	if (!selective) {
		// A plain EXPUNGE removes all that is marked, by whomever.
		const others = await imap.search({ deleted: true, not: { uid: set } }, { uid: true });
		if (others.length > 0) {
			throw new Refusal(
				`The server lacks the capability UIDPLUS, and ${others.length} other messages of the mailbox are marked as deleted: removing these would remove those as well. Nothing was changed.`,
				'Expunge the mailbox first (IMAP4 Mailbox, operation Expunge) if those may go, or take the mark off them.',
			);
		}
	}
	await imap.store(set, '+FLAGS', ['\\Deleted'], { uid: true, silent: true });
	await imap.expunge(selective ? { uid: set } : {});
	return selective ? 'STORE+UID EXPUNGE' : 'STORE+EXPUNGE';
}

export const deleteMessages: Operation = {
	name: 'Delete',
	value: 'delete',
	description:
		'Move messages to the trash (MOVE) or remove them for good (STORE \\Deleted, EXPUNGE)',
	action: 'Delete messages',
	properties,
	execute,
};
