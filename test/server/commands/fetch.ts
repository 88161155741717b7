import type { CommandReader } from '../command-reader';
import { BadSyntax, printSet } from '../command-reader';
import { modSeqItem, useModSeqs } from '../condstore';
import type { FetchItem } from '../fetch-items';
import { readFetchItems } from '../fetch-items';
import type { MessageSet, Numbered } from '../message-set';
import { chosen, readMessageSet } from '../message-set';
import type { PartialRange } from '../partial-range';
import { readPartialRange } from '../partial-range';
import type { Session } from '../session';
import { hasFlag } from '../store/mailbox';

/** What stands behind the data items (RFC 4466 `fetch-modifier`). */
interface Modifiers {
	changedSince: number | undefined;
	vanished: boolean;
	partial: PartialRange | undefined;
}

function readModifiers(session: Session, reader: CommandReader, uid: boolean): Modifiers {
	const modifiers: Modifiers = { changedSince: undefined, vanished: false, partial: undefined };
	if (!reader.take(' ')) return modifiers;
	reader.list(() => {
		const name = reader.word();
		if (name === 'CHANGEDSINCE' && session.has('CONDSTORE')) {
			reader.space();
			modifiers.changedSince = reader.modSeq();
			useModSeqs(session);
		} else if (name === 'VANISHED' && uid && session.enabled.has('QRESYNC')) {
			modifiers.vanished = true;
		} else if (name === 'PARTIAL' && uid && session.has('PARTIAL')) {
			reader.space();
			modifiers.partial = readPartialRange(reader);
		} else throw new BadSyntax(`unknown FETCH modifier ${name}`);
		return name;
	});
	// RFC 7162 §3.2.6.
	if (modifiers.vanished && modifiers.changedSince === undefined)
		throw new BadSyntax('VANISHED without CHANGEDSINCE');
	return modifiers;
}

/** RFC 3501 §6.4.5, RFC 7162 §3.1.4 and §3.2.6, RFC 9394 §3.2. */
export function fetch(session: Session, reader: CommandReader, uid: boolean): string {
	reader.space();
	const set = readMessageSet(session, reader);
	reader.space();
	const items = readFetchItems(reader, session);
	const { changedSince, vanished, partial } = readModifiers(session, reader, uid);
	reader.end();
	let found = chosen(session, set, uid);
	if (changedSince !== undefined) {
		found = found.filter(([{ modSeq }]) => modSeq > changedSince);
		if (!items.some(({ name }) => name === 'MODSEQ'))
			items.push({
				name: 'MODSEQ',
				marks: false,
				value: ({ modSeq }) => [`(${modSeq})`],
			});
		if (vanished) tellVanished(session, set, changedSince);
	}
	if (partial) found = partial.of(found);
	tell(session, found, items, uid);
	return 'Fetch completed.';
}

/** Those of the set that were removed since, before any FETCH (RFC 7162 §3.2.6). */
function tellVanished(session: Session, set: MessageSet, since: number): void {
	if (set === 'saved') return;
	const { mailbox, largestUid } = session.selected;
	const gone = mailbox.vanished
		.filter(({ uid, modSeq }) => modSeq > since && set.includes(uid, largestUid))
		.map(({ uid }) => uid);
	if (gone.length > 0)
		session.data(`VANISHED (EARLIER) ${printSet(gone.sort((one, other) => one - other))}`);
}

/** Answers with these items of these messages, and sets \Seen where one of them does. */
export function tell(
	session: Session,
	found: readonly Numbered[],
	items: readonly FetchItem[],
	uid: boolean,
): void {
	const view = session.selected;
	const names = new Set(items.map(({ name }) => name));
	const marks = items.some((item) => item.marks) && !view.readOnly;
	for (const [message, seq] of found) {
		const marked = marks && !hasFlag(message, '\\Seen');
		if (marked) view.mailbox.setFlags(message, [...message.flags, '\\Seen'], view);
		const pieces: (string | Buffer)[] = [];
		if (uid && !names.has('UID')) pieces.push(` UID ${message.uid}`);
		if (marked && !names.has('FLAGS')) pieces.push(` FLAGS (${view.flags(message).join(' ')})`);
		if (marked && !names.has('MODSEQ') && session.enabled.has('CONDSTORE'))
			pieces.push(modSeqItem(session, message.modSeq));
		for (const item of items) pieces.push(` ${item.name} `, ...item.value(message, view));
		// One blank less in front.
		pieces[0] = String(pieces[0]).slice(1);
		session.data(`${seq} FETCH (`, ...pieces, ')');
	}
}
