import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { Execution } from '../../shared/execution/execution';
import { mailboxLocator, readMailboxChoice } from '../../shared/mailbox/mailbox-locator';
import {
	messageFrom,
	readSource,
	sourceProperties,
	type GivenSource,
} from '../../shared/message/message-source';
import type { MailboxChoice } from '../../shared/mailbox/mailbox-choice';
import { createIfMissingProperty } from '../../shared/mailbox/create-if-missing';
import { isSet } from '../../shared/fields/is-expression';
import { shownWhen } from '../../shared/fields/shown-when';
import { optionalSwitch, strictChoice, strictText } from '../../shared/fields/strict-values';
import { draftsMailboxProperty, readDraftsMailbox } from '../drafts/drafts-mailbox';
import { UserError } from '../../shared/errors/user-error';
import type { Operation } from '../../shared/execution/operation';
import { onAccount, type AccountTask, type Output } from '../../shared/execution/on-account';
import { dryRunProperties } from '../../shared/execution/safeguards';
import { moment } from '../../shared/fields/workflow-time';

const properties: INodeProperties[] = [
	{
		displayName: 'Store As',
		name: 'storeAs',
		type: 'options',
		options: [
			{
				name: 'Draft',
				value: 'draft',
				description: 'In the drafts mailbox and marked as a draft, for a person to review and send',
			},
			{ name: 'Message', value: 'message', description: 'In a mailbox that you choose' },
		],
		default: 'message',
		description: 'What to store. Nothing is sent.',
	},
	shownWhen(
		{ storeAs: ['message'] },
		mailboxLocator({ description: 'The mailbox to store the message in' }),
	),
	shownWhen({ storeAs: ['draft'] }, draftsMailboxProperty),
	createIfMissingProperty,
	...sourceProperties,
	{
		displayName: 'Options',
		name: 'createOptions',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			{
				displayName: 'Draft',
				name: 'draft',
				type: 'boolean',
				default: true,
				description: 'Whether to mark the message as a draft (\\Draft)',
			},
			{
				displayName: 'Flagged',
				name: 'flagged',
				type: 'boolean',
				default: true,
				description: 'Whether to mark the message as starred (\\Flagged)',
			},
			{
				displayName: 'Keywords',
				name: 'keywords',
				type: 'string',
				placeholder: 'e.g. $Important, invoices',
				default: '',
				description: 'Custom flags, separated by commas or spaces',
			},
			{
				displayName: 'Read',
				name: 'seen',
				type: 'boolean',
				default: true,
				description: 'Whether to mark the message as read (\\Seen)',
			},
			{
				displayName: 'Received Date',
				name: 'date',
				type: 'dateTime',
				default: '',
				description:
					'When the message was received (INTERNALDATE). Leave empty for the current time.',
			},
		],
	},
	...dryRunProperties('Whether to only check the message, without storing it'),
];

interface AppendFlagsAndDate {
	flags: string[];
	date: Date | undefined;
}

const isDraft = (execution: Execution, item: number): boolean =>
	strictChoice(execution.parameter<unknown>('storeAs', item, 'message'), 'Store As', [
		'message',
		'draft',
	]) === 'draft';

function readOptions(execution: Execution, item: number): AppendFlagsAndDate {
	const options = execution.parameter<IDataObject>('createOptions', item, {});
	const keywords = 'keywords' in options ? strictText(options.keywords, 'Keywords') : '';
	if (/[\r\n\0]/.test(keywords)) throw new UserError('The field "Keywords" contains a line break');
	return {
		flags: [
			...(optionalSwitch(options, 'draft', 'Draft') || isDraft(execution, item) ? ['\\Draft'] : []),
			...(optionalSwitch(options, 'flagged', 'Flagged') ? ['\\Flagged'] : []),
			...(optionalSwitch(options, 'seen', 'Read') ? ['\\Seen'] : []),
			...keywords.split(/[\s,]+/).filter((keyword) => keyword !== ''),
		],
		date: isSet(execution.context, 'createOptions', options, 'date')
			? moment(options.date, execution.context.getTimezone(), 'Received Date')
			: undefined,
	};
}

interface NewMessage {
	options: AppendFlagsAndDate;
	source: GivenSource;
	createIfMissing: boolean;
}

type Task = AccountTask<NewMessage, MailboxChoice>;

async function tryOut({ execution, resolver, choice, settings, item }: Task): Promise<Output> {
	const { source, createIfMissing } = settings;
	const { message, messageId = null } = await messageFrom(execution, item, source);
	const { name, missing } = await resolver.resolve(choice, createIfMissing);
	const inMemory = typeof message === 'string' || message instanceof Uint8Array;
	const size = inMemory ? Buffer.byteLength(message) : null;
	return { dryRun: true, mailbox: name, missing: missing === true, size, messageId };
}

async function append({
	execution,
	imap,
	resolver,
	choice,
	settings,
	item,
}: Task): Promise<Output> {
	const { options, source, createIfMissing } = settings;
	const { message, messageId = null } = await messageFrom(execution, item, source);
	const { result, created, mailbox } = await resolver.storingIn(
		choice,
		createIfMissing,
		async (name) => imap.append(name, message, options),
	);
	return {
		mailbox: mailbox.name,
		uidValidity: result?.uidValidity ?? null,
		uid: result?.uid ?? null,
		messageId,
		...(created ? { createdMailbox: true } : {}),
		...(mailbox.requested === undefined ? {} : { requestedMailbox: mailbox.requested }),
	};
}

export const create: Operation = {
	name: 'Create',
	value: 'create',
	description:
		'Store a message or draft in a mailbox, without sending it: from fields, a file, or raw text (APPEND)',
	forModel:
		'Use it to save a draft or to store a message. Returns where it is stored. Never sends anything.',
	action: 'Create a message or draft',
	properties,
	execute: onAccount({
		// Messages in memory, too.
		atOnce: 8,
		choice: (execution, item) =>
			isDraft(execution, item)
				? readDraftsMailbox(execution, item)
				: readMailboxChoice(execution.context, item),
		read(execution, item) {
			const options = readOptions(execution, item);
			return {
				options,
				source: readSource(execution, item, options.date),
				createIfMissing: execution.toggle('createIfMissing', 'Create Mailbox If Missing', item),
			};
		},
		dryRun: tryOut,
		run: append,
	}),
};
