import { ACKNOWLEDGED } from '../../shared/message/acknowledgement';
import { selectionProperties } from '../../shared/message/message-selection';
import { UserError } from '../../shared/errors/user-error';
import type { Operation } from '../../shared/execution/operation';
import { changeFlags } from '../change-flags';

export const acknowledge: Operation = {
	name: 'Acknowledge',
	value: 'acknowledge',
	description:
		'Say that the flow is done with messages, so that IMAP4 Message Trigger with the delivery "Until Acknowledged" does not give them again (STORE +FLAGS)',
	action: 'Acknowledge messages',
	properties: [
		...selectionProperties,
		{
			displayName: 'Keyword',
			name: 'acknowledgeKeyword',
			type: 'string',
			default: ACKNOWLEDGED,
			required: true,
			description: 'The same as in the trigger',
		},
		{
			displayName: 'Mark as Read',
			name: 'markAsRead',
			type: 'boolean',
			default: false,
			description: 'Whether to mark the messages as read as well (\\Seen)',
		},
	],
	execute: (execution) =>
		changeFlags(execution, '+FLAGS', 'acknowledged', (item) => {
			const keyword = String(
				execution.parameter<unknown>('acknowledgeKeyword', item, ACKNOWLEDGED),
			).trim();
			if (keyword === '' || keyword.startsWith('\\')) {
				throw new UserError(
					'The field "Keyword" takes the name of a keyword',
					`Enter the one that the trigger waits for, such as ${ACKNOWLEDGED}.`,
				);
			}
			const read = execution.toggle('markAsRead', 'Mark as Read', item);
			return { flags: [keyword, ...(read ? ['\\Seen'] : [])], returnFlags: false };
		}),
};
