import { baseSubject } from './message/base-subject';
import { fieldText } from './message/encoded-words';
import { firstAddress } from './message/envelope';
import { field, split } from './message/header';
import type { Split } from './message/header';
import { sentDate } from './message/sent-date';
import type { StoredMessage } from './store/mailbox';

export type SortKey = string | number;

/**
 * Texts are ordered by i;unicode-casemap, so case does not count, and that by the octets of UTF-8
 * (RFC 5256 §3, RFC 5051): each octet is a character of the key.
 */
function casemap(text: string): string {
	return Buffer.from(text.normalize('NFKD').toUpperCase()).toString('latin1');
}

export function sentAt(message: StoredMessage, { fields }: Split): number {
	return sentDate(field(fields, 'date')) ?? message.internalDate.getTime();
}

function mailboxOf(name: string) {
	return (_message: StoredMessage, { fields }: Split): SortKey =>
		casemap(firstAddress(field(fields, name))?.mailbox ?? '');
}

/** What is displayed: the name, else the address (RFC 5957 §3). */
function displayed(name: string) {
	return (_message: StoredMessage, { fields }: Split): SortKey => {
		const address = firstAddress(field(fields, name));
		if (!address) return '';
		const { mailbox, host } = address;
		return casemap(fieldText(address.name ?? '') || (host ? `${mailbox}@${host}` : mailbox));
	};
}

/** By their criteria (RFC 5256 §3, RFC 5957 §3). */
export const SORT_KEYS: Record<string, (message: StoredMessage, parsed: Split) => SortKey> = {
	ARRIVAL: ({ internalDate }) => internalDate.getTime(),
	CC: mailboxOf('cc'),
	DATE: sentAt,
	DISPLAYFROM: displayed('from'),
	DISPLAYTO: displayed('to'),
	FROM: mailboxOf('from'),
	SIZE: ({ octets }) => octets.length,
	SUBJECT: (_message, { fields }) => casemap(subjectOf(fields).text),
	TO: mailboxOf('to'),
};

export function subjectOf(fields: Split['fields']): ReturnType<typeof baseSubject> {
	return baseSubject(fieldText(field(fields, 'subject') ?? ''));
}

/** Only the header is looked at. */
export const headerOf = (message: StoredMessage): Split => split(message.octets);

/** Both keys are of one criterion. */
export function compareKeys(one: SortKey, other: SortKey): number {
	return one < other ? -1 : one > other ? 1 : 0;
}
