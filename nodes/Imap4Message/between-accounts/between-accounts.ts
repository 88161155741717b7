/**
 * Copy and Move to Another Account: read on one connection, stored on another, many at a time. Nothing is
 * stored twice: what the target has already is found by Message-ID, size and date, so a run that was cut
 * off anywhere is started again. A message is removed from the source only once the target has it.
 */
import type { IDataObject } from 'n8n-workflow';
import {
	UidSet,
	type Imap4,
	type Imap4Error,
	type OpenMailbox,
	type Uid,
} from '../../../engine/index';
import type { Account } from '../../shared/account/account';
import { probe } from '../../shared/account/connection-pool';
import type { Execution } from '../../shared/execution/execution';
import { onMessages, type MessageBatch } from '../../shared/execution/on-messages';
import type { Work } from '../../shared/execution/operation';
import { eachResult } from '../../shared/execution/message-results';
import { ofAccount, withDestinationOf } from '../../shared/errors/destination';
import { UserError } from '../../shared/errors/user-error';
import { fetchAccounted } from '../../shared/message/fetch-accounted';
import { unreadMessage } from '../../shared/message/unread-message';
import { checkRemovable, removeForGood } from '../../shared/message/delete-permanently';
import { readTargetMailbox, targetAccount } from './target-account';
import { FACTS, factsOf, keyOf, TargetIndex, type MessageFacts } from './target-index';
import { findTarget, openTarget, type TargetMailbox, type TargetWishes } from './target-mailbox';
import { groupsOf, keptFlags, storeGroups, type SourceMessage } from './store-group';

/** What became of a message. */
type Outcome = { json: IDataObject } | { error: Error };

/** The last run for each target account. */
const underway = new Map<string, Promise<unknown>>();

/**
 * One run for a target account at a time: two would not see what the other one is about to store. Stop does
 * not cut a command that stores, since the server would carry it out all the same; who comes next waits for it.
 */
async function inTurn(
	execution: Execution,
	target: Account,
	work: (to: Imap4) => Promise<void>,
): Promise<void> {
	const { url } = target;
	for (let before = underway.get(url); before; before = underway.get(url)) {
		await execution.waitFor(before);
	}
	await namingTarget(target, work, (named) =>
		execution.connectionToTheEnd(target, probe, named, (ended) => {
			const mine = ended.then(() => {
				if (underway.get(url) === mine) underway.delete(url);
			});
			underway.set(url, mine);
		}),
	);
}

/** An error before `work` begins, such as a refused login, is one of the target, whose credential is another one. */
async function namingTarget<Result>(
	{ url }: Account,
	work: (to: Imap4) => Promise<Result>,
	connect: (work: (to: Imap4) => Promise<Result>) => Promise<Result>,
): Promise<Result> {
	let begun = false;
	try {
		return await connect((to) => {
			begun = true;
			return work(to);
		});
	} catch (error) {
		throw begun ? error : ofAccount(url, error);
	}
}

/** Messages whose facts are fetched at a time. */
const AT_ONCE = 1000;

export const transferBetweenAccounts = (kind: 'copy' | 'move'): Work =>
	onMessages<TargetWishes>({
		readOnly: kind === 'copy',
		stores: true,
		read: (execution, item) => ({
			to: readTargetMailbox(execution, item),
			createIfMissing: execution.toggle('createIfMissing', 'Create Mailbox If Missing', item),
		}),
		dryRun,
		async run(batch) {
			const { execution } = batch;
			const target = await targetAccount(execution, batch.account);
			await eachResult<Outcome>(
				batch,
				(done) =>
					inTurn(execution, target, async (to) => {
						const opened = await openTarget(batch, to, target);
						await new Transfer(kind, batch, to, opened, done).run();
					}),
				(item, outcomes) => {
					const errors = outcomes.flatMap((one) => ('error' in one ? one.error : []));
					if (errors.length > 0) throw failed(errors, outcomes.length);
					for (const one of outcomes) {
						if ('json' in one) execution.emit(item, one.json, undefined, target.url);
					}
				},
			);
		},
	});

async function dryRun(batch: MessageBatch<TargetWishes>): Promise<IDataObject> {
	const { execution, mailbox, uids } = batch;
	const target = await targetAccount(execution, batch.account);
	const count = async (to: Imap4): Promise<IDataObject> => {
		const found = await findTarget(batch, to, target, { mayCreate: false });
		let alreadyThere = 0;
		if (found.mailbox) {
			const index = new TargetIndex(found.mailbox);
			await index.read();
			await sourceFacts(mailbox, uids, ({ facts }) => {
				if (index.take(facts)) alreadyThere++;
			});
		}
		return { destination: found.name, missing: found.mailbox === undefined, alreadyThere };
	};
	return namingTarget(target, count, (named) => execution.connection(target, probe, named));
}

function failed(errors: readonly Error[], count: number): Error {
	const [first] = errors as [Error];
	if (count === 1) return first;
	const others = errors.length < count ? 'The others are there. ' : '';
	const error = new UserError(
		`${errors.length} of ${count} messages could not be stored: ${first.message}`,
		`${others}Run the node again when the cause is settled: what is there is not stored twice.`,
	);
	return withDestinationOf(first, error);
}

/** @returns why messages that are there did not come */
async function sourceFacts(
	mailbox: OpenMailbox,
	uids: readonly Uid[],
	take: (one: { facts: MessageFacts; flags: readonly string[] }) => void,
): Promise<ReadonlyMap<Uid, Imap4Error | undefined>> {
	const { unreadable } = await fetchAccounted(mailbox, uids, FACTS, async (_uid, message) => {
		const facts = await factsOf(message);
		if (facts) take({ facts, flags: message.flags ?? [] });
		return facts !== undefined;
	});
	return unreadable;
}

