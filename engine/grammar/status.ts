import { Imap4AbortError } from '../errors';
import type { Reader } from '../wire/reader';
import type { MailboxNames } from './mailbox-name';
import { nameBeforeList, readMailboxName } from './unquoted-name';
import { readBigWholeNumber, readWholeNumber } from './whole-number';

/** What STATUS can be asked for, by the names used here. */
export type StatusItem = keyof Omit<MailboxStatus, 'mailbox' | 'other'>;

/** Figures of a mailbox (RFC 9051 §6.3.11); only those asked for and given. */
export interface MailboxStatus {
	/** The mailbox's name. */
	mailbox: string;
	/** Number of messages. */
	messages?: number;
	/** Number of messages with \Recent; IMAP4rev1 only. */
	recent?: number;
	/** The UID the next message will get at least. */
	uidNext?: number;
	/** UIDs are the same messages as before only while this number stays the same. */
	uidValidity?: number;
	/** Number of messages without \Seen. */
	unseen?: number;
	/** Number of messages with \Deleted (RFC 9051). */
	deleted?: number;
	/** Octets (RFC 8438). */
	size?: number;
	/** RFC 7162. */
	highestModSeq?: bigint;
	/** Octets; null if there is no limit (RFC 7889). */
	appendLimit?: number | null;
	/** RFC 8474. */
	mailboxId?: string;
	/** Items this engine has no name for, by their name in upper case. */
	other?: Record<string, string>;
}

export const STATUS_ITEMS: Record<StatusItem, string> = {
	messages: 'MESSAGES',
	recent: 'RECENT',
	uidNext: 'UIDNEXT',
	uidValidity: 'UIDVALIDITY',
	unseen: 'UNSEEN',
	deleted: 'DELETED',
	size: 'SIZE',
	highestModSeq: 'HIGHESTMODSEQ',
	appendLimit: 'APPENDLIMIT',
	mailboxId: 'MAILBOXID',
};

/** Reads from the mailbox name on (RFC 9051 §7.3.2). Items whose value cannot be read are passed over. */
export function readStatus(reader: Reader, names: MailboxNames): MailboxStatus {
	const status: MailboxStatus = { mailbox: statusName(reader, names) };
	// Parentheses are not relied on: some servers write one pair too many, one too few, or none.
	for (reader.parentheses(); !reader.done; reader.parentheses()) {
		if (reader.atDelimited) {
			reader.skipValue();
			continue;
		}
		const name = reader.atom().upper;
		reader.skipSpaces();
		if (reader.done || reader.peek() === 0x29 || atStatusItem(reader)) continue;
		const { at, level } = reader;
		try {
			readItem(reader, name, status);
			// Some servers separate items by commas.
			reader.take(0x2c);
		} catch (error) {
			if (!(error instanceof Imap4AbortError) || error.code !== 'PROTOCOL') throw error;
			reader.reset(at, level);
			reader.skipValue();
		}
	}
	return status;
}

function statusName(reader: Reader, names: MailboxNames): string {
	const { at, level } = reader;
	if (reader.hasAnother(0x28)) {
		const name = nameBeforeList(reader);
		reader.skipSpaces();
		if (reader.peek() === 0x28) return names.decode(name);
		reader.reset(at, level);
	}
	const name = readMailboxName(reader, names);
	reader.skipSpaces();
	if (reader.done || !atStatusItem(reader)) throw reader.expected('a list of items');
	return name;
}

function readItem(reader: Reader, name: string, status: MailboxStatus): void {
	switch (name) {
		case 'MESSAGES':
			status.messages = readWholeNumber(reader);
			break;
		case 'RECENT':
			status.recent = readWholeNumber(reader);
			break;
		case 'UIDNEXT':
			status.uidNext = readWholeNumber(reader);
			break;
		case 'UIDVALIDITY':
			status.uidValidity = readWholeNumber(reader);
			break;
		case 'UNSEEN':
			status.unseen = readWholeNumber(reader);
			break;
		case 'DELETED':
			status.deleted = readWholeNumber(reader);
			break;
		case 'SIZE':
			status.size = readWholeNumber(reader);
			break;
		case 'HIGHESTMODSEQ':
			status.highestModSeq = readBigWholeNumber(reader);
			break;
		case 'APPENDLIMIT':
			status.appendLimit = reader.nil() ? null : readWholeNumber(reader);
			break;
		case 'MAILBOXID':
			status.mailboxId = mailboxId(reader);
			break;
		default:
			(status.other ??= {})[name] = String(reader.token());
	}
}

function mailboxId(reader: Reader): string | undefined {
	if (reader.peek() === 0x28) return reader.list(() => reader.string())[0];
	return reader.nstring() ?? undefined;
}

const ITEMS: ReadonlySet<string> = new Set(Object.values(STATUS_ITEMS));

/** Whether the name of an item is next, where its value was expected. */
function atStatusItem(reader: Reader): boolean {
	if (reader.peek() === 0x28 || reader.atDelimited) return false;
	const { at, level } = reader;
	const { upper } = reader.atom();
	reader.reset(at, level);
	return ITEMS.has(upper);
}
