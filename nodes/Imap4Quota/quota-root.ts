/** The quota root (RFC 9208 §3): the name under which a server keeps a limit. */
import type { INodeProperties } from 'n8n-workflow';
import { strictText } from '../shared/fields/strict-values';
import type { Execution } from '../shared/execution/execution';
import type { MailboxChoice } from '../shared/mailbox/mailbox-choice';

export const rootProperty: INodeProperties = {
	displayName: 'Quota Root',
	name: 'root',
	type: 'string',
	default: '',
	placeholder: 'e.g. user/bob',
	description:
		'Name of the quota root. "Get Many" returns it for a mailbox. It is often empty; on Cyrus it is the name of a mailbox.',
};

/**
 * The root in place of a mailbox, whose name it may be.
 * @throws UserError if it isn't text; it may be empty
 */
export function chosenRoot(execution: Execution, item: number): MailboxChoice {
	const name = strictText(execution.parameter<unknown>('root', item, ''), 'Quota Root');
	return { by: 'name', name };
}
