import type { CommandReader, NumberSet } from '../command-reader';
import { BadSyntax, printSet } from '../command-reader';
import { highestModSeq, useModSeqs } from '../condstore';
import type { Session } from '../session';
import { DELIMITER } from '../store/account';
import { hasFlag } from '../store/mailbox';
import { MailboxView } from '../view';

/** What the client knew of the mailbox when it left it (RFC 7162 §3.2.5). */
interface Resync {
	uidValidity: number;
	modSeq: number;
	knownUids: NumberSet | undefined;
}

/** Reads ` (CONDSTORE)` or ` (QRESYNC (67890007 20050715194045000 41:211))`, if it is there. */
function readParameters(session: Session, reader: CommandReader): Resync | undefined {
	let resync: Resync | undefined;
	if (!reader.take(' ')) return undefined;
	reader.list(() => {
		const name = reader.word();
		if (name === 'CONDSTORE' && session.has('CONDSTORE')) useModSeqs(session);
		else if (name === 'QRESYNC' && session.enabled.has('QRESYNC')) {
			reader.space();
			resync = readResync(reader);
		} else throw new BadSyntax(`unknown SELECT parameter ${name}`);
	});
	return resync;
}

function readResync(reader: CommandReader): Resync {
	reader.expect('(');
	const uidValidity = reader.number();
	reader.space();
	const modSeq = reader.modSeq();
	let knownUids: NumberSet | undefined;
	if (reader.take(' ')) {
		if (reader.peek() !== '(') knownUids = reader.sequenceSet();
		if (knownUids === undefined || reader.take(' ')) readSequenceMatch(reader);
	}
	reader.expect(')');
	return { uidValidity, modSeq, knownUids };
}

/** What it is good for, guessing which UIDs are gone, is not needed where all of them are remembered. */
function readSequenceMatch(reader: CommandReader): void {
	reader.expect('(');
	reader.sequenceSet();
	reader.space();
	reader.sequenceSet();
	reader.expect(')');
}

/** SELECT and EXAMINE (RFC 3501 §6.3.1, RFC 7162 §3.1.2 and §3.2.5, RFC 8474 §4.2). */
export function select(session: Session, reader: CommandReader, readOnly: boolean): string {
	reader.space();
	const name = session.mailboxName(reader);
	const left = session.view !== undefined;
	session.leave();
	if (left) session.data('OK [CLOSED] Previous mailbox closed.');
	const resync = readParameters(session, reader);
	reader.end();
	const mailbox = session.user.mailbox(name);
	const view: MailboxView = new MailboxView(
		mailbox,
		readOnly,
		() => session.news(),
		() => session.bye('Selected mailbox was deleted, have to disconnect.'),
		!session.rev2,
	);
	session.view = view;
	session.state = 'selected';
	for (const line of view.flagLines()) session.wire.send(`${line}\r\n`);
	session.data(`${view.messages.length} EXISTS`);
	if (!session.rev2) session.data(`${view.recent.size} RECENT`);
	const unseen = view.messages.findIndex((message) => !hasFlag(message, '\\Seen'));
	if (unseen >= 0 && !session.rev2) session.data(`OK [UNSEEN ${unseen + 1}] First unseen.`);
	session.data(`OK [UIDVALIDITY ${mailbox.uidValidity}] UIDs valid`);
	session.data(`OK [UIDNEXT ${mailbox.uidNext}] Predicted next UID`);
	// The name in its own spelling (RFC 9051 §6.3.2).
	if (session.rev2) session.data(`LIST () "${DELIMITER}" ${session.written(mailbox.name)}`);
	if (session.has('CONDSTORE')) session.data(`OK ${highestModSeq(session)}Highest`);
	if (session.has('OBJECTID')) session.data(`OK [MAILBOXID (${mailbox.id})] Its own`);
	if (resync?.uidValidity === mailbox.uidValidity) tellChanges(session, resync);
	return readOnly ? '[READ-ONLY] Examine completed.' : '[READ-WRITE] Select completed.';
}

/** What was removed since, then what has changed (RFC 7162 §3.2.5.1). */
function tellChanges(session: Session, { modSeq, knownUids }: Resync): void {
	const view = session.selected;
	const { mailbox } = view;
	const known = (uid: number): boolean => knownUids?.includes(uid, mailbox.uidNext) ?? true;
	const gone = mailbox.vanished
		.filter((one) => one.modSeq > modSeq && known(one.uid))
		.map(({ uid }) => uid)
		.sort((one, other) => one - other);
	if (gone.length > 0) session.data(`VANISHED (EARLIER) ${printSet(gone)}`);
	for (const [index, message] of view.messages.entries()) {
		if (message.modSeq <= modSeq || !known(message.uid)) continue;
		const flags = view.flags(message).join(' ');
		session.data(
			`${index + 1} FETCH (UID ${message.uid} FLAGS (${flags}) MODSEQ (${message.modSeq}))`,
		);
	}
}
