/** Quoted-printable as RFC 2045 §6.7 decodes it; what is malformed stays as it is. */
export function decodeQuotedPrintable(octets: Buffer | string): Buffer {
	const text = typeof octets === 'string' ? octets : octets.toString('latin1');
	const decoded = text
		// Spaces at the end of a line were added on the way.
		.replace(/(?<![ \t])[ \t]+(?=\r?\n|$)/g, '')
		.replace(/=\r?\n/g, '')
		.replace(/=([0-9A-Fa-f]{2})/g, (_code, digits: string) =>
			String.fromCharCode(Number.parseInt(digits, 16)),
		);
	return Buffer.from(decoded, 'latin1');
}
