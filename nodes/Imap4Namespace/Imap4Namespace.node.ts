import type { INodeType, INodeTypeDescription } from 'n8n-workflow';
import { actionNode, executes, nodeMethods, nodeProperties } from '../shared/execution/action-node';
import type { Resource } from '../shared/execution/operation';
import { wordsOf } from '../shared/fields/subtitle';
import { getMany } from './operations/get-many';

const namespace: Resource = {
	name: 'Namespace',
	value: 'namespace',
	operations: [getMany],
	standard: 'getMany',
};

export class Imap4Namespace implements INodeType {
	description: INodeTypeDescription = {
		...actionNode,
		displayName: 'IMAP4 Namespace',
		name: 'imap4Namespace',
		icon: { light: 'file:imap4Namespace.svg', dark: 'file:imap4Namespace.dark.svg' },
		subtitle: wordsOf('operation'),
		description: "Find where personal, shared and other users' mailboxes are on an IMAP server",
		defaults: { name: 'IMAP4 Namespace' },
		usableAsTool: true,
		properties: nodeProperties(namespace),
	};

	methods = nodeMethods;

	execute = executes(namespace);
}
