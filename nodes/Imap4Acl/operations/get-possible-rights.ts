import { MANY } from '../../shared/execution/on-account';
import { onMailbox } from '../../shared/execution/on-mailbox';
import { mailboxLocator } from '../../shared/mailbox/mailbox-locator';
import type { Operation } from '../../shared/execution/operation';
import { namesOf } from '../access-rights';
import { identifierProperty, readIdentifier } from '../identifier';

export const getPossibleRights: Operation = {
	name: 'Get Possible Rights',
	value: 'getPossibleRights',
	description:
		'Get the rights that can be granted to a user or group; rights listed together can only be granted together (LISTRIGHTS)',
	forModel:
		'Use it before you grant rights. Returns the rights that the user or group always has and those that can be granted.',
	action: 'List rights that can be granted',
	properties: [mailboxLocator(), identifierProperty],
	execute: onMailbox({
		atOnce: MANY,
		sharesAnswers: true,
		read: readIdentifier,
		async run({ imap, mailbox, settings: identifier }) {
			const { required, optional } = await imap.listRights(mailbox, identifier);
			return {
				mailbox,
				identifier,
				required,
				optional,
				rightNames: namesOf(required + optional.join('')),
			};
		},
	}),
};
