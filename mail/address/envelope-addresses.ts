/** The addresses of an ENVELOPE (RFC 9051 §7.5.2), without what servers put in the place of what is missing. */
import type { Address, Envelope } from '../../engine/index';
import { trimWhitespace } from '../header/whitespace';
import { headerText } from '../header/header-text';
import type { MailAddress } from './mailbox-address';

/** Cyrus, Dovecot, UW IMAP and Courier, in this order. */
const PLACEHOLDER =
	/^(?:unspecified-domain|MISSING_DOMAIN|MISSING_MAILBOX(?:_TERMINATOR)?|\.?MISSING-(?:HOST-NAME|MAILBOX-NAME)\.?|\.?SYNTAX[-_]ERROR\.?|INVALID_ADDRESS|UNEXPECTED_DATA_AFTER_ADDRESS\.*|unknown-domain)$/i;

function real(written: string | null): string {
	const text = trimWhitespace(written ?? '');
	return PLACEHOLDER.test(text) ? '' : text;
}

/** Whether the server put something of its own into an address, which it then did not understand. */
export function hasPlaceholder({ from, sender, replyTo, to, cc, bcc }: Envelope): boolean {
	return [from, sender, replyTo, to, cc, bcc].some((list) =>
		list.some(
			({ mailbox, host }) =>
				PLACEHOLDER.test(mailbox ?? '') ||
				PLACEHOLDER.test(host ?? '') ||
				/[<>\s]/.test(host ?? ''),
		),
	);
}

/** Servers take the quotes away (RFC 9051 §7.5.2), without which `"a b"@example.com` is not an address. */
function localPart(mailbox: string): string {
	if (/^"(?:[^"\\]|\\.)*"$/s.test(mailbox) || !/[\s()<>[\]:;@\\,"]/.test(mailbox)) return mailbox;
	return `"${mailbox.replace(/["\\]/g, '\\$&')}"`;
}

export function envelopeAddresses(addresses: readonly Address[]): MailAddress[] {
	return addresses.flatMap((one): MailAddress[] => {
		const group = one.group === null ? undefined : headerText(one.group);
		const [mailbox, host] = [real(one.mailbox), real(one.host)];
		const name = headerText(one.name);
		// Joined as in formatAddress.
		const address = mailbox !== '' && host !== '' ? [localPart(mailbox), host].join('@') : mailbox;
		if (name === '' && address === '' && group === undefined) return [];
		return [{ name, address, ...(group === undefined ? {} : { group }) }];
	});
}
