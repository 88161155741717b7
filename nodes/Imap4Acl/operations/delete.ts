import { onMailbox } from '../../shared/execution/on-mailbox';
import { mailboxLocator } from '../../shared/mailbox/mailbox-locator';
import type { Operation } from '../../shared/execution/operation';
import { dryRunProperties } from '../../shared/execution/safeguards';
import { identifierProperty, readIdentifier } from '../identifier';
import { rightsOf } from './set';

export const deleteRights: Operation = {
	name: 'Delete',
	value: 'delete',
	description: 'Remove all rights of a user or group in a mailbox (DELETEACL)',
	forModel:
		"Use it to take a user's or group's access to a mailbox away. Returns the rights they had before. Never deletes messages or the user.",
	action: 'Revoke access to a mailbox',
	properties: [
		mailboxLocator({ standard: '' }),
		identifierProperty,
		...dryRunProperties(
			'Whether to only report the rights that would be removed, without changing anything',
		),
	],
	execute: onMailbox({
		atOnce: 1,
		read: readIdentifier,
		async dryRun({ imap, mailbox, settings: identifier }) {
			const before = await rightsOf(imap, mailbox, identifier);
			return { dryRun: true, mailbox, identifier, before };
		},
		async run({ imap, mailbox, settings: identifier }) {
			const before = await rightsOf(imap, mailbox, identifier);
			await imap.deleteAcl(mailbox, identifier);
			return { deleted: true, mailbox, identifier, before };
		},
	}),
};
