import type { Imap4 } from '../../../engine/index';
import type { Execution } from '../../shared/execution/execution';
import { onMailbox } from '../../shared/execution/on-mailbox';
import { mailboxLocator } from '../../shared/mailbox/mailbox-locator';
import { UserError } from '../../shared/errors/user-error';
import { strictChoice } from '../../shared/fields/strict-values';
import type { Operation } from '../../shared/execution/operation';
import { dryRunProperties } from '../../shared/execution/safeguards';
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

interface Grant {
	identifier: string;
	mode: Mode;
	/** Letters. */
	rights: string;
}

function readGrant(execution: Execution, item: number): Grant {
	const identifier = readIdentifier(execution, item);
	const mode = strictChoice(
		execution.parameter<unknown>('mode', item, 'replace'),
		'Mode',
		Object.keys(SIGNS) as Mode[],
	);
	const rights = readRights(execution, item);
	if (rights !== '') return { identifier, mode, rights };
	throw new UserError(
		'No right is selected',
		'To remove all rights of a user or group, use the operation "Delete".',
	);
}

export const set: Operation = {
	name: 'Set',
	value: 'set',
	description: 'Grant a user or group rights in a mailbox, or remove rights (SETACL)',
	forModel:
		"Use it to share a mailbox, or to change what someone may do in it. Returns the rights before and after. Never affects other users' rights.",
	action: 'Share a mailbox',
	properties: [
		mailboxLocator({ standard: '' }),
		identifierProperty,
		{
			displayName: 'Mode',
			name: 'mode',
			type: 'options',
			options: [
				{ name: 'Add', value: 'add', description: 'Grant these in addition to existing rights' },
				{ name: 'Remove', value: 'remove', description: 'Remove these rights' },
				{
					name: 'Replace',
					value: 'replace',
					description: 'Replace all existing rights with these',
				},
			],
			default: 'replace',
		},
		...rightsProperties,
		...dryRunProperties(
			'Whether to only report the current and new rights, without changing anything',
		),
	],
	execute: onMailbox({
		atOnce: 1,
		read: readGrant,
		async dryRun({ imap, mailbox, settings: { identifier, mode, rights } }) {
			const before = await rightsOf(imap, mailbox, identifier);
			const names = namesOf(rights);
			return { dryRun: true, mailbox, identifier, before, mode, rights, rightNames: names };
		},
		async run({ imap, mailbox, settings: { identifier, mode, rights } }) {
			const before = await rightsOf(imap, mailbox, identifier);
			await imap.setAcl(mailbox, identifier, SIGNS[mode] + rights);
			const after = await rightsOf(imap, mailbox, identifier);
			const changed = after !== before;
			return { mailbox, identifier, before, rights: after, rightNames: namesOf(after), changed };
		},
	}),
};
