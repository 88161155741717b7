/** What imaplib's methods take as text, made into values: see imaplib.ts. */
import { Imap4Error } from './errors';
import type { SearchQuery } from './grammar/search-key';
import { parseSearch } from './grammar/search-text';
import type { SortCriterion, SortKey } from './grammar/sort-key';
import type { StatusItem } from './grammar/status';
import { STATUS_ITEMS } from './grammar/status';

/** A set as text, or numbers. */
export type MessageSetText = string | number | readonly number[];
/** Criteria of a search: as text, `FROM "LDJ"`, or as values. */
export type Criteria = string | SearchQuery;

export const queryOf = (criteria: readonly Criteria[]): SearchQuery => {
	const [first, ...more] = criteria;
	if (first === undefined) return { all: true };
	if (typeof first !== 'string') return more.length === 0 ? first : { and: criteria.map(oneQuery) };
	return parseSearch(criteria.map(String).join(' '));
};
const oneQuery = (one: Criteria): SearchQuery => (typeof one === 'string' ? parseSearch(one) : one);

/** `(\Seen foo)`, or the flags themselves. */
export const flagsOf = (flags: string | readonly string[]): readonly string[] =>
	typeof flags === 'string' ? words(flags) : flags;

const words = (text: string): string[] =>
	text
		.replace(/^\s*\((.*)\)\s*$/s, '$1')
		.split(' ')
		.filter(Boolean);

/** `(REVERSE DATE SUBJECT)`: REVERSE belongs to the key behind it. */
export function sortCriteriaOf(
	criteria: string | readonly SortCriterion[],
): readonly SortCriterion[] {
	if (typeof criteria !== 'string') return criteria;
	const keys = criteria.replace(/REVERSE\s+/gi, 'REVERSE_').toUpperCase();
	return words(keys).map((key) => ({
		key: key.replace('REVERSE_', '') as SortKey,
		reverse: key.startsWith('REVERSE_'),
	}));
}

/** STATUS items by their names on the wire. */
const BY_NAME = new Map(
	Object.entries(STATUS_ITEMS).map(([item, name]) => [name, item as StatusItem]),
);

export function statusItemsOf(names: string | readonly StatusItem[]): readonly StatusItem[] {
	if (typeof names !== 'string') return names;
	return words(names).map((name) => {
		const item = BY_NAME.get(name.toUpperCase());
		if (item) return item;
		throw new Imap4Error('ARGUMENT', `"${name.slice(0, 40)}" is not an item of STATUS`);
	});
}

/** Texts are sent as UTF-8; under UTF8=ACCEPT no charset may be named (RFC 6855 §3). */
export function checkSearchCharset(charset: string | null, utf8: boolean): void {
	if (charset === null) return;
	if (utf8) {
		throw new Imap4Error('ARGUMENT', 'No charset can be named while UTF8=ACCEPT is enabled');
	}
	if (!/^(utf-8|us-ascii)$/i.test(charset)) {
		throw new Imap4Error(
			'ARGUMENT',
			`Texts are sent as UTF-8; the charset "${charset.slice(0, 40)}" cannot be named`,
		);
	}
}
