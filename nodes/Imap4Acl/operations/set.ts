import type { IDataObject } from 'n8n-workflow';
import type { Imap4 } from '../../../engine/index';
import type { Execution } from '../../shared/execution/execution';
import { eachMailbox } from '../../shared/execution/each-mailbox';
import { mailboxLocator } from '../../shared/mailbox/mailbox-locator';
import { UserError } from '../../shared/errors/user-error';
import type { Operation } from '../../shared/execution/operation';
import { dryRunProperties, isDryRun } from '../../shared/execution/safeguards';
import { namesOf, readRights, rightsProperties } from '../access-rights';
import { identifierProperty, readIdentifier } from '../identifier';

/** What stands in front of the letters (RFC 4314 §3.1). */
const SIGNS = { replace: '', add: '+', remove: '-' };
type Mode = keyof typeof SIGNS;

/** @returns empty where the identifier has no entry */
export async function rightsOf(imap: Imap4, mailbox: string, identifier: string): Promise<string> {
	const entries = await imap.getAcl(mailbox);
	return entries.find((entry) => entry.identifier === identifier)?.rights ?? '';
}

async function execute(execution: Execution): Promise<void> {
	await eachMailbox(execution, {
		inTurn: true,
		async run(imap, mailbox, item) {
			const identifier = readIdentifier(execution, item);
			const mode = execution.parameter<Mode>('mode', item, 'replace');
			if (!Object.hasOwn(SIGNS, mode)) throw new UserError(`There is no mode "${String(mode)}"`);
			const rights = readRights(execution, item);
			if (rights === '') {
				throw new UserError(
					'No right is chosen',
					'To take everything away from a user or group, use the operation "Delete".',
				);
			}
			const before = await rightsOf(imap, mailbox, identifier);
			const told: IDataObject = { mailbox, identifier, before };
			if (isDryRun(execution, item))
				return { dryRun: true, ...told, mode, rights, rightNames: namesOf(rights) };
			await imap.setAcl(mailbox, identifier, SIGNS[mode] + rights);
			const after = await rightsOf(imap, mailbox, identifier);
			return { ...told, rights: after, rightNames: namesOf(after), changed: after !== before };
		},
	});
}

export const set: Operation = {
	name: 'Set',
	value: 'set',
	description: 'Grant rights in a mailbox to a user or group, or take them away (SETACL)',
	action: 'Share a mailbox',
	properties: [
		mailboxLocator({ standard: '' }),
		identifierProperty,
		{
			displayName: 'Mode',
			name: 'mode',
			type: 'options',
			options: [
				{ name: 'Add', value: 'add', description: 'Grant these as well' },
				{ name: 'Remove', value: 'remove', description: 'Take these away' },
				{ name: 'Replace', value: 'replace', description: 'Grant these and no others' },
			],
			default: 'replace',
		},
		...rightsProperties,
		...dryRunProperties(
			'Whether to only tell the rights there are and those to be set, and change nothing',
		),
	],
	execute,
};
