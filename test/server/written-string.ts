/**
 * A string as a response may carry it: quoted, else as a literal, or as a literal8 if it holds NUL
 * (RFC 3501 §4.3, RFC 3516 §4.4).
 */
export function writtenString(value: Buffer | string): (string | Buffer)[] {
	const octets = Buffer.from(value as string);
	if (octets.every((byte) => byte >= 0x20 && byte <= 0x7e))
		return [`"${octets.toString('latin1').replace(/["\\]/g, '\\$&')}"`];
	return [`${octets.includes(0) ? '~' : ''}{${octets.length}}\r\n`, octets];
}
