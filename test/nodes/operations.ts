/** Every operation of every node with parameters that work, for what has to hold for all of them. */
import type { INodeParameters } from 'n8n-workflow';
import { box, type NodeRunOptions } from './run-node';

export interface OperationCase {
	node: NodeRunOptions['node'];
	resource?: string;
	operation: string;
	/** The command that does the work; what becomes of the operation if it fails. */
	command: string;
	/** What each item names: a message (by reference), a mailbox, or nothing that can be missing. */
	on: 'message' | 'mailbox' | 'nothing';
	/** For the mailbox that the item names in its field "box". */
	parameters?: INodeParameters;
	/** The capabilities it can't do without: any one of them suffices. */
	needs?: readonly string[];
	/** Capabilities that the server offers besides the usual ones. */
	offers?: readonly string[];
	/** Whether it stores something, and so fails where the quota is used up. */
	stores?: boolean;
}

const ofItem = { mailbox: box('={{ $json.box }}') };
const entry = { place: 'mailbox', entry: '/private/comment' };
const METADATA = ['METADATA', 'METADATA-SERVER', 'ANNOTATEMORE'];

export const operations: readonly OperationCase[] = [
	{
		node: 'imap4Mailbox',
		operation: 'check',
		command: 'EXAMINE',
		on: 'mailbox',
		parameters: ofItem,
	},
	{
		node: 'imap4Mailbox',
		operation: 'create',
		command: 'CREATE',
		on: 'nothing',
		parameters: { path: '=New of {{ $json.box }}' },
	},
	{
		node: 'imap4Mailbox',
		operation: 'delete',
		command: 'DELETE',
		on: 'mailbox',
		parameters: ofItem,
	},
	{
		node: 'imap4Mailbox',
		operation: 'empty',
		command: 'UID EXPUNGE',
		on: 'mailbox',
		parameters: ofItem,
	},
	{
		node: 'imap4Mailbox',
		operation: 'expunge',
		command: 'UID EXPUNGE',
		on: 'mailbox',
		parameters: ofItem,
	},
	{ node: 'imap4Mailbox', operation: 'getMany', command: 'LIST', on: 'nothing' },
	{
		node: 'imap4Mailbox',
		operation: 'getStatus',
		command: 'STATUS',
		on: 'mailbox',
		parameters: { ...ofItem, figures: ['messages'] },
	},
	{
		node: 'imap4Mailbox',
		operation: 'rename',
		command: 'RENAME',
		on: 'mailbox',
		parameters: { ...ofItem, newPath: '=New of {{ $json.box }}' },
	},
	{
		node: 'imap4Mailbox',
		operation: 'subscribe',
		command: 'SUBSCRIBE',
		on: 'mailbox',
		parameters: ofItem,
	},
	{
		node: 'imap4Mailbox',
		operation: 'unsubscribe',
		command: 'UNSUBSCRIBE',
		// To end the subscription to a mailbox that is gone is no error.
		on: 'nothing',
		parameters: ofItem,
	},
	{
		node: 'imap4Message',
		operation: 'copy',
		command: 'UID COPY',
		on: 'message',
		parameters: { destination: box('Target') },
		stores: true,
	},
	{
		node: 'imap4Message',
		operation: 'copyToAccount',
		command: 'APPEND',
		on: 'message',
		parameters: { targetMailbox: box('INBOX') },
	},
	{
		node: 'imap4Message',
		operation: 'moveToAccount',
		command: 'APPEND',
		on: 'message',
		parameters: { targetMailbox: box('INBOX') },
	},
	{
		node: 'imap4Message',
		operation: 'create',
		command: 'APPEND',
		on: 'mailbox',
		parameters: { ...ofItem, source: 'raw', raw: 'Subject: x\r\n\r\n12345678901234567890' },
		stores: true,
	},
	{
		node: 'imap4Message',
		operation: 'saveToSent',
		command: 'APPEND',
		on: 'mailbox',
		parameters: {
			sentMailbox: box('={{ $json.box }}'),
			source: 'raw',
			raw: 'Subject: x\r\n\r\n12345678901234567890',
		},
		stores: true,
	},
	{
		node: 'imap4Message',
		operation: 'delete',
		command: 'UID EXPUNGE',
		on: 'message',
		parameters: { deleteMode: 'permanent' },
	},
	{ node: 'imap4Message', operation: 'download', command: 'UID FETCH', on: 'message' },
	...['forward', 'reply', 'replyAll'].map((operation): OperationCase => ({
		node: 'imap4Message',
		operation,
		command: 'APPEND',
		on: 'message',
		parameters: { draftsMailbox: box('Target'), text: 'Thanks' },
		stores: true,
	})),
	{ node: 'imap4Message', operation: 'get', command: 'UID FETCH', on: 'message' },
	{
		node: 'imap4Message',
		operation: 'getThreads',
		command: 'UID THREAD',
		on: 'mailbox',
		parameters: ofItem,
	},
	{
		node: 'imap4Message',
		resource: 'attachment',
		operation: 'download',
		command: 'UID FETCH',
		on: 'message',
	},
	{
		node: 'imap4Message',
		resource: 'attachment',
		operation: 'getMany',
		command: 'UID FETCH',
		on: 'message',
	},
	{
		node: 'imap4Message',
		resource: 'part',
		operation: 'get',
		command: 'UID FETCH',
		on: 'message',
		parameters: { section: 'TEXT' },
	},
	{
		node: 'imap4Message',
		operation: 'getMany',
		command: 'UID FETCH',
		on: 'mailbox',
		parameters: ofItem,
	},
	{ node: 'imap4Message', operation: 'markAsRead', command: 'UID STORE', on: 'message' },
	{ node: 'imap4Message', operation: 'markAsUnread', command: 'UID STORE', on: 'message' },
	{
		node: 'imap4Message',
		operation: 'move',
		command: 'UID MOVE',
		on: 'message',
		parameters: { destination: box('Target') },
	},
	{ node: 'imap4Flags', operation: 'acknowledge', command: 'UID STORE', on: 'message' },
	{
		node: 'imap4Flags',
		operation: 'add',
		command: 'UID STORE',
		on: 'message',
		parameters: { keywords: 'added' },
	},
	{
		node: 'imap4Flags',
		operation: 'changeLabels',
		command: 'UID STORE',
		on: 'message',
		parameters: { addLabels: 'Invoices' },
		needs: ['X-GM-EXT-1'],
		offers: ['X-GM-EXT-1'],
	},
	{ node: 'imap4Flags', operation: 'getMany', command: 'UID FETCH', on: 'message' },
	{ node: 'imap4Flags', operation: 'markAsRead', command: 'UID STORE', on: 'message' },
	{ node: 'imap4Flags', operation: 'markAsUnread', command: 'UID STORE', on: 'message' },
	{
		node: 'imap4Flags',
		operation: 'remove',
		command: 'UID STORE',
		on: 'message',
		parameters: { systemFlags: ['\\Flagged'] },
	},
	{
		node: 'imap4Flags',
		operation: 'set',
		command: 'UID STORE',
		on: 'message',
		parameters: { systemFlags: ['\\Seen'] },
	},
	{
		node: 'imap4Acl',
		operation: 'delete',
		command: 'DELETEACL',
		on: 'mailbox',
		parameters: { ...ofItem, identifier: 'bert' },
		needs: ['ACL'],
	},
	{
		node: 'imap4Acl',
		operation: 'getMany',
		command: 'GETACL',
		on: 'mailbox',
		parameters: ofItem,
		needs: ['ACL'],
	},
	{
		node: 'imap4Acl',
		operation: 'getMyRights',
		command: 'MYRIGHTS',
		on: 'mailbox',
		parameters: ofItem,
		needs: ['ACL'],
	},
	{
		node: 'imap4Acl',
		operation: 'getPossibleRights',
		command: 'LISTRIGHTS',
		on: 'mailbox',
		parameters: { ...ofItem, identifier: 'bert' },
		needs: ['ACL'],
	},
	{
		node: 'imap4Acl',
		operation: 'set',
		command: 'SETACL',
		on: 'mailbox',
		parameters: { ...ofItem, identifier: 'bert', rightsFrom: 'letters', letters: 'lr' },
		needs: ['ACL'],
	},
	{
		node: 'imap4Quota',
		operation: 'get',
		command: 'GETQUOTA',
		on: 'nothing',
		parameters: { root: '' },
		needs: ['QUOTA'],
	},
	{
		node: 'imap4Quota',
		operation: 'getMany',
		command: 'GETQUOTAROOT',
		on: 'mailbox',
		parameters: ofItem,
		needs: ['QUOTA'],
	},
	{
		node: 'imap4Quota',
		operation: 'set',
		command: 'SETQUOTA',
		on: 'nothing',
		parameters: { root: '', limits: { limit: [{ resource: 'STORAGE', limit: 999 }] } },
		needs: ['QUOTA'],
	},
	{
		node: 'imap4Namespace',
		operation: 'getMany',
		command: 'NAMESPACE',
		on: 'nothing',
		needs: ['NAMESPACE'],
	},
	{
		node: 'imap4Annotation',
		operation: 'delete',
		command: 'SETMETADATA',
		on: 'mailbox',
		parameters: { ...ofItem, ...entry },
		needs: METADATA,
	},
	{
		node: 'imap4Annotation',
		operation: 'get',
		command: 'GETMETADATA',
		on: 'mailbox',
		parameters: { ...ofItem, ...entry },
		needs: METADATA,
	},
	{
		node: 'imap4Annotation',
		operation: 'getMany',
		command: 'GETMETADATA',
		on: 'mailbox',
		parameters: { ...ofItem, place: 'mailbox' },
		needs: METADATA,
	},
	{
		node: 'imap4Annotation',
		operation: 'set',
		command: 'SETMETADATA',
		on: 'mailbox',
		parameters: { ...ofItem, ...entry, value: 'x' },
		needs: METADATA,
	},
	{ node: 'imap4Server', operation: 'getInfo', command: 'ID', on: 'nothing' },
	{
		node: 'imap4Server',
		operation: 'sendCommand',
		command: 'NAMESPACE',
		on: 'nothing',
		parameters: { command: 'NAMESPACE', mailboxPath: '' },
	},
];
