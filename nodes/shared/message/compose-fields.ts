/** The fields of a message that is composed. */
import type { INodeProperties } from 'n8n-workflow';

const field = (
	displayName: string,
	name: string,
	description: string,
	placeholder?: string,
): INodeProperties => ({
	displayName,
	name,
	type: 'string',
	default: '',
	description,
	placeholder,
});

const ADDRESSES = 'Addresses, separated by commas';

export const composeProperties: INodeProperties[] = [
	field('From', 'from', 'Address of the sender', 'e.g. Anna <anna@example.com>'),
	field('To', 'to', ADDRESSES, 'e.g. bob@example.com'),
	field('Subject', 'subject', 'Subject of the message', 'e.g. Minutes of our meeting'),
	{
		displayName: 'Text',
		name: 'text',
		type: 'string',
		placeholder: 'e.g. Hello Ann,',
		typeOptions: { rows: 5 },
		default: '',
		description: 'The body as plain text',
	},
	{
		displayName: 'More Fields',
		name: 'composeOptions',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		options: [
			field(
				'Attachments',
				'attachments',
				"Names of the item's binary fields, separated by commas",
				'e.g. data, attachment_0',
			),
			field('BCC', 'bcc', ADDRESSES, 'e.g. ann@example.com'),
			{
				displayName: 'Calendar Invitation',
				name: 'invitation',
				type: 'string',
				typeOptions: { rows: 5 },
				default: '',
				placeholder: 'e.g. BEGIN:VCALENDAR …',
				description:
					'An invitation as iCalendar text that includes a METHOD, such as REQUEST (RFC 5545, RFC 6047)',
			},
			field('CC', 'cc', ADDRESSES, 'e.g. ann@example.com'),
			{
				displayName: 'Date',
				name: 'date',
				type: 'dateTime',
				default: '',
				description:
					'When the message was sent (the Date field). Leave empty for the current time.',
			},
			{
				displayName: 'Header Fields',
				name: 'headers',
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
								placeholder: 'e.g. List-Unsubscribe',
							},
							{
								displayName: 'Value',
								name: 'value',
								type: 'string',
								default: '',
								placeholder: 'e.g. <https://example.com/unsubscribe>',
							},
						],
					},
				],
				description: 'Additional header fields',
			},
			{
				displayName: 'HTML',
				name: 'html',
				type: 'string',
				placeholder: 'e.g. <p>Hello Ann,</p>',
				typeOptions: { rows: 5 },
				default: '',
				description: 'The body as HTML. If there is plain text too, mail clients show one of them.',
			},
			field(
				'In Reply To',
				'inReplyTo',
				'Message-ID of the message that this one replies to',
				'e.g. <7c1f@mail.example.com>',
			),
			{
				displayName: 'Inline Images',
				name: 'inlineImages',
				type: 'fixedCollection',
				typeOptions: { multipleValues: true },
				placeholder: 'Add Image',
				default: {},
				options: [
					{
						displayName: 'Image',
						name: 'image',
						values: [
							{
								displayName: 'Input Binary Field',
								name: 'field',
								type: 'string',
								default: 'data',
							},
							{
								displayName: 'Content-ID',
								name: 'contentId',
								type: 'string',
								default: '',
								placeholder: 'e.g. logo',
								description: 'The name that the HTML uses for the image, after cid: in its source',
							},
						],
					},
				],
				description: 'Images displayed in the HTML',
			},
			field(
				'Message ID',
				'messageId',
				'The Message-ID, with or without angle brackets. Leave empty to create a new one.',
				'e.g. <7c1f@mail.example.com>',
			),
			{
				displayName: 'Priority',
				name: 'priority',
				type: 'options',
				options: [
					{ name: 'High', value: 'high' },
					{ name: 'Low', value: 'low' },
					{ name: 'Normal', value: 'normal' },
				],
				default: 'normal',
			},
			field(
				'References',
				'references',
				'Message-IDs of the conversation, separated by spaces',
				'e.g. <7c1f@mail.example.com>',
			),
			field('Reply To', 'replyTo', ADDRESSES, 'e.g. office@example.com'),
		],
	},
];
