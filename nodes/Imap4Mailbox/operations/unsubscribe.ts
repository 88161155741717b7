import { mailboxLocator } from '../../shared/mailbox/mailbox-locator';
import type { Operation } from '../../shared/execution/operation';
import { changeSubscription } from '../subscription';
import { dryRunProperties } from '../../shared/execution/safeguards';

export const unsubscribe: Operation = {
	name: 'Unsubscribe',
	value: 'unsubscribe',
	description: 'Hide a mailbox in mail clients (UNSUBSCRIBE)',
	forModel:
		'Use it to make mail programs hide a mailbox. Returns its path. Never deletes the mailbox or its messages.',
	action: 'Unsubscribe from a mailbox',
	properties: [mailboxLocator(), ...dryRunProperties()],
	execute: changeSubscription('unsubscribe'),
};
