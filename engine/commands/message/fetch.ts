import type { Command, SessionState } from '../command';
import { qresyncEnabled, SELECTED } from '../command';
import { Imap4AbortError, Imap4Error } from '../../errors';
import type { FetchedMessage } from '../../grammar/fetch';
import { MessageBody } from '../../grammar/message-body';
import { modSequence } from '../../grammar/mod-sequence';
import type { PartialRange } from '../../grammar/partial-range';
import { partialRange } from '../../grammar/partial-range';
import type { BodyRequest } from '../../grammar/section';
import { sectionName, sectionParts } from '../../grammar/section';
import type { AnySet } from '../../grammar/message-set';
import type { Part } from '../../wire/writer';
import { list, raw } from '../../wire/writer';
import { FetchPieces } from './fetch-pieces';
import { SeenNumbers } from './seen-numbers';

/** What to fetch of each message (RFC 9051 §6.4.5). */
export interface FetchItems {
	/** The UID; it always comes where messages are named by UID. */
	uid?: boolean;
	/** Flags, \Recent included. */
	flags?: boolean;
	/** When the server received the message. */
	internalDate?: boolean;
	/** RFC822.SIZE */
	size?: boolean;
	/** Subject, date and addresses, as the server parsed them. */
	envelope?: boolean;
	/** The parts of the message, without their content. */
	bodyStructure?: boolean;
	/** Body sections, in this order in the message's `body`. */
	body?: readonly BodyRequest[];
	/** Needs CONDSTORE (RFC 7162). */
	modSeq?: boolean;
	/** Needs OBJECTID (RFC 8474). */
	emailId?: boolean;
	/** Needs OBJECTID (RFC 8474). */
	threadId?: boolean;
	/** Needs SAVEDATE (RFC 8514). */
	saveDate?: boolean;
	/** Needs PREVIEW (RFC 8970). */
	preview?: boolean;
	/** Needs X-GM-EXT-1. */
	gmailMessageId?: boolean;
	/** Needs X-GM-EXT-1. */
	gmailThreadId?: boolean;
	/** Needs X-GM-EXT-1. */
	gmailLabels?: boolean;
}

/** Item, its name on the wire, the capability it needs, and whether a message has it. */
export const FETCH_ITEMS: {
	item: Exclude<keyof FetchItems, 'body'>;
	name: string;
	needs?: string;
	given(message: FetchedMessage): boolean;
	/** Servers send it unasked as well, when it changes. */
	news?: boolean;
}[] = [
	{ item: 'uid', name: 'UID', given: (message) => message.uid !== undefined, news: true },
	{ item: 'flags', name: 'FLAGS', given: (message) => message.flags !== undefined, news: true },
	{
		item: 'modSeq',
		name: 'MODSEQ',
		needs: 'CONDSTORE',
		given: (message) => message.modSeq !== undefined,
		news: true,
	},
	{
		item: 'internalDate',
		name: 'INTERNALDATE',
		given: (message) => message.internalDateText !== undefined,
	},
	{ item: 'size', name: 'RFC822.SIZE', given: (message) => message.size !== undefined },
	{ item: 'envelope', name: 'ENVELOPE', given: hasOrMalformed('envelope', 'ENVELOPE') },
	{
		item: 'bodyStructure',
		name: 'BODYSTRUCTURE',
		given: hasOrMalformed('bodyStructure', 'BODYSTRUCTURE'),
	},
	{
		item: 'emailId',
		name: 'EMAILID',
		needs: 'OBJECTID',
		given: (message) => message.emailId !== undefined,
	},
	{
		item: 'threadId',
		name: 'THREADID',
		needs: 'OBJECTID',
		given: (message) => message.threadId !== undefined,
	},
	{
		item: 'saveDate',
		name: 'SAVEDATE',
		needs: 'SAVEDATE',
		given: (message) => message.saveDate !== undefined,
	},
	{
		item: 'preview',
		name: 'PREVIEW',
		needs: 'PREVIEW',
		given: (message) => message.preview !== undefined,
	},
	{
		item: 'gmailMessageId',
		name: 'X-GM-MSGID',
		needs: 'X-GM-EXT-1',
		given: (message) => message.gmailMessageId !== undefined,
	},
	{
		item: 'gmailThreadId',
		name: 'X-GM-THRID',
		needs: 'X-GM-EXT-1',
		given: (message) => message.gmailThreadId !== undefined,
	},
	{
		item: 'gmailLabels',
		name: 'X-GM-LABELS',
		needs: 'X-GM-EXT-1',
		given: (message) => message.gmailLabels !== undefined,
	},
];

function hasOrMalformed(key: 'envelope' | 'bodyStructure', item: string) {
	return (message: FetchedMessage): boolean =>
		message[key] !== undefined || (message.malformed?.some((one) => one.item === item) ?? false);
}

/** Responses in which one message may come. */
const MOST_PIECES = 100;

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

/** Where the messages go as they arrive. */
export interface MessageSink {
	/** With bodies yet to come, where one of them is being streamed. */
	message(message: FetchedMessage, session: SessionState): void;
	/** UIDs that are gone, as a set. */
	vanished?(uids: string): void;
}

