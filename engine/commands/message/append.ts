import type { Command } from '../../command';
import { AUTHENTICATED } from '../../command';
import { checkFlag } from '../../grammar/flags';
import { formatInternalDate } from '../../grammar/internal-date';
import type { LiteralStream } from '../../wire/writer';
import { list, literal, mailbox, raw } from '../../wire/writer';

export interface AppendOptions {
	flags?: readonly string[];
	/** What the server keeps as the time of receipt; now by default. */
	date?: Date;
	/** Minutes east of UTC in which `date` is written. */
	dateOffset?: number;
}

/** Where the message is (RFC 4315 §3 APPENDUID); undefined where the server doesn't say. */
export interface Appended {
	uidValidity: number;
	uid: number;
}

/**
 * APPEND (RFC 9051 §6.3.12). A mailbox that doesn't exist is refused with the response code
 * TRYCREATE; a refusal before the server asked for the message sends none of it.
 * @throws Imap4Error ARGUMENT
 */
export function append(
	to: string,
	message: Buffer | LiteralStream,
	{ flags = [], date, dateOffset }: AppendOptions = {},
): Command<Appended | undefined> {
	return {
		name: 'APPEND',
		args: [
			mailbox(to),
			...(flags.length > 0 ? [list(flags.map((flag) => raw(checkFlag(flag))))] : []),
			...(date ? [raw(`"${formatInternalDate(date, dateOffset)}"`)] : []),
			literal(message),
		],
		states: AUTHENTICATED,
		pipelining: 'free',
		done({ code }) {
			if (code?.name !== 'APPENDUID' || !('uids' in code)) return undefined;
			const uid = Number(code.uids);
			return Number.isSafeInteger(uid) ? { uidValidity: code.uidValidity, uid } : undefined;
		},
	};
}

const CR = 13;
const LF = 10;

/** The message with every bare CR or LF made CRLF (RFC 5322 §2.3); itself if there is none. */
export function withCrlf(message: Buffer): Buffer {
	let bare = 0;
	for (let at = message.indexOf(LF); at >= 0; at = message.indexOf(LF, at + 1)) {
		if (at === 0 || message[at - 1] !== CR) bare++;
	}
	for (let at = message.indexOf(CR); at >= 0; at = message.indexOf(CR, at + 1)) {
		if (message[at + 1] !== LF) bare++;
	}
	if (bare === 0) return message;
	const result = Buffer.allocUnsafe(message.length + bare);
	let to = 0;
	for (let at = 0; at < message.length; at++) {
		const byte = message[at] as number;
		if (byte === LF && (at === 0 || message[at - 1] !== CR)) result[to++] = CR;
		result[to++] = byte;
		if (byte === CR && message[at + 1] !== LF) result[to++] = LF;
	}
	return result;
}
