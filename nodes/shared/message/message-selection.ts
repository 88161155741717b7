/** Which messages an operation works on: From Input, By UID Set, or By Search. */
import type { INodeProperties } from 'n8n-workflow';
import type { SequenceSet } from '../../../engine/index';
import type { Execution } from '../execution/execution';
import type { MailboxChoice } from '../mailbox/mailbox-choice';
import { mailboxLocator, readMailboxChoice } from '../mailbox/mailbox-locator';
import { readReference, type MessageReference } from './message-reference';
import { UserError } from '../errors/user-error';
import { isUnfiltered, type MessageFilters } from './exact-times';
import { filtersProperty } from './filter-fields';
import { readFilters } from './search-filters';
import { readUidSet } from './uid-set';

export type Selection =
	| { mailbox: MailboxChoice; reference: MessageReference }
	| { mailbox: MailboxChoice; uids: SequenceSet }
	| { mailbox: MailboxChoice; filters: MessageFilters };

const shownBy = (property: INodeProperties, ...ways: string[]): INodeProperties => ({
	...property,
	displayOptions: { show: { messages: ways } },
});

/** The fields, for an operation's properties. */
export const selectionProperties: INodeProperties[] = [
	{
		displayName: 'Messages',
		name: 'messages',
		type: 'options',
		options: [
			{
				name: 'From Input',
				value: 'input',
				description: 'The message that each item refers to by mailbox, uidValidity and uid',
			},
			{ name: 'By UID Set', value: 'uids', description: 'Messages of a mailbox by their UIDs' },
			{
				name: 'By Search',
				value: 'search',
				description: 'Messages of a mailbox that filters find',
			},
		],
		default: 'input',
		description: 'Which messages to work on',
	},
	shownBy(mailboxLocator(), 'uids', 'search'),
	shownBy(
		{
			displayName: 'UIDs',
			name: 'uids',
			type: 'string',
			default: '',
			required: true,
			placeholder: '1:20,40:*',
			description: 'UIDs, ranges and * for the last message',
		},
		'uids',
	),
	shownBy(filtersProperty, 'search'),
];

/** @throws UserError, Imap4Error ARGUMENT: what the item selects cannot be read */
export function readSelection(execution: Execution, itemIndex: number): Selection {
	const way = execution.parameter<string>('messages', itemIndex, 'input');
	if (way === 'input') {
		const reference = readReference(execution.items[itemIndex]?.json ?? {});
		return { mailbox: { by: 'name', name: reference.mailbox }, reference };
	}
	const mailbox = readMailboxChoice(execution.context, itemIndex);
	if (way === 'search') {
		const filters = readFilters(execution.context, itemIndex);
		if (!isUnfiltered(filters)) return { mailbox, filters };
		throw new UserError(
			'"By Search" has no filter, which would select every message of the mailbox',
			'Add a filter. If every message is meant, choose "By UID Set" with 1:*.',
		);
	}
	const uids = readUidSet(execution.parameter<unknown>('uids', itemIndex, ''), 'UIDs');
	return { mailbox, uids };
}
