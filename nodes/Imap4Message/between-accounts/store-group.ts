/** Messages from one connection to another: small ones together, large ones as a stream. */
import {
	Imap4Error,
	type Appended,
	type Imap4,
	type MessageToAppend,
	type OpenMailbox,
	type SelectedMailbox,
	type Uid,
} from '../../../engine/index';
import { storing } from '../../shared/errors/destination';
import { orRefusedMessage } from '../../shared/errors/refusal';
import type { UserError } from '../../shared/errors/user-error';
import { messageGone } from '../../shared/execution/message-results';
import { takesNewKeywords } from '../../shared/mailbox/permitted-flags';
import { fetchAccounted } from '../../shared/message/fetch-accounted';
import { unreadMessage } from '../../shared/message/unread-message';
import type { MessageFacts } from './target-index';
import type { TargetMailbox } from './target-mailbox';

export interface SourceMessage {
	facts: MessageFacts;
	/** Those that the target keeps. */
	flags: readonly string[];
	/** Those that it does not. */
	lost: readonly string[];
	/** UID in the target; undefined as long as it is not known. */
	storedAs?: Uid;
	/** Why it could not be stored. */
	error?: Error;
}

const SYSTEM = new Set(['\\answered', '\\flagged', '\\deleted', '\\seen', '\\draft']);

/** What of a message's flags the other mailbox can have; \Recent cannot be set. */
export function keptFlags(
	flags: readonly string[],
	mailbox: SelectedMailbox,
): Pick<SourceMessage, 'flags' | 'lost'> {
	const { permanentFlags } = mailbox;
	const listed = new Set(permanentFlags.map((flag) => flag.toLowerCase()));
	const takesAny = permanentFlags.length === 0 || takesNewKeywords(mailbox);
	const keeps = (flag: string): boolean =>
		flag.startsWith('\\')
			? SYSTEM.has(flag.toLowerCase())
			: takesAny || listed.has(flag.toLowerCase());
	return {
		flags: flags.filter(keeps),
		lost: flags.filter((flag) => !keeps(flag) && flag.toLowerCase() !== '\\recent'),
	};
}

/** Bytes above which a message is a stream and a group of its own, never in memory as a whole. */
export const LARGE = 1024 * 1024;
/** Bytes of a group; two of them are in memory at a time. */
const GROUP = 8 * 1024 * 1024;
const MOST = 100;

type Target = Pick<TargetMailbox, 'name' | 'account'>;

export function groupsOf(messages: readonly SourceMessage[]): SourceMessage[][] {
	const groups: SourceMessage[][] = [];
	let open: SourceMessage[] = [];
	let size = 0;
	for (const message of messages) {
		if (message.facts.size > LARGE) {
			groups.push([message]);
			continue;
		}
		if (open.length > 0 && (open.length >= MOST || size + message.facts.size > GROUP)) {
			groups.push(open);
			open = [];
			size = 0;
		}
		open.push(message);
		size += message.facts.size;
	}
	return open.length > 0 ? [...groups, open] : groups;
}

/**
 * Stores groups one after the other; while one is stored the next one is read.
 * @returns each group as it has been stored, with `storedAs` or `error`
 */
export async function* storeGroups(
	from: OpenMailbox,
	to: Imap4,
	target: Target,
	groups: readonly SourceMessage[][],
): AsyncGenerator<SourceMessage[]> {
	const read = (group: SourceMessage[] | undefined) => {
		if (!group || isLarge(group)) return undefined;
		const bodies = readAll(from, group);
		// Awaited when its turn comes; until then a failure must not be unhandled.
		bodies.catch(() => undefined);
		return bodies;
	};
	let ahead = read(groups[0]);
	for (const [index, group] of groups.entries()) {
		const bodies = await ahead;
		if (bodies) {
			ahead = read(groups[index + 1]);
			await storeTogether(to, target, group, bodies);
		} else {
			await streamOne(from, to, target, group[0] as SourceMessage);
			ahead = read(groups[index + 1]);
		}
		yield group;
	}
}

