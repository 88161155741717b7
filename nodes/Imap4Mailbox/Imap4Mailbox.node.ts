import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { authenticationProperties } from '../shared/account/authentication';
import { imap4Login } from '../shared/account/credential-test';
import { mailboxSearches } from '../shared/mailbox/mailbox-locator';
import { operationProperties, resourceProperty, runOperation } from '../shared/execution/operation';
import { check } from './operations/check';
import { create } from './operations/create';
import { deleteMailbox } from './operations/delete';
import { empty } from './operations/empty';
import { expunge } from './operations/expunge';
import { getMany } from './operations/get-many';
import { getStatus } from './operations/get-status';
import { rename } from './operations/rename';
import { subscribe } from './operations/subscribe';
import { unsubscribe } from './operations/unsubscribe';

const operations = [
	check,
	create,
	deleteMailbox,
	empty,
	expunge,
	getMany,
	getStatus,
	rename,
	subscribe,
	unsubscribe,
];

export class Imap4Mailbox implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'IMAP4 Mailbox',
		name: 'imap4Mailbox',
		icon: { light: 'file:imap4Mailbox.svg', dark: 'file:imap4Mailbox.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description:
			'List, inspect, create, rename, clean and delete mailboxes (folders) on an IMAP server',
		defaults: { name: 'IMAP4 Mailbox' },
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
			{
				name: 'imap4CramMd5Api',
				required: true,
				testedBy: 'imap4Login',
				displayOptions: { show: { authentication: ['cramMd5'] } },
			},
			{
				name: 'imap4ProxyAuthApi',
				required: true,
				testedBy: 'imap4Login',
				displayOptions: { show: { authentication: ['proxyAuth'] } },
			},
			{
				name: 'imap4OAuth2Api',
				required: true,
				testedBy: 'imap4Login',
				displayOptions: { show: { authentication: ['oAuth2'] } },
			},
			{
				name: 'imap4StreamApi',
				required: true,
				testedBy: 'imap4Login',
				displayOptions: { show: { authentication: ['stream'] } },
			},
		],
		properties: [
			...authenticationProperties,
			resourceProperty({ name: 'Mailbox', value: 'mailbox' }),
			...operationProperties('mailbox', operations, 'getMany'),
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
