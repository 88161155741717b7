import type { Execution } from '../../shared/execution/execution';
import { mailboxLocator } from '../../shared/mailbox/mailbox-locator';
import type { Operation } from '../../shared/execution/operation';
import { eachMailbox } from '../../shared/execution/each-mailbox';
import { checkFigures, figuresOf, figuresProperty } from '../status-figures';

async function execute(execution: Execution): Promise<void> {
	await eachMailbox(execution, {
		inTurn: false,
		sameFor: (item) => execution.parameter('figures', item, []),
		async run(imap, mailbox, item) {
			const figures = checkFigures(imap, execution.parameter<string[]>('figures', item, []));
			return { mailbox, ...figuresOf(await imap.status(mailbox, figures)) };
		},
	});
}

export const getStatus: Operation = {
	name: 'Get Status',
	value: 'getStatus',
	description:
		'Get the message counts and other status items of a mailbox without opening it (STATUS)',
	action: 'Count messages in a mailbox',
	properties: [mailboxLocator(), figuresProperty],
	execute,
};
