/** The quota root (RFC 9208 §3): the name under which a server keeps a limit. */
import type { INodeProperties } from 'n8n-workflow';
import { strictText } from '../shared/fields/strict-values';
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

/** @throws UserError if it isn't text; it may be empty */
export function readRoot(execution: Execution, item: number): string {
	return strictText(execution.parameter<unknown>('root', item, ''), 'Quota Root');
}
