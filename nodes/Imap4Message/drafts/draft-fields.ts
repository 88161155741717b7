/** The fields of Reply, Reply to All and Forward, and what an item sets them to. */
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { parseAddresses } from '../../../mail/address/parse-addresses';
import { utf8Bytes } from '../../../mail/header/header-text';
import type { Execution } from '../../shared/execution/execution';
import { shownWhen } from '../../shared/fields/shown-when';
import { dryRunProperties, isDryRun } from '../../shared/execution/safeguards';
import { attachmentNames, fileNames } from '../../shared/message/composed-message';
import { addressLine, withoutLineEnds } from '../../shared/message/recipients';
import { UserError } from '../../shared/errors/user-error';
import { isExpression, isSet } from '../../shared/fields/is-expression';
import {
	isEmptyValue,
	optionalSwitch,
	strictChoice,
	strictText,
} from '../../shared/fields/strict-values';
import { createIfMissingProperty } from '../../shared/mailbox/create-if-missing';
import type { MailboxChoice } from '../../shared/mailbox/mailbox-choice';
import { selectionProperties } from '../../shared/message/message-selection';
import { draftsMailboxProperty, readDraftsMailbox } from './drafts-mailbox';

export type DraftKind = 'reply' | 'replyAll' | 'forward';

export interface DraftWishes {
	kind: DraftKind;
	text: string;
	html: string;
	/** Of a forwarded message. */
	to: string;
	cc: string;
	bcc: string;
	replyTo: string;
	/** Undefined for the address that the original was sent to. */
	from: string | undefined;
	subject: string | undefined;
	/** Addresses of the person who answers, beside the account's and the sender's. */
	own: readonly string[];
	/** Names of binary fields of the item, which are there. */
	attachments: readonly string[];
	/** Whether the original stands below. */
	quote: boolean;
	/** Of a forwarded message: whether its files go with it. */
	keepAttachments: boolean;
	/** Of a forwarded message: as a file, just as it is. */
	asAttachment: boolean;
	/** Where the draft goes; undefined to return its fields. */
	store: { choice: MailboxChoice; createIfMissing: boolean; dryRun: boolean } | undefined;
}

const text = (
	displayName: string,
	name: string,
	description: string,
	more: Partial<INodeProperties> = {},
): INodeProperties => ({ displayName, name, type: 'string', default: '', description, ...more });

const ADDRESSES = 'Addresses, separated by commas';

const commonOptions: INodeProperties[] = [
	text('Attachments', 'attachments', "Names of the item's binary fields, separated by commas", {
		placeholder: 'e.g. data, attachment_0',
	}),
	text('BCC', 'bcc', ADDRESSES, { placeholder: 'e.g. ann@example.com' }),
	text('CC', 'cc', 'Additional addresses, separated by commas', {
		placeholder: 'e.g. ann@example.com',
	}),
	text(
		'From',
		'from',
		'Address of the sender. Leave empty to use the address that the original message was sent to.',
		{ placeholder: 'e.g. Anna <anna@example.com>' },
	),
	text('HTML', 'html', 'Your text as HTML', {
		typeOptions: { rows: 5 },
		placeholder: 'e.g. <p>Thank you for your message.</p>',
	}),
	text('Reply To', 'replyTo', ADDRESSES, { placeholder: 'e.g. office@example.com' }),
	text('Subject', 'subject', 'Subject to use instead of the original subject with a prefix', {
		placeholder: 'e.g. Your order 4711',
	}),
];

const ownAddresses = text(
	'Own Addresses',
	'ownAddresses',
	'Your other addresses, separated by commas. Replies are never addressed to them.',
	{ placeholder: 'e.g. anna@example.com, office@example.com' },
);

const quoteOption: INodeProperties = {
	displayName: 'Quote Message',
	name: 'quote',
	type: 'boolean',
	default: true,
	description: 'Whether to quote the original message below the reply',
};

const keepAttachmentsOption: INodeProperties = {
	displayName: 'Keep Attachments',
	name: 'keepAttachments',
	type: 'boolean',
	default: true,
	description: 'Whether to keep the attachments of the original message',
};

const forwardProperties: INodeProperties[] = [
	text('To', 'to', ADDRESSES, { placeholder: 'e.g. bob@example.com' }),
	{
		displayName: 'Forward As',
		name: 'forwardAs',
		type: 'options',
		options: [
			{
				name: 'Attachment',
				value: 'attachment',
				description: 'The whole message as a file (EML), exactly as received',
			},
			{
				name: 'Inline',
				value: 'inline',
				description: 'The original text below yours, with the attachments',
			},
		],
		default: 'inline',
	},
];

