import { MANY } from '../../shared/execution/on-account';
import { onMailbox } from '../../shared/execution/on-mailbox';
import { mailboxLocator } from '../../shared/mailbox/mailbox-locator';
import type { Operation } from '../../shared/execution/operation';
import { namesOf } from '../access-rights';

export const getMany: Operation = {
	name: 'Get Many',
	value: 'getMany',
	description: 'List the rights in a mailbox, one item per user or group (GETACL)',
	forModel:
		'Use it to see who may do what in a mailbox. Returns one entry per user or group with the names of its rights.',
	action: 'List who has access to a mailbox',
	properties: [mailboxLocator()],
	execute: onMailbox({
		atOnce: MANY,
		sharesAnswers: true,
		async run({ imap, mailbox }) {
			const entries = await imap.getAcl(mailbox);
			return entries.map(({ identifier, rights }) => ({
				mailbox,
				identifier,
				rights,
				rightNames: namesOf(rights),
				denied: identifier.startsWith('-'),
			}));
		},
	}),
};
