/**
 * One poll: looks at each mailbox, and remembers where it was only when nothing can fail any more. What
 * fails has changed nothing, so the next poll repeats it.
 */
import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import type { Account } from '../shared/account/account';
import type { Authentication } from '../shared/account/authentication';
import { nodeAccount } from '../shared/account/node-account';
import { nodeError } from '../shared/errors/node-errors';
import { newState, type TriggerState } from './cursor';
import { readState, writeState } from './stored-state';
import { reportDamaged, reportFailures, reportUnacknowledged } from './failure-reports';
import { pollMailboxes, type Round, type RoundResult } from './mailbox-round';
import { manualTest } from './manual-test';
import { PollClock } from './poll-clock';
import { isStale, lockPoll, noteDelivery, unlockPoll } from './poll-lock';
import { commitCursor, emitItems, isActivation, nodeKey, notePollStart } from './poll-context';
import { strictText } from '../shared/fields/strict-values';
import { readSettings, type Settings } from './settings';
import { emptyMailboxes } from './uidvalidity-change';
import { waitForMail } from './wait-for-mail';

/**
 * @returns null for nothing new
 * @throws NodeError with n8n's `failure`, by which n8n waits, or asks someone to act
 */
export async function poll(context: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	const clock = PollClock.of(context);
	if (context.getMode() === 'manual') {
		return guarded(context, clock, async (settings, account) => [
			await manualTest(context, settings, account, clock),
		]);
	}
	const node = nodeKey(context);
	// Whether or not it gets its turn: n8n may activate the node twice at a time, and keep either schedule.
	const activation = isActivation(context);
	if (!(await clock.limit(() => lockPoll(node, clock.signal)))) return null;
	try {
		if (isStale(node, context.getWorkflowStaticData('node'))) return null;
		return await guarded(context, clock, (settings, account) =>
			new Poll(context, node, settings, account, clock, activation).run(),
		);
	} finally {
		unlockPoll(node);
	}
}

/** @throws NodeError */
async function guarded<Result>(
	context: IPollFunctions,
	clock: PollClock,
	work: (settings: Settings, account: Account) => Promise<Result>,
): Promise<Result> {
	try {
		return await clock.limit(async () => {
			const settings = readSettings(context);
			return work(settings, await accountFor(context, clock));
		});
	} catch (error) {
		throw nodeError(context.getNode(), error, { operation: 'Poll' });
	}
}

async function accountFor(context: IPollFunctions, clock: PollClock): Promise<Account> {
	const authentication = context.getNodeParameter('authentication', 'ssl') as Authentication;
	// Left empty it is the default user of the credential; an expression that returned nothing is not.
	const actAs = strictText(context.getNodeParameter('actAsUser', ''), 'Act As User');
	const account = await nodeAccount(context, authentication, actAs);
	account.options.timeouts = clock.timeouts;
	account.options.signal = clock.signal;
	return account;
}

class Poll {
	private readonly staticData;
	private readonly state: TriggerState;
	private readonly isFirst: boolean;
	private readonly round: Round;
	private readonly waits: boolean;
	/** Mailboxes of which nothing that makes sense was remembered. */
	private readonly damaged: string[] = [];

	constructor(
		private readonly context: IPollFunctions,
		private readonly node: string,
		settings: Settings,
		account: Account,
		clock: PollClock,
		activation: boolean,
	) {
		this.staticData = context.getWorkflowStaticData('node');
		const { host, port, auth } = account.options;
		const who = account.proxyAuth ?? auth?.actAs ?? auth?.user;
		const purpose = JSON.stringify([settings.event, host, port, who, account.command?.command]);
		const watched = JSON.stringify(settings.watched);
		const before = readState(this.staticData, purpose, (mailbox) => this.damaged.push(mailbox));
		this.isFirst = before === undefined;
		this.state = before ?? newState(purpose);
		// Cursors of versions before 0.2 do not say what they were watching.
		const sameMailboxes = this.state.watched === undefined || this.state.watched === watched;
		this.state.watched = watched;
		// It keeps count, so every poll asks it.
		const soon = notePollStart(node);
		this.waits = settings.waits && !activation && !this.isFirst;
		this.round = {
			context,
			settings,
			account,
			clock,
			state: this.state,
			createdAreNew: !this.isFirst && sameMailboxes,
			watchesOthers: !sameMailboxes,
			emptyBefore: emptyMailboxes(this.state),
			keep: soon,
		};
	}

	async run(): Promise<INodeExecutionData[][] | null> {
		const { context } = this;
		const result = await pollMailboxes(this.round, async (imap, first) => {
			if (this.waits) await waitForMail(this.round, imap, first, (more) => this.emit(more));
		});
		this.round.clock.throwIfGivenUp();
		const failure = reportFailures(context, this.state, result, this.isFirst);
		reportDamaged(context, this.damaged);
		reportUnacknowledged(context, this.state, result.items);
		const changed = this.save();
		if (result.items.length > 0) {
			noteDelivery(this.node, changed.before);
			return [result.items];
		}
		// n8n drops what the activation poll, or a poll that fails, has remembered, unless asked to keep it.
		if (changed.is) await commitCursor(context);
		if (failure) throw failure;
		return null;
	}

	/** Delivers what came while the poll waits. @returns false if n8n takes items only at its end */
	private emit(result: RoundResult): boolean {
		this.round.clock.throwIfGivenUp();
		const { before } = this.save();
		if (!emitItems(this.context, result.items)) return false;
		noteDelivery(this.node, before);
		return true;
	}

	private save(): { before: string; is: boolean } {
		const before = JSON.stringify(this.staticData);
		writeState(this.staticData, this.state);
		return { before, is: JSON.stringify(this.staticData) !== before };
	}
}
