import type { IDataObject } from 'n8n-workflow';
import type { Execution } from '../../shared/execution/execution';
import { eachMailbox } from '../../shared/execution/each-mailbox';
import { mailboxLocator } from '../../shared/mailbox/mailbox-locator';
import type { Operation } from '../../shared/execution/operation';
import { quotaItems } from '../../shared/mailbox/quota-output';

async function execute(execution: Execution): Promise<void> {
	await eachMailbox(execution, {
		inTurn: false,
		sameFor: () => null,
		async run(imap, mailbox): Promise<IDataObject[]> {
			const { quotas } = await imap.getQuotaRoot(mailbox);
			// Nothing that is asked for stays without an answer.
			if (quotas.length === 0) return [{ mailbox, ...quotaItems({ root: '', resources: [] })[0] }];
			return quotas.flatMap((quota) => quotaItems(quota, { mailbox }));
		},
	});
}

export const getMany: Operation = {
	name: 'Get Many',
	value: 'getMany',
	description:
		'Get usage and limits of every quota that applies to a mailbox, one item per resource (GETQUOTAROOT)',
	action: 'Check how full mailboxes are',
	properties: [mailboxLocator()],
	execute,
};
