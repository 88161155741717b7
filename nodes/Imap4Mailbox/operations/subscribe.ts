import { mailboxLocator } from '../../shared/mailbox/mailbox-locator';
import type { Operation } from '../../shared/execution/operation';
import { changeSubscription } from '../subscription';
import { dryRunProperties } from '../../shared/execution/safeguards';

export const subscribe: Operation = {
	name: 'Subscribe',
	value: 'subscribe',
	description: 'Show a mailbox in mail clients (SUBSCRIBE)',
	forModel:
		'Use it to make mail programs show a mailbox. Returns its path. Never changes messages.',
	action: 'Subscribe to a mailbox',
	properties: [mailboxLocator(), ...dryRunProperties()],
	execute: changeSubscription('subscribe'),
};
