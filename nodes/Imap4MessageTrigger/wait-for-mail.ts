/**
 * Wait for New Mail: the poll stays on the server for as long as n8n lets it, and delivers what comes at
 * once. The server's notifications only wake it: what is new is decided by UIDs, as in any other poll.
 */
import type { Imap4 } from '../../engine/index';
import { onPlaceWanted } from '../shared/account/places';
import { deactivation } from './deactivation';
import { pollAgain, type Round, type RoundResult } from './mailbox-round';
import { nodeKey } from './poll-context';

/** Milliseconds between two looks at the mailboxes that the server sends no notifications of. */
const OTHERS_EVERY = 15_000;
/** Milliseconds after which the mailbox is checked though the server, idling, has reported nothing. */
const CHECK_EVERY = 60_000;
/** Milliseconds between two checks where the server cannot idle. */
const WITHOUT_IDLE_EVERY = 10_000;
/** Milliseconds that a wait lasts at least; servers that end IDLE at once must not be asked in a loop. */
const SHORTEST = 1_000;
/** Responses that may mean an event. */
const WAKES: ReadonlySet<string> = new Set(['EXISTS', 'EXPUNGE', 'VANISHED', 'FETCH']);

/**
 * @param result what the poll has found; what cannot be emitted is added to it, and ends the wait
 * @param emit delivers at once
 */
export async function waitForMail(
	round: Round,
	imap: Imap4,
	result: RoundResult,
	emit: (result: RoundResult) => boolean,
): Promise<void> {
	const wanted = new AbortController();
	const forget = onPlaceWanted(round.account.url, () => wanted.abort());
	const stopped = AbortSignal.any([deactivation(nodeKey(round.context)), wanted.signal]);
	try {
		await waitUntil(stopped, round, imap, result, emit);
	} finally {
		forget();
	}
}

async function waitUntil(
	stopped: AbortSignal,
	round: Round,
	imap: Imap4,
	result: RoundResult,
	emit: (result: RoundResult) => boolean,
): Promise<void> {
	const { clock, settings } = round;
	const [first, ...others] = result.names;
	if (first === undefined || settings.event === 'quotaAbove') return;
	let canIdle = imap.capabilities.has('IDLE');
	// What arrived while items were fetched was reported then, and is not reported again.
	let looksAtOnce = result.items.length > 0;
	if (looksAtOnce && !deliver(result, emit)) return;
	while (clock.leftToWait > SHORTEST && !stopped.aborted && !imap.closedBy) {
		if (round.state.beginWith !== undefined) return;
		const most = !canIdle ? WITHOUT_IDLE_EVERY : others.length > 0 ? OTHERS_EVERY : CHECK_EVERY;
		const duration = Math.min(clock.leftToWait, most);
		const began = Date.now();
		if (looksAtOnce) looksAtOnce = false;
		else if (canIdle) {
			const came = await idle(round, imap, first, duration, stopped);
			canIdle = came !== 'refused';
			const rest = SHORTEST - (Date.now() - began);
			if (came === 'nothing' && rest > 0) await pause(rest, stopped);
		} else await pause(duration, stopped);
		if (stopped.aborted || clock.isOver || imap.closedBy) return;
		const more = await pollAgain(round, imap);
		for (const [name, error] of more.failures) result.failures.set(name, error);
		result.items.push(...more.items);
		if (result.items.length > 0) {
			if (!deliver(result, emit)) return;
			looksAtOnce = true;
		}
		if (more.failures.size > 0) return;
	}
}

function deliver(result: RoundResult, emit: (result: RoundResult) => boolean): boolean {
	if (!emit(result)) return false;
	result.items = [];
	return true;
}

/** Until the server reports something. */
async function idle(
	round: Round,
	imap: Imap4,
	mailbox: string,
	duration: number,
	stopped: AbortSignal,
): Promise<'something' | 'nothing' | 'refused'> {
	try {
		let came: 'something' | 'nothing' = 'nothing';
		if (imap.mailbox?.name !== mailbox) await imap.examine(mailbox);
		const idler = imap.idle({ duration });
		const stop = (): void => void idler.leave().catch(() => undefined);
		stopped.addEventListener('abort', stop, { once: true });
		try {
			for await (const response of idler) {
				if (!WAKES.has(response.type)) continue;
				came = 'something';
				break;
			}
		} finally {
			stopped.removeEventListener('abort', stop);
		}
		return came;
	} catch (error) {
		if (imap.closedBy || round.clock.isOver) throw error;
		return 'refused';
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
