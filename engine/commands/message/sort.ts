import type { Command } from '../command';
import { SELECTED } from '../command';
import { Imap4Error } from '../../errors';
import type { SearchQuery } from '../../grammar/search-key';
import { encodeSearch } from '../../grammar/search-key';
import type { SortCriterion } from '../../grammar/sort-key';
import { sortCriterion } from '../../grammar/sort-key';
import { list, raw } from '../../wire/writer';
import { joined } from './joined-results';

/**
 * SORT and UID SORT (RFC 5256 §3): a search whose hits come in order.
 * @param charset of the texts in the query; the command cannot do without
 * @returns sequence numbers, or UIDs, in that order
 * @throws Imap4Error ARGUMENT
 */
export function sort(
	criteria: readonly SortCriterion[],
	query: SearchQuery,
	uid: boolean,
	charset = 'UTF-8',
): Command<number[]> {
	if (criteria.length === 0) throw new Imap4Error('ARGUMENT', 'SORT needs at least one criterion');
	const { parts, needs } = encodeSearch(query);
	const keys = criteria.map(sortCriterion);
	const found: number[][] = [];
	return {
		name: uid ? 'UID SORT' : 'SORT',
		args: [list(keys.map(raw)), raw(checkCharset(charset)), ...parts],
		states: SELECTED,
		pipelining: uid ? 'free' : 'numbers, renumbering',
		discardable: true,
		needs: [
			'SORT',
			...(keys.some((key) => key.includes('DISPLAY')) ? ['SORT=DISPLAY'] : []),
			...needs,
		],
		defersTo: () => found.length > 0,
		accepts(response) {
			if (response.type !== 'SORT') return false;
			found.push(response.numbers);
			return true;
		},
		done: () => joined(found),
	};
}

/** @throws Imap4Error ARGUMENT. The texts are written as UTF-8, of which US-ASCII is a part. */
export function checkCharset(charset: string): string {
	if (!/^(utf-8|us-ascii)$/i.test(charset)) {
		throw new Imap4Error(
			'ARGUMENT',
			`Texts are sent as UTF-8; the charset "${charset.slice(0, 40)}" cannot be named`,
		);
	}
	return charset.toUpperCase();
}
