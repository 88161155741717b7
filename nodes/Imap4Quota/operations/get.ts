import type { Execution } from '../../shared/execution/execution';
import { eachMailbox } from '../../shared/execution/each-mailbox';
import type { Operation } from '../../shared/execution/operation';
import { quotaItems } from '../../shared/mailbox/quota-output';
import { readRoot, rootProperty } from '../quota-root';

async function execute(execution: Execution): Promise<void> {
	await eachMailbox(execution, {
		inTurn: false,
		sameFor: () => null,
		mailbox: (item) => ({ by: 'name', name: readRoot(execution, item) }),
		run: async (imap, root) => quotaItems(await imap.getQuota(root)),
	});
}

export const get: Operation = {
	name: 'Get',
	value: 'get',
	description: 'Get usage and limits of a quota root, one item per resource (GETQUOTA)',
	action: 'Get a quota',
	properties: [rootProperty],
	execute,
};
