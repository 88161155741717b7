import type { INodeType, INodeTypeDescription } from 'n8n-workflow';
import { actionNode, executes, nodeMethods, nodeProperties } from '../shared/execution/action-node';
import type { Resource } from '../shared/execution/operation';
import { wordsOf } from '../shared/fields/subtitle';
import { getInfo } from './operations/get-info';
import { sendCommand } from './operations/send-command';

const server: Resource = {
	name: 'Server',
	value: 'server',
	operations: [getInfo, sendCommand],
	standard: 'getInfo',
};

export class Imap4Server implements INodeType {
	description: INodeTypeDescription = {
		...actionNode,
		displayName: 'IMAP4 Mail Server',
		name: 'imap4Server',
		icon: { light: 'file:imap4Server.svg', dark: 'file:imap4Server.dark.svg' },
		subtitle: wordsOf('operation'),
		description: 'Find out what an IMAP server supports, or send it an extension command',
		defaults: { name: 'IMAP4 Mail Server' },
		usableAsTool: true,
		properties: nodeProperties(server),
	};

	methods = nodeMethods;

	execute = executes(server);
}
