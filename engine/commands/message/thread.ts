import type { Command } from '../command';
import { SELECTED } from '../command';
import { Imap4Error } from '../../errors';
import type { SearchQuery } from '../../grammar/search-key';
import { encodeSearch } from '../../grammar/search-key';
import type { Thread } from '../../grammar/thread';
import { raw } from '../../wire/writer';
import { checkCharset } from './sort';

/** RFC 5256 §3; REFS is Dovecot's. A server offers them as THREAD=… */
export type ThreadAlgorithm = 'ORDEREDSUBJECT' | 'REFERENCES' | 'REFS';

/**
 * THREAD and UID THREAD (RFC 5256 §3): the messages found, by conversation.
 * @throws Imap4Error ARGUMENT
 */
export function thread(
	algorithm: ThreadAlgorithm,
	query: SearchQuery,
	uid: boolean,
	charset = 'UTF-8',
): Command<Thread[]> {
	const name = String(algorithm).toUpperCase();
	if (!/^[A-Z0-9-]+$/.test(name)) {
		throw new Imap4Error('ARGUMENT', `"${name.slice(0, 40)}" is not a threading algorithm`);
	}
	const { parts, needs } = encodeSearch(query);
	const found: Thread[][] = [];
	return {
		name: uid ? 'UID THREAD' : 'THREAD',
		args: [raw(name), raw(checkCharset(charset)), ...parts],
		states: SELECTED,
		pipelining: uid ? 'free' : 'numbers, renumbering',
		discardable: true,
		needs: [`THREAD=${name}`, ...needs],
		defersTo: () => found.length > 0,
		accepts(response) {
			if (response.type !== 'THREAD') return false;
			found.push(response.threads);
			return true;
		},
		done: () => found.flat(),
	};
}