export function draftProperties(kind: DraftKind): INodeProperties[] {
	const options =
		kind === 'forward'
			? [...commonOptions, keepAttachmentsOption]
			: [...commonOptions, ownAddresses, quoteOption];
	return [
		...selectionProperties,
		...(kind === 'forward' ? forwardProperties : []),
		text('Text', 'text', 'Your text above the message, as plain text', {
			placeholder: kind === 'forward' ? 'e.g. For your information.' : 'e.g. Friday suits me well.',
			typeOptions: { rows: 5 },
		}),
		{
			displayName: 'Result',
			name: 'draftResult',
			type: 'options',
			options: [
				{
					name: 'Draft',
					value: 'draft',
					description: 'Store it in the drafts mailbox for a person to review and send',
				},
				{
					name: 'Fields and Files',
					value: 'fields',
					description: 'Return it as fields and binary data for a node that sends mail',
				},
			],
			default: 'draft',
			description: 'What to do with the new message. Nothing is sent.',
		},
		shownWhen({ draftResult: ['draft'] }, draftsMailboxProperty),
		shownWhen({ draftResult: ['draft'] }, createIfMissingProperty),
		{
			displayName: 'Options',
			name: 'draftOptions',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			options: options.toSorted((a, b) => (a.displayName < b.displayName ? -1 : 1)),
		},
		...dryRunProperties('Whether to only return the draft, without storing it').map((property) =>
			shownWhen({ draftResult: ['draft'] }, property),
		),
	];
}

/** @throws UserError naming the field */
export function readDraftWishes(execution: Execution, item: number, kind: DraftKind): DraftWishes {
	const options = execution.parameter<IDataObject>('draftOptions', item, {});
	const option = (name: string, label: string): string | undefined =>
		name in options ? headerLine(options[name], label) : undefined;
	const addresses = (name: string, label: string): string | undefined =>
		name in options ? addressee(options[name], label) : undefined;
	const flag = (name: string, label: string): boolean =>
		optionalSwitch(options, name, label) ?? true;
	const isForward = kind === 'forward';
	const html = 'html' in options ? strictText(options.html, 'HTML', { required: true }) : '';
	return {
		kind,
		text: writtenText(execution, item, html !== ''),
		html,
		to: isForward ? addressees(execution, item) : '',
		cc: addresses('cc', 'CC') ?? '',
		bcc: addresses('bcc', 'BCC') ?? '',
		replyTo: addresses('replyTo', 'Reply To') ?? '',
		from: isSet(execution.context, 'draftOptions', options, 'from')
			? addresses('from', 'From')
			: undefined,
		subject: option('subject', 'Subject'),
		own: addressesIn(option('ownAddresses', 'Own Addresses') ?? ''),
		attachments: 'attachments' in options ? attachments(execution, item, options) : [],
		quote: isForward || flag('quote', 'Quote Message'),
		keepAttachments: isForward && flag('keepAttachments', 'Keep Attachments'),
		asAttachment:
			isForward &&
			strictChoice(execution.parameter<unknown>('forwardAs', item, 'inline'), 'Forward As', [
				'inline',
				'attachment',
			]) === 'attachment',
		store: readStore(execution, item),
	};
}

/** A list may be empty, as that of the files of an item without files is. */
function attachments(execution: Execution, item: number, options: IDataObject): string[] {
	const { attachments: given } = options;
	const names = Array.isArray(given) ? attachmentNames(options) : headerLine(given, 'Attachments');
	return fileNames(execution, item, names);
}

/** A person may leave it empty, to write into the draft later; an empty expression is a mistake. */
function writtenText(execution: Execution, item: number, hasHtml: boolean): string {
	const given = execution.parameter<unknown>('text', item, '');
	if (!hasHtml && isEmptyValue(given) && isExpression(execution.context, 'text')) {
		throw emptied('Text');
	}
	return isEmptyValue(given) ? '' : strictText(given, 'Text');
}

function addressees(execution: Execution, item: number): string {
	const given = execution.parameter<unknown>('to', item, '');
	if (!isEmptyValue(given)) return addressee(given, 'To');
	if (isExpression(execution.context, 'to')) throw emptied('To');
	return '';
}

function readStore(execution: Execution, item: number): DraftWishes['store'] {
	const result = strictChoice(
		execution.parameter<unknown>('draftResult', item, 'draft'),
		'Result',
		['draft', 'fields'],
	);
	if (result === 'fields') return undefined;
	return {
		choice: readDraftsMailbox(execution, item),
		createIfMissing: execution.toggle('createIfMissing', 'Create Mailbox If Missing', item),
		dryRun: isDryRun(execution, item),
	};
}

const emptied = (label: string): UserError =>
	new UserError(`The field "${label}" is empty`, 'Check what the expression returns.');

function addressee(value: unknown, label: string): string {
	const line = addressLine(value, label, { required: true });
	if (line === undefined) throw emptied(label);
	return line;
}

const headerLine = (value: unknown, label: string): string =>
	withoutLineEnds(strictText(value, label, { required: true }), label).trim();

/** The addresses in what a person wrote. */
export function addressesIn(text: string): string[] {
	return parseAddresses(utf8Bytes(text)).flatMap(({ address }) => (address === '' ? [] : address));
}
