import type { CommandReader } from '../command-reader';
import { BadSyntax, printSet } from '../command-reader';
import { checkAppendLimit } from '../extensions/append-limit';
import { parseMime } from '../message/structure';
import { withoutBinary } from '../message/transfer-encoding';
import type { Session } from '../session';
import { Refusal } from '../store/account';
import type { Mailbox, NewMessage } from '../store/mailbox';

/** @throws Refusal TRYCREATE */
export function target(session: Session, name: string): Mailbox {
	const mailbox = session.user.find(name);
	if (!mailbox) throw new Refusal('TRYCREATE', `Mailbox doesn't exist: ${name}`);
	return mailbox;
}

/** Reads ` (\Seen) "01-Feb-2020 …" {4}…` (RFC 3501 `append`, RFC 4466 `append-message`). */
export function readNewMessage(session: Session, reader: CommandReader): NewMessage {
	reader.space();
	const message: NewMessage = { octets: Buffer.alloc(0) };
	if (reader.peek() === '(') {
		message.flags = reader.list(() => reader.flag(), true);
		reader.space();
	}
	if (reader.peek() === '"') {
		const { date, zone } = reader.dateTime();
		message.internalDate = date;
		message.zone = zone;
		reader.space();
	}
	if (reader.peek().toUpperCase() === 'U') {
		readUtf8(session, reader, message);
		return message;
	}
	const binary = reader.peek() === '~';
	if (binary && !session.has('BINARY')) throw new BadSyntax('literal8 is not offered');
	// The command's octets are reused by nobody, but a copy keeps no more than the message.
	message.octets = Buffer.from(reader.literal());
	if (binary) message.octets = withoutBinary(parseMime(message.octets));
	return message;
}

/** Reads `UTF8 (~{4}…)`: a message whose header may hold UTF-8 (RFC 6855 §4). */
function readUtf8(session: Session, reader: CommandReader, message: NewMessage): void {
	if (reader.word() !== 'UTF8' || !session.enabled.has('UTF8=ACCEPT'))
		throw new BadSyntax('expected a message');
	reader.space();
	reader.expect('(');
	if (reader.peek() !== '~') throw new BadSyntax('expected a literal8');
	message.octets = Buffer.from(reader.literal());
	reader.expect(')');
}

/** @returns `[APPENDUID …] `, where UIDPLUS is offered */
export function appendUid(session: Session, mailbox: Mailbox, uids: readonly number[]): string {
	return session.has('UIDPLUS') ? `[APPENDUID ${mailbox.uidValidity} ${printSet(uids)}] ` : '';
}

/** APPEND of one message or, with MULTIAPPEND, of many (RFC 3501 §6.3.11, RFC 3502). */
export function append(session: Session, reader: CommandReader): string {
	reader.space();
	const name = session.mailboxName(reader);
	const messages: NewMessage[] = [];
	do messages.push(readNewMessage(session, reader));
	while (!reader.done && session.has('MULTIAPPEND'));
	reader.end();
	const mailbox = target(session, name);
	session.user.quota.check(
		messages.reduce((sum, { octets }) => sum + octets.length, 0),
		messages.length,
	);
	for (const { octets } of messages) checkAppendLimit(session, mailbox, octets.length);
	const uids = messages.map((message) => mailbox.add(message).uid);
	return `${appendUid(session, mailbox, uids)}Append completed.`;
}
