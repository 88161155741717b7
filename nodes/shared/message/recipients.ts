/** Addresses from fields and expressions, as one line of a header. */
import type { IDataObject } from 'n8n-workflow';
import { formatAddress, formatAddresses } from '../../../mail/address/format-addresses';
import { parseAddresses } from '../../../mail/address/parse-addresses';
import { utf8Bytes } from '../../../mail/header/header-text';
import { UserError } from '../errors/user-error';
import { isEmptyValue, strictText } from '../fields/strict-values';

/**
 * @param value text; or what other nodes return in its place: a list of texts, or of names and addresses
 * @param options.required whether a list may not be empty
 * @returns undefined for text that is blank, as a person leaves the field
 * @throws UserError if an expression came out with nothing, or if anything in it is not an address, since the
 * message would go to fewer people than are named
 */
export function addressLine(
	value: unknown,
	label: string,
	{ required = false }: { required?: boolean } = {},
): string | undefined {
	if (typeof value === 'string' && value.trim() === '') return undefined;
	if (Array.isArray(value) && value.length === 0 && !required) return undefined;
	return isList(value)
		? value.map((one) => addressText(one, label)).join(', ')
		: addressText(value, label);
}

const isList = (value: unknown): value is unknown[] => Array.isArray(value) && value.length > 0;

function addressText(value: unknown, label: string): string {
	const given = isPerson(value) ? personText(value) : strictText(value, label, { required: true });
	const text = withoutLineEnds(given, label);
	const addresses = parseAddresses(utf8Bytes(text));
	const wrong = addresses.find(
		({ name, address, group }) =>
			!/^.+@[^@\s]+$/s.test(address) && !(group !== undefined && name === '' && address === ''),
	);
	// Rewritten, so that every reader understands it the same way.
	if (!wrong) return formatAddresses(addresses);
	throw new UserError(
		`"${formatAddress(wrong).slice(0, 100)}" in the field "${label}" is not an email address`,
		'Write addresses as anna@example.com or Anna <anna@example.com>, separated by commas. If the field is an expression, check what it returns.',
	);
}

/** As "Addresses As: Objects" returns it. */
const isPerson = (value: unknown): value is IDataObject =>
	typeof value === 'object' && value !== null && 'address' in value && !isEmptyValue(value.address);

const personText = ({ name, address }: IDataObject): string =>
	formatAddress({ name: isEmptyValue(name) ? '' : String(name), address: String(address) });

/** A line end in a header field would begin a new field, or the body. */
export function withoutLineEnds(text: string, label: string): string {
	if (!/[\r\n\0]/.test(text)) return text;
	throw new UserError(
		`The field "${label}" of the message contains a line break, which header fields cannot contain`,
		'Remove it. If the field is an expression, check what it returns.',
	);
}
