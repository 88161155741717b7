import type { Address } from './addresses';
import { parseAddresses } from './addresses';
import type { Field } from './header';
import { field } from './header';

/** A string as the protocol writes it: quoted, or a literal where it must be. */
export function nstring(value: string | undefined): string {
	if (value === undefined) return 'NIL';
	// What a quoted string cannot hold (RFC 3501 `QUOTED-CHAR`).
	if (/[\r\n\0\x80-\xff]/.test(value)) return `{${value.length}}\r\n${value}`;
	return `"${value.replace(/["\\]/g, '\\$&')}"`;
}

/** ENVELOPE (RFC 3501 §7.4.2). Texts are Latin-1 strings of the header's octets. */
export function envelope(fields: readonly Field[]): string {
	const from = addresses(field(fields, 'from'));
	const sender = field(fields, 'sender');
	const replyTo = field(fields, 'reply-to');
	return `(${[
		nstring(field(fields, 'date')),
		nstring(field(fields, 'subject')),
		from,
		sender === undefined ? from : addresses(sender),
		replyTo === undefined ? from : addresses(replyTo),
		addresses(field(fields, 'to')),
		addresses(field(fields, 'cc')),
		addresses(field(fields, 'bcc')),
		nstring(field(fields, 'in-reply-to')),
		nstring(field(fields, 'message-id')),
	].join(' ')})`;
}

function addresses(text: string | undefined): string {
	if (text === undefined) return 'NIL';
	const list = parseAddresses(text).map((one) =>
		'group' in one
			? `(NIL NIL ${nstring(one.group)} NIL)${one.members.map(address).join('')}(NIL NIL NIL NIL)`
			: address(one),
	);
	return list.length === 0 ? 'NIL' : `(${list.join('')})`;
}

function address({ name, mailbox, host }: Address): string {
	return `(${nstring(name)} NIL ${nstring(mailbox)} ${nstring(host)})`;
}

/** The first address of a field, for sorting; a group stands for itself (RFC 5256 §3). */
export function firstAddress(text: string | undefined): Address | undefined {
	const [first] = parseAddresses(text ?? '');
	return first && 'group' in first ? { mailbox: first.group, host: '' } : first;
}
