import { Imap4Error } from '../errors';
import { isHeaderFieldName } from './section';
import type { Part } from '../wire/writer';
import { astring, list, mailbox, raw, string } from '../wire/writer';
import { checkFlag } from './flags';
import { formatDay } from './internal-date';
import type { SequenceSetLike, UidSetLike } from './message-set';
import { SequenceSet, UidSet } from './message-set';

/**
 * A search as values (RFC 9051 §6.4.4). All keys of one object must hold. Texts match anywhere in
 * the field, whatever their case. Days are calendar days: a Date counts by its day in UTC.
 */
export interface SearchQuery {
	/** Every message. */
	all?: true;
	/** \Answered; true finds messages with the flag, false those without it, as with the other flags here. */
	answered?: boolean;
	/** \Deleted. */
	deleted?: boolean;
	/** \Draft. */
	draft?: boolean;
	/** \Flagged. */
	flagged?: boolean;
	/** \Seen. */
	seen?: boolean;
	/** The same as `seen: false`. */
	unseen?: boolean;
	/** IMAP4rev1 only: \Recent. */
	recent?: true;
	/** IMAP4rev1 only: recent and unseen. */
	new?: true;
	/** IMAP4rev1 only: not recent. */
	old?: true;
	/** With this flag, or with all of these. */
	keyword?: string | readonly string[];
	/** Without this flag, or without any of these. */
	notKeyword?: string | readonly string[];
	/** In the From field. */
	from?: string;
	/** In the To field. */
	to?: string;
	/** In the Cc field. */
	cc?: string;
	/** In the Bcc field. */
	bcc?: string;
	/** In the Subject field. */
	subject?: string;
	/** In the text of the message, headers left out. */
	body?: string;
	/** Anywhere in the message. */
	text?: string;
	/** Header fields that exist and hold the text; an empty text only asks that they exist. */
	header?: Readonly<Record<string, string>>;
	/** Received on this day or later. */
	since?: Date | string;
	/** Received before this day. */
	before?: Date | string;
	/** Received on this day. */
	on?: Date | string;
	/** Dated on this day or later, by the Date field. */
	sentSince?: Date | string;
	/** Dated before this day. */
	sentBefore?: Date | string;
	/** Dated on this day. */
	sentOn?: Date | string;
	/** More bytes than this. */
	larger?: number;
	/** Fewer bytes than this. */
	smaller?: number;
	/** UIDs. */
	uid?: UidSetLike;
	/** Sequence numbers. */
	seq?: SequenceSetLike;
	/** Received within the last so many seconds (needs WITHIN, RFC 5032). */
	younger?: number;
	/** Received before the last so many seconds (needs WITHIN, RFC 5032). */
	older?: number;
	/** Changed since this mod-sequence (needs CONDSTORE, RFC 7162 §3.1.5). */
	modSeq?: bigint;
	/** Gmail's own search language (needs X-GM-EXT-1). */
	gmailRaw?: string;
	/** Needs X-GM-EXT-1. */
	gmailMessageId?: bigint;
	/** Needs X-GM-EXT-1. */
	gmailThreadId?: bigint;
	/** Needs X-GM-EXT-1. */
	gmailLabel?: string;
	/** None of these holds. */
	not?: SearchQuery | readonly SearchQuery[];
	/** All of these hold: for keys that one object cannot name twice. */
	and?: readonly SearchQuery[];
	/** At least one of these holds. */
	or?: readonly SearchQuery[];
}

/** A query as parts, and what sending it takes. */
export interface EncodedSearch {
	parts: Part[];
	/** Some text is not US-ASCII, so the charset must be named. */
	unicode: boolean;
	needs: string[];
	/** It names sequence numbers. */
	byNumber: boolean;
}

const TEXT_KEYS = {
	from: 'FROM',
	to: 'TO',
	cc: 'CC',
	bcc: 'BCC',
	subject: 'SUBJECT',
	body: 'BODY',
	text: 'TEXT',
} as const;
const DAY_KEYS = {
	since: 'SINCE',
	before: 'BEFORE',
	on: 'ON',
	sentSince: 'SENTSINCE',
	sentBefore: 'SENTBEFORE',
	sentOn: 'SENTON',
} as const;
const FLAG_KEYS = {
	answered: 'ANSWERED',
	deleted: 'DELETED',
	draft: 'DRAFT',
	flagged: 'FLAGGED',
	seen: 'SEEN',
} as const;

/** @throws Imap4Error ARGUMENT for a key that isn't known or a value that cannot be sent */
export function encodeSearch(query: SearchQuery): EncodedSearch {
	const search: EncodedSearch = { parts: [], unicode: false, needs: [], byNumber: false };
	addQuery(search, search.parts, query);
	return search;
}

/** @returns the number of search keys written, at least one */
function addQuery(search: EncodedSearch, out: Part[], query: SearchQuery): number {
	let count = 0;
	for (const [key, value] of Object.entries(query)) {
		if (value === undefined) continue;
		const written = addKey(search, out, key as keyof SearchQuery, value);
		// An empty list must not stand for all messages.
		if (written === 0) throw wrong(key);
		count += written;
	}
	if (count > 0) return count;
	out.push(raw('ALL'));
	return 1;
}

