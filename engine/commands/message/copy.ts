import type { Command } from '../command';
import { SELECTED } from '../command';
import type { ResponseCode } from '../../grammar/response-code';
import type { Uid } from '../../grammar/message-number';
import type { AnySet } from '../../grammar/message-set';
import { numbersInOrder } from '../../grammar/numbers-in-order';
import { applyToMailbox } from '../apply-unsolicited';
import { mailbox, raw } from '../../wire/writer';

/** Where messages went (RFC 4315 §3 COPYUID); undefined where the server doesn't say. */
export interface Copied {
	/** UIDVALIDITY of the mailbox they went to. */
	uidValidity: number;
	/** UIDs there, by the UID they had here. */
	uids: Map<Uid, Uid>;
}

/**
 * COPY and UID COPY (RFC 9051 §6.4.7). All or none are copied. A mailbox that doesn't exist is
 * refused with the response code TRYCREATE.
 */
export function copy(set: AnySet, to: string): Command<Copied | undefined> {
	return transfer('COPY', set, to);
}

/** MOVE and UID MOVE (RFC 9051 §6.4.8). */
export function move(set: AnySet, to: string): Command<Copied | undefined> {
	const copied: (Copied | undefined)[] = [];
	return {
		...transfer('MOVE', set, to),
		needs: ['MOVE', ...set.needs],
		changesMailbox: true,
		accepts(response, { mailbox: here }) {
			if (response.type === 'status') {
				// RFC 6851 §4.3: COPYUID comes in an untagged OK, before the EXPUNGEs; from some servers in several.
				if (response.code?.name !== 'COPYUID') return false;
				const reported = copiedUids(response.code, undefined);
				if (copied.length > 0 && reported && !isOf(set, reported)) return false;
				copied.push(reported);
				return true;
			}
			if (response.type !== 'EXPUNGE' && (response.type !== 'VANISHED' || response.earlier))
				return false;
			if (here) applyToMailbox(here, response);
			return true;
		},
		done({ code }) {
			const reported = merged(copied);
			return reported && isPlausible(set, reported) ? reported : copiedUids(code, set);
		},
	};
}

/** Whether it can be true: no two messages become one, and none was copied that was not named. */
function isPlausible(set: AnySet, copied: Copied): boolean {
	const { uids } = copied;
	return (set.kind !== 'UID' || set.open || isOf(set, copied)) && areDistinct(uids);
}

function areDistinct(uids: ReadonlyMap<Uid, Uid>): boolean {
	let last = 0;
	for (const uid of uids.values()) {
		// Nearly always they ascend; only others need to be compared with all before them.
		if (uid <= last) return new Set(uids.values()).size === uids.size;
		last = uid;
	}
	return true;
}

/** Whether it reports these messages, and not those of a later command. */
function isOf(set: AnySet, { uids }: Copied): boolean {
	if (set.kind !== 'UID' || set.open) return false;
	// There may be a hundred thousand, so no list is made of them.
	for (const uid of uids.keys()) if (!set.includes(uid)) return false;
	return true;
}

function transfer(verb: 'COPY' | 'MOVE', set: AnySet, to: string): Command<Copied | undefined> {
	const uid = set.kind === 'UID';
	return {
		name: uid ? `UID ${verb}` : verb,
		args: [raw(set.toString()), mailbox(to)],
		states: SELECTED,
		pipelining: uid ? 'free' : 'numbers, renumbering',
		needs: set.needs,
		done: ({ code }) => copiedUids(code, set),
	};
}

const uidsInOrder = (text: string): Uid[] | undefined => numbersInOrder(text) as Uid[] | undefined;

/** @param set the messages that were to be copied, where only those can be meant */
function copiedUids(code: ResponseCode | undefined, set: AnySet | undefined): Copied | undefined {
	if (code?.name !== 'COPYUID') return undefined;
	const from = uidsInOrder(code.source);
	const to = uidsInOrder(code.destination);
	// A server that pairs unevenly tells nothing that can be relied on.
	if (!from || !to || from.length !== to.length) return undefined;
	const uids = new Map<Uid, Uid>();
	for (const [index, uid] of from.entries()) uids.set(uid, to[index] as Uid);
	const copied = { uidValidity: code.uidValidity, uids };
	return set && !isPlausible(set, copied) ? undefined : copied;
}

/** The copies of several commands together; undefined if one of them reported nothing. */
export function merged(parts: (Copied | undefined)[]): Copied | undefined {
	const reported = parts.filter((part) => part !== undefined);
	const [first] = reported;
	if (!first || reported.length < parts.length) return undefined;
	// As nearly always; there can be a hundred thousand messages in it.
	if (reported.length === 1) return first;
	// UIDs of two mailboxes, or of one that was created again meanwhile, would be mixed up.
	if (reported.some(({ uidValidity }) => uidValidity !== first.uidValidity)) return undefined;
	const uids = new Map(reported.flatMap((part) => [...part.uids]));
	return { uidValidity: first.uidValidity, uids };
}
