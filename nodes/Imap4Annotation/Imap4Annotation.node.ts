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
import { deleteAnnotation } from './operations/delete';
import { get } from './operations/get';
import { getMany } from './operations/get-many';
import { set } from './operations/set';

const operations = [deleteAnnotation, get, getMany, set];

export class Imap4Annotation implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'IMAP4 Annotation',
		name: 'imap4Annotation',
		icon: { light: 'file:imap4Annotation.svg', dark: 'file:imap4Annotation.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: 'Read and write notes on mailboxes of an IMAP server (metadata)',
		defaults: { name: 'IMAP4 Annotation' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: imap4Credentials,
		properties: [
			...authenticationProperties,
			resourceProperty({ name: 'Annotation', value: 'annotation' }),
			...operationProperties('annotation', operations, 'get'),
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
