/** One pass over the watched mailboxes, over as many connections as it takes, within the poll's time. */
import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import { openMailbox } from '../shared/mailbox/open-mailbox';
import {
	Imap4Error,
	type Imap4,
	type MailboxStatus,
	type OpenMailbox,
	type SelectedMailbox,
} from '../../engine/index';
import type { Account } from '../shared/account/account';
import { withConnection } from '../shared/account/connection-pool';
import { orOtherwise } from '../shared/errors/refusal';
import { MailboxResolver } from '../shared/mailbox/mailbox-resolver';
import type { MailboxCursor, TriggerState } from './cursor';
import { flagsChanged } from './events/flags-changed';
import { messageReceived } from './events/message-received';
import { messageRemoved } from './events/message-removed';
import { quotaThreshold } from './events/quota-above';
import { findFormerMailbox, followMailboxes, noteUnwatched } from './follow-mailboxes';
import {
	highestUid,
	isRenumbered,
	modSeqOf,
	uidValidityOf,
	type MailboxPoll,
	type PollResult,
} from './mailbox-poll';
import { BrokenFetch } from './message-items';
import type { PollClock } from './poll-clock';
import { hasPending } from './post-delivery';
import type { EventName, Settings } from './settings';
import { isUnchanged, statusCursor } from './status-cursor';
import { noteKept } from './uidvalidity-change';
import { watchedMailboxes, type WatchedMailbox } from './watched-mailboxes';

const POLLS: Record<
	Exclude<EventName, 'quotaAbove'>,
	(poll: MailboxPoll) => Promise<PollResult>
> = { messageReceived, flagsChanged, messageRemoved };

/** Connections that one poll opens at most because the last one broke. */
const MOST_CONNECTIONS = 3;

export interface Round {
	context: IPollFunctions;
	settings: Settings;
	account: Account;
	clock: PollClock;
	/** What is remembered; changed here as mailboxes are done. */
	state: TriggerState;
	/** Whether mailboxes that are not remembered were created since the last poll. */
	createdAreNew: boolean;
	/** Whether the field that names the mailboxes was changed since the last poll. */
	watchesOthers?: boolean;
	/** UIDVALIDITY of the mailboxes that were empty at the last poll. */
	emptyBefore: ReadonlyMap<string, number>;
	/** The mailbox of which the server has just reported something. */
	woken?: string | undefined;
	/** Whether to keep the connection for the next poll. */
	keep: boolean;
}

export interface RoundResult {
	items: INodeExecutionData[];
	/** By mailbox. Of these nothing was returned and nothing remembered, or all but what was done after delivery. */
	failures: Map<string, Error>;
	/** Mailboxes that are watched. */
	names: readonly string[];
	/** STATUS of a mailbox that is not known began to be refused: it may be one that was renamed. */
	unclear?: boolean;
	/** What STATUS reported of them, if it was asked. */
	statuses: ReadonlyMap<string, MailboxStatus>;
	/** What ended the round before all mailboxes were done. */
	ended: Error | undefined;
}

const noResult = (): RoundResult => ({
	items: [],
	failures: new Map(),
	names: [],
	statuses: new Map(),
	ended: undefined,
});

/** @throws Imap4Error, UserError before any mailbox is known */
export async function pollMailboxes(
	round: Round,
	afterwards: (imap: Imap4, result: RoundResult) => Promise<void> = async () => undefined,
): Promise<RoundResult> {
	const result = noResult();
	let queue: WatchedMailbox[] | undefined;
	for (let connections = 1; ; connections++) {
		try {
			const left = await withConnection(
				round.account,
				async (imap, kept) => {
					if (queue && kept) await imap.noop();
					queue ??= await list(round, imap, result);
					return openFirst(round, imap, queue, kept);
				},
				async (imap, first) => {
					const rest = await pollQueue(round, imap, queue ?? [], result, first);
					if (!imap.closedBy) await afterwards(imap, result);
					return rest;
				},
				{ keep: () => round.keep, signal: round.clock.signal },
			);
			if (left.length === 0) return result;
			queue = left;
		} catch (error) {
			if (!queue || !(error instanceof Imap4Error) || result.names.length < 2) throw error;
			result.ended = error;
		}
		if (result.ended || round.clock.isOver || connections >= MOST_CONNECTIONS) {
			round.state.beginWith = queue[0]?.name;
			return result;
		}
	}
}

