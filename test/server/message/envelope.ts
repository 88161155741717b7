import addressparser from 'nodemailer/lib/addressparser';
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

/** A comment behind an address is its display name in the form of old: `root (Cron Daemon)`. */
function withNames(text: string): string {
	if (/[<"]/.test(text)) return text;
	return text.replace(/([^\s(),;:]+)\s*\(([^()]*)\)/g, '"$2" <$1>');
}

function addresses(text: string | undefined): string {
	if (text === undefined) return 'NIL';
	const list = addressparser(withNames(text)).map((one) =>
		'group' in one && one.group
			? `(NIL NIL ${nstring(one.name)} NIL)${one.group.map(address).join('')}(NIL NIL NIL NIL)`
			: address(one as { name: string; address: string }),
	);
	return list.length === 0 ? 'NIL' : `(${list.join('')})`;
}

function address({ name, address: mail }: { name?: string; address?: string }): string {
	const at = (mail ?? '').lastIndexOf('@');
	const mailbox = at < 0 ? (mail ?? '') : (mail ?? '').slice(0, at);
	const host = at < 0 ? '' : (mail ?? '').slice(at + 1);
	return `(${nstring(name || undefined)} NIL ${nstring(mailbox)} ${nstring(host)})`;
}

export interface FirstAddress {
	/** As it is written; empty where there is none. */
	name: string;
	mailbox: string;
	host: string;
}

/** The first address of a field, for sorting; a group stands for itself (RFC 5256 §3). */
export function firstAddress(text: string | undefined): FirstAddress | undefined {
	const [first] = addressparser(text ?? '');
	if (!first) return undefined;
	if ('group' in first && first.group) return { name: '', mailbox: first.name, host: '' };
	const { name = '', address: mail = '' } = first as { name?: string; address?: string };
	const at = mail.lastIndexOf('@');
	return at < 0
		? { name, mailbox: mail, host: '' }
		: { name, mailbox: mail.slice(0, at), host: mail.slice(at + 1) };
}
