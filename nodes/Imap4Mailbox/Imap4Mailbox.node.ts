import type { INodeType, INodeTypeDescription } from 'n8n-workflow';
import {
	actionNode,
	executes,
	mailboxMethods,
	nodeProperties,
} from '../shared/execution/action-node';
import type { Resource } from '../shared/execution/operation';
import { wordsOf } from '../shared/fields/subtitle';
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

const mailbox: Resource = {
	name: 'Mailbox',
	value: 'mailbox',
	operations: [
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
	],
	standard: 'getMany',
};

export class Imap4Mailbox implements INodeType {
	description: INodeTypeDescription = {
		...actionNode,
		displayName: 'IMAP4 Mailbox',
		name: 'imap4Mailbox',
		icon: { light: 'file:imap4Mailbox.svg', dark: 'file:imap4Mailbox.dark.svg' },
		subtitle: wordsOf('operation'),
		description:
			'List, inspect, create, rename, clean and delete mailboxes (folders) on an IMAP server',
		defaults: { name: 'IMAP4 Mailbox' },
		usableAsTool: true,
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
				name: 'imap4AppOnlyApi',
				required: true,
				testedBy: 'imap4Login',
				displayOptions: { show: { authentication: ['appOnly'] } },
			},
			{
				name: 'imap4StreamApi',
				required: true,
				testedBy: 'imap4Login',
				displayOptions: { show: { authentication: ['stream'] } },
			},
			{
				// eslint-disable-next-line @n8n/community-nodes/no-credential-reuse, @n8n/community-nodes/valid-credential-references -- n8n's own, which its users asked to keep; it is read for nothing but to log in where it says
				name: 'imap',
				required: true,
				displayOptions: { show: { authentication: ['n8n'] } },
			},
		],
		properties: nodeProperties(mailbox),
	};

	methods = mailboxMethods;

	execute = executes(mailbox);
}
