import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { authenticationProperties, imap4Credentials } from '../shared/authentication';
import { imap4Login } from '../shared/credential-test';
import { searchMailboxes } from '../shared/mailbox-locator';
import { operationProperties, resourceProperty, runOperation } from '../shared/operation';
import { copy } from './operations/copy';
import { create } from './operations/create';
import { deleteMessages } from './operations/delete';
import { get } from './operations/get';
import { getMany } from './operations/get-many';
import { move } from './operations/move';

const operations = [copy, create, deleteMessages, get, getMany, move];

export class Imap4Message implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'IMAP4 Message',
		name: 'imap4Message',
		icon: { light: 'file:imap4Message.svg', dark: 'file:imap4Message.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: 'Find, read, store, copy, move and delete messages on an IMAP server',
		defaults: { name: 'IMAP4 Message' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: imap4Credentials,
		properties: [
			...authenticationProperties,
			resourceProperty({ name: 'Message', value: 'message' }),
			...operationProperties('message', operations, 'getMany'),
		],
	};

	methods = {
		credentialTest: { imap4Login },
		listSearch: { searchMailboxes },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return runOperation(this, operations);
	}
}
