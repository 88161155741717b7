import type { CommandReader } from '../command-reader';
import { BadSyntax, printSet } from '../command-reader';
import { modSeqItem, useModSeqs } from '../condstore';
import { GMAIL, readLabel, writtenLabels } from '../extensions/gmail';
import type { Numbered } from '../message-set';
import { chosen, readMessageSet } from '../message-set';
import type { Session } from '../session';
import { Refusal } from '../store/account';
import type { StoredMessage } from '../store/mailbox';

interface Action {
	sign: '' | '+' | '-';
	/** Flags, or Gmail's labels. */
	what: 'FLAGS' | 'X-GM-LABELS';
	silent: boolean;
	values: string[];
}

/** Reads ` (UNCHANGEDSINCE 12345)`, if it is there (RFC 7162 §3.1.3). */
function readUnchangedSince(session: Session, reader: CommandReader): number | undefined {
	if (reader.peek() !== '(' || !session.has('CONDSTORE')) return undefined;
	const [since] = reader.list(() => {
		const name = reader.word();
		if (name !== 'UNCHANGEDSINCE') throw new BadSyntax(`unknown STORE modifier ${name}`);
		reader.space();
		return reader.modSeq();
	});
	reader.space();
	useModSeqs(session);
	return since;
}

function readAction(session: Session, reader: CommandReader): Action {
	const text = reader.run(/[-+.A-Za-z0-9]/, 'what to do with the flags').toUpperCase();
	const match = /^([+-]?)(FLAGS|X-GM-LABELS)(\.SILENT)?$/.exec(text);
	if (!match || (match[2] !== 'FLAGS' && !session.has(GMAIL)))
		throw new BadSyntax(`unknown STORE ${text}`);
	reader.space();
	const [, sign, what, silent] = match as unknown as [
		string,
		Action['sign'],
		Action['what'],
		string?,
	];
	const value = (): string => (what === 'FLAGS' ? reader.flag() : readLabel(reader));
	const values: string[] = [];
	if (reader.peek() === '(') values.push(...reader.list(value, true));
	else
		do values.push(value());
		while (reader.take(' '));
	return { sign, what, silent: silent !== undefined, values };
}

/** RFC 3501 §6.4.6, RFC 7162 §3.1.3. */
export function store(session: Session, reader: CommandReader, uid: boolean): string {
	reader.space();
	const set = readMessageSet(session, reader);
	reader.space();
	const since = readUnchangedSince(session, reader);
	const action = readAction(session, reader);
	reader.end();
	const view = session.selected;
	if (view.readOnly) throw new Refusal('READ-ONLY', 'Mailbox is read-only');
	const modified: Numbered[] = [];
	const found = chosen(session, set, uid);
	if (action.what === 'FLAGS' && action.sign !== '-' && found.length > 0) {
		view.mailbox.learn(action.values);
		for (const line of view.tellKeywords()) session.wire.send(`${line}\r\n`);
	}
	for (const numbered of found) {
		const [message] = numbered;
		if (since !== undefined && message.modSeq > since) {
			modified.push(numbered);
			continue;
		}
		const before = message.modSeq;
		change(session, message, action);
		tell(session, numbered, action, uid, message.modSeq > before || since !== undefined);
	}
	if (modified.length === 0) return 'Store completed.';
	const numbers = modified.map(([message, seq]) => (uid ? message.uid : seq));
	return `[MODIFIED ${printSet(numbers)}] Conditional STORE failed.`;
}

function change(session: Session, message: StoredMessage, { sign, what, values }: Action): void {
	const view = session.selected;
	const old = what === 'FLAGS' ? message.flags : message.labels;
	const named = new Set(values.map((value) => value.toLowerCase()));
	const kept = [...old].filter((one) => !named.has(one.toLowerCase()));
	const next = sign === '-' ? kept : sign === '+' ? [...kept, ...values] : values;
	if (what === 'FLAGS') view.mailbox.setFlags(message, next, view);
	else view.mailbox.setLabels(message, next);
}

/** With mod-sequences, even .SILENT is told the new one (RFC 7162 §3.1.3). */
function tell(
	session: Session,
	[message, seq]: Numbered,
	{ what, silent }: Action,
	uid: boolean,
	tellsModSeq: boolean,
): void {
	const items: string[] = [];
	if (!silent)
		items.push(
			what === 'FLAGS'
				? ` FLAGS (${session.selected.flags(message).join(' ')})`
				: ` X-GM-LABELS ${writtenLabels(message)}`,
		);
	if (tellsModSeq || !silent) items.push(modSeqItem(session, message.modSeq));
	const told = items.join('');
	if (told === '') return;
	session.data(`${seq} FETCH (${uid ? `UID ${message.uid}` : ''}${uid ? told : told.slice(1)})`);
}
