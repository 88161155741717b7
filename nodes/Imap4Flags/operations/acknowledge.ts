import { ACKNOWLEDGED } from '../../shared/message/acknowledgement';
import { changeFlags, type FlagChange } from '../../shared/operations/change-flags';
import { selectionProperties } from '../../shared/message/message-selection';
import { keepInputProperty } from '../../shared/execution/keep-input';
import type { Execution } from '../../shared/execution/execution';
import { safeguardProperties } from '../../shared/execution/safeguards';
import { strictText } from '../../shared/fields/strict-values';
import { UserError } from '../../shared/errors/user-error';
import type { Operation } from '../../shared/execution/operation';
import { forDeliveredMessages } from '../delivered-message';

export const acknowledge: Operation = {
	name: 'Acknowledge',
	value: 'acknowledge',
	description:
		"Mark messages as processed so that IMAP4 Message Trigger doesn't redeliver them (STORE +FLAGS). Finds the message that the trigger delivered through the item's ID, also after Copy, Set, Merge or a loop.",
	forModel:
		'Use it once a message that the trigger delivered has been dealt with. Returns the message. Never moves or deletes it.',
	action: 'Acknowledge messages',
	properties: [
		...selectionProperties,
		{
			displayName: 'Keyword',
			name: 'acknowledgeKeyword',
			type: 'string',
			default: ACKNOWLEDGED,
			required: true,
			description:
				'The same as in the trigger. With the default, the keyword of the trigger that delivered the message is used.',
		},
		{
			displayName: 'Mark as Read',
			name: 'markAsRead',
			type: 'boolean',
			default: false,
			description: 'Whether to mark the messages as read as well (\\Seen)',
		},
		keepInputProperty,
		...safeguardProperties,
	],
	execute: (execution) =>
		forDeliveredMessages(execution, (delivered, keywordOf) =>
			changeFlags('+FLAGS', 'acknowledged', (_execution, item) =>
				readAcknowledgement(delivered, item, keywordOf(item)),
			)(delivered),
		),
};

/**
 * @param own the keyword of the trigger that delivered the message
 * @throws UserError
 */
function readAcknowledgement(
	execution: Execution,
	item: number,
	own: string | undefined,
): FlagChange {
	const given = strictText(
		execution.parameter<unknown>('acknowledgeKeyword', item, ACKNOWLEDGED),
		'Keyword',
		{ required: true },
	).trim();
	if (given === '' || given.startsWith('\\')) {
		throw new UserError(
			'The field "Keyword" must contain the name of a keyword',
			`Enter the one that the trigger waits for, such as ${ACKNOWLEDGED}.`,
		);
	}
	const keyword = given === ACKNOWLEDGED ? (own ?? given) : given;
	const read = execution.toggle('markAsRead', 'Mark as Read', item);
	return { flags: [keyword, ...(read ? ['\\Seen'] : [])], returnFlags: false };
}
