/**
 * PEM text as it was meant (RFC 7468): a password field turns line ends into spaces, and some people
 * paste `\n` as two characters. Text that holds no PEM block comes back as it is, for TLS to refuse.
 */
export function pem(text: string): string {
	return text
		.replace(/\\n/g, '\n')
		.replace(
			/\s*(-----BEGIN [A-Z0-9 ]+-----)([^-]*)(-----END [A-Z0-9 ]+-----)\s*/g,
			(_block, begin: string, body: string, end: string) => `${begin}\n${lines(body)}\n${end}\n`,
		);
}

function lines(body: string): string {
	const trimmed = body.trim();
	// An encrypted key of the old kind has header lines of its own, which must stay as they are.
	if (trimmed.includes('\n') || trimmed.includes(':')) return trimmed;
	return (trimmed.replace(/\s+/g, '').match(/.{1,64}/g) ?? []).join('\n');
}
