import type { INodeType, INodeTypeDescription } from 'n8n-workflow';
import {
	actionNode,
	executes,
	mailboxMethods,
	nodeProperties,
} from '../shared/execution/action-node';
import type { Resource } from '../shared/execution/operation';
import { wordsOf } from '../shared/fields/subtitle';
import { deleteAnnotation } from './operations/delete';
import { get } from './operations/get';
import { getMany } from './operations/get-many';
import { set } from './operations/set';

const annotation: Resource = {
	name: 'Annotation',
	value: 'annotation',
	operations: [deleteAnnotation, get, getMany, set],
	standard: 'get',
};

export class Imap4Annotation implements INodeType {
	description: INodeTypeDescription = {
		...actionNode,
		displayName: 'IMAP4 Annotation',
		name: 'imap4Annotation',
		icon: { light: 'file:imap4Annotation.svg', dark: 'file:imap4Annotation.dark.svg' },
		subtitle: wordsOf('operation'),
		description: 'Read and write notes on mailboxes of an IMAP server (metadata)',
		defaults: { name: 'IMAP4 Annotation' },
		usableAsTool: true,
		properties: nodeProperties(annotation),
	};

	methods = mailboxMethods;

	execute = executes(annotation);
}
