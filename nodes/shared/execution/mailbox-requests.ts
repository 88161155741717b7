/** Operations that look for something in a mailbox: items of the same mailbox share one EXAMINE. */
import type { INodeProperties } from 'n8n-workflow';
import type { Imap4, OpenMailbox } from '../../../engine/index';
import type { Execution } from './execution';
import { choiceKey, choiceText, type MailboxChoice } from '../mailbox/mailbox-choice';
import { readMailboxChoice } from '../mailbox/mailbox-locator';
import { MailboxResolver } from '../mailbox/mailbox-resolver';
import { shownText } from '../errors/shown-text';
import { UserError } from '../errors/user-error';
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
	/** What the item asks for, and how far it is: `run` is called again with it where the connection broke. */
	read(item: number): Request;
	run(imap: Imap4, mailbox: OpenMailbox, item: number, request: Request): Promise<void>;
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
			let uidValidity: number | undefined;
			const done = new Set<number>();
			await execution.guarded([...requests.keys()], choiceText(choice), () =>
				execution.connection(
					account,
					async (imap) => {
						const resolver = new MailboxResolver(imap, account.identity);
						return imap.open((await resolver.resolve(choice)).name, { readOnly: true });
					},
					async (imap, mailbox) => {
						uidValidity = sameMailbox(mailbox, uidValidity);
						for (const [item, request] of requests) {
							if (done.has(item)) continue;
							execution.checkCancelled();
							await execution.guarded([item], mailbox.name, () =>
								run(imap, mailbox, item, request),
							);
							done.add(item);
						}
					},
				),
			);
		}
	});
}

/** @throws UserError if the mailbox is another one than before the connection broke */
export function sameMailbox(
	{ name, uidValidity }: Pick<OpenMailbox, 'name' | 'uidValidity'>,
	before: number | undefined,
): number | undefined {
	if (before === undefined || uidValidity === before) return uidValidity;
	throw new UserError(
		`The mailbox "${shownText(name)}" was replaced by another one while its messages were read`,
		'Run the node again.',
	);
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