/**
 * FETCH and UID FETCH (RFC 9051 §6.4.5). A response is the command's if it names a message of the
 * set and holds something that was asked for and that servers don't send as news; all others are
 * left to the session.
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
	const sections = requests.map((request) => ({
		name: sectionName(request),
		origin: request.partial?.start,
	}));
	const parts: Part[] = [
		...(uid && !wanted.some(({ item }) => item === 'uid') ? [raw('UID')] : []),
		...wanted.map(({ name }) => raw(name)),
		// Bodies last: what stands before them is known when they begin to stream.
		...requests.map(sectionParts),
	];
	const telling = wanted.filter(({ news }) => !news);
	const onlyNews = telling.length === 0 && requests.length === 0;

	// The set counts its ranges: once, and not for each message.
	const { open } = set;
	const mostAnswers = set.size * MOST_PIECES;
	const isInSet = (number: number): boolean => open || set.includes(number);
	const seen = new SeenNumbers();
	let answers = 0;
	let state: SessionState | undefined;
	const numberOf = (message: FetchedMessage): number | undefined =>
		uid ? message.uid : message.seq;

	const isMine = (message: FetchedMessage): boolean => {
		const number = numberOf(message);
		if (number === undefined || !isInSet(number)) return false;
		// What comes a second time is news, or another command's.
		if (onlyNews) return !seen.has(number) && wanted.every(({ given }) => given(message));
		return message.body.length > 0 || telling.some(({ given }) => given(message));
	};

	/** Whether there is one body, the one that was asked for: by far the most frequent case. */
	const isArranged = (body: readonly MessageBody[]): boolean =>
		body.length === 1 &&
		sections.length === 1 &&
		body[0]?.section === sections[0]?.name &&
		body[0]?.origin === sections[0]?.origin;

	/** The bodies in the order they were asked for, those yet to come included. */
	const arrange = (message: FetchedMessage): void => {
		if (isArranged(message.body)) return;
		const arrived = message.body.splice(0);
		for (const { name, origin } of sections) {
			const index = arrived.findIndex((body) => body.section === name && body.origin === origin);
			const body = index < 0 ? undefined : arrived.splice(index, 1)[0];
			const expected = body ?? new MessageBody(name, origin);
			if (!body) (message.expected ??= []).push(expected);
			message.body.push(expected);
		}
		message.body.push(...arrived);
		for (let at = 1; at < message.body.length; at++) {
			(message.body[at] as MessageBody).follow(message.body[at - 1] as MessageBody);
		}
	};

	const hasBody = (message: FetchedMessage, name: string, origin: number | undefined): boolean =>
		message.body.some((body) => body.section === name && body.origin === origin);

	const isWhole = (message: FetchedMessage): boolean =>
		wanted.every(({ given }) => given(message)) &&
		sections.every(({ name, origin }) => hasBody(message, name, origin));

	const emit = (message: FetchedMessage): void => {
		seen.add(numberOf(message) as number);
		if (sections.length > 0) {
			arrange(message);
			settleBodies(message);
		}
		sink.message(message, state as SessionState);
	};
	const pieces = new FetchPieces(emit);

	/** Takes what servers also send as news, if it is what a message of this command lacks. */
	const takesMissing = (message: FetchedMessage): boolean => {
		const number = numberOf(message);
		if (number === undefined || seen.has(number) || !isInSet(number)) return false;
		const before = pieces.get(number);
		const brings = wanted.some(({ given }) => given(message) && !(before && given(before)));
		if (!brings) return false;
		if (before || onlyNews) pieces.complete(number, message);
		if (before ?? (onlyNews && isWhole(message))) {
			if (isWhole(message)) emit(message);
			else pieces.keep(number, message);
			return true;
		}
		pieces.note(number, message);
		return false;
	};

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
		defersTo(response) {
			if (response.type !== 'FETCH') return false;
			const number = numberOf(response.message);
			if (number !== undefined && seen.has(number)) return true;
			const { body } = response.message;
			return (
				body.length > 0 &&
				!body.some(({ section, origin }) =>
					sections.some((asked) => asked.name === section && asked.origin === origin),
				)
			);
		},
		accepts(response, session) {
			if (response.type === 'VANISHED' && response.earlier && options.vanished) {
				sink.vanished?.(response.uids);
				return true;
			}
			if (response.type !== 'FETCH') return false;
			const { message } = response;
			state = session;
			if (!isMine(message)) return takesMissing(message);
			// A server may tell a message in pieces (RFC 9051 §7.5.2), though not in any number of them.
			if (!open && ++answers > mostAnswers) {
				throw new Imap4AbortError(
					'LIMIT',
					`The server answered with ${answers} messages where ${set.size} were asked for`,
				);
			}
			const number = numberOf(message) as number;
			pieces.complete(number, message);
			if (isWhole(message) || seen.has(number)) emit(message);
			else pieces.keep(number, message);
			return true;
		},
		acceptsStreaming(message, session) {
			const number = numberOf(message);
			// A server may put the UID behind the body; then only one command can be meant.
			if (number !== undefined && !isInSet(number)) return false;
			if (sections.length === 0) return false;
			if (number !== undefined) {
				pieces.complete(number, message);
				seen.add(number);
			}
			arrange(message);
			sink.message(message, session);
			return true;
		},
		onStreamEnd: settleBodies,
		done: () => pieces.releaseAll(),
		refused(error) {
			pieces.releaseAll();
			return error;
		},
		aborted() {
			pieces.releaseAll();
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

/** What the server did not send is not there. */
function settleBodies(message: FetchedMessage): void {
	for (const body of message.body)
		if (body.content === undefined && body.size === undefined) body.hold(null);
}
