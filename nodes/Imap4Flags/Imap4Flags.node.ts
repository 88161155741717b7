import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { authenticationProperties, imap4Credentials } from '../shared/account/authentication';
import { imap4Login } from '../shared/account/credential-test';
import { mailboxSearches } from '../shared/mailbox/mailbox-locator';
import { operationProperties, resourceProperty, runOperation } from '../shared/execution/operation';
import { markAsRead, markAsUnread } from '../shared/message/mark-as-read';
import { acknowledge } from './operations/acknowledge';
import { add } from './operations/add';
import { getMany } from './operations/get-many';
import { remove } from './operations/remove';
import { set } from './operations/set';

const operations = [acknowledge, add, getMany, markAsRead, markAsUnread, remove, set];

export class Imap4Flags implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'IMAP4 Message Flags',
		name: 'imap4Flags',
		icon: { light: 'file:imap4Flags.svg', dark: 'file:imap4Flags.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description:
			'Mark messages on an IMAP server as read, starred or answered, or with your own keywords',
		defaults: { name: 'IMAP4 Message Flags' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: imap4Credentials,
		properties: [
			...authenticationProperties,
			resourceProperty({ name: 'Flag', value: 'flag' }),
			...operationProperties('flag', operations, 'add'),
		],
	};

	methods = {
		credentialTest: { imap4Login },
		listSearch: mailboxSearches,
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return runOperation(this, operations);
	}
}
