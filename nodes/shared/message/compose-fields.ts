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
	field('From', 'from', 'Address of the sender', 'Anna <anna@example.com>'),
	field('To', 'to', ADDRESSES, 'bob@example.com'),
	field('Subject', 'subject', 'Subject of the message'),
	{
		displayName: 'Text',
		name: 'text',
		type: 'string',
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
				'Names of binary fields of the item, separated by commas',
				'data, attachment_0',
			),
			field('BCC', 'bcc', ADDRESSES),
			{
				displayName: 'Calendar Invitation',
				name: 'invitation',
				type: 'string',
				typeOptions: { rows: 5 },
				default: '',
				placeholder: 'BEGIN:VCALENDAR …',
				description:
					'An invitation as iCalendar text, with its METHOD, such as REQUEST (RFC 5545, RFC 6047)',
			},
			field('CC', 'cc', ADDRESSES),
			{
				displayName: 'Date',
				name: 'date',
				type: 'dateTime',
				default: '',
				description: 'When it was sent (the field Date); now if not given',
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
								placeholder: 'List-Unsubscribe',
							},
							{ displayName: 'Value', name: 'value', type: 'string', default: '' },
						],
					},
				],
				description: 'Any other fields of the header',
			},
			{
				displayName: 'HTML',
				name: 'html',
				type: 'string',
				typeOptions: { rows: 5 },
				default: '',
				description: 'The body as HTML; with a text besides, mail clients show either',
			},
			field('In Reply To', 'inReplyTo', 'Message-ID of the message that this one answers'),
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
								placeholder: 'logo',
								description:
									'The name by which the HTML shows it, after cid: in the source of the image',
							},
						],
					},
				],
				description: 'Images that the HTML shows',
			},
			field(
				'Message ID',
				'messageId',
				'The Message-ID, with or without angle brackets; a new one if not given',
				'&lt;…@example.com&gt;',
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
			field('References', 'references', 'Message-IDs of the conversation, separated by blanks'),
			field('Reply To', 'replyTo', ADDRESSES),
		],
	},
];
