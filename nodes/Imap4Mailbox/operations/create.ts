import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { Imap4Error, type Imap4 } from '../../../engine/index';
import type { Execution } from '../../shared/execution/execution';
import { optionalSwitch, strictText } from '../../shared/fields/strict-values';
import { UserError } from '../../shared/errors/user-error';
import type { Operation } from '../../shared/execution/operation';
import { SPECIAL_USES } from '../../shared/mailbox/special-use';
import { eachMailbox } from '../../shared/execution/each-mailbox';
import { dryRunProperties, isDryRun } from '../../shared/execution/safeguards';
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

async function execute(execution: Execution): Promise<void> {
	await eachMailbox(execution, {
		inTurn: false,
		creates: true,
		mailbox: (item) => ({ by: 'path', path: readPath(execution, item) }),
		async run(imap, mailbox, item) {
			const options = execution.parameter<IDataObject>('mailboxOptions', item, {});
			const subscribe = optionalSwitch(options, 'subscribe', 'Subscribe');
			const ignoreExisting = optionalSwitch(options, 'ignoreExisting', 'Ignore If It Exists');
			const specialUse =
				'specialUse' in options
					? strictText(options.specialUse, 'Special Use', { required: true })
					: undefined;
			if (specialUse && !imap.capabilities.has('CREATE-SPECIAL-USE')) {
				throw new UserError(
					"The server doesn't support special uses for new mailboxes (CREATE-SPECIAL-USE)",
					'Remove the option "Special Use".',
				);
			}
			if (isDryRun(execution, item)) {
				return { dryRun: true, mailbox, exists: await exists(imap, mailbox) };
			}
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
	});
}

export const create: Operation = {
	name: 'Create',
	value: 'create',
	description: 'Create a mailbox (CREATE)',
	action: 'Create a mailbox',
	properties,
	execute,
};
