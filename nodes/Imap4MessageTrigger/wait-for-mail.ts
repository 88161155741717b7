/**
 * Wait for New Mail: the poll stays on the server for as long as n8n lets it, and delivers what comes at
 * once. It idles on one mailbox; of several, NOTIFY reports all, else the others are looked at now and then. The server's notifications only wake it: what is new is decided by UIDs, as in any other poll.
 */
import { Imap4Error, type Imap4, type MailboxStatus } from '../../engine/index';
import { onPlaceWanted } from '../shared/account/places';
import { deactivation } from './deactivation';
import { pollAgain, type Round, type RoundResult } from './mailbox-round';
import { nodeKey } from './poll-context';
import { onNextPoll } from './poll-lock';
import { differ } from './status-cursor';
import { canBeNotified, untilNotified } from './wait-by-notify';

/** Milliseconds between two looks at the mailboxes that the server sends no notifications of. */
const OTHERS_EVERY = 5_000;
/** The same where there are many. */
const MANY_EVERY = 15_000;
const MANY = 20;
/** Milliseconds after which the mailbox is checked though the server, idling, has reported nothing. */
const CHECK_EVERY = 30_000;
/** Milliseconds between two checks where the server cannot idle. */
const WITHOUT_IDLE_EVERY = 5_000;
/**
 * Milliseconds between two looks at least. Servers that end IDLE at once must not be asked in a loop, and
 * n8n saves what two deliveries remember in no certain order if they follow each other closely.
 */
const SPACING = 1_000;
/** Looks in a row after which a server that still says that something is new is not believed any more. */
const MOST_BEHIND = 5;
/** Responses that may mean an event. */
const WAKES: ReadonlySet<string> = new Set(['EXISTS', 'EXPUNGE', 'VANISHED', 'FETCH']);

/**
 * Ends when the time is up, the node is deactivated, its next poll begins, somebody needs the connection's
 * place, a mailbox begins to fail, or the connection breaks, which is left to the next poll to report.
 * @param result what the poll has found; what cannot be emitted is added to it, and ends the wait
 * @param emit delivers at once
 */
export async function waitForMail(
	round: Round,
	imap: Imap4,
	result: RoundResult,
	emit: (result: RoundResult) => boolean,
): Promise<void> {
	const node = nodeKey(round.context);
	const ended = new AbortController();
	const ends = [
		onPlaceWanted(round.account.url, () => ended.abort()),
		onNextPoll(node, () => {
			// For the next poll, which begins now.
			round.keep = true;
			ended.abort();
		}),
	];
	const deactivated = deactivation(node);
	const stopped = AbortSignal.any([deactivated, ended.signal]);
	round.clock.startWaiting();
	try {
		// What is found after deactivation is left to n8n, which drops it together with its cursor.
		await new Wait(
			round,
			imap,
			result,
			stopped,
			(more) => !deactivated.aborted && emit(more),
		).run();
	} catch (error) {
		if (!(error instanceof Imap4Error) || !imap.closedBy || round.clock.isOver) throw error;
	} finally {
		for (const end of ends) end();
		if (deactivated.aborted) round.keep = false;
	}
}

class Wait {
	private canIdle: boolean;
	private canNotify: boolean;
	/** Looks in a row that the server said came too early. */
	private timesBehind = 0;
	private lookedAt = performance.now();

	constructor(
		private readonly round: Round,
		private readonly imap: Imap4,
		private readonly result: RoundResult,
		private readonly stopped: AbortSignal,
		private readonly emit: (result: RoundResult) => boolean,
	) {
		this.canIdle = imap.capabilities.has('IDLE');
		this.canNotify = this.canIdle && canBeNotified(imap, result.names);
	}

