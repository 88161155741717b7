import type { Command } from '../command';
import { qresyncEnabled, SELECTED } from '../command';
import { Imap4Error } from '../../errors';
import { modSequence } from '../../grammar/mod-sequence';
import type { PartialRange } from '../../grammar/partial-range';
import { partialRange } from '../../grammar/partial-range';
import { sectionName, sectionParts } from '../../grammar/section';
import type { AnySet } from '../../grammar/message-set';
import type { Part } from '../../wire/writer';
import { list, raw } from '../../wire/writer';
import { FetchAnswers, settleBodies, type MessageSink } from './fetch-answers';
import { FETCH_ITEMS, type FetchItems } from './fetch-items';

/** Which of the messages to fetch. */
export interface FetchOptions {
	/** Only messages changed since this mod-sequence (needs CONDSTORE, RFC 7162 §3.1.4.1). */
	changedSince?: bigint;
	/**
	 * With `changedSince`, by UID: also report which UIDs of the set are gone, see
	 * `vanishedUids` of the result (needs QRESYNC enabled, RFC 7162 §3.2.6).
	 */
	vanished?: boolean;
	/** By UID: only these of the messages, counted from 1, or from the end as -1 (needs PARTIAL, RFC 9394 §3.2). */
	partial?: PartialRange;
}

/**
 * FETCH and UID FETCH (RFC 9051 §6.4.5).
 * @param sink of the messages: commands that were split from one long set share it
 * @throws Imap4Error ARGUMENT
 */
export function fetch(
	set: AnySet,
	items: FetchItems,
	sink: MessageSink,
	options: FetchOptions = {},
): Command<void> {
	const uid = set.kind === 'UID';
	const modifiers = fetchModifiers(options, uid);
	const requests = items.body ?? [];
	const asked = FETCH_ITEMS.filter(({ item }) => items[item]);
	// Of nothing in particular: at least which messages there are.
	const wanted =
		asked.length + requests.length > 0 ? asked : FETCH_ITEMS.filter(({ item }) => item === 'uid');
	const parts: Part[] = [
		...(uid && !wanted.some(({ item }) => item === 'uid') ? [raw('UID')] : []),
		...wanted.map(({ name }) => raw(name)),
		// Bodies last: what stands before them is known when they begin to stream.
		...requests.map(sectionParts),
	];
	const sections = requests.map((request) => ({
		name: sectionName(request),
		origin: request.partial?.start,
	}));
	const answers = new FetchAnswers(set, wanted, sections, sink);
	return {
		name: uid ? 'UID FETCH' : 'FETCH',
		args: [
			raw(set.toString()),
			list(parts),
			...(modifiers.parts.length > 0 ? [list(modifiers.parts)] : []),
		],
		states: SELECTED,
		pipelining: uid ? 'free' : 'numbers',
		consumer: sink,
		beforeSend: options.vanished ? qresyncEnabled('UID FETCH') : undefined,
		needs: [
			...set.needs,
			...modifiers.needs,
			...wanted.flatMap(({ needs }) => needs ?? []),
			...(requests.some(({ binary }) => binary) ? ['BINARY'] : []),
		],
		defersTo: (response) => response.type === 'FETCH' && answers.defersTo(response.message),
		accepts(response, session) {
			if (response.type === 'FETCH') return answers.take(response.message, session);
			if (response.type !== 'VANISHED' || !response.earlier || !options.vanished) return false;
			sink.vanished?.(response.uids);
			return true;
		},
		acceptsStreaming: (message, session) => answers.takeStreaming(message, session),
		onStreamEnd: settleBodies,
		done: () => answers.end(),
		refused(error) {
			answers.end();
			return error;
		},
		aborted() {
			answers.end();
			return undefined;
		},
	};
}

/** What stands behind the items (RFC 4466 §2.4). @throws Imap4Error ARGUMENT, CAPABILITY */
function fetchModifiers(
	{ changedSince, vanished, partial }: FetchOptions,
	uid: boolean,
): { parts: Part[]; needs: string[] } {
	const parts: Part[] = [];
	const needs: string[] = [];
	if (changedSince !== undefined) {
		parts.push(raw(`CHANGEDSINCE ${modSequence(changedSince)}`));
		needs.push('CONDSTORE');
	}
	if (vanished) {
		if (!uid || changedSince === undefined) {
			throw new Imap4Error('ARGUMENT', '"vanished" needs UIDs and "changedSince"');
		}
		parts.push(raw('VANISHED'));
		needs.push('QRESYNC');
	}
	if (partial) {
		if (!uid) throw new Imap4Error('ARGUMENT', 'A fetch of a part of the set needs UIDs');
		parts.push(raw(`PARTIAL ${partialRange(partial)}`));
		needs.push('PARTIAL');
	}
	return { parts, needs };
}