/** The same once more on a connection that is open. @throws as pollMailboxes, if the connection breaks */
export async function pollAgain(round: Round, imap: Imap4): Promise<RoundResult> {
	const result = noResult();
	const queue = await list(round, imap, result);
	const first = await openFirst(round, imap, queue, false);
	const [left] = await pollQueue(round, imap, queue, result, first);
	if (left) round.state.beginWith = left.name;
	return result;
}

/** The mailboxes in the order in which they are polled: those that waited longest come first. */
async function list(round: Round, imap: Imap4, result: RoundResult): Promise<WatchedMailbox[]> {
	const { account, settings, state, createdAreNew } = round;
	const mailboxes = await watchedMailboxes(imap, account, settings, state);
	result.names = mailboxes.map(({ name }) => name);
	result.unclear = mailboxes.some(
		({ name, refusal }) => refusal && !state.mailboxes[name] && state.failing?.[name] === undefined,
	);
	result.statuses = new Map(
		mailboxes.flatMap(({ name, status }) => (status ? [[name, status] as const] : [])),
	);
	if (settings.event === 'quotaAbove') return mailboxes;
	followMailboxes(state, mailboxes, {
		all: settings.watched.pattern !== undefined,
		createdAreNew: createdAreNew && settings.watched.pattern !== undefined,
		now: Date.now(),
	});
	if (round.watchesOthers && !settings.includeExisting) noteUnwatched(state, mailboxes);
	round.watchesOthers = false;
	for (const { name, status, refusal, isNew } of mailboxes) {
		// Which mailbox it is cannot be known yet: one that was renamed would be taken for a new one.
		if (refusal) continue;
		const uidValidity = status ? uidValidityOf(status) : null;
		const known = state.mailboxes[name];
		if (known?.uidValidity === uidValidity)
			noteKept(known, status?.messages, round.emptyBefore.get(name));
		const cursor = (state.mailboxes[name] ??= isNew
			? { uidValidity, lastUid: 0 }
			: statusCursor(settings, status, mailboxes.length));
		const { mailboxId } = status ?? {};
		if (mailboxId !== undefined) cursor.mailboxId ??= mailboxId;
	}
	const wanted = await withoutTarget(round, imap, mailboxes);
	result.names = wanted.map(({ name }) => name);
	const at = Math.max(
		0,
		wanted.findIndex(({ name }) => name === state.beginWith),
	);
	delete state.beginWith;
	return [...wanted.slice(at), ...wanted.slice(0, at)];
}

/**
 * Of several mailboxes, the one that messages are moved into after delivery is left out: they would be
 * delivered once more there.
 */
async function withoutTarget(
	{ account, settings, state }: Round,
	imap: Imap4,
	mailboxes: WatchedMailbox[],
): Promise<WatchedMailbox[]> {
	const { after } = settings;
	if (after.do !== 'move' || mailboxes.length < 2) return mailboxes;
	const target = await new MailboxResolver(imap, account.identity).resolve(after.to, true);
	const found = mailboxes.find(({ name }) => name === target.name);
	if (!found) return mailboxes;
	// Should it be watched one day, then from that day on.
	const fromNow = { ...settings, includeExisting: false };
	state.mailboxes[found.name] = statusCursor(fromNow, found.status, mailboxes.length);
	return mailboxes.filter((one) => one !== found);
}

type Opened = { open: OpenMailbox; mailbox: SelectedMailbox } | { error: Error } | undefined;

/**
 * A single mailbox is opened at once, which also shows whether a kept connection is still alive.
 * @returns undefined where there are several
 */
