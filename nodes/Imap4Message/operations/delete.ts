import type { INodeProperties } from 'n8n-workflow';
import { onMessages, type MessageBatch } from '../../shared/execution/on-messages';
import { acceptGoneProperty } from '../../shared/execution/gone-messages';
import { failKept, notRemoved } from '../../shared/execution/kept-messages';
import { keepInputProperty } from '../../shared/execution/keep-input';
import { selectionProperties } from '../../shared/message/message-selection';
import { notice } from '../../shared/fields/notice';
import { strictChoice } from '../../shared/fields/strict-values';
import { storing } from '../../shared/errors/destination';
import { UserError } from '../../shared/errors/user-error';
import type { Operation } from '../../shared/execution/operation';
import { safeguardProperties } from '../../shared/execution/safeguards';
import type { MailboxResolver } from '../../shared/mailbox/mailbox-resolver';
import { moveAway, removeForGood } from '../../shared/message/delete-permanently';
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
				description:
					'To the mailbox that the server marks as \\Trash, or one with a common name for it',
			},
			{
				name: 'Permanently',
				value: 'permanent',
				description: 'Cannot be undone (STORE \\Deleted, UID EXPUNGE)',
			},
		],
		default: 'trash',
	},
	notice(
		'permanentNotice',
		'Messages that are deleted permanently cannot be restored. Dry Run shows which ones would be.',
		{
			deleteMode: ['permanent'],
		},
	),
	keepInputProperty,
	acceptGoneProperty,
	...safeguardProperties,
];

/** @throws UserError if the account has no mailbox for deleted messages */
async function findTrash(resolver: MailboxResolver): Promise<string> {
	const { name, missing } = await resolver.resolve({ by: 'role', role: 'trash' }, true);
	if (!missing) return name;
	throw new UserError(
		'No trash mailbox found: the server marks none as \\Trash (SPECIAL-USE), and none has a common name',
		'Choose "Permanently" in "Delete Mode", or use the operation Move to choose the mailbox.',
	);
}

interface Settings {
	permanently: boolean;
}

/**
 * @returns undefined to delete for good
 * @throws UserError if there is none, or the messages are in it
 */
async function trashFor({
	mailbox,
	resolver,
	settings,
}: MessageBatch<Settings>): Promise<string | undefined> {
	if (settings.permanently) return undefined;
	const trash = await findTrash(resolver);
	if (trash !== mailbox.name) return trash;
	throw new UserError(
		`The messages are already in the trash ("${trash}")`,
		'Choose "Permanently" in "Delete Mode" to delete them permanently.',
	);
}

export const deleteMessages: Operation = {
	name: 'Delete',
	value: 'delete',
	description:
		'Move messages to the trash (MOVE) or delete them permanently (STORE \\Deleted, EXPUNGE)',
	forModel:
		'Use it only when asked to delete messages. Returns the messages and where they are now. Never deletes a message that was not named.',
	action: 'Delete messages',
	properties,
	execute: onMessages<Settings>({
		readOnly: false,
		movesMessages: true,
		read: (execution, item) => ({
			permanently:
				strictChoice(execution.parameter<unknown>('deleteMode', item, 'trash'), 'Delete Mode', [
					'trash',
					'permanent',
				]) === 'permanent',
		}),
		async dryRun(batch) {
			const trash = await trashFor(batch);
			return trash === undefined ? {} : { trash };
		},
		async run(batch) {
			const { mailbox, set, uids, emit } = batch;
			const trash = await trashFor(batch);
			const moved =
				trash === undefined ? undefined : await storing(trash, moveAway(mailbox, set, trash));
			const { via, kept } = moved ?? (await removeForGood(mailbox, set));
			for (const uid of uids) {
				if (kept.has(uid)) continue;
				emit(uid, {
					deleted: true,
					mailbox: mailbox.name,
					uidValidity: mailbox.uidValidity,
					uid,
					via,
					...(trash === undefined ? {} : { movedTo: newReference(trash, uid, moved?.copied) }),
				});
			}
			failKept(batch, kept, (count) => notRemoved(count, trash !== undefined));
		},
	}),
};
