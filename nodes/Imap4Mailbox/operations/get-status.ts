import { mailboxLocator } from '../../shared/mailbox/mailbox-locator';
import type { Operation } from '../../shared/execution/operation';
import { MANY } from '../../shared/execution/on-account';
import { onMailbox } from '../../shared/execution/on-mailbox';
import { checkFigures, figuresOf, figuresProperty, readFigures } from '../status-figures';

export const getStatus: Operation = {
	name: 'Get Status',
	value: 'getStatus',
	description:
		'Get the message counts and other status items of a mailbox without opening it (STATUS)',
	forModel:
		'Use it to count messages, such as the unread ones of a mailbox, without reading them. Returns the counts.',
	action: 'Count messages in a mailbox',
	properties: [mailboxLocator(), figuresProperty],
	execute: onMailbox({
		atOnce: MANY,
		sharesAnswers: true,
		read: readFigures,
		async run({ imap, mailbox, settings: figures }) {
			checkFigures(imap, figures);
			return { mailbox, ...figuresOf(await imap.status(mailbox, figures)) };
		},
	}),
};