async function openFirst(
	round: Round,
	imap: Imap4,
	[first, ...others]: readonly WatchedMailbox[],
	kept: boolean,
): Promise<Opened> {
	if (!first || others.length > 0 || round.settings.event === 'quotaAbove' || first.status) {
		if (kept && first && !first.status) await imap.noop();
		return undefined;
	}
	return open(round, imap, first.name);
}

async function open(round: Round, imap: Imap4, name: string): Promise<Opened> {
	const { settings, state } = round;
	const { capabilities } = imap;
	try {
		const recorded = settings.event === 'messageRemoved' && capabilities.has('QRESYNC');
		const enabling = recorded && !imap.enabled.has('QRESYNC') ? imap.enable('QRESYNC') : undefined;
		// Dovecot reports mod-sequences only to those who ask for them.
		const condStore = settings.event === 'flagsChanged' && capabilities.has('CONDSTORE');
		// EXAMINE leaves \Recent to the user's own client; SELECT only where something is changed.
		const readOnly = !hasPending(state.mailboxes[name]);
		const opening = openMailbox(imap, name, {
			readOnly,
			// The server reports what came since the mailbox was opened (RFC 3501 §6.4.1).
			check: settings.event === 'messageReceived',
			...(condStore ? { condStore } : {}),
		});
		let isCounted = true;
		const uncounted = (): Promise<OpenMailbox> => {
			isCounted = false;
			return openMailbox(imap, name, { readOnly });
		};
		const [opened] = await Promise.all([
			condStore ? orOtherwise(opening, uncounted) : opening,
			enabling && orOtherwise<unknown>(enabling, async () => undefined),
		]);
		const mailbox = { ...opened.initial };
		if (mailbox.uidValidity === 0) delete mailbox.uidValidity;
		if (mailbox.uidNext === 0) delete mailbox.uidNext;
		mailbox.highestModSeq = isCounted ? modSeqOf(mailbox) : undefined;
		return { open: opened, mailbox };
	} catch (error) {
		if (imap.closedBy) throw error;
		return { error: error as Error };
	}
}

/** @returns the mailboxes that are still to be polled, because the connection broke */
async function pollQueue(
	round: Round,
	imap: Imap4,
	queue: readonly WatchedMailbox[],
	result: RoundResult,
	first: Opened,
): Promise<WatchedMailbox[]> {
	const { settings, state, clock } = round;
	if (settings.event === 'quotaAbove') return pollQuotas(round, imap, queue, result);
	let opened = 0;
	for (const [index, mailbox] of queue.entries()) {
		const { name, status, refusal } = mailbox;
		const cursor = state.mailboxes[name];
		const room = settings.most - result.items.length;
		if (refusal) {
			result.failures.set(name, refusal);
			continue;
		}
		const isKnown = name !== round.woken && !hasOtherCount(imap, mailbox);
		if (cursor && isKnown && isUnchanged(settings, cursor, status)) {
			// Of what was removed, so that what arrives after it is noticed.
			if (cursor.exists !== undefined) cursor.exists = status?.messages ?? cursor.exists;
			continue;
		}
		if (room <= 0 || clock.isOver || (opened > 0 && !clock.hasTime)) {
			state.beginWith = name;
			return [];
		}
		opened++;
		try {
			const target = { name, cursor, status, isNew: mailbox.isNew === true, room };
			const seen = await pollOne(round, imap, target, first, result);
			result.items.push(...seen.items);
			state.mailboxes[name] = seen.cursor;
			if (seen.failure) result.failures.set(name, seen.failure);
			if (imap.closedBy) return queue.slice(index + 1);
		} catch (error) {
			result.failures.set(name, clock.isOver ? (clock.signal.reason as Error) : causeOf(error));
			if (error instanceof BrokenFetch && error.cursor) state.mailboxes[name] = error.cursor;
			if (imap.closedBy) return queue.slice(index + 1);
		}
	}
	return [];
}

/** STATUS of the open mailbox may be out of date, and must not be used to look for messages (RFC 9051 §6.3.11). */
function hasOtherCount({ mailbox }: Imap4, { name, status }: WatchedMailbox): boolean {
	if (mailbox?.name !== name || status?.messages === undefined) return false;
	return mailbox.exists !== status.messages;
}

