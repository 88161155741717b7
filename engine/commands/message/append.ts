import type { Command } from '../command';
import { AUTHENTICATED } from '../command';
import { checkFlag } from '../../grammar/flags';
import { Imap4Error } from '../../errors';
import { formatInternalDate } from '../../grammar/internal-date';
import type { Uid } from '../../grammar/message-number';
import { UidSet } from '../../grammar/message-set';
import type { LiteralStream, Part } from '../../wire/writer';
import { list, literal, mailbox, raw } from '../../wire/writer';

/** What the server keeps with a message that is appended (RFC 9051 §6.3.12). */
export interface AppendOptions {
	/** None by default. */
	flags?: readonly string[];
	/** What the server keeps as the time of receipt; now by default. */
	date?: Date;
	/** Minutes east of UTC in which `date` is written. */
	dateOffset?: number;
	/** The message may hold NUL and lines of any length; needs BINARY (RFC 3516 §4.4). */
	binary?: boolean;
}

/** Where the message is (RFC 4315 §3 APPENDUID); undefined where the server doesn't say. */
export interface Appended {
	/** UIDVALIDITY of the mailbox. */
	uidValidity: number;
	/** The message's UID there. */
	uid: Uid;
}

/** A message as a literal, and how to append it. */
export interface AppendedMessage extends AppendOptions {
	octets: Buffer | LiteralStream;
}

/**
 * APPEND (RFC 9051 §6.3.12). A mailbox that doesn't exist is refused with the response code
 * TRYCREATE; a refusal before the server asked for the message sends none of it.
 * @param messages more than one needs MULTIAPPEND (RFC 3502): all or none are appended
 * @param utf8 UTF8=ACCEPT is enabled: headers may hold UTF-8 (RFC 6855 §4)
 * @returns where each of them is, if the server says so
 * @throws Imap4Error ARGUMENT; TOO_LARGE for a message above the server's APPENDLIMIT
 */
export function append(
	to: string,
	messages: readonly AppendedMessage[],
	utf8: boolean,
): Command<(Appended | undefined)[]> {
	if (messages.length === 0) throw new Imap4Error('ARGUMENT', 'There is no message to append');
	return {
		name: 'APPEND',
		args: [mailbox(to), ...messages.flatMap((message) => messageParts(message, utf8))],
		states: AUTHENTICATED,
		pipelining: 'free',
		needs: [
			...(messages.length > 1 ? ['MULTIAPPEND'] : []),
			...(messages.some(({ binary }) => binary) ? ['BINARY'] : []),
		],
		beforeSend({ capabilities }) {
			for (const { octets } of messages) checkSize(octets, capabilities.appendLimit);
		},
		done({ code }) {
			if (code?.name !== 'APPENDUID') return messages.map(() => undefined);
			const { uidValidity } = code;
			const uids = UidSet.fromServer(code.uids);
			const assigned = uids?.size === messages.length ? [...uids] : [];
			return messages.map((_message, index) => {
				const uid = assigned[index];
				return uid === undefined ? undefined : { uidValidity, uid };
			});
		},
	};
}

/** Failing here spares sending the whole message first (RFC 7889 §4). */
function checkSize(octets: Buffer | LiteralStream, most = Infinity): void {
	const size = Buffer.isBuffer(octets) ? octets.length : octets.size;
	if (size <= most) return;
	throw new Imap4Error(
		'TOO_LARGE',
		`The message has ${size} octets, and the server takes ${most} at most`,
		{ command: 'APPEND' },
	);
}

function messageParts(
	{ octets, flags = [], date, dateOffset, binary = false }: AppendedMessage,
	utf8: boolean,
): Part[] {
	return [
		// Courier takes UTF8 only behind a list of flags.
		...(flags.length > 0 || utf8 ? [list(flags.map((flag) => raw(checkFlag(flag))))] : []),
		...(date ? [raw(`"${formatInternalDate(date, dateOffset)}"`)] : []),
		...(utf8 ? [raw('UTF8'), list([literal(octets, true)])] : [literal(octets, binary)]),
	];
}
