import { safeguardProperties } from '../../shared/execution/safeguards';
import type { Operation } from '../../shared/execution/operation';
import { createIfMissingProperty } from '../../shared/mailbox/create-if-missing';
import { selectionProperties } from '../../shared/message/message-selection';
import { transferBetweenAccounts } from '../between-accounts/between-accounts';
import { targetProperties } from '../between-accounts/target-account';

export const copyToAccount: Operation = {
	name: 'Copy to Another Account',
	value: 'copyToAccount',
	description:
		'Copy messages to a mailbox of another account, with their flags and dates; messages already there are skipped (FETCH, APPEND)',
	forModel:
		'Use it to copy messages into another mail account. Returns where each copy is. Never changes the originals.',
	action: 'Copy messages to another account',
	repeatable: true,
	properties: [
		...selectionProperties,
		...targetProperties,
		createIfMissingProperty,
		...safeguardProperties,
	],
	execute: transferBetweenAccounts('copy'),
};