const causeOf = (error: unknown): Error =>
	error instanceof BrokenFetch ? error.cause : (error as Error);

async function pollQuotas(
	{ settings, account, state }: Round,
	imap: Imap4,
	queue: readonly WatchedMailbox[],
	result: RoundResult,
): Promise<WatchedMailbox[]> {
	const names = queue.map(({ name }) => name);
	const poll = { imap, settings, account, room: settings.most };
	const { items, failures } = await quotaThreshold(poll, names, state);
	result.items.push(...items);
	for (const [name, error] of failures) result.failures.set(name, error);
	return [];
}

/** UIDNEXT is above all UIDs there are (RFC 9051 §2.3.1.1). Where it is not, nothing follows from it, now or later. */
async function dropWrongUidNext(
	opened: { open: OpenMailbox; mailbox: SelectedMailbox },
	cursor: MailboxCursor | undefined,
): Promise<void> {
	const { uidNext } = opened.mailbox;
	if (!cursor || uidNext === undefined) return;
	const contradicts = uidNext <= cursor.lastUid && (await highestUid(opened)) >= uidNext;
	if (contradicts) cursor.wrongUidNext = true;
	if (cursor.wrongUidNext) delete opened.mailbox.uidNext;
}

/**
 * On some servers STATUS always has another UIDVALIDITY than SELECT. A cursor that was made of STATUS then means the
 * same messages, under the UIDVALIDITY of SELECT.
 */
async function agreeOnUidValidity(
	imap: Imap4,
	{ name, uidValidity }: SelectedMailbox,
	cursor: MailboxCursor | undefined,
	status: MailboxStatus | undefined,
): Promise<void> {
	if (!cursor || !status?.uidValidity || !uidValidity || status.uidValidity === uidValidity) return;
	if (cursor.uidValidity !== status.uidValidity) return;
	// The mailbox may have been created again between the two.
	const now = await imap.status(name, ['uidValidity']);
	if (now.uidValidity === cursor.uidValidity) cursor.uidValidity = uidValidity;
}

/** What was not acknowledged is still owed; changes and removals that nobody watched are not. */
const isComparedAnew = ({ event }: Settings, cursor: MailboxCursor | undefined): boolean =>
	event !== 'messageReceived' && cursor?.fromNow === true;

interface Target {
	name: string;
	cursor: MailboxCursor | undefined;
	status: MailboxStatus | undefined;
	isNew: boolean;
	room: number;
}

async function pollOne(
	round: Round,
	imap: Imap4,
	{ name, cursor, status, isNew, room }: Target,
	first: Opened,
	{ names, unclear }: RoundResult,
): Promise<PollResult> {
	const { context, settings, account, clock, state } = round;
	const opened = first ?? (await open(round, imap, name));
	if (!opened || 'error' in opened) throw opened?.error ?? new Error('The mailbox was not opened');
	// An answer that leaves it out.
	opened.mailbox.uidValidity ??= cursor?.uidValidity ?? undefined;
	await dropWrongUidNext(opened, cursor);
	await agreeOnUidValidity(imap, opened.mailbox, cursor, status);
	const poll: MailboxPoll = {
		context,
		settings,
		account,
		clock,
		imap,
		isNew,
		emptyBefore: round.emptyBefore.get(name),
		room,
		open: opened.open,
		mailbox: opened.mailbox,
		// The first look only remembers what is there.
		cursor: cursor?.baseline || isComparedAnew(settings, cursor) ? undefined : cursor,
	};
	if (poll.cursor && names.length > 1 && isRenumbered(poll, poll.cursor)) {
		// The mailbox of the cursor may be one whose STATUS was refused when the mailboxes were listed.
		const former = await findFormerMailbox(imap, poll.mailbox, poll.cursor);
		if (former !== undefined && names.includes(former)) state.mailboxes[former] ??= poll.cursor;
		if (former === undefined && unclear) return { items: [], cursor: poll.cursor };
	}
	return POLLS[settings.event as keyof typeof POLLS](poll);
}
