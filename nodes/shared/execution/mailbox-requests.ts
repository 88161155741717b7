/** Operations that look for something in a mailbox: items of the same mailbox share one EXAMINE. */
import type { INodeProperties } from 'n8n-workflow';
import type { Imap4, SelectedMailbox } from '../../../engine/index';
import type { Execution } from './execution';
import { choiceKey, choiceText, type MailboxChoice } from '../mailbox/mailbox-choice';
import { readMailboxChoice } from '../mailbox/mailbox-locator';
import { MailboxResolver } from '../mailbox/mailbox-resolver';
import { strictWholeNumber } from '../fields/strict-values';

export const limitProperties: INodeProperties[] = [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		displayOptions: { show: { returnAll: [false] } },
		default: 50,
		description: 'Max number of results to return',
	},
];

/** @returns Infinity for all. @throws UserError */
export function readLimit(execution: Execution, item: number): number {
	if (execution.toggle('returnAll', 'Return All', item)) return Infinity;
	return strictWholeNumber(execution.parameter<unknown>('limit', item, 50), 'Limit', { min: 1 });
}

interface MailboxRequests<Request> {
	/** What the item asks for. */
	read(item: number): Request;
	run(imap: Imap4, mailbox: SelectedMailbox, item: number, request: Request): Promise<void>;
}

interface Planned<Request> {
	choice: MailboxChoice;
	requests: Map<number, Request>;
}

/** Runs each item's request on its mailbox, all those of one mailbox together. */
export async function eachRequest<Request>(
	execution: Execution,
	{ read, run }: MailboxRequests<Request>,
): Promise<void> {
	const plan = (items: readonly number[]): Promise<Planned<Request>[]> =>
		planRequests(execution, read, items);
	await execution.eachPlan(plan, async (account, planned) => {
		for (const { choice, requests } of planned) {
			execution.checkCancelled();
			await execution.guarded([...requests.keys()], choiceText(choice), () =>
				execution.connection(
					account,
					async (imap) => {
						const resolver = new MailboxResolver(imap, account.identity);
						return imap.examine((await resolver.resolve(choice)).name);
					},
					async (imap, mailbox) => {
						for (const [item, request] of requests) {
							execution.checkCancelled();
							await execution.guarded([item], mailbox.name, () =>
								run(imap, mailbox, item, request),
							);
						}
					},
				),
			);
		}
	});
}

async function planRequests<Request>(
	execution: Execution,
	read: (item: number) => Request,
	items: readonly number[],
): Promise<Planned<Request>[]> {
	const byMailbox = new Map<string, Planned<Request>>();
	for (const item of items) {
		await execution.guarded([item], undefined, () => {
			const choice = readMailboxChoice(execution.context, item);
			const request = read(item);
			const key = choiceKey(choice);
			const same = byMailbox.get(key) ?? { choice, requests: new Map<number, Request>() };
			same.requests.set(item, request);
			byMailbox.set(key, same);
		});
	}
	return [...byMailbox.values()];
}
