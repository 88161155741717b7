/** Which messages an operation works on: From Input, By UID Set, or By Search. */
import type { INodeProperties } from 'n8n-workflow';
import type { UidSet } from '../../../engine/index';
import type { WithItems } from '../fields/with-parameters';
import { choiceText, type MailboxChoice } from '../mailbox/mailbox-choice';
import { shownWhen } from '../fields/shown-when';
import { isEmptyValue, strictText } from '../fields/strict-values';
import { choiceIn, mailboxLocator } from '../mailbox/mailbox-locator';
import { isUid, isUidValidity, readReference, type MessageReference } from './message-reference';
import { UserError } from '../errors/user-error';
import { isUnfiltered, type MessageFilters } from './exact-times';
import { filtersProperty } from './filter-fields';
import { readFilters } from './search-filters';
import { readUidSet } from './uid-set';

export type Selection =
	| { mailbox: MailboxChoice; reference: MessageReference }
	| { mailbox: MailboxChoice; uids: UidSet }
	| { mailbox: MailboxChoice; filters: MessageFilters };

const shownBy = (property: INodeProperties, ...ways: string[]): INodeProperties =>
	shownWhen({ messages: ways }, property);

/** An AI agent's call brings no item whose message could be meant. */
const waysProperty: INodeProperties = {
	displayName: 'Messages',
	name: 'messages',
	type: 'options',
	displayOptions: { show: { '@tool': [false] } },
	options: [
		{
			name: 'From Input',
			value: 'input',
			description: "The message identified by the item's mailbox, uidValidity and uid fields",
		},
		{
			name: 'By Reference',
			value: 'reference',
			description: 'One message by mailbox, UIDVALIDITY and UID, such as from an earlier node',
		},
		{
			name: 'By Search',
			value: 'search',
			description: 'Messages in a mailbox that match filters',
		},
		{ name: 'By UID Set', value: 'uids', description: 'Messages in a mailbox by their UIDs' },
	],
	default: 'input',
	description: 'Which messages to work on',
};

const referenceField = (
	displayName: string,
	name: string,
	more: Partial<INodeProperties>,
): INodeProperties => ({ displayName, name, type: 'string', default: '', ...more });

/** The fields, for an operation's properties. */
export const selectionProperties: INodeProperties[] = [
	waysProperty,
	{ ...waysProperty, displayOptions: { show: { '@tool': [true] } }, default: 'reference' },
	shownBy(mailboxLocator(), 'reference', 'uids', 'search'),
	shownBy(
		referenceField('UIDVALIDITY', 'referenceUidValidity', {
			required: true,
			placeholder: 'e.g. 1700000000',
			description: 'The uidValidity field of the message. A UID is only valid together with it.',
		}),
		'reference',
	),
	shownBy(
		referenceField('UID', 'referenceUid', {
			required: true,
			placeholder: 'e.g. 42',
			description: 'The uid field of the message',
		}),
		'reference',
	),
	shownBy(
		referenceField('Account', 'referenceAccount', {
			placeholder: 'e.g. imap://anna%40example.com@imap.example.com',
			description:
				'The account field of the message. If set, a message from another account is rejected.',
		}),
		'reference',
	),
	shownBy(
		{
			displayName: 'UIDs',
			name: 'uids',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. 1:20,40:*',
			description: 'UIDs, ranges and * for the last message',
		},
		'uids',
	),
	shownBy(filtersProperty, 'search'),
];

/** @throws UserError, Imap4Error ARGUMENT: what the item selects cannot be read */
export function readSelection(execution: WithItems, itemIndex: number): Selection {
	const way = execution.parameter<string>('messages', itemIndex, 'input');
	if (way === 'input') {
		const reference = readReference(execution.items[itemIndex]?.json ?? {});
		return { mailbox: { by: 'name', name: reference.mailbox }, reference };
	}
	const given = execution.parameter('mailbox', itemIndex, '');
	const mailbox = choiceIn(execution.context, 'mailbox', given, 'Mailbox');
	if (way === 'reference') {
		return { mailbox, reference: readGivenReference(execution, itemIndex, choiceText(mailbox)) };
	}
	if (way === 'search') {
		const filters = readFilters(execution.context, itemIndex);
		if (!isUnfiltered(filters)) return { mailbox, filters };
		throw new UserError(
			'"By Search" has no filter, so it would select every message in the mailbox',
			'Add a filter. To select every message, use "By UID Set" with 1:*.',
		);
	}
	if (way !== 'uids') {
		throw new UserError(
			`"${String(way).slice(0, 40)}" is not a way to choose messages`,
			'Select one from the list in the field "Messages".',
		);
	}
	const uids = readUidSet(execution.parameter<unknown>('uids', itemIndex, ''), 'UIDs');
	return { mailbox, uids };
}

/**
 * @param mailbox as the user wrote it, for errors
 * @throws UserError if a field is empty or not of its kind
 */
function readGivenReference(
	execution: WithItems,
	itemIndex: number,
	mailbox: string,
): MessageReference {
	const given = (name: string): unknown => execution.parameter<unknown>(name, itemIndex, '');
	const uidValidity = given('referenceUidValidity');
	// A server that has no UIDVALIDITY gives null.
	if (uidValidity !== null && isEmptyValue(uidValidity)) {
		throw new UserError(
			'The field "UIDVALIDITY" is empty',
			'Enter the uidValidity field of the message. If it is an expression, check what it returns.',
		);
	}
	if (uidValidity !== null && !isUidValidity(uidValidity)) {
		throw new UserError(
			`${shown(uidValidity)} in the field "UIDVALIDITY" is not a UIDVALIDITY`,
			'Use the uidValidity of the message unchanged, as Get Many returned it: a whole number up to 4294967295.',
		);
	}
	const uid = given('referenceUid');
	if (!isUid(uid)) {
		throw new UserError(
			isEmptyValue(uid)
				? 'The field "UID" is empty'
				: `${shown(uid)} in the field "UID" is not a UID`,
			'Use the uid of the message unchanged, as Get Many returned it: a whole number from 1 to 4294967295.',
		);
	}
	return readReference({
		mailbox,
		uidValidity,
		uid,
		account: readAccount(given('referenceAccount')),
	});
}

/** Left empty, it is not checked; an expression that returned nothing must not turn the check off. */
function readAccount(given: unknown): string | undefined {
	return given === '' ? undefined : strictText(given, 'Account', { required: true });
}

const shown = (value: unknown): string => JSON.stringify(value)?.slice(0, 80) ?? String(value);
