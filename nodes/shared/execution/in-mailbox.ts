/** Operations that look for something in a mailbox: items of the same mailbox share one EXAMINE. */
import type { Imap4, OpenMailbox } from '../../../engine/index';
import type { Account } from '../account/account';
import { probe } from '../account/connection-pool';
import { choiceKey, choiceText, type MailboxChoice } from '../mailbox/mailbox-choice';
import { readMailboxChoice } from '../mailbox/mailbox-locator';
import { shownText } from '../errors/shown-text';
import { UserError } from '../errors/user-error';
import { usesExpressions } from '../fields/written-fields';
import type { Execution } from './execution';
import type { Work } from './operation';
import { runGroups, runItems, type Group, type Sitting } from './runner';

export interface SearchTask<Request> {
	execution: Execution;
	imap: Imap4;
	mailbox: OpenMailbox;
	item: number;
	request: Request;
}

export interface SearchOperation<Request> {
	/** What the item asks for, and how far it is: `run` is called again with it where the connection broke. */
	read(execution: Execution, item: number): Request;
	/** Puts out what it finds. */
	run(task: SearchTask<Request>): Promise<void>;
	/** For requests that look in several mailboxes. */
	across: {
		is(request: Request): boolean;
		/** As `run`, with no mailbox open. */
		run(task: AcrossTask<Request>): Promise<void>;
	};
}

export interface AcrossTask<Request> extends Omit<SearchTask<Request>, 'mailbox'> {
	account: Account;
}

interface Wanted<Request> {
	/** Undefined for several mailboxes. */
	choice: MailboxChoice | undefined;
	request: Request;
}

interface RequestGroup<Request> extends Group {
	item: number;
	request: Request;
}

/** Runs each item's request on its mailbox, all those of one mailbox together. */
export function inMailbox<Request>({ read, run, across }: SearchOperation<Request>): Work {
	return (execution) => {
		hintAtRepetition(execution);
		return runItems<Wanted<Request>, OpenMailbox | undefined>(execution, {
			read(item) {
				const request = read(execution, item);
				const choice = across.is(request) ? undefined : readMailboxChoice(execution.context, item);
				return { choice, request };
			},
			sittings(requests, account) {
				const byMailbox = new Map<string, [choice: MailboxChoice, RequestGroup<Request>[]]>();
				const sittings: Sitting<OpenMailbox | undefined>[] = [];
				for (const [item, { choice, request }] of requests) {
					const group = { items: [item], item, request };
					if (choice === undefined) {
						sittings.push({
							items: [item],
							async open(imap, kept) {
								await probe(imap, kept);
								return undefined;
							},
							work: async (imap) => across.run({ execution, imap, account, item, request }),
						});
						continue;
					}
					const same = byMailbox.get(choiceKey(choice));
					if (same) same[1].push(group);
					else byMailbox.set(choiceKey(choice), [choice, [group]]);
				}
				for (const [choice, groups] of byMailbox.values()) {
					let uidValidity: number | undefined;
					sittings.push({
						items: groups.map(({ item }) => item),
						mailbox: choiceText(choice),
						async open(imap) {
							const resolver = execution.resolver(imap, account);
							return imap.open((await resolver.resolve(choice)).name, { readOnly: true });
						},
						async work(imap, opened) {
							const mailbox = opened as OpenMailbox;
							uidValidity = sameMailbox(mailbox, uidValidity);
							for (const group of groups) group.mailbox = mailbox.name;
							await runGroups(execution, groups, 1, ({ item, request }) =>
								run({ execution, imap, mailbox, item, request }),
							);
						},
					});
				}
				return sittings;
			},
		});
	};
}

/** n8n runs a node once for each item, also where nothing in it depends on the item. */
function hintAtRepetition(execution: Execution): void {
	const { items, context } = execution;
	if (items.length < 2 || usesExpressions(context)) return;
	execution.hint(
		`Each of the ${items.length} input items searches for the same, so every message is returned ${items.length} times. To search once, turn on "Execute Once" in the settings of this node.`,
	);
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
