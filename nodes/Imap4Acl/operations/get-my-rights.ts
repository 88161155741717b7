import { MANY } from '../../shared/execution/on-account';
import { onMailbox } from '../../shared/execution/on-mailbox';
import { mailboxLocator } from '../../shared/mailbox/mailbox-locator';
import type { Operation } from '../../shared/execution/operation';
import { namesOf } from '../access-rights';

export const getMyRights: Operation = {
	name: 'Get My Rights',
	value: 'getMyRights',
	description: 'Get the rights that the account itself has in a mailbox (MYRIGHTS)',
	forModel:
		'Use it to find out what this account may do in a mailbox before you try it. Returns the names of its rights.',
	action: 'Check my access to a mailbox',
	properties: [mailboxLocator()],
	execute: onMailbox({
		atOnce: MANY,
		sharesAnswers: true,
		async run({ imap, mailbox }) {
			const rights = await imap.myRights(mailbox);
			return { mailbox, rights, rightNames: namesOf(rights) };
		},
	}),
};
