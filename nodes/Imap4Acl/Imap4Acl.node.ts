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
import { deleteRights } from './operations/delete';
import { getMany } from './operations/get-many';
import { getMyRights } from './operations/get-my-rights';
import { getPossibleRights } from './operations/get-possible-rights';
import { set } from './operations/set';

const operations = [deleteRights, getMany, getMyRights, getPossibleRights, set];

export class Imap4Acl implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'IMAP4 Access Rights',
		name: 'imap4Acl',
		icon: { light: 'file:imap4Acl.svg', dark: 'file:imap4Acl.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: 'View and change who can access mailboxes on an IMAP server',
		defaults: { name: 'IMAP4 Access Rights' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: imap4Credentials,
		properties: [
			...authenticationProperties,
			resourceProperty({ name: 'Access', value: 'access' }),
			...operationProperties('access', operations, 'getMany'),
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
