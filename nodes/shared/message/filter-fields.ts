/** The filters of Get Many, of "By Search" and of the trigger, as fields. */
import type { INodeProperties } from 'n8n-workflow';
import { isSet, notice } from '../fields/notice';

const text = (
	displayName: string,
	name: string,
	example: string,
	description: string,
): INodeProperties => ({
	displayName,
	name,
	type: 'string',
	default: '',
	placeholder: `e.g. ${example}`,
	description,
});

const day = (displayName: string, name: string, description: string): INodeProperties => ({
	displayName,
	name,
	type: 'dateTime',
	default: '',
	description: `${description}. In the workflow's time zone; without a time of day, midnight.`,
});

const bytes = (displayName: string, name: string, description: string): INodeProperties => ({
	displayName,
	name,
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 0,
	description,
});

const ANY_OF =
	'Separate several with commas to match any of them. Put text that contains a comma in double quotes.';

const filters: INodeProperties[] = [
	bytes(
		'Attachment Larger Than (Bytes)',
		'attachmentLarger',
		'Messages with an attachment larger than this in its encoded form: base64 makes files a third larger',
	),
	text(
		'Attachment Name',
		'attachmentName',
		'invoice*.pdf',
		'Messages with an attachment of this name; upper and lower case are the same, * matches any text and ? one character. Separate several with commas to match any of them.',
	),
	text(
		'Attachment Type',
		'attachmentType',
		'application/pdf',
		'Messages with an attachment of this media type, such as application/pdf, or image/* for any image. Separate several with commas to match any of them.',
	),
	text('BCC Contains', 'bcc', 'ann@example.com', `Text anywhere in the BCC field. ${ANY_OF}`),
	text('Body Contains', 'body', 'tracking number', 'Text anywhere in the body, not in the header'),
	text('CC Contains', 'cc', 'ann@example.com', `Text anywhere in the CC field. ${ANY_OF}`),
	{
		displayName: 'Flags',
		name: 'flags',
		type: 'multiOptions',
		options: [
			{ name: 'Answered', value: 'answered' },
			{ name: 'Deleted', value: 'deleted' },
			{ name: 'Draft', value: 'draft' },
			{ name: 'Flagged', value: 'flagged' },
			{ name: 'Not Answered', value: 'not answered' },
			{ name: 'Not Deleted', value: 'not deleted' },
			{ name: 'Not Draft', value: 'not draft' },
			{ name: 'Not Flagged', value: 'not flagged' },
		],
		default: [],
		description: 'System flags that must be set or not set',
	},
	text(
		'From Contains',
		'from',
		'ann@example.com',
		`Text anywhere in the name or address of the sender. ${ANY_OF}`,
	),
	text(
		'Gmail Search',
		'gmailRaw',
		'category:promotions older_than:1y',
		"A search in Gmail's own syntax, as in its search box. Gmail only (X-GM-RAW).",
	),
	{
		displayName: 'Has Attachments',
		name: 'hasAttachments',
		type: 'boolean',
		default: true,
		description:
			"Whether messages must have attachments or must have none. Images displayed in the HTML don't count. Combine it with other filters: the structure of every message they find is read.",
	},
	{
		displayName: 'Header Fields',
		name: 'header',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Header Field',
		default: {},
		options: [
			{
				displayName: 'Field',
				name: 'field',
				values: [
					{
						displayName: 'Name',
						name: 'name',
						type: 'string',
						default: '',
						placeholder: 'e.g. List-ID',
						description: 'Name of the header field',
					},
					{
						displayName: 'Condition',
						name: 'condition',
						type: 'options',
						options: [
							{ name: 'Contains', value: 'contains' },
							{ name: 'Exists', value: 'exists' },
						],
						default: 'contains',
					},
					{
						displayName: 'Contains',
						name: 'value',
						type: 'string',
						displayOptions: { hide: { condition: ['exists'] } },
						default: '',
						placeholder: 'e.g. newsletter',
						description: 'Text anywhere in the field',
					},
				],
			},
		],
	},
	text(
		'Keyword',
		'keyword',
		'$Important',
		'A keyword that must be set. Separate several with commas; all must be set.',
	),
	bytes('Larger Than (Bytes)', 'larger', 'Messages larger than this many bytes'),
	text(
		'Message ID',
		'messageId',
		'<7c1f@mail.example.com>',
		'The Message-ID, with or without angle brackets',
	),
	{
		displayName: 'Raw Search',
		name: 'rawSearch',
		type: 'string',
		default: '',
		placeholder: 'e.g. OR FROM "ann" (SUBJECT "to do" UNSEEN)',
		description: 'IMAP search keys (RFC 9051 §6.4.4), in addition to the other filters',
	},
	{
		displayName: 'Read Status',
		name: 'readStatus',
		type: 'options',
		options: [
			{ name: 'Read and Unread', value: 'all' },
			{ name: 'Read', value: 'read' },
			{ name: 'Unread', value: 'unread' },
		],
		default: 'unread',
		description: 'Whether the message is marked as read (\\Seen)',
	},
	day('Received Before', 'before', 'Received before this time'),
	day('Received On', 'on', 'Received on this day'),
	day('Received Since', 'since', 'Received at this time or later'),
	day('Sent Before', 'sentBefore', 'Sent before this time, by the Date field of the message'),
	day('Sent On', 'sentOn', 'Sent on this day, by the Date field of the message'),
	day('Sent Since', 'sentSince', 'Sent at this time or later, by the Date field of the message'),
	bytes('Smaller Than (Bytes)', 'smaller', 'Messages smaller than this many bytes'),
	text('Subject Contains', 'subject', 'invoice', 'Text anywhere in the subject'),
	text('Text Contains', 'text', 'order 4711', 'Text anywhere in the message, header included'),
	text('To Contains', 'to', 'ann@example.com', `Text anywhere in the To field. ${ANY_OF}`),
	{
		displayName: 'UID Range',
		name: 'uid',
		type: 'string',
		default: '',
		placeholder: 'e.g. 1:20,40:*',
		description: 'UIDs, ranges and * for the last message',
	},
	text(
		'Without Keyword',
		'notKeyword',
		'$Forwarded',
		'A keyword that must not be set. Separate several with commas; none may be set.',
	),
];

/** What most people look for, in the order in which they do; the others follow in the order of the alphabet. */
const USUAL = [
	...['from', 'subject', 'readStatus', 'since', 'before', 'hasAttachments', 'to', 'text'],
	...['flags', 'keyword', 'header'],
];

const usualFirst = [
	...USUAL.flatMap((wanted) => filters.filter(({ name }) => name === wanted)),
	...filters.filter(({ name }) => !USUAL.includes(name)),
];

export const filtersProperty: INodeProperties = {
	displayName: 'Filters',
	name: 'filters',
	type: 'collection',
	placeholder: 'Add Filter',
	default: {},
	description: 'Only messages that match all of these filters',
	options: usualFirst,
};

/** For searches of whole mailboxes. */
export const textSearchNotices: INodeProperties[] = ['body', 'text'].map((name) =>
	notice(
		`${name}SearchNotice`,
		'Servers without a full-text index read every message for this filter, which can take minutes in a large mailbox. Add Received Since to search fewer messages.',
		{ [`filters.${name}`]: isSet },
	),
);
