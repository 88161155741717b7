import { safeguardProperties } from '../../shared/execution/safeguards';
import type { Operation } from '../../shared/execution/operation';
import { createIfMissingProperty } from '../../shared/mailbox/create-if-missing';
import { selectionProperties } from '../../shared/message/message-selection';
import { transferBetweenAccounts } from '../between-accounts/between-accounts';
import { targetProperties } from '../between-accounts/target-account';

export const moveToAccount: Operation = {
	name: 'Move to Another Account',
	value: 'moveToAccount',
	description:
		'Move messages to a mailbox of another account; each is removed only after its copy is confirmed (FETCH, APPEND, EXPUNGE)',
	forModel:
		'Use it to move messages into another mail account. Returns where each message is now. Never removes a message that has not arrived there.',
	action: 'Move messages to another account',
	repeatable: true,
	properties: [
		...selectionProperties,
		...targetProperties,
		createIfMissingProperty,
		...safeguardProperties,
	],
	execute: transferBetweenAccounts('move'),
};
