import type { Command } from '../command';
import { SELECTED } from '../command';
import { Imap4AbortError, Imap4Error } from '../../errors';
import type { EsearchData } from '../../grammar/esearch';
import type { PartialRange } from '../../grammar/partial-range';
import { partialRange } from '../../grammar/partial-range';
import type { UntaggedResponse } from '../../grammar/response';
import type { SearchQuery } from '../../grammar/search-key';
import { encodeSearch } from '../../grammar/search-key';
import type { AnySet } from '../../grammar/message-set';
import { SequenceSet, UidSet } from '../../grammar/message-set';
import type { SortCriterion } from '../../grammar/sort-key';
import type { Part } from '../../wire/writer';
import { list, raw } from '../../wire/writer';
import { joined } from './joined-results';
import { sort } from './sort';

/**
 * SEARCH and UID SEARCH (RFC 9051 §6.4.4).
 * @returns sequence numbers, or UIDs; empty if nothing was found
 * @throws Imap4Error ARGUMENT; MALFORMED for an ESEARCH without a valid set
 */
export function search(query: SearchQuery, uid: boolean, utf8: boolean): Command<number[]> {
	const { command, found, invalid } = searching(query, uid, utf8, []);
	return {
		...command,
		done() {
			const [text] = invalid;
			if (text !== undefined) throw invalidSetError(command.name, text);
			return joined(found);
		},
	};
}

/**
 * The same, answered by ESEARCH (RFC 4731), which is far shorter for many hits and names the command it
 * answers. The server owes one even where nothing was found.
 * @returns undefined if none came that belongs to this search
 * @throws Imap4Error ARGUMENT; MALFORMED for an ESEARCH without a valid set
 */
export function extendedSearch(
	query: SearchQuery,
	uid: boolean,
	utf8: boolean,
): Command<number[] | undefined> {
	const { command, found, invalid } = searching(query, uid, utf8, [raw('RETURN (ALL)')]);
	return {
		...command,
		done() {
			const [text] = invalid;
			if (text !== undefined) throw invalidSetError(command.name, text);
			return found.length === 0 ? undefined : joined(found);
		},
	};
}

/** A command without what makes its result of the answers. */
type Searching = Omit<Command<unknown>, 'done' | 'aborted'>;

function searching(
	query: SearchQuery,
	uid: boolean,
	utf8: boolean,
	options: readonly Part[],
): { command: Searching; found: number[][]; invalid: string[] } {
	const { parts, unicode, needs, byNumber } = encodeSearch(query);
	const found: number[][] = [];
	const invalid: string[] = [];
	let hits = 0;
	const command: Searching = {
		name: uid ? 'UID SEARCH' : 'SEARCH',
		args: [
			...options,
			// Once UTF8=ACCEPT is enabled a charset may not be named (RFC 6855 §3).
			...(unicode && !utf8 ? [raw('CHARSET UTF-8')] : []),
			...parts,
		],
		states: SELECTED,
		pipelining: !uid ? 'numbers' : byNumber ? 'numbers, renumbering' : 'free',
		discardable: true,
		needs,
		defersTo: () => found.length > 0,
		accepts(response) {
			if (response.type === 'SEARCH') found.push(response.numbers);
			else if (isOfSelected(response, uid)) {
				const { all } = response.data;
				const set = all === undefined ? undefined : UidSet.fromServer(all);
				if (all !== undefined && !set) invalid.push(all.slice(0, SHOWN));
				else if (all === undefined && hasHits(response.data)) invalid.push('');
				hits += set?.size ?? 0;
				if (hits > MOST_HITS) throw tooMany(hits);
				found.push(set?.toArray() ?? []);
			} else return false;
			return true;
		},
	};
	return { command, found, invalid };
}

/** Whether the server reports hits, whichever they are. */
const hasHits = ({ min, max, count = 0 }: EsearchData): boolean =>
	min !== undefined || max !== undefined || count > 0;

/** Characters of an invalid set that are shown. */
const SHOWN = 80;

/**
 * Whether a search has to find something in a mailbox of so many messages: it asks for all, or for
 * a set that holds the last message or one of those that there are.
 */
