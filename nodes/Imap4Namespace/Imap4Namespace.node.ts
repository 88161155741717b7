import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { authenticationProperty } from '../shared/authentication';
import { imap4Login } from '../shared/credential-test';
import { operationProperties, runOperation } from '../shared/operation';
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
		credentials: [
			{
				name: 'imap4SslApi',
				required: true,
				testedBy: 'imap4Login',
				displayOptions: { show: { authentication: ['ssl'] } },
			},
			{
				name: 'imap4StartTlsApi',
				required: true,
				testedBy: 'imap4Login',
				displayOptions: { show: { authentication: ['startTls'] } },
			},
			{
				name: 'imap4PlainApi',
				required: true,
				testedBy: 'imap4Login',
				displayOptions: { show: { authentication: ['plain'] } },
			},
		],
		properties: [
			authenticationProperty,
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [{ name: 'Namespace', value: 'namespace' }],
				default: 'namespace',
			},
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
