/** Address lists as text that can be used again as it is: in a To field, or split by another program. */
import type { MailAddress } from './mailbox-address';

/** Everything that RFC 5322 §3.2.3 does not allow outside of quotes, save letters of other languages. */
const NEEDS_QUOTES = /[()<>[\]:;@\\,."]|^\s|\s$|=\?/;

/** `"Doe, John" <john@example.com>, Team: a@example.com, b@example.com;` */
export function formatAddresses(addresses: readonly MailAddress[]): string {
	const [only] = addresses;
	if (only === undefined) return '';
	if (addresses.length === 1 && only.group === undefined) return formatAddress(only);
	const parts: string[] = [];
	for (let at = 0; at < addresses.length;) {
		const one = addresses[at] as MailAddress;
		const { group } = one;
		if (group === undefined) {
			parts.push(formatAddress(one));
			at++;
			continue;
		}
		let end = at + 1;
		while (end < addresses.length && addresses[end]?.group === group) end++;
		const members = listed(addresses.slice(at, end).map(formatAddress));
		parts.push(`${quotedName(group)}:${members === '' ? '' : ` ${members}`};`);
		at = end;
	}
	return listed(parts);
}

const listed = (parts: readonly string[]): string => parts.filter((one) => one !== '').join(', ');

/** `Anna <anna@example.com>`, or what there is of it. */
export function formatAddress({ name, address }: MailAddress): string {
	if (name === '') return address;
	if (address === '') return quotedName(name);
	// Joined, it is one string in memory; a template keeps its parts for as long as the item lives.
	return [quotedName(name), ' <', address, '>'].join('');
}

function quotedName(name: string): string {
	return NEEDS_QUOTES.test(name) ? `"${name.replace(/["\\]/g, '\\$&')}"` : name;
}