const isLarge = ([first]: readonly SourceMessage[]): boolean => (first?.facts.size ?? 0) > LARGE;

type Bodies = ReadonlyMap<Uid, Buffer | UserError>;

/** A message that is gone meanwhile is not in it. */
async function readAll(from: OpenMailbox, group: readonly SourceMessage[]): Promise<Bodies> {
	const bodies = new Map<Uid, Buffer | UserError>();
	const sizes = new Map(group.map(({ facts: { uid, size } }) => [uid, size]));
	const items = { body: [{ section: '', peek: true }] };
	const { unreadable } = await fetchAccounted(
		from,
		[...sizes.keys()],
		items,
		async (uid, { body }) => {
			const bytes = await body[0]?.bytes();
			// Nothing in place of a message must not take its place in the other account.
			if (!bytes || (bytes.length === 0 && sizes.get(uid) !== 0)) return false;
			bodies.set(uid, bytes);
			return true;
		},
	);
	for (const [uid, error] of unreadable) bodies.set(uid, unreadMessage(uid, error));
	return bodies;
}

async function storeTogether(
	to: Imap4,
	target: Target,
	group: readonly SourceMessage[],
	bodies: Bodies,
): Promise<void> {
	const messages: MessageToAppend[] = [];
	const ready = group.filter((one) => {
		const body = bodies.get(one.facts.uid) ?? messageGone(one.facts.uid);
		if (body instanceof Error) one.error = body;
		else messages.push(toAppend(one, body));
		return one.error === undefined;
	});
	if (ready.length > 1 && to.capabilities.has('MULTIAPPEND')) {
		const { name, account } = target;
		const all = to.appendAll(name, messages);
		const together = await orRefusedMessage(storing(name, all, account));
		if (!(together instanceof Imap4Error)) {
			for (const [index, one] of ready.entries()) settle(one, together[index]);
			return;
		}
		// All or none: which of them is refused shows one by one.
	}
	await Promise.all(
		ready.map(async (one, index) => {
			const message = messages[index] as MessageToAppend;
			const result = await stored(to, target, message);
			if (!(result instanceof Imap4Error)) return settle(one, result);
			// Some servers refuse line ends that others keep.
			settle(one, await stored(to, target, { ...message, lineEndings: 'crlf' }));
		}),
	);
}

/** Never more of it in memory than the connections hold. */
async function streamOne(
	from: OpenMailbox,
	to: Imap4,
	target: Target,
	one: SourceMessage,
): Promise<void> {
	const { uid } = one.facts;
	let failure: Error | undefined;
	const items = { body: [{ section: '', peek: true }] };
	const { gone, unreadable } = await fetchAccounted(from, [uid], items, async (_uid, message) => {
		const [body] = message.body;
		if (!body?.size || body.content === null) return false;
		const { size } = body;
		const given = toAppend(one, body.stream());
		try {
			settle(one, await stored(to, target, { ...given, size }));
		} catch (error) {
			// Of the other account: no reason to read the message once more.
			failure = error as Error;
		}
		return true;
	});
	if (failure) throw failure;
	if (unreadable.has(uid)) one.error = unreadMessage(uid, unreadable.get(uid));
	else if (gone.has(uid)) one.error = messageGone(uid);
}

/** @returns the error where only this message is refused */
const stored = (
	to: Imap4,
	{ name, account }: Target,
	{ message, ...options }: MessageToAppend,
): Promise<Appended | undefined | Imap4Error> =>
	orRefusedMessage(storing(name, to.append(name, message, options), account));

function toAppend(
	{ facts, flags }: SourceMessage,
	message: MessageToAppend['message'],
): MessageToAppend {
	// Byte by byte, so that the size is the same on both sides.
	return { message, flags, date: new Date(facts.date), lineEndings: 'unchanged' };
}

function settle(one: SourceMessage, result: Appended | undefined | Imap4Error): void {
	if (result instanceof Imap4Error) one.error = result;
	else one.storedAs = result?.uid;
}
