/**
 * Times in searches. IMAP searches by day, and which day a message is on depends on the zone that the
 * server or the sender wrote (RFC 9051 §6.4.4). So the server is asked for a day more on both sides,
 * and the messages near the limits are compared here, to the second.
 */
import type { OpenMailbox, SearchQuery } from '../../../engine/index';
import { sentAt } from '../../../mail/sent-date';
import { searchable } from './ascii-search';
import { withAttachments, type AttachmentFilter, type FirstMessages } from './attachment-filter';
import { fetchAccounted } from './fetch-accounted';

/** Milliseconds since 1970. */
export interface TimeWindow {
	/** The first moment that is in the window; undefined for no limit. */
	from?: number;
	/** The first moment that is behind it. */
	until?: number;
}

/** A search, and the windows that IMAP can state only roughly. */
export interface MessageFilters {
	query: SearchQuery;
	received: TimeWindow;
	/** By the Date field; where that is missing or unreadable, by the time of receipt. */
	sent: TimeWindow;
	/** What no search can state; undefined for messages with and without attachments. */
	attachments?: AttachmentFilter;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Zones lie between 12 hours behind UTC and 14 hours ahead of it. */
const BEHIND = 12 * HOUR;
const AHEAD = 14 * HOUR;

const KEYS = {
	received: { since: 'since', before: 'before' },
	sent: { since: 'sentSince', before: 'sentBefore' },
} as const;
type Kind = keyof typeof KEYS;

const isOpen = ({ from, until }: TimeWindow): boolean => from === undefined && until === undefined;

const day = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** All messages that can be in the window, whatever zone their days are written in. */
function wide(kind: Kind, { from, until }: TimeWindow): SearchQuery {
	const { since, before } = KEYS[kind];
	return {
		...(from === undefined ? {} : { [since]: day(from - BEHIND) }),
		...(until === undefined ? {} : { [before]: day(until + AHEAD + DAY) }),
	};
}

/** Only messages that are in the window in every zone. */
function narrow(kind: Kind, { from, until }: TimeWindow): SearchQuery {
	const { since, before } = KEYS[kind];
	return {
		...(from === undefined ? {} : { [since]: day(from + AHEAD + DAY) }),
		...(until === undefined ? {} : { [before]: day(until - BEHIND) }),
	};
}

export interface ExactOptions {
	/** The messages that the caller is going to search among. */
	within?: SearchQuery;
	/**
	 * What to do with messages whose date the server does not return: an operation that changes messages leaves
	 * them alone; one that reads them reports each as unreadable.
	 */
	undecided?: 'include' | 'exclude';
	/** Where the caller takes no more than so many, by arrival; others may then be missing. */
	first?: FirstMessages;
}

/** Whether there is nothing to filter by. */
export function isUnfiltered({ query, received, sent, attachments }: MessageFilters): boolean {
	return (
		Object.keys(query).length === 0 && isOpen(received) && isOpen(sent) && attachments === undefined
	);
}

/**
 * The filters as one search of the selected mailbox that finds exactly the messages meant. Without
 * times it costs nothing; with them a SEARCH and the dates of the messages near the limits; with a filter
 * by attachments a SEARCH and the parts of what the other filters find: of all, or of as many as it takes to
 * have the `first`.
 * @throws Imap4Error
 */
export async function exactQuery(
	mailbox: OpenMailbox,
	given: MessageFilters,
	{ within = {}, undecided = 'exclude', first }: ExactOptions = {},
): Promise<SearchQuery> {
	const { received, sent } = given;
	const among = [within, wide('received', received), wide('sent', sent)];
	const query = await searchable(mailbox, given.query, { within: among, undecided });
	const filters = { ...given, query };
	const timed = await timeQuery(mailbox, filters, within, undecided);
	const { attachments } = filters;
	if (attachments === undefined) return timed;
	const searched = isNotEmpty(within) ? { and: [within, timed].filter(isNotEmpty) } : timed;
	return withAttachments(mailbox, searched, attachments, undecided, first);
}

/** A search that finds all that {@link exactQuery} can find, and perhaps more; it needs no open mailbox. */
export function roughQuery({ query, received, sent }: MessageFilters): SearchQuery {
	return { and: [query, wide('received', received), wide('sent', sent)].filter(isNotEmpty) };
}

async function timeQuery(
	mailbox: OpenMailbox,
	filters: MessageFilters,
	within: SearchQuery,
	undecided: 'include' | 'exclude',
): Promise<SearchQuery> {
	const { query, received, sent } = filters;
	const windows = (
		[
			['received', received],
			['sent', sent],
		] as const
	).filter(([, window]) => !isOpen(window));
	if (windows.length === 0) return query;
	const possible = {
		and: [query, ...windows.map(([kind, window]) => wide(kind, window))].filter(isNotEmpty),
	};
	const certain = { and: windows.map(([kind, window]) => narrow(kind, window)) };
	const nearLimits = await mailbox.search({
		and: [within, possible, { not: certain }].filter(isNotEmpty),
	});
	const outside = await uidsOutside(mailbox, nearLimits, filters, undecided);
	// What arrives from now on was not compared, so it counts only if it is certain.
	const compared = nearLimits.reduce((last, uid) => Math.max(last, uid), 0);
	return {
		and: [
			possible,
			compared === 0 ? certain : { or: [certain, { uid: `1:${compared}` }] },
			...(outside.length === 0 ? [] : [{ not: { uid: outside } }]),
		],
	};
}

/** As {@link exactQuery}, among some messages only, for operations that read them. */
export async function searchWithin(
	mailbox: OpenMailbox,
	filters: MessageFilters,
	within: SearchQuery,
	first?: FirstMessages,
): Promise<SearchQuery> {
	if (isUnfiltered(filters)) return within;
	const exact = await exactQuery(mailbox, filters, { within, undecided: 'include', first });
	return { and: [within, exact] };
}

const isNotEmpty = (query: SearchQuery): boolean => Object.keys(query).length > 0;

async function uidsOutside(
	mailbox: OpenMailbox,
	uids: readonly number[],
	{ received, sent }: MessageFilters,
	undecided: 'include' | 'exclude',
): Promise<number[]> {
	if (uids.length === 0) return [];
	const inside = new Set<number>();
	const items = { internalDate: true, envelope: !isOpen(sent) };
	const { unreadable } = await fetchAccounted(mailbox, uids, items, (uid, message) => {
		const { internalDate } = message;
		if (internalDate === undefined) return false;
		if (isIn(internalDate.getTime(), received) && isIn(sentAt(message), sent)) inside.add(uid);
		return true;
	});
	if (undecided === 'include') for (const uid of unreadable.keys()) inside.add(uid);
	return uids.filter((uid) => !inside.has(uid));
}

function isIn(time: number, { from, until }: TimeWindow): boolean {
	return (from === undefined || time >= from) && (until === undefined || time < until);
}
