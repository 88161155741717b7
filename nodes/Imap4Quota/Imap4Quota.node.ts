import type { INodeType, INodeTypeDescription } from 'n8n-workflow';
import {
	actionNode,
	executes,
	mailboxMethods,
	nodeProperties,
} from '../shared/execution/action-node';
import type { Resource } from '../shared/execution/operation';
import { wordsOf } from '../shared/fields/subtitle';
import { get } from './operations/get';
import { getMany } from './operations/get-many';
import { set } from './operations/set';

const quota: Resource = {
	name: 'Quota',
	value: 'quota',
	operations: [get, getMany, set],
	standard: 'getMany',
};

export class Imap4Quota implements INodeType {
	description: INodeTypeDescription = {
		...actionNode,
		displayName: 'IMAP4 Storage Quota',
		name: 'imap4Quota',
		icon: { light: 'file:imap4Quota.svg', dark: 'file:imap4Quota.dark.svg' },
		subtitle: wordsOf('operation'),
		description: 'View how full mailboxes on an IMAP server are, and change their limits',
		defaults: { name: 'IMAP4 Storage Quota' },
		usableAsTool: true,
		properties: nodeProperties(quota),
	};

	methods = mailboxMethods;

	execute = executes(quota);
}