	async run(): Promise<void> {
		const { result, round } = this;
		if (round.settings.event === 'quotaAbove') return;
		// Where nothing is watched, or nothing works, there is nothing to wait for.
		if (result.failures.size >= result.names.length) return;
		// What arrived while a look was under way was reported then, and is not reported again.
		let looksAtOnce = result.items.length > 0;
		if (looksAtOnce && !this.deliver()) return;
		let { statuses } = result;
		while (this.mayWait && round.state.beginWith === undefined) {
			if (!looksAtOnce) await this.untilSomething(statuses);
			await pause(this.lookedAt + SPACING - performance.now(), this.stopped);
			if (this.hasEnded) return;
			const before = JSON.stringify(round.state);
			this.lookedAt = performance.now();
			const more = await pollAgain(round, this.imap);
			delete round.woken;
			({ statuses } = more);
			looksAtOnce = JSON.stringify(round.state) !== before;
			const beginsToFail = [...more.failures.keys()].some((name) => !result.failures.has(name));
			result.failures = more.failures;
			result.items.push(...more.items);
			if (result.items.length > 0 && !this.deliver()) return;
			if (beginsToFail) return;
		}
	}

	private get hasEnded(): boolean {
		return this.stopped.aborted || this.round.clock.isOver || this.imap.closedBy !== undefined;
	}

	private get mayWait(): boolean {
		return !this.hasEnded && this.round.clock.leftToWait > SPACING;
	}

	private deliver(): boolean {
		const { result } = this;
		if (!this.emit(result)) return false;
		result.items = [];
		return true;
	}

	private async untilSomething(known: ReadonlyMap<string, MailboxStatus>): Promise<void> {
		const { clock } = this.round;
		const { names } = this.result;
		const [first = ''] = names;
		if (this.canNotify && (await this.isNotified(known))) return;
		const others = names.length > MANY ? MANY_EVERY : OTHERS_EVERY;
		const one = this.canIdle ? CHECK_EVERY : WITHOUT_IDLE_EVERY;
		const duration = Math.min(clock.leftToWait, names.length > 1 ? others : one);
		if (!this.canIdle) return pause(duration, this.stopped);
		try {
			await this.idle(first, known.get(first), duration);
		} catch (error) {
			if (this.imap.closedBy || clock.isOver) throw error;
			this.canIdle = false;
		}
	}

	/** @returns false if the server cannot be relied on to report */
	private async isNotified(known: ReadonlyMap<string, MailboxStatus>): Promise<boolean> {
		const { round, imap, result, stopped } = this;
		const duration = Math.min(round.clock.leftToWait, CHECK_EVERY);
		const { settings } = round;
		const why = await untilNotified(imap, result.names, known, settings, duration, stopped);
		this.timesBehind = why === 'behind' ? this.timesBehind + 1 : 0;
		this.canNotify = why !== 'refused' && this.timesBehind < MOST_BEHIND;
		return why !== 'refused' || this.hasEnded;
	}

	/** Until the server reports something. @param known what the last look found out */
	private async idle(
		mailbox: string,
		known: MailboxStatus | undefined,
		duration: number,
	): Promise<void> {
		const { imap, stopped } = this;
		if (imap.mailbox?.name !== mailbox) {
			const opened = await imap.open(mailbox, { readOnly: true });
			// What happened since then is not reported any more.
			if (differ(opened.uidNext, known?.uidNext)) return;
			if (differ(opened.highestModSeq, known?.highestModSeq)) return;
		}
		const idler = imap.idle({ duration });
		const stop = (): void => void idler.leave().catch(() => undefined);
		stopped.addEventListener('abort', stop, { once: true });
		if (stopped.aborted) stop();
		try {
			for await (const { type } of idler) {
				if (!WAKES.has(type)) continue;
				this.round.woken = mailbox;
				break;
			}
		} finally {
			stopped.removeEventListener('abort', stop);
		}
	}
}

function pause(ms: number, stopped: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		const timer = setTimeout(done, Math.max(0, ms));
		function done(): void {
			clearTimeout(timer);
			stopped.removeEventListener('abort', done);
			resolve();
		}
		if (stopped.aborted) done();
		else stopped.addEventListener('abort', done, { once: true });
	});
}
