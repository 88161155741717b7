/** The field "Create Mailbox If Missing"; MailboxResolver does it. */
import type { INodeProperties } from 'n8n-workflow';

export const createIfMissingProperty: INodeProperties = {
	displayName: 'Create Mailbox If Missing',
	name: 'createIfMissing',
	type: 'boolean',
	default: false,
	description: 'Whether to create the target mailbox if it does not exist',
};
