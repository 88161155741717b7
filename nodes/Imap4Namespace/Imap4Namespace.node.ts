import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { authenticationProperties, imap4Credentials } from '../shared/account/authentication';
import { imap4Login } from '../shared/account/credential-test';
import { operationProperties, resourceProperty, runOperation } from '../shared/execution/operation';
import { getMany } from './operations/get-many';

const operations = [getMany];

export class Imap4Namespace implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'IMAP4 Namespace',
		name: 'imap4Namespace',
		icon: { light: 'file:imap4Namespace.svg', dark: 'file:imap4Namespace.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: "Find where personal, shared and other users' mailboxes are on an IMAP server",
		defaults: { name: 'IMAP4 Namespace' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: imap4Credentials,
		properties: [
			...authenticationProperties,
			resourceProperty({ name: 'Namespace', value: 'namespace' }),
			...operationProperties('namespace', operations, 'getMany'),
		],
	};

	methods = {
		credentialTest: { imap4Login },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return runOperation(this, operations);
	}
}
