/** The field that says where drafts go: by its role, since each server has its own name for it. */
import type { INodeProperties } from 'n8n-workflow';
import type { Execution } from '../../shared/execution/execution';
import type { MailboxChoice } from '../../shared/mailbox/mailbox-choice';
import { mailboxLocator, readMailboxChoice } from '../../shared/mailbox/mailbox-locator';

const NAME = 'draftsMailbox';
const LABEL = 'Drafts Mailbox';

export const draftsMailboxProperty: INodeProperties = {
	...mailboxLocator({
		name: NAME,
		displayName: LABEL,
		description: 'The mailbox to store the draft in',
	}),
	default: { mode: 'role', value: 'drafts' },
};

/** @throws UserError if it is empty or names no mailbox */
export function readDraftsMailbox(execution: Execution, item: number): MailboxChoice {
	return readMailboxChoice(execution.context, item, NAME, LABEL);
}
