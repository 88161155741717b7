/** Reports on the delivery or the reading of a message, as fields (RFC 3464, RFC 8098). */
import { decodeWords } from '../header/encoded-words';
import { RawHeader } from '../header/raw-header';

export interface DeliveryReport {
	recipient: string;
	/** Lower case: `failed`, `delayed`, `delivered`, `relayed`, `expanded`; of a receipt its disposition. */
	action: string;
	/** Such as `5.1.1` (RFC 3463). */
	status: string;
	/** The words of the server that refused it. */
	diagnostic: string;
	remoteServer: string;
	/** Of the message that it is about. */
	originalMessageId: string;
}

/** Recipients that are listed. */
const MOST = 1000;
/** Groups of fields that are looked at. */
const MOST_GROUPS = 2 * MOST;

/** @param content of a message/delivery-status part, decoded. @returns one entry for each recipient */
export function deliveryReports(content: Buffer): DeliveryReport[] {
	const groups = content
		.toString('latin1')
		.split(/\r?\n[ \t]*\r?\n/, MOST_GROUPS)
		.map((group) => new RawHeader(Buffer.from(`${group.replace(/^\s+/, '')}\r\n\r\n`, 'latin1')));
	return groups
		.filter((group) => recipientOf(group) !== '')
		.slice(0, MOST)
		.map((group) => ({
			recipient: recipientOf(group),
			action: withoutComment(text(group, 'action')).toLowerCase(),
			status: /\d\.\d{1,3}\.\d{1,3}/.exec(text(group, 'status'))?.[0] ?? text(group, 'status'),
			diagnostic: withoutType(text(group, 'diagnostic-code')),
			remoteServer: withoutType(text(group, 'remote-mta')),
			originalMessageId: '',
		}));
}

/** @param content of a message/disposition-notification part, decoded */
export function dispositionReport(content: Buffer): DeliveryReport {
	const fields = new RawHeader(content);
	const disposition = text(fields, 'disposition');
	return {
		recipient: recipientOf(fields),
		action: (/;\s*([\w-]+)/.exec(disposition)?.[1] ?? disposition).toLowerCase(),
		status: '',
		diagnostic: text(fields, 'error') || text(fields, 'failure'),
		remoteServer: '',
		originalMessageId: text(fields, 'original-message-id'),
	};
}

const recipientOf = (group: RawHeader): string =>
	decodedAddress(text(group, 'final-recipient') || text(group, 'original-recipient')).replace(
		/^<|>$/g,
		'',
	);

/** The status in the words of a server (RFC 3463); not part of the address of one. */
export const statusIn = (words: string): string =>
	/(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?!\.?\d)/.exec(words)?.[0] ?? '';

const text = (fields: RawHeader, name: string): string => decodeWords(fields.first(name) ?? '');

/** `rfc822;anna@example.com` */
const withoutType = (value: string): string => value.replace(/^[\w-]+\s*;\s*/, '').trim();

/** `utf-8; m\x{FC}ller@example.org`, in ASCII (RFC 6533 §3). */
function decodedAddress(value: string): string {
	const address = withoutType(value);
	if (!/^utf-8\s*;/i.test(value)) return address;
	return address.replace(/\\x\{([0-9a-f]{1,6})\}/gi, (written, hex: string) => {
		const code = Number.parseInt(hex, 16);
		return code > 0x10ffff || code < 0x20 ? written : String.fromCodePoint(code);
	});
}

/** `failed (unknown user)` */
const withoutComment = (value: string): string => value.replace(/\s*\(.*$/s, '');
