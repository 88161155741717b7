import { Imap4AbortError } from '../errors';
import type { Reader } from '../wire/reader';
import type { MailboxNames } from './mailbox-name';
import { nameBeforeList, readMailboxName } from './unquoted-name';
import { readBigWholeNumber, readWholeNumber } from './whole-number';

/** What STATUS can be asked for, by the names used here; on the wire see {@link STATUS_ITEMS}. */
export type StatusItem = keyof Omit<MailboxStatus, 'mailbox' | 'other'>;

/** Figures of a mailbox (RFC 9051 §6.3.11); only those asked for and given. */
export interface MailboxStatus {
	mailbox: string;
	messages?: number;
	recent?: number;
	uidNext?: number;
	uidValidity?: number;
	unseen?: number;
	deleted?: number;
	/** Octets (RFC 8438). */
	size?: number;
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
