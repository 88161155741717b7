import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { Imap4 } from '../../../engine/index';
import type { Execution } from '../../shared/execution/execution';
import { mailboxLocator, readMailboxChoice } from '../../shared/mailbox/mailbox-locator';
import { readMessage, sourceProperties } from '../../shared/message/message-source';
import { choiceText } from '../../shared/mailbox/mailbox-choice';
import { createIfMissingProperty } from '../../shared/mailbox/create-if-missing';
import { MailboxResolver } from '../../shared/mailbox/mailbox-resolver';
import { isExpression } from '../../shared/fields/is-expression';
import { isEmptyValue, optionalSwitch, strictText } from '../../shared/fields/strict-values';
import { UserError } from '../../shared/errors/user-error';
import type { Operation } from '../../shared/execution/operation';
import { probe } from '../../shared/account/connection-pool';
import { dryRunProperties, isDryRun } from '../../shared/execution/safeguards';
import { moment } from '../../shared/fields/workflow-time';

const properties: INodeProperties[] = [
	mailboxLocator({ description: 'The mailbox to store the message in' }),
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
					'The time of receipt that the server stores (INTERNALDATE). Leave empty for the current time.',
			},
		],
	},
	...dryRunProperties('Whether to only read and check the message, without storing it'),
];

interface AppendFlagsAndDate {
	flags: string[];
	date: Date | undefined;
}

function readOptions(execution: Execution, item: number): AppendFlagsAndDate {
	const options = execution.parameter<IDataObject>('createOptions', item, {});
	const keywords = 'keywords' in options ? strictText(options.keywords, 'Keywords') : '';
	if (/[\r\n\0]/.test(keywords)) throw new UserError('The field "Keywords" contains a line break');
	return {
		flags: [
			...(optionalSwitch(options, 'draft', 'Draft') ? ['\\Draft'] : []),
			...(optionalSwitch(options, 'flagged', 'Flagged') ? ['\\Flagged'] : []),
			...(optionalSwitch(options, 'seen', 'Read') ? ['\\Seen'] : []),
			...keywords.split(/[\s,]+/).filter((keyword) => keyword !== ''),
		],
		date:
			isEmptyValue(options.date) && !isExpression(execution.context, 'createOptions.date')
				? undefined
				: moment(options.date, execution.context.getTimezone(), 'Received Date'),
	};
}

async function append(
	execution: Execution,
	imap: Imap4,
	resolver: MailboxResolver,
	item: number,
): Promise<void> {
	const choice = readMailboxChoice(execution.context, item);
	await execution.guarded([item], choiceText(choice), async () => {
		const options = readOptions(execution, item);
		const { message, messageId = null } = await readMessage(execution, item, options.date);
		const createIfMissing = execution.toggle('createIfMissing', 'Create Mailbox If Missing', item);
		if (isDryRun(execution, item)) {
			const { name, missing } = await resolver.resolve(choice, createIfMissing);
			const size =
				typeof message === 'string' || message instanceof Uint8Array
					? Buffer.byteLength(message)
					: null;
			execution.emit(item, {
				dryRun: true,
				mailbox: name,
				missing: missing === true,
				size,
				messageId,
			});
			return;
		}
		const { result, created, mailbox } = await resolver.storingIn(
			choice,
			createIfMissing,
			async (name) => imap.append(name, message, options),
		);
		execution.emit(item, {
			mailbox: mailbox.name,
			uidValidity: result?.uidValidity ?? null,
			uid: result?.uid ?? null,
			messageId,
			...(created ? { createdMailbox: true } : {}),
			...(mailbox.requested === undefined ? {} : { requestedMailbox: mailbox.requested }),
		});
	});
}

/** Messages in memory, and commands under way, at a time. */
const AT_ONCE = 8;

async function execute(execution: Execution): Promise<void> {
	await execution.eachAccount((account, items) =>
		execution.connection(account, probe, async (imap) => {
			const resolver = new MailboxResolver(imap, account.identity);
			for (let first = 0; first < items.length; first += AT_ONCE) {
				execution.checkCancelled();
				execution.progress(first, items.length);
				const some = items.slice(first, first + AT_ONCE);
				const ends = await Promise.allSettled(
					some.map((item) =>
						execution.guarded([item], undefined, () => append(execution, imap, resolver, item)),
					),
				);
				for (const end of ends) if (end.status === 'rejected') throw end.reason;
			}
		}),
	);
}

export const create: Operation = {
	name: 'Create',
	value: 'create',
	description:
		'Store a message or draft in a mailbox, without sending it: from fields, a file, or raw text (APPEND)',
	action: 'Create a message or draft',
	properties,
	execute,
};
