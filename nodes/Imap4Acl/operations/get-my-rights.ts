import type { Execution } from '../../shared/execution/execution';
import { eachMailbox } from '../../shared/execution/each-mailbox';
import { mailboxLocator } from '../../shared/mailbox/mailbox-locator';
import type { Operation } from '../../shared/execution/operation';
import { namesOf } from '../access-rights';

async function execute(execution: Execution): Promise<void> {
	await eachMailbox(execution, {
		inTurn: false,
		sameFor: () => null,
		async run(imap, mailbox) {
			const rights = await imap.myRights(mailbox);
			return { mailbox, rights, rightNames: namesOf(rights) };
		},
	});
}

export const getMyRights: Operation = {
	name: 'Get My Rights',
	value: 'getMyRights',
	description: 'Get the rights that the account itself has in a mailbox (MYRIGHTS)',
	action: 'Check my access to a mailbox',
	properties: [mailboxLocator()],
	execute,
};
