import type { Command } from '../command';
import { AUTHENTICATED } from '../command';
import type { MailboxEntry } from '../../grammar/list';
import { sameMailbox } from '../../grammar/mailbox-name';
import type { MailboxStatus, StatusItem } from '../../grammar/status';
import type { Part } from '../../wire/writer';
import { list as parenthesised, mailbox, pattern, raw } from '../../wire/writer';
import { statusItems } from './status';

/** Which mailboxes to list, and what of them. */
export interface ListOptions {
	/** Only subscribed mailboxes (RFC 5258 §3.1). */
	subscribed?: boolean;
	/** Only mailboxes with a special use (RFC 6154 §2). */
	specialUse?: boolean;
	/** The status of every mailbox in the same response (RFC 5819). */
	status?: readonly StatusItem[];
}

/**
 * LIST (RFC 9051 §6.3.9). An option needs LIST-EXTENDED, SPECIAL-USE or LIST-STATUS.
 * @param reference what the patterns are relative to; usually empty
 * @param patterns names in which `%` stands for anything within a level, `*` for anything
 * @param offered what to return of each mailbox beside its name, where an extended LIST asks for it:
 * that returns nothing else, where a plain one has these by itself (RFC 5258 §3.2, RFC 6154 §2)
 */
export function list(
	reference: string,
	patterns: readonly string[],
	options: ListOptions = {},
	offered: readonly ('CHILDREN' | 'SPECIAL-USE')[] = [],
): Command<MailboxEntry[]> {
	const { subscribed = false, specialUse = false, status = [] } = options;
	const selection = [...(subscribed ? ['SUBSCRIBED'] : []), ...(specialUse ? ['SPECIAL-USE'] : [])];
	const extended = selection.length > 0 || patterns.length !== 1;
	const returned = [
		...(extended || status.length > 0 ? offered.map(raw) : []),
		...(status.length > 0 ? [raw('STATUS'), parenthesised(statusItems(status))] : []),
	];
	const found = new Map<string, MailboxEntry>();
	const collector = collect('LIST', found);
	/** By mailbox, which may be listed only afterwards. */
	const statuses = new Map<string, MailboxStatus>();
	const wildcards = patterns.map(pattern);
	return {
		name: 'LIST',
		args: [
			...(selection.length > 0 ? [parenthesised(selection.map(raw))] : []),
			referencePart(reference),
			wildcards.length === 1 ? (wildcards[0] as Part) : parenthesised(wildcards),
			...(returned.length > 0 ? [raw('RETURN'), parenthesised(returned)] : []),
		],
		states: AUTHENTICATED,
		pipelining: 'free',
		discardable: true,
		speculative: true,
		needs: [
			...(extended ? ['LIST-EXTENDED'] : []),
			...(specialUse ? ['SPECIAL-USE'] : []),
			...(status.length > 0 ? ['LIST-STATUS'] : []),
		],
		accepts(response, session) {
			if (response.type === 'STATUS' && status.length > 0) {
				statuses.set(canonical(response.status.mailbox), response.status);
				return found.has(response.status.mailbox);
			}
			return collector(response, session);
		},
		done() {
			const entries = [...found.values()];
			for (const entry of entries) {
				const reported = statuses.get(canonical(entry.name));
				if (reported) entry.status = reported;
			}
			return entries;
		},
	};
}

/** INBOX is the same in any case (RFC 9051 §5.1). */
const canonical = (name: string): string => (sameMailbox(name, 'INBOX') ? 'INBOX' : name);

/** LSUB (RFC 3501 §6.3.9), gone in IMAP4rev2: the subscribed mailboxes. */
export function lsub(reference: string, name: string): Command<MailboxEntry[]> {
	const found = new Map<string, MailboxEntry>();
	return {
		name: 'LSUB',
		args: [referencePart(reference), pattern(name)],
		states: AUTHENTICATED,
		pipelining: 'free',
		discardable: true,
		accepts: collect('LSUB', found),
		done: () => [...found.values()],
	};
}

function referencePart(reference: string): Part {
	return reference === '' ? raw('""') : mailbox(reference);
}

function collect(
	type: 'LIST' | 'LSUB',
	found: Map<string, MailboxEntry>,
): NonNullable<Command<unknown>['accepts']> {
	return (response) => {
		if (response.type !== type) return false;
		found.set(response.entry.name, response.entry);
		return true;
	};
}
