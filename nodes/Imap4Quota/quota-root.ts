/** The quota root (RFC 9208 §3): the name under which a server keeps a limit. */
import type { INodeProperties } from 'n8n-workflow';
import type { Execution } from '../shared/execution/execution';

export const rootProperty: INodeProperties = {
	displayName: 'Quota Root',
	name: 'root',
	type: 'string',
	default: '',
	placeholder: 'user/bob',
	description:
		'The name of the quota, which "Get Many" tells for a mailbox. Often it is empty; on Cyrus it is that of a mailbox.',
};

export function readRoot(execution: Execution, item: number): string {
	return String(execution.parameter<unknown>('root', item, ''));
}
