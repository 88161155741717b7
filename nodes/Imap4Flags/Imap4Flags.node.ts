import type { INodeType, INodeTypeDescription } from 'n8n-workflow';
import {
	actionNode,
	executes,
	mailboxMethods,
	nodeProperties,
} from '../shared/execution/action-node';
import type { Resource } from '../shared/execution/operation';
import { wordsOf } from '../shared/fields/subtitle';
import { markAsRead, markAsUnread } from '../shared/operations/mark-as-read';
import { acknowledge } from './operations/acknowledge';
import { add } from './operations/add';
import { changeLabels } from './operations/change-labels';
import { getMany } from './operations/get-many';
import { remove } from './operations/remove';
import { set } from './operations/set';

const flag: Resource = {
	name: 'Flag',
	value: 'flag',
	operations: [acknowledge, add, changeLabels, getMany, markAsRead, markAsUnread, remove, set],
	standard: 'add',
};

export class Imap4Flags implements INodeType {
	description: INodeTypeDescription = {
		...actionNode,
		displayName: 'IMAP4 Message Flags',
		name: 'imap4Flags',
		icon: { light: 'file:imap4Flags.svg', dark: 'file:imap4Flags.dark.svg' },
		subtitle: wordsOf('operation'),
		description:
			'Mark messages on an IMAP server as read, starred or answered, or with your own keywords',
		defaults: { name: 'IMAP4 Message Flags' },
		usableAsTool: true,
		properties: nodeProperties(flag),
	};

	methods = mailboxMethods;

	execute = executes(flag);
}
