/** The media type under which a file is attached, so that what was attached is what is read. */

const TOKEN = "[!#$%&'*+.^_`{|}~0-9a-z-]{1,127}";
const TYPE = new RegExp(`^${TOKEN}/${TOKEN}\\s*(?:;|$)`, 'i');
const UNKNOWN = 'application/octet-stream';

/**
 * What is not a type becomes text to its readers; a multipart would be looked through for parts and lost; and what
 * is called a message is not encoded (RFC 2046 §5.2.1), which only a message without NUL survives.
 */
export function attachedType(type: string, content: unknown): string {
	if (!TYPE.test(type) || /^multipart\//i.test(type)) return UNKNOWN;
	const hasNul = Buffer.isBuffer(content) && content.includes(0);
	return hasNul && /^message\//i.test(type) ? UNKNOWN : type;
}
