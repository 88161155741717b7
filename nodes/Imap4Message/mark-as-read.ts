/** "Mark as Read", for operations that otherwise only read. */
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { UidSet, type Imap4, type SelectedMailbox, type Uid } from '../../engine/index';
import { checkOutOfReach } from '../shared/execution/ai-tool';
import type { Execution } from '../shared/execution/execution';
import { notChanged } from '../shared/execution/kept-messages';
import { strictBoolean } from '../shared/fields/strict-values';
import { unsureFlags } from '../shared/mailbox/permitted-flags';
import { checkUidValidity } from '../shared/message/message-reference';
import { UserError } from '../shared/errors/user-error';

const SEEN = '\\Seen';

export const markAsReadProperty: INodeProperties = {
	displayName: 'Mark as Read',
	name: 'markAsRead',
	type: 'boolean',
	default: false,
	description: 'Whether to mark messages as read (\\Seen) after the download',
};

/**
 * @param collection the field that holds it
 * @throws UserError unless it is true, false or left out, or if a model could decide on it
 */
export function readMarkAsRead(execution: Execution, item: number, collection: string): boolean {
	checkOutOfReach(execution.context, `${collection}.markAsRead`, 'Mark as Read');
	const options = execution.parameter<IDataObject>(collection, item, {});
	return 'markAsRead' in options ? strictBoolean(options.markAsRead, 'Mark as Read') : false;
}

/**
 * Selects the mailbox, of which reading only needs EXAMINE, and sets \Seen.
 * @throws UserError, Imap4Error
 */
export async function markAsRead(
	imap: Imap4,
	{ name, uidValidity }: SelectedMailbox,
	uids: readonly Uid[],
): Promise<void> {
	const [uid] = uids;
	if (uid === undefined) return;
	const selected = await imap.open(name);
	checkUidValidity({ mailbox: name, uidValidity, uid }, selected.uidValidity);
	if (selected.readOnly) {
		throw new UserError(
			'The messages cannot be marked as read because this account has read-only access to the mailbox',
			'Turn off "Mark as Read".',
		);
	}
	await selected.store(uids, '+FLAGS', [SEEN], { silent: true });
	if (unsureFlags(selected, [SEEN]).length === 0) return;
	// A flow that looks for unread messages would meet them again.
	const unread = await selected.search({ uid: UidSet.from(uids), seen: false });
	if (unread.length > 0) throw notChanged(unread.length, SEEN);
}
