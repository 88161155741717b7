/** The quota root (RFC 9208 §3): the name under which a server keeps a limit. */
import type { INodeProperties } from 'n8n-workflow';
import { strictText } from '../shared/fields/strict-values';
import type { Execution } from '../shared/execution/execution';

export const rootProperty: INodeProperties = {
	displayName: 'Quota Root',
	name: 'root',
	type: 'string',
	default: '',
	placeholder: 'e.g. user/bob',
	description:
		'Name of the quota root. "Get Many" returns it for a mailbox. It is often empty; on Cyrus it is the name of a mailbox.',
};

/** @throws UserError if it isn't text; it may be empty */
export function readRoot(execution: Execution, item: number): string {
	return strictText(execution.parameter<unknown>('root', item, ''), 'Quota Root');
}
