import { Imap4Error } from '../../errors';
import { UidSet } from '../../grammar/message-set';
import type { SearchQuery } from '../../grammar/search-key';
import { encodeSearch } from '../../grammar/search-key';
import type { Part } from '../../wire/writer';
import { list, mailbox, raw } from '../../wire/writer';
import type { Command } from '../command';
import { AUTHENTICATED } from '../command';
import { invalidSetError, MOST_HITS, tooMany } from './search';

/** Where ESEARCH looks (RFC 7377 §2.2). */
export type SearchSource =
	/** The user's own mailboxes, the subscribed ones, or those that receive mail. */
	| 'personal'
	| 'subscribed'
	| 'inboxes'
	| {
			/** Exactly these. */
			mailboxes: readonly string[];
	  }
	| {
			/** These and all below them. */
			subtree: readonly string[];
	  }
	| {
			/** These and those right below them. */
			subtreeOne: readonly string[];
	  };

/** What a search of several mailboxes found in one of them. */
export interface MailboxHits {
	/** Its name, as the server reports it. */
	mailbox: string;
	/** Undefined if the server left it out. */
	uidValidity: number | undefined;
	/** The UIDs of what was found. */
	uids: UidSet;
}

/**
 * ESEARCH (RFC 7377): searches mailboxes without opening them.
 * @returns the mailboxes in which something was found, as the server reports them
 * @throws Imap4Error ARGUMENT
 */
export function multiSearch(
	query: SearchQuery,
	sources: readonly SearchSource[],
	utf8: boolean,
): Command<MailboxHits[]> {
	const { parts, unicode, needs, byNumber } = encodeSearch(query);
	if (byNumber) {
		throw new Imap4Error('ARGUMENT', 'A search of several mailboxes cannot name sequence numbers');
	}
	if (sources.length === 0) throw new Imap4Error('ARGUMENT', 'ESEARCH needs a mailbox to search');
	const found: MailboxHits[] = [];
	let hits = 0;
	let invalid: string | undefined;
	return {
		name: 'ESEARCH',
		args: [
			raw('IN'),
			list(sources.flatMap(sourceParts)),
			raw('RETURN (ALL)'),
			...(unicode && !utf8 ? [raw('CHARSET UTF-8')] : []),
			...parts,
		],
		states: AUTHENTICATED,
		pipelining: 'free',
		discardable: true,
		needs: ['MULTISEARCH', ...needs],
		accepts(response) {
			if (response.type !== 'ESEARCH' || response.data.mailbox === undefined) return false;
			const { mailbox: name, uidValidity, all } = response.data;
			if (all === undefined) return true;
			const uids = UidSet.fromServer(all);
			if (!uids) {
				invalid ??= all;
				return true;
			}
			hits += uids.size;
			if (hits > MOST_HITS) throw tooMany(hits);
			found.push({ mailbox: name, uidValidity, uids });
			return true;
		},
		done() {
			if (invalid !== undefined) throw invalidSetError('ESEARCH', invalid);
			return found;
		},
	};
}

function sourceParts(source: SearchSource): Part[] {
	if (typeof source === 'string') {
		if (['personal', 'subscribed', 'inboxes'].includes(source)) return [raw(source)];
		throw new Imap4Error('ARGUMENT', `"${String(source)}" is not a source that ESEARCH can search`);
	}
	const [word, names] =
		'mailboxes' in source
			? (['mailboxes', source.mailboxes] as const)
			: 'subtree' in source
				? (['subtree', source.subtree] as const)
				: (['subtree-one', source.subtreeOne] as const);
	if (names.length === 0) throw new Imap4Error('ARGUMENT', 'ESEARCH needs a mailbox to search');
	return [raw(word), list(names.map((name) => mailbox(name)))];
}
