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
import { get } from './operations/get';
import { getMany } from './operations/get-many';
import { set } from './operations/set';

const operations = [get, getMany, set];

export class Imap4Quota implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'IMAP4 Storage Quota',
		name: 'imap4Quota',
		icon: { light: 'file:imap4Quota.svg', dark: 'file:imap4Quota.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: 'View how full mailboxes on an IMAP server are, and change their limits',
		defaults: { name: 'IMAP4 Storage Quota' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: imap4Credentials,
		properties: [
			...authenticationProperties,
			resourceProperty({ name: 'Quota', value: 'quota' }),
			...operationProperties('quota', operations, 'getMany'),
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