function addKey(
	search: EncodedSearch,
	out: Part[],
	key: keyof SearchQuery,
	value: unknown,
): number {
	const text = (it: unknown): Part => {
		if (typeof it !== 'string') throw wrong(key);
		// eslint-disable-next-line no-control-regex -- US-ASCII is exactly this range
		search.unicode ||= /[^\x00-\x7f]/.test(it);
		return string(it);
	};
	if (Object.hasOwn(TEXT_KEYS, key)) {
		out.push(raw(TEXT_KEYS[key as keyof typeof TEXT_KEYS]), text(value));
		return 1;
	}
	if (Object.hasOwn(DAY_KEYS, key)) {
		out.push(raw(DAY_KEYS[key as keyof typeof DAY_KEYS]), raw(formatDay(value as Date | string)));
		return 1;
	}
	if (Object.hasOwn(FLAG_KEYS, key)) {
		if (typeof value !== 'boolean') throw wrong(key);
		out.push(raw(`${value ? '' : 'UN'}${FLAG_KEYS[key as keyof typeof FLAG_KEYS]}`));
		return 1;
	}
	switch (key) {
		case 'unseen':
			out.push(raw(value ? 'UNSEEN' : 'SEEN'));
			return 1;
		case 'all':
		case 'recent':
		case 'new':
		case 'old':
			if (value !== true) throw wrong(key);
			out.push(raw(key.toUpperCase()));
			return 1;
		case 'keyword':
		case 'notKeyword':
			return each([value as string | string[]].flat(), (keyword) => {
				out.push(raw(key === 'keyword' ? 'KEYWORD' : 'UNKEYWORD'), raw(checkFlag(keyword)));
				return 1;
			});
		case 'header':
			return each(Object.entries(value as Record<string, string>), ([name, content]) => {
				if (!isHeaderFieldName(name)) {
					throw new Imap4Error(
						'ARGUMENT',
						`"${name.slice(0, 80)}" is not a valid header field name`,
					);
				}
				out.push(raw('HEADER'), astring(name), text(content));
				return 1;
			});
		case 'larger':
		case 'smaller':
		case 'younger':
		case 'older':
			if (!Number.isSafeInteger(value) || (value as number) < 0) throw wrong(key);
			if (key === 'younger' || key === 'older') search.needs.push('WITHIN');
			out.push(raw(`${key.toUpperCase()} ${String(value)}`));
			return 1;
		case 'uid':
			out.push(raw(`UID ${UidSet.from(value as UidSetLike)}`));
			return 1;
		case 'seq':
			search.byNumber = true;
			out.push(raw(SequenceSet.from(value as SequenceSetLike).toString()));
			return 1;
		case 'modSeq':
			if (typeof value !== 'bigint' || value < 0n) throw wrong(key);
			search.needs.push('CONDSTORE');
			out.push(raw(`MODSEQ ${value}`));
			return 1;
		case 'gmailRaw':
			search.needs.push('X-GM-EXT-1');
			out.push(raw('X-GM-RAW'), text(value));
			return 1;
		case 'gmailMessageId':
		case 'gmailThreadId':
			if (typeof value !== 'bigint' || value < 0n) throw wrong(key);
			search.needs.push('X-GM-EXT-1');
			out.push(raw(`${key === 'gmailThreadId' ? 'X-GM-THRID' : 'X-GM-MSGID'} ${value}`));
			return 1;
		case 'gmailLabel':
			if (typeof value !== 'string') throw wrong(key);
			search.needs.push('X-GM-EXT-1');
			out.push(raw('X-GM-LABELS'), mailbox(value));
			return 1;
		case 'not':
			return each([value as SearchQuery | SearchQuery[]].flat(), (one) => {
				out.push(raw('NOT'), ...group(search, one));
				return 1;
			});
		case 'and':
			// Keys that all hold need no parentheses around them.
			return each(value as SearchQuery[], (one) => addQuery(search, out, one));
		case 'or':
			out.push(...either(search, value as SearchQuery[]));
			return 1;
		default:
			throw new Imap4Error('ARGUMENT', `"${String(key)}" is not a search key`);
	}
}

/** @returns the sum */
function each<Item>(items: readonly Item[], add: (item: Item) => number): number {
	return items.reduce((sum, item) => sum + add(item), 0);
}

/**
 * A query in the place of one search key. Parentheses stand only around several: some servers'
 * parsers refuse them around a single one.
 */
function group(search: EncodedSearch, query: SearchQuery): Part[] {
	const parts: Part[] = [];
	return addQuery(search, parts, query) > 1 ? [list(parts)] : parts;
}

/** OR takes two keys; more are nested as a balanced tree, since servers limit the depth. */
function either(search: EncodedSearch, queries: readonly SearchQuery[]): Part[] {
	const [first] = queries;
	if (!first) throw new Imap4Error('ARGUMENT', 'The list of alternatives ("or") is empty');
	if (queries.length === 1) return group(search, first);
	const middle = queries.length >> 1;
	return [
		raw('OR'),
		...either(search, queries.slice(0, middle)),
		...either(search, queries.slice(middle)),
	];
}

function wrong(key: string): Imap4Error {
	return new Imap4Error('ARGUMENT', `The value of the search key "${key}" has the wrong type`);
}
