import type { INodeType, INodeTypeDescription } from 'n8n-workflow';
import {
	actionNode,
	executes,
	mailboxMethods,
	nodeProperties,
} from '../shared/execution/action-node';
import type { Resource } from '../shared/execution/operation';
import { wordsOf } from '../shared/fields/subtitle';
import { deleteRights } from './operations/delete';
import { getMany } from './operations/get-many';
import { getMyRights } from './operations/get-my-rights';
import { getPossibleRights } from './operations/get-possible-rights';
import { set } from './operations/set';

const access: Resource = {
	name: 'Access',
	value: 'access',
	operations: [deleteRights, getMany, getMyRights, getPossibleRights, set],
	standard: 'getMany',
};

export class Imap4Acl implements INodeType {
	description: INodeTypeDescription = {
		...actionNode,
		displayName: 'IMAP4 Access Rights',
		name: 'imap4Acl',
		icon: { light: 'file:imap4Acl.svg', dark: 'file:imap4Acl.dark.svg' },
		subtitle: wordsOf('operation'),
		description: 'View and change who can access mailboxes on an IMAP server',
		defaults: { name: 'IMAP4 Access Rights' },
		usableAsTool: true,
		properties: nodeProperties(access),
	};

	methods = mailboxMethods;

	execute = executes(access);
}
