import { MANY } from '../../shared/execution/on-account';
import { onMailbox } from '../../shared/execution/on-mailbox';
import { mailboxLocator } from '../../shared/mailbox/mailbox-locator';
import type { Operation } from '../../shared/execution/operation';
import { quotaItems } from '../../shared/mailbox/quota-output';

export const getMany: Operation = {
	name: 'Get Many',
	value: 'getMany',
	description:
		'Get usage and limits of every quota that applies to a mailbox, one item per resource (GETQUOTAROOT)',
	forModel:
		'Use it to see how full a mailbox is. Returns usage, limit and percentage for each resource.',
	action: 'Check how full mailboxes are',
	properties: [mailboxLocator()],
	execute: onMailbox({
		atOnce: MANY,
		sharesAnswers: true,
		async run({ imap, mailbox }) {
			const { quotas } = await imap.getQuotaRoot(mailbox);
			// Nothing that is asked for stays without an answer.
			if (quotas.length === 0) return { mailbox, ...quotaItems({ root: '', resources: [] })[0] };
			return quotas.flatMap((quota) => quotaItems(quota, { mailbox }));
		},
	}),
};
