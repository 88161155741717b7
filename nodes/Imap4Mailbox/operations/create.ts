import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { Imap4Error, type Imap4 } from '../../../engine/index';
import type { Execution } from '../../shared/execution/execution';
import { optionalSwitch, strictText } from '../../shared/fields/strict-values';
import { UserError } from '../../shared/errors/user-error';
import type { Operation } from '../../shared/execution/operation';
import { SPECIAL_USES } from '../../shared/mailbox/special-use';
import { MANY } from '../../shared/execution/on-account';
import { onMailbox, type MailboxTask } from '../../shared/execution/on-mailbox';
import { dryRunProperties } from '../../shared/execution/safeguards';
import { readPath } from '../path';

const properties: INodeProperties[] = [
	{
		displayName: 'Path',
		name: 'path',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. Archive/2026',
		description: 'Path of the new mailbox. Missing parent mailboxes are created too.',
	},
	{
		displayName: 'Options',
		name: 'mailboxOptions',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			{
				displayName: 'Ignore If It Exists',
				name: 'ignoreExisting',
				type: 'boolean',
				default: true,
				description: 'Whether to succeed if the mailbox already exists',
			},
			{
				displayName: 'Special Use',
				name: 'specialUse',
				type: 'options',
				options: SPECIAL_USES.map((use) => ({ name: use, value: `\\${use}` })),
				default: '\\Archive',
				description: 'The role of the mailbox; requires CREATE-SPECIAL-USE',
			},
			{
				displayName: 'Subscribe',
				name: 'subscribe',
				type: 'boolean',
				default: true,
				description: 'Whether to subscribe to the mailbox so that mail clients show it',
			},
		],
	},
	...dryRunProperties('Whether to only report whether the mailbox exists, without creating it'),
];

/** Not every server gives the response code of RFC 5530. */
async function isThere(imap: Imap4, mailbox: string, error: unknown): Promise<boolean> {
	if (!(error instanceof Imap4Error) || error.code !== 'NO') return false;
	if (error.responseCode === 'ALREADYEXISTS') return true;
	return exists(imap, mailbox);
}

async function exists(imap: Imap4, mailbox: string): Promise<boolean> {
	// With the wildcards of LIST in its name it may find others as well.
	return (await imap.list('', mailbox)).some(({ name }) => name === mailbox);
}

interface NewMailbox {
	subscribe: boolean;
	ignoreExisting: boolean;
	specialUse: string | undefined;
}

/** @throws UserError */
function readOptions(execution: Execution, item: number): NewMailbox {
	const options = execution.parameter<IDataObject>('mailboxOptions', item, {});
	return {
		subscribe: optionalSwitch(options, 'subscribe', 'Subscribe') ?? false,
		ignoreExisting: optionalSwitch(options, 'ignoreExisting', 'Ignore If It Exists') ?? false,
		specialUse:
			'specialUse' in options
				? strictText(options.specialUse, 'Special Use', { required: true })
				: undefined,
	};
}

/** @throws UserError if the server cannot create such a mailbox */
function checkSpecialUse({ imap, settings: { specialUse } }: MailboxTask<NewMailbox>): void {
	if (!specialUse || imap.capabilities.has('CREATE-SPECIAL-USE')) return;
	throw new UserError(
		"The server doesn't support special uses for new mailboxes (CREATE-SPECIAL-USE)",
		'Remove the option "Special Use".',
	);
}

export const create: Operation = {
	name: 'Create',
	value: 'create',
	description: 'Create a mailbox (CREATE)',
	forModel:
		'Use it to create a mailbox (folder, label) that does not exist yet. Returns its path. Never changes one that exists.',
	action: 'Create a mailbox',
	properties,
	execute: onMailbox({
		atOnce: MANY,
		creates: true,
		choice: (execution, item) => ({ by: 'path', path: readPath(execution, item, 'path', 'Path') }),
		read: readOptions,
		async dryRun(task) {
			checkSpecialUse(task);
			const { imap, mailbox } = task;
			return { dryRun: true, mailbox, exists: await exists(imap, mailbox) };
		},
		async run(task) {
			checkSpecialUse(task);
			const { imap, mailbox, settings } = task;
			const { subscribe, ignoreExisting, specialUse } = settings;
			const creation = imap.createMailbox(mailbox, specialUse ? { specialUse: [specialUse] } : {});
			const created = await creation.then(
				() => true,
				async (error: unknown) => {
					if (!ignoreExisting || !(await isThere(imap, mailbox, error))) throw error;
					return false;
				},
			);
			if (subscribe) await imap.subscribe(mailbox);
			return { mailbox, created, ...(subscribe ? { subscribed: true } : {}) };
		},
	}),
};