/** One mailbox to another. */
class Transfer {
	private readonly index: TargetIndex;
	private readonly execution: Execution;
	private count = 0;
	/** What was stored by this run under a known UID. */
	private readonly stored = new Map<string, SourceMessage[]>();

	constructor(
		private readonly kind: 'copy' | 'move',
		private readonly batch: MessageBatch<TargetWishes>,
		private readonly to: Imap4,
		private readonly target: TargetMailbox & { mailbox: OpenMailbox },
		private readonly done: (uid: Uid, outcome: Outcome) => void,
	) {
		this.execution = batch.execution;
		this.index = new TargetIndex(target.mailbox);
	}

	async run(): Promise<void> {
		const { mailbox, uids, set } = this.batch;
		if (this.kind === 'move') await checkRemovable(mailbox, set);
		if (!this.target.created) await this.index.read();
		for (let first = 0; first < uids.length; first += AT_ONCE) {
			this.execution.checkCancelled();
			const missing: SourceMessage[] = [];
			const there: SourceMessage[] = [];
			const unsure: Uid[] = [];
			const some = uids.slice(first, first + AT_ONCE);
			const unreadable = await sourceFacts(mailbox, some, ({ facts, flags }) => {
				const message: SourceMessage = { facts, ...keptFlags(flags, this.target.mailbox) };
				const found = this.index.take(facts);
				if (!found) missing.push(message);
				else {
					message.storedAs = found.facts.uid;
					there.push(message);
					// A server may change what it stores, but then nothing proves that it is the same message.
					if (found.how === 'alike') unsure.push(facts.uid);
				}
			});
			for (const [uid, error] of unreadable) this.done(uid, { error: unreadMessage(uid, error) });
			await this.finish(there, { alreadyThere: true, unsure: new Set(unsure) });
			await this.storeAll(missing);
		}
		if (this.stored.size > 0) await this.confirm([]);
	}

	/** While one group is stored the next one is read. */
	private async storeAll(missing: readonly SourceMessage[]): Promise<void> {
		const { batch, execution, to, target } = this;
		const groups = groupsOf(missing);
		for await (const group of storeGroups(batch.mailbox, to, target, groups)) {
			execution.checkCancelled();
			for (const { facts, error } of group) {
				if (error) this.done(facts.uid, { error });
			}
			const accepted = group.filter(({ error }) => error === undefined);
			await this.confirm(accepted);
			await this.finish(accepted, {});
		}
	}

	/**
	 * Where the server does not say which UID a message got (UIDPLUS), it is looked for. And a run that was
	 * cut off may have left a command that the server carried out only now: what it stored is kept, and what
	 * was stored here is taken back.
	 */
	private async confirm(accepted: readonly SourceMessage[]): Promise<void> {
		for (const message of accepted) {
			if (message.storedAs === undefined) continue;
			this.index.skip(message.storedAs);
			const key = keyOf(message.facts);
			const same = this.stored.get(key);
			if (same) same.push(message);
			else this.stored.set(key, [message]);
		}
		const [, came] = await Promise.all([this.to.noop(), this.index.refresh()]);
		for (const message of accepted) {
			if (message.storedAs !== undefined) continue;
			message.storedAs = this.index.take(message.facts)?.facts.uid;
		}
		await this.takeBack(came);
	}

	private async takeBack(came: readonly MessageFacts[]): Promise<void> {
		const redundant: Uid[] = [];
		for (const facts of came) {
			const mine = this.stored.get(keyOf(facts)) ?? [];
			const at = mine.findIndex(
				({ facts: { size, date } }) => size === facts.size && date === facts.date,
			);
			if (at < 0) continue;
			const [message] = mine.splice(at, 1) as [SourceMessage];
			redundant.push(message.storedAs as Uid);
			message.storedAs = facts.uid;
		}
		if (redundant.length > 0) await removeForGood(this.target.mailbox, UidSet.from(redundant));
	}

	/** Removes from the source what the target certainly has, and reports. */
	private async finish(
		messages: readonly SourceMessage[],
		{ alreadyThere, unsure }: { alreadyThere?: true; unsure?: ReadonlySet<Uid> },
	): Promise<void> {
		if (messages.length === 0) return;
		const { batch, kind, target, execution } = this;
		const certain = messages.flatMap(({ facts, storedAs }) =>
			storedAs !== undefined && unsure?.has(facts.uid) !== true ? facts.uid : [],
		);
		const removed = new Set<Uid>(kind === 'move' ? certain : []);
		if (removed.size > 0) {
			const { kept } = await removeForGood(batch.mailbox, UidSet.from(certain));
			for (const uid of kept) removed.delete(uid);
		}
		for (const { facts, storedAs, lost } of messages) {
			this.done(facts.uid, {
				json: {
					mailbox: target.name,
					uidValidity: target.mailbox.uidValidity ?? null,
					uid: storedAs ?? null,
					messageId: facts.messageId ?? null,
					size: facts.size,
					previous: {
						mailbox: batch.mailbox.name,
						uidValidity: batch.mailbox.uidValidity,
						uid: facts.uid,
						account: batch.account,
					},
					...(kind === 'move' ? { removed: removed.has(facts.uid) } : {}),
					...(alreadyThere ? { alreadyThere } : {}),
					...(lost.length > 0 ? { flagsNotKept: lost } : {}),
					...(target.created ? { createdMailbox: true } : {}),
				},
			});
		}
		this.count += messages.length;
		execution.progress(this.count, batch.uids.length, 'messages');
	}
}
