/** imaplib's uid(): the UID forms of commands by their names. */
import type { StoreAction } from './commands/flags/store';
import { fetchItemsOf } from './commands/message/fetch-text';
import type { ThreadAlgorithm } from './commands/message/thread';
import type { Imap4 } from './client/imap4';
import type { MessageCommands } from './client/messages';
import type { FetchedMessage } from './grammar/fetch';
import type { SequenceNumber, Uid } from './grammar/message-number';
import type { SequenceSet } from './grammar/message-set';
import { UidSet } from './grammar/message-set';
import type { Criteria, MessageSetText } from './imaplib-arguments';
import { checkSearchCharset, flagsOf, queryOf, sortCriteriaOf } from './imaplib-arguments';

/** What the commands that have a UID form (RFC 9051 §6.4.9 and extensions) make of imaplib's arguments. */
export const UID_FORMS = {
	COPY: (imap: Imap4, [set, to]: unknown[]) => imap.selected.copy(uids(set), to as string),
	EXPUNGE: (imap: Imap4, [set]: unknown[]) => imap.selected.expunge(uids(set)),
	FETCH: (imap: Imap4, [set, parts]: unknown[]) =>
		imap.selected.fetch(uids(set), fetchItemsOf(parts as string)).all(),
	MOVE: (imap: Imap4, [set, to]: unknown[]) => imap.selected.move(uids(set), to as string),
	SEARCH: (imap: Imap4, args: unknown[]) => {
		const named = /^charset$/i.test(String(args[0]));
		if (named) checkSearchCharset(String(args[1]), imap.utf8Enabled);
		const criteria = named ? args.slice(2) : args.filter((one) => one !== null);
		return imap.selected.search(queryOf(criteria as Criteria[]));
	},
	SORT: (imap: Imap4, [criteria, charset, ...query]: unknown[]) =>
		imap.selected.sort(sortCriteriaOf(criteria as string), queryOf(query as Criteria[]), {
			charset: charset as string,
		}),
	STORE: (imap: Imap4, [set, command, flags]: unknown[]) =>
		storeIn(imap.selected, uids(set), command as string, flags as string),
	THREAD: (imap: Imap4, [algorithm, charset, ...query]: unknown[]) =>
		imap.selected.thread(algorithm as ThreadAlgorithm, queryOf(query as Criteria[]), {
			charset: charset as string,
		}),
} satisfies Record<string, (imap: Imap4, args: unknown[]) => Promise<unknown>>;

const uids = (set: unknown): UidSet => UidSet.from(set as MessageSetText);

/** STORE, whose result is the new flags unless it is silent. */
export async function storeIn<N extends Uid | SequenceNumber, Set extends UidSet | SequenceSet>(
	messages: MessageCommands<N, Set>,
	set: Set,
	command: string,
	flags: string | readonly string[],
): Promise<FetchedMessage[]> {
	const [, action = command, silent] = /^(.*?)(\.SILENT)?$/i.exec(command) ?? [];
	const stored = await messages.store(set, action.toUpperCase() as StoreAction, flagsOf(flags), {
		silent: silent !== undefined,
	});
	return stored.messages;
}
