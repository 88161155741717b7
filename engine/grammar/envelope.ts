import type { Reader } from '../wire/reader';

/**
 * One address of an envelope (RFC 9051 §7.5.2). Texts are as the header has them: encoded words
 * (RFC 2047) are left to the caller who displays them.
 * @example
 * for await (const { envelope } of mailbox.fetch('1', { envelope: true })) {
 * 	envelope?.from[0]?.address; // 'bert@example.org'
 * }
 */
export class Address {
	constructor(
		/** Display name, or null. */
		readonly name: string | null,
		/** Source route (RFC 5322 obs-route); practically always null. */
		readonly route: string | null,
		/** The part before the `@`; null only for an empty group. */
		readonly mailbox: string | null,
		/** The part after the `@`. */
		readonly host: string | null,
		/** Name of the group (RFC 5322 §3.4) the address stands in. */
		readonly group: string | null,
	) {}

	/** `mailbox@host`, or an empty text for an empty group. */
	get address(): string {
		if (this.mailbox === null) return '';
		return this.host ? `${this.mailbox}@${this.host}` : this.mailbox;
	}
}

/** The header fields of a message as the server parsed them (RFC 9051 §7.5.2 ENVELOPE). */
export interface Envelope {
	/** The Date field as it stands in the header. */
	date: string | null;
	/** Encoded words are not decoded. */
	subject: string | null;
	/** Empty where the header has none. */
	from: Address[];
	/** The same as `from` where the header has no Sender. */
	sender: Address[];
	/** The same as `from` where the header has no Reply-To. */
	replyTo: Address[];
	/** Empty where the header has none. */
	to: Address[];
	/** Empty where the header has none. */
	cc: Address[];
	/** Empty where the header has none. */
	bcc: Address[];
	/** With angle brackets, as the header has it. */
	inReplyTo: string | null;
	/** With angle brackets, as the header has it. */
	messageId: string | null;
}

/** @param short called if fields are missing at the end; those that are there are read all the same */
export function readEnvelope(reader: Reader, short?: () => void): Envelope {
	reader.enter();
	const date = field(reader);
	const subject = field(reader);
	const start = reader.at;
	const from = addresses(reader);
	const stop = reader.at;
	const envelope: Envelope = {
		date,
		subject,
		from,
		// Usually the same once more (RFC 9051 §7.5.2): it costs less to see so than to read it.
		sender: reader.takeAgain(start, stop) ? [...from] : addresses(reader),
		replyTo: reader.takeAgain(start, stop) ? [...from] : addresses(reader),
		to: addresses(reader),
		cc: addresses(reader),
		bcc: addresses(reader),
		inReplyTo: field(reader),
		messageId: reader.peek() === 0x29 ? missing(short) : field(reader),
	};
	while (!reader.leave()) reader.token();
	return envelope;
}

function missing(short: (() => void) | undefined): null {
	short?.();
	return null;
}

function field(reader: Reader): string | null {
	// Some servers leave out what the message does not have at the end.
	if (reader.peek() === 0x29) return null;
	const value = reader.nstring();
	reader.skipSpaces();
	return value;
}

function addresses(reader: Reader): Address[] {
	if (reader.peek() === 0x29) return [];
	if (reader.nil()) {
		reader.skipSpaces();
		return [];
	}
	// Some servers write an empty string for no addresses; any other would be addresses that are not read.
	if (reader.peek() === 0x22) {
		if (reader.nstring() !== '') throw reader.expected('a list of addresses');
		reader.skipSpaces();
		return [];
	}
	let list: Address[] = [];
	let group: string | null = null;
	let opened: Address | undefined;
	let members = 0;
	reader.enter();
	while (!reader.leave()) {
		reader.enter();
		const name = field(reader);
		const route = field(reader);
		const mailbox = field(reader);
		const host = field(reader);
		while (!reader.leave()) reader.token();
		if (host !== null) {
			const address = new Address(name, route, mailbox, host, group);
			// One that is pushed onto an empty list makes room for sixteen more.
			if (list.length === 0) list = [address];
			else list.push(address);
			members++;
		} else if (mailbox) {
			group = mailbox;
			opened = new Address(name, route, mailbox, null, null);
			members = 0;
		} else {
			// The group's end; on Courier, which writes an empty name for both, its beginning too. An
			// empty one ("undisclosed-recipients:;") still says something.
			if (group !== null && members === 0) list.push(new Address(null, null, null, null, group));
			group = null;
		}
	}
	// A group that is neither filled nor ended is none: so some servers write a name without a domain.
	if (group !== null && members === 0 && opened) list.push(opened);
	reader.skipSpaces();
	return list;
}
