import type { Execution } from '../../shared/execution/execution';
import { eachMailbox } from '../../shared/execution/each-mailbox';
import { mailboxLocator } from '../../shared/mailbox/mailbox-locator';
import type { Operation } from '../../shared/execution/operation';
import { dryRunProperties, isDryRun } from '../../shared/execution/safeguards';
import { identifierProperty, readIdentifier } from '../identifier';
import { rightsOf } from './set';

async function execute(execution: Execution): Promise<void> {
	await eachMailbox(execution, {
		inTurn: true,
		async run(imap, mailbox, item) {
			const identifier = readIdentifier(execution, item);
			const before = await rightsOf(imap, mailbox, identifier);
			if (isDryRun(execution, item)) return { dryRun: true, mailbox, identifier, before };
			await imap.deleteAcl(mailbox, identifier);
			return { deleted: true, mailbox, identifier, before };
		},
	});
}

export const deleteRights: Operation = {
	name: 'Delete',
	value: 'delete',
	description: 'Remove all rights of a user or group in a mailbox (DELETEACL)',
	action: 'Revoke access to a mailbox',
	properties: [
		mailboxLocator({ standard: '' }),
		identifierProperty,
		...dryRunProperties(
			'Whether to only report the rights that would be removed, without changing anything',
		),
	],
	execute,
};
