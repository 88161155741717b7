/** Operations that need no mailbox open: a command or a few for each item, all on one connection. */
import type { IDataObject } from 'n8n-workflow';
import type { Imap4 } from '../../../engine/index';
import type { Account } from '../account/account';
import { probe } from '../account/connection-pool';
import { choiceText, type MailboxChoice } from '../mailbox/mailbox-choice';
import { type MailboxResolver } from '../mailbox/mailbox-resolver';
import type { Execution } from './execution';
import type { Work } from './operation';
import type { Requests } from './requests';
import { runGroups, runItems, type Group, type Sitting } from './runner';
import { isDryRun } from './safeguards';

type MaybeChoice = MailboxChoice | undefined;

export interface AccountTask<Settings, Choice extends MaybeChoice = undefined> {
	execution: Execution;
	imap: Imap4;
	account: Account;
	resolver: MailboxResolver;
	choice: Choice;
	settings: Settings;
	/** Whether nothing is to be changed. */
	dryRun: boolean;
	/** One of those that share the answer. */
	item: number;
}

/** What is put out: one object, or one for each result. */
export type Output = IDataObject | IDataObject[];

export interface AccountOperation<Settings, Choice extends MaybeChoice = undefined> {
	/**
	 * Commands under way at a time. 1 for items in their order, so that nothing more is changed once one has
	 * failed; more to save round trips, where they don't depend on one another.
	 */
	atOnce: number;
	/** For what only reads, or changes nothing the second time: items that ask for the same share one answer. */
	sharesAnswers?: true;
	/** For what leaves a connection in a state that the next item must not find: each has one of its own. */
	ownConnection?: true;
	/** The mailbox that an item names; errors name it too. */
	choice?(execution: Execution, item: number): Choice;
	/** What else an item asks for, in plain values. */
	read?(execution: Execution, item: number): Settings;
	/** What the operation reports in place of `run` where the field "Dry Run" is on. */
	dryRun?(task: AccountTask<Settings, Choice>): Promise<Output> | Output;
	run(task: AccountTask<Settings, Choice>): Promise<Output> | Output;
}

/** Commands under way at a time where they don't depend on one another. */
export const MANY = 50;

interface Request<Settings, Choice> {
	choice: Choice;
	settings: Settings;
	dryRun: boolean;
}

interface RequestGroup<Settings, Choice> extends Group {
	items: number[];
	request: Request<Settings, Choice>;
}

export function onAccount<Settings = undefined, Choice extends MaybeChoice = undefined>(
	operation: AccountOperation<Settings, Choice>,
): Work {
	const { atOnce, sharesAnswers = false, ownConnection } = operation;
	return (execution) =>
		runItems<Request<Settings, Choice>, void>(execution, {
			async read(item) {
				const choice = operation.choice?.(execution, item) as Choice;
				return execution.guarded([item], nameOf(choice), () => ({
					choice,
					settings: operation.read?.(execution, item) as Settings,
					dryRun: operation.dryRun ? isDryRun(execution, item) : false,
				}));
			},
			sittings(requests, account) {
				const groups = grouped(requests, sharesAnswers);
				const sittings = ownConnection ? groups.map((group) => [group]) : [groups];
				return sittings.map((some): Sitting<void> => ({
					items: some.flatMap(({ items }) => items),
					open: probe,
					async work(imap) {
						const resolver = execution.resolver(imap, account);
						await runGroups(execution, some, atOnce, async ({ items, request }) => {
							const [item] = items as [number];
							const task = { execution, imap, account, resolver, item, ...request };
							const work = request.dryRun ? operation.dryRun : operation.run;
							const result = await work?.(task);
							for (const one of items) {
								for (const json of [result ?? []].flat()) execution.emit(one, json);
							}
						});
					},
				}));
			},
		});
}

const nameOf = (choice: MaybeChoice): string | undefined =>
	choice === undefined ? undefined : choiceText(choice);

function grouped<Settings, Choice extends MaybeChoice>(
	requests: Requests<Request<Settings, Choice>>,
	sharesAnswers: boolean,
): RequestGroup<Settings, Choice>[] {
	const groups = new Map<string, RequestGroup<Settings, Choice>>();
	for (const [item, request] of requests) {
		const key = JSON.stringify(sharesAnswers ? request : item);
		const same = groups.get(key);
		if (same) same.items.push(item);
		else groups.set(key, { items: [item], mailbox: nameOf(request.choice), request });
	}
	return [...groups.values()];
}
