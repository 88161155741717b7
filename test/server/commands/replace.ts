import type { CommandReader } from '../command-reader';
import { chosen, readMessageSet } from '../message-set';
import type { Session } from '../session';
import { Refusal } from '../store/account';
import { appendUid, readNewMessage, target } from './append';
import { BadSyntax } from '../command-reader';

/** A new message in place of an old one, both or neither (RFC 8508 §3). */
export function replace(session: Session, reader: CommandReader, uid: boolean): string {
	reader.space();
	const set = readMessageSet(session, reader);
	reader.space();
	const name = session.mailboxName(reader);
	const message = readNewMessage(session, reader);
	reader.end();
	const view = session.selected;
	if (view.readOnly) throw new Refusal('READ-ONLY', 'Mailbox is read-only');
	const found = chosen(session, set, uid);
	if (found.length > 1) throw new BadSyntax('more than one message to replace');
	const [old] = found[0] ?? [];
	if (!old) throw new Refusal('', 'There is no such message');
	const mailbox = target(session, name);
	session.user.quota.check(message.octets.length - old.octets.length, 0);
	const { uid: added } = mailbox.add(message);
	// Told before the EXPUNGE, lest a client takes its only copy for lost (RFC 8508 §3.3).
	const code = appendUid(session, mailbox, [added]);
	if (code) session.data(`OK ${code}Replacement Message ready`);
	// EXISTS before EXPUNGE, as in the RFC's own example.
	session.tell(false);
	view.mailbox.remove(new Set([old]));
	return 'Replace completed.';
}
