import type { Execution } from '../../shared/execution/execution';
import { eachMailbox } from '../../shared/execution/each-mailbox';
import { mailboxLocator } from '../../shared/mailbox/mailbox-locator';
import type { Operation } from '../../shared/execution/operation';
import { namesOf } from '../access-rights';
import { identifierProperty, readIdentifier } from '../identifier';

async function execute(execution: Execution): Promise<void> {
	await eachMailbox(execution, {
		inTurn: false,
		sameFor: (item) => readIdentifier(execution, item),
		async run(imap, mailbox, item) {
			const identifier = readIdentifier(execution, item);
			const { required, optional } = await imap.listRights(mailbox, identifier);
			return {
				mailbox,
				identifier,
				required,
				optional,
				rightNames: namesOf(required + optional.join('')),
			};
		},
	});
}

export const getPossibleRights: Operation = {
	name: 'Get Possible Rights',
	value: 'getPossibleRights',
	description:
		'Get the rights that can be granted to a user or group; rights listed together can only be granted together (LISTRIGHTS)',
	action: 'List rights that can be granted',
	properties: [mailboxLocator(), identifierProperty],
	execute,
};
