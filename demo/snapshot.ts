import { createHash } from 'node:crypto';
import { hasAttribute, Imap4 } from '../engine/index';
import { type Account } from './account';

/** A message as it was found in a mailbox. */
export interface MessageSnapshot {
	uid: number;
	/** With its angle brackets; empty if the message has none. */
	messageId: string;
	/** Sorted, without \Recent, which belongs to the session that looks. */
	flags: string[];
	internalDate: Date;
	/** Octets. */
	size: number;
	/** SHA-256 of all octets. */
	digest: string;
}

export interface MailboxSnapshot {
	name: string;
	uidValidity: number;
	messages: MessageSnapshot[];
}

/** Every mailbox that can be selected, in the order of their names but INBOX first. */
export type Snapshot = MailboxSnapshot[];

export const digestOf = (octets: Uint8Array): string =>
	createHash('sha256').update(octets).digest('hex');

export const comparableFlags = (flags: readonly string[]): string[] =>
	flags.filter((flag) => flag.toLowerCase() !== '\\recent').sort();

/**
 * Reads the whole account, contents included, and changes nothing (EXAMINE, BODY.PEEK): for accounts
 * of some thousand messages.
 *
 * @param imap logged in; no mailbox is selected afterwards where the server has UNSELECT
 * @throws {Imap4Error} what the server refuses
 */
export async function snapshot(imap: Imap4): Promise<Snapshot> {
	const entries = await imap.list();
	const names = entries
		.filter((entry) => !hasAttribute(entry, '\\Noselect') && !hasAttribute(entry, '\\NonExistent'))
		.map(({ name }) => name)
		.sort((one, other) => rank(one) - rank(other) || one.localeCompare(other, 'en'));
	const mailboxes: Snapshot = [];
	for (const name of names) mailboxes.push(await mailboxSnapshot(imap, name));
	if (imap.capabilities.has('UNSELECT')) await imap.selected.close();
	return mailboxes;
}

/** {@link snapshot} on a connection of its own: what the nodes say of themselves is not what is checked. */
export async function snapshotOf({
	host,
	port,
	security,
	user,
	password,
	ca,
}: Account): Promise<Snapshot> {
	await using imap = await Imap4.connect({
		host,
		port,
		security,
		auth: { user, password },
		...(ca === undefined ? {} : { tls: { ca } }),
	});
	return await snapshot(imap);
}

const rank = (name: string) => (name === 'INBOX' ? 0 : 1);

async function mailboxSnapshot(imap: Imap4, name: string): Promise<MailboxSnapshot> {
	const { exists, uidValidity } = await imap.open(name, { readOnly: true });
	const messages: MessageSnapshot[] = [];
	if (exists > 0) {
		const items = { uid: true, flags: true, internalDate: true, size: true } as const;
		const body = [{ section: '', peek: true }];
		for await (const message of imap.selected.bySequenceNumber.fetch('1:*', { ...items, body })) {
			const octets = await message.body[0]?.bytes();
			if (!octets || message.uid === undefined || !message.internalDate) {
				throw new Error(`The server left out parts of message ${message.seq} of ${name}`);
			}
			messages.push({
				uid: message.uid,
				messageId: messageIdOf(octets),
				flags: comparableFlags(message.flags ?? []),
				internalDate: message.internalDate,
				size: message.size ?? octets.length,
				digest: digestOf(octets),
			});
		}
	}
	return { name, uidValidity: Number(uidValidity), messages };
}

function messageIdOf(octets: Buffer): string {
	const end = octets.indexOf('\r\n\r\n');
	const header = octets.subarray(0, end === -1 ? octets.length : end).toString('latin1');
	return /^message-id:\s*(<[^>]*>)/im.exec(header)?.[1] ?? '';
}
