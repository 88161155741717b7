import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { authenticationProperty } from '../shared/authentication';
import { imap4Login } from '../shared/credential-test';
import { searchMailboxes } from '../shared/mailbox-locator';
import { operationProperties, runOperation } from '../shared/operation';
import { add } from './operations/add';
import { remove } from './operations/remove';
import { set } from './operations/set';

const operations = [add, remove, set];

export class Imap4Flags implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'IMAP4 Flags',
		name: 'imap4Flags',
		icon: { light: 'file:imap4Flags.svg', dark: 'file:imap4Flags.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description:
			'Mark messages on an IMAP server as read, starred, answered, or with keywords of your own',
		defaults: { name: 'IMAP4 Flags' },
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
				options: [{ name: 'Flag', value: 'flag' }],
				default: 'flag',
			},
			...operationProperties('flag', operations, 'add'),
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
