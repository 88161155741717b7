/** Operations on a mailbox by its name; those that need it open, open it. */
import { readMailboxChoice } from '../mailbox/mailbox-locator';
import type { MailboxChoice } from '../mailbox/mailbox-choice';
import type { Execution } from './execution';
import { onAccount, type AccountOperation, type AccountTask, type Output } from './on-account';
import type { Work } from './operation';

export interface MailboxTask<Settings> extends AccountTask<Settings, MailboxChoice> {
	/** Its name on the server. */
	mailbox: string;
}

type Run<Settings> = (task: MailboxTask<Settings>) => Promise<Output> | Output;

export interface MailboxOperation<Settings> extends Pick<
	AccountOperation<Settings>,
	'atOnce' | 'sharesAnswers' | 'read'
> {
	/** The item's mailbox; that of the field "Mailbox" by default. */
	choice?(execution: Execution, item: number): MailboxChoice;
	/** For an operation that creates the mailbox: a path is then fitted to the server's layout only. */
	creates?: true;
	/** What the operation reports in place of `run` where the field "Dry Run" is on. */
	dryRun?: Run<Settings>;
	run: Run<Settings>;
}

export function onMailbox<Settings = undefined>({
	choice = (execution, item) => readMailboxChoice(execution.context, item),
	creates,
	dryRun,
	run,
	...operation
}: MailboxOperation<Settings>): Work {
	const resolved =
		(work: Run<Settings>) =>
		async (task: AccountTask<Settings, MailboxChoice>): Promise<Output> => {
			const { resolver, choice: chosen } = task;
			const { name, requested } =
				creates && chosen.by === 'path'
					? await resolver.nameForNew(chosen.path)
					: await resolver.resolve(chosen);
			const results = [await work({ ...task, mailbox: name })].flat();
			if (requested === undefined) return results;
			return results.map((json) => ({ ...json, requestedMailbox: requested }));
		};
	return onAccount({
		...operation,
		choice,
		run: resolved(run),
		...(dryRun ? { dryRun: resolved(dryRun) } : {}),
	});
}
