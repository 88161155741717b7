import { mailboxLocator } from '../../shared/mailbox/mailbox-locator';
import type { Operation } from '../../shared/execution/operation';
import { changeSubscription } from '../subscription';
import { dryRunProperties } from '../../shared/execution/safeguards';

export const subscribe: Operation = {
	name: 'Subscribe',
	value: 'subscribe',
	description: 'Show a mailbox in mail clients (SUBSCRIBE)',
	action: 'Subscribe to a mailbox',
	properties: [mailboxLocator(), ...dryRunProperties()],
	execute: changeSubscription('subscribe'),
};
