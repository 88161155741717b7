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
import { getInfo } from './operations/get-info';
import { sendCommand } from './operations/send-command';

const operations = [getInfo, sendCommand];

export class Imap4Server implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'IMAP4 Mail Server',
		name: 'imap4Server',
		icon: { light: 'file:imap4Server.svg', dark: 'file:imap4Server.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: 'Find out what an IMAP server supports, or send it an extension command',
		defaults: { name: 'IMAP4 Mail Server' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: imap4Credentials,
		properties: [
			...authenticationProperties,
			resourceProperty({ name: 'Server', value: 'server' }),
			...operationProperties('server', operations, 'getInfo'),
		],
	};

	methods = {
		credentialTest: { imap4Login },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return runOperation(this, operations);
	}
}
