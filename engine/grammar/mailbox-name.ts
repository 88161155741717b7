import { Imap4AbortError, Imap4Error } from '../errors';
import type { Reader } from '../wire/reader';

/**
 * Mailbox names: Unicode in the program, modified UTF-7 on the wire (RFC 3501 §5.1.3), or UTF-8
 * once UTF8=ACCEPT or IMAP4rev2 is enabled.
 */

/** Most characters of irregular names that are remembered. */
const MOST_IRREGULAR = 16 * 1024 * 1024;

/** Names with spaces that were sent last, and are recognized where a server leaves out their quotes. */
const MOST_SENT = 100;

const UNSENDABLE = /[\0\r\n]/;

/**
 * A mailbox name in modified UTF-7.
 * @throws Imap4Error ARGUMENT for NUL, CR, LF or half a surrogate pair: no mailbox can be named so
 * @example
 * encodeMailboxName('Cafés'); // 'Caf&AOk-s'
 */
export function encodeMailboxName(name: string): string {
	checkMailboxName(name);

	return name.replace(/&|[^\x20-\x7e]+/g, (run) =>
		run === '&'
			? '&-'
			: `&${Buffer.from(run, 'utf16le').swap16().toString('base64').replace(/=+$/, '').replaceAll('/', ',')}-`,
	);
}

/** @throws Imap4Error ARGUMENT if no mailbox can have this name */
function checkMailboxName(name: string): void {
	if (name === '') throw new Imap4Error('ARGUMENT', 'The mailbox name is empty');
	if (UNSENDABLE.test(name)) {
		throw new Imap4Error('ARGUMENT', 'A mailbox name cannot contain NUL, CR or LF');
	}
	if (!name.isWellFormed()) {
		throw new Imap4Error('ARGUMENT', 'A mailbox name cannot contain half a surrogate pair');
	}
}

function isName(text: string): boolean {
	return !UNSENDABLE.test(text) && text.isWellFormed();
}

/**
 * The Unicode form of a name as it came over the wire. What isn't valid modified UTF-7 is left as
 * it is, so that no two names of a server become one.
 * @example
 * decodeMailboxName('Caf&AOk-s'); // 'Cafés'
 */
export function decodeMailboxName(wire: string): string {
	if (!wire.includes('&')) return wire;
	return wire.replace(/&([A-Za-z0-9+,]*)-/g, (whole, base64: string) => {
		if (base64 === '') return '&';
		const bytes = Buffer.from(base64.replaceAll(',', '/'), 'base64');
		if (bytes.length === 0 || bytes.length % 2 !== 0) return whole;
		const text = bytes.swap16().toString('utf16le');
		return isName(text) ? text : whole;
	});
}

/** INBOX is the same in any case (RFC 9051 §5.1); all other names are as they are. */
export function sameMailbox(one: string, other: string): boolean {
	return one === other || (/^inbox$/i.test(one) && /^inbox$/i.test(other));
}

/**
 * The names of one server, both ways. A server may list a name that is not what encoding its
 * Unicode form gives (raw 8-bit, a bare `&`, base64 where ASCII would do); such names are
 * remembered, so that what LIST gave always selects the mailbox that LIST meant.
 */
export class MailboxNames {
	private readonly irregular = new Map<string, string>();
	/** Characters in {@link irregular}. */
	private length = 0;
	/** Names with spaces that commands named, as they were sent. */
	private readonly sent = new Map<string, Buffer>();
	/** Set once UTF8=ACCEPT or IMAP4rev2 is enabled, or nothing else is spoken: names are UTF-8 then. */
	utf8 = false;

	decode(wire: string): string {
		if (this.utf8) return wire;
		const name = decodeMailboxName(wire);
		if (wire !== '' && isName(name) && encodeMailboxName(name) !== wire) this.keep(name, wire);
		return name;
	}

	private keep(name: string, wire: string): void {
		if (!this.irregular.has(name)) this.length += name.length + wire.length;
		if (this.length > MOST_IRREGULAR) {
			throw new Imap4AbortError(
				'LIMIT',
				`The server has more than ${MOST_IRREGULAR} characters of mailbox names in an irregular form`,
			);
		}
		this.irregular.set(name, wire);
	}

	/** Forgets all that the server has said so far. */
	forget(): void {
		this.irregular.clear();
		this.sent.clear();
		this.length = 0;
		this.utf8 = false;
	}

	/** @throws Imap4Error ARGUMENT */
	encode(name: string): string {
		if (this.utf8) checkMailboxName(name);
		const wire = this.utf8 ? name : (this.irregular.get(name) ?? encodeMailboxName(name));
		if (wire.includes(' ')) this.remember(wire);
		return wire;
	}

	private remember(wire: string): void {
		this.sent.delete(wire);
		this.sent.set(wire, Buffer.from(wire));
		const [oldest] = this.sent.keys();
		if (this.sent.size > MOST_SENT && oldest !== undefined) this.sent.delete(oldest);
	}

	/** Takes the longest name with spaces, without quotes, that is next and that a command named. */
	sentAt(reader: Reader): string | undefined {
		let found: string | undefined;
		let length = 0;
		for (const [wire, bytes] of this.sent) {
			if (bytes.length <= length || !reader.atWords(bytes)) continue;
			found = wire;
			length = bytes.length;
		}
		reader.at += length;
		return found;
	}
}