export function mustFind(query: SearchQuery, exists: number): boolean {
	const { all, uid, seq, ...others } = query;
	if (exists === 0 || Object.keys(others).length > 0) return false;
	if (uid !== undefined && seq !== undefined) return false;
	if (uid !== undefined) return endsInLast(UidSet.from(uid));
	if (seq === undefined) return all === true || all === undefined;
	const set = SequenceSet.from(seq);
	return endsInLast(set) || set.ranges.some(([first]) => first <= exists);
}

/** Whether `*` stands in the set; what `$` stands for may be nothing. */
function endsInLast({ open, ranges }: AnySet): boolean {
	return open && ranges.length > 0;
}

/** What a search can return besides, or in place of, all hits (RFC 4731 §3.1, RFC 5182 §2.1, RFC 9394 §3.1). */
export type SearchReturn =
	| 'min'
	| 'max'
	| 'count'
	| 'all'
	| 'save'
	| {
			/** Only this part of the result. */
			partial: PartialRange;
	  };

/**
 * SEARCH RETURN (…) and UID SEARCH RETURN (…) (RFC 9051 §6.4.4): only what was asked for.
 * `save` keeps the hits for the set `$`.
 * @throws Imap4Error ARGUMENT
 */
export function searchReturning(
	query: SearchQuery,
	wanted: readonly SearchReturn[],
	uid: boolean,
	utf8: boolean,
): Command<EsearchData> {
	return returning(search(query, uid, utf8), wanted, 'ESEARCH', uid);
}

/** The same of SORT (RFC 5267 §3): `all` and `partial` come in order. @throws Imap4Error ARGUMENT */
export function sortReturning(
	criteria: readonly SortCriterion[],
	query: SearchQuery,
	wanted: readonly SearchReturn[],
	uid: boolean,
): Command<EsearchData> {
	return returning(sort(criteria, query, uid), wanted, 'ESORT', uid);
}

function returning(
	{ name, args, states, pipelining, needs = [] }: Command<number[]>,
	wanted: readonly SearchReturn[],
	capability: string,
	uid: boolean,
): Command<EsearchData> {
	let found: EsearchData | undefined;
	return {
		name,
		states,
		pipelining,
		// SAVE changes what `$` stands for.
		discardable: !wanted.includes('save'),
		args: [raw('RETURN'), list(wanted.map(returnOption)), ...args],
		needs: [
			capability,
			...(wanted.includes('save') ? ['SEARCHRES'] : []),
			...(wanted.some((one) => typeof one === 'object') ? ['PARTIAL'] : []),
			...needs,
		],
		accepts(response) {
			if (!isOfSelected(response, uid)) return false;
			found = response.data;
			return true;
		},
		done() {
			// To SAVE alone there is no answer (RFC 5182 §2.1).
			if (found ?? wanted.every((one) => one === 'save')) return found ?? { uid };
			throw new Imap4Error(
				'MALFORMED',
				`The server answered ${name} without the ESEARCH response that it owes`,
				{ command: name },
			);
		},
	};
}

/** One that names a mailbox answers a search of several (RFC 7377 §2.1). */
function isOfSelected(
	response: UntaggedResponse,
	uid: boolean,
): response is Extract<UntaggedResponse, { type: 'ESEARCH' }> {
	return (
		response.type === 'ESEARCH' && response.data.uid === uid && response.data.mailbox === undefined
	);
}

function returnOption(wanted: SearchReturn): Part {
	if (typeof wanted === 'object') return raw(`PARTIAL ${partialRange(wanted.partial)}`);
	if (['min', 'max', 'count', 'all', 'save'].includes(wanted)) return raw(wanted.toUpperCase());
	throw new Imap4Error('ARGUMENT', `"${String(wanted)}" is not a return option of SEARCH`);
}

/** Most messages one answer may name; a short set can stand for billions. */
export const MOST_HITS = 10_000_000;

export function invalidSetError(command: string, text: string): Imap4Error {
	return new Imap4Error(
		'MALFORMED',
		`The server answered ${command} with "${text.slice(0, SHOWN)}", which is not a set of messages`,
		{ command },
	);
}

export function tooMany(hits: number): Imap4AbortError {
	return new Imap4AbortError(
		'LIMIT',
		`The server claims to have found ${hits} messages, more than this client accepts`,
	);
}
