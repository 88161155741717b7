/** Which transfer encoding a part has (RFC 2045 §6), however the sender wrote it. */

export type TransferEncoding = 'none' | 'base64' | 'quoted-printable' | 'uuencode';

/** A map, for senders may write a name that every object has, such as `constructor`. */
const NAMES: ReadonlyMap<string, TransferEncoding> = new Map([
	['base64', 'base64'],
	['b64', 'base64'],
	['xbase64', 'base64'],
	['base64url', 'base64'],
	['quotedprintable', 'quoted-printable'],
	['qp', 'quoted-printable'],
	['uuencode', 'uuencode'],
	['xuuencode', 'uuencode'],
	['uue', 'uuencode'],
	['xuue', 'uuencode'],
	['uu', 'uuencode'],
]);

/** `quoted printable` and `base 64` are cut at the space. */
const MISSPELLED: ReadonlyArray<[RegExp, TransferEncoding]> = [
	[/^x?quoted?(?:-?print.*)?$/, 'quoted-printable'],
	[/^x?ba?se?(?:64)?$/, 'base64'],
];

/** @returns `none` for 7bit, 8bit and binary, and for what isn't known: such content is left as it is */
export function transferEncoding(written: string | null | undefined): TransferEncoding {
	const name = (written ?? '')
		.slice(0, 100)
		.replace(/\([^()]*\)/g, ' ')
		.toLowerCase()
		.trim()
		.replace(/^["']|["';,.\s].*$/gs, '')
		.replace(/[^a-z0-9]/g, '');
	return NAMES.get(name) ?? MISSPELLED.find(([form]) => form.test(name))?.[1] ?? 'none';
}
