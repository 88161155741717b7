import type { Command } from '../command';
import { SELECTED } from '../command';
import { Imap4Error } from '../../errors';
import type { FetchedMessage } from '../../grammar/fetch';
import { checkFlag } from '../../grammar/flags';
import { modSequence } from '../../grammar/mod-sequence';
import type { AnySet } from '../../grammar/message-set';
import { SequenceSet, UidSet } from '../../grammar/message-set';
import { list, mailbox, raw } from '../../wire/writer';

/** Add, remove, or replace all flags but \Recent; or Gmail's labels (needs X-GM-EXT-1). */
export type StoreAction =
	'+FLAGS' | '-FLAGS' | 'FLAGS' | '+X-GM-LABELS' | '-X-GM-LABELS' | 'X-GM-LABELS';

/** Which messages to change, and what to report. */
export interface StoreOptions {
	/** Ask the server not to return the new flags of every message. */
	silent?: boolean;
	/** Only messages unchanged since this mod-sequence (needs CONDSTORE, RFC 7162 §3.1.3). */
	unchangedSince?: bigint;
}

/** What a STORE changed. */
export interface StoreResult<Set extends AnySet = AnySet> {
	/** The messages' new flags or labels, as far as the server returned them. */
	messages: FetchedMessage[];
	/** Messages left as they are because they had changed (RFC 7162 §3.1.3). */
	modified: Set | undefined;
}

/**
 * STORE and UID STORE (RFC 9051 §6.4.6).
 * @throws Imap4Error ARGUMENT
 */
export function store(
	set: AnySet,
	action: StoreAction,
	flags: readonly string[],
	{ silent = false, unchangedSince }: StoreOptions = {},
): Command<StoreResult> {
	const [, what] = /^[+-]?(FLAGS|X-GM-LABELS)$/.exec(action) ?? [];
	if (!what) {
		throw new Imap4Error(
			'ARGUMENT',
			`"${String(action)}" is not a way to store flags: use +FLAGS, -FLAGS or FLAGS`,
		);
	}
	const uid = set.kind === 'UID';
	const labels = what === 'X-GM-LABELS';
	const messages: FetchedMessage[] = [];
	return {
		name: uid ? 'UID STORE' : 'STORE',
		args: [
			raw(set.toString()),
			...(unchangedSince === undefined
				? []
				: [raw(`(UNCHANGEDSINCE ${modSequence(unchangedSince)})`)]),
			raw(`${action}${silent ? '.SILENT' : ''}`),
			// Labels are named as mailboxes are.
			list(flags.map((flag) => (labels ? mailbox(flag) : raw(checkFlag(flag))))),
		],
		states: SELECTED,
		changesMailbox: true,
		pipelining: uid ? 'free' : 'numbers',
		needs: [
			...set.needs,
			...(unchangedSince === undefined ? [] : ['CONDSTORE']),
			...(labels ? ['X-GM-EXT-1'] : []),
		],
		// Flags returned after a store are as good an answer to a later fetch of them, which must have one.
		defersTo: (response) => response.type === 'FETCH',
		accepts(response) {
			if (response.type !== 'FETCH') return false;
			const { message } = response;
			const number = uid ? message.uid : message.seq;
			const stored = labels ? message.gmailLabels : message.flags;
			if (number === undefined || stored === undefined || message.body.length > 0) return false;
			if (!set.includes(number) && !set.open) return false;
			messages.push(message);
			return true;
		},
		done({ code }) {
			if (code?.name !== 'MODIFIED') return { messages, modified: undefined };
			const modified = (uid ? UidSet : SequenceSet).fromServer(code.set);
			if (modified) return { messages, modified };
			throw new Imap4Error(
				'MALFORMED',
				'The server changed some messages and does not say clearly which it left as they were',
				{ command: 'STORE', responseCode: 'MODIFIED' },
			);
		},
	};
}
