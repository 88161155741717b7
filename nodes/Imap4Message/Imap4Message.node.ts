import type { INodeType, INodeTypeDescription } from 'n8n-workflow';
import { searchTargetMailboxes } from '../shared/mailbox/mailbox-locator';
import {
	actionNode,
	executes,
	mailboxMethods,
	nodeProperties,
} from '../shared/execution/action-node';
import type { Resource } from '../shared/execution/operation';
import { wordsOf } from '../shared/fields/subtitle';
import { markAsRead, markAsUnread } from '../shared/operations/mark-as-read';
import { downloadAttachments } from './operations/attachment-download';
import { getManyAttachments } from './operations/attachment-get-many';
import { copy } from './operations/copy';
import { copyToAccount } from './operations/copy-to-account';
import { create } from './operations/create';
import { deleteMessages } from './operations/delete';
import { download } from './operations/download';
import { forward } from './operations/forward';
import { get } from './operations/get';
import { getMany } from './operations/get-many';
import { getThreads } from './operations/get-threads';
import { move } from './operations/move';
import { moveToAccount } from './operations/move-to-account';
import { getPart } from './operations/part-get';
import { reply } from './operations/reply';
import { replyAll } from './operations/reply-all';
import { saveToSent } from './operations/save-to-sent';
import { messageCredentials } from './between-accounts/target-account';

const message: Resource = {
	name: 'Message',
	value: 'message',
	operations: [
		copy,
		copyToAccount,
		create,
		deleteMessages,
		download,
		forward,
		get,
		getMany,
		getThreads,
		markAsRead,
		markAsUnread,
		move,
		moveToAccount,
		reply,
		replyAll,
		saveToSent,
	],
	standard: 'getMany',
};
const attachment: Resource = {
	name: 'Attachment',
	value: 'attachment',
	operations: [downloadAttachments, getManyAttachments],
	standard: 'download',
};
const part: Resource = { name: 'Part', value: 'part', operations: [getPart], standard: 'get' };

export class Imap4Message implements INodeType {
	description: INodeTypeDescription = {
		...actionNode,
		displayName: 'IMAP4 Message',
		name: 'imap4Message',
		icon: { light: 'file:imap4Message.svg', dark: 'file:imap4Message.dark.svg' },
		subtitle: `${wordsOf('operation')}: {{ $parameter["resource"] }}`,
		description:
			'Find, read, download, reply to, store, copy, move and delete messages on an IMAP server',
		defaults: { name: 'IMAP4 Message' },
		usableAsTool: true,
		credentials: messageCredentials,
		properties: nodeProperties(message, attachment, part),
	};

	methods = {
		...mailboxMethods,
		listSearch: { ...mailboxMethods.listSearch, searchTargetMailboxes },
	};

	execute = executes(message, attachment, part);
}
