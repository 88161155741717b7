import { Imap4Error } from '../errors';
import { saslprep } from './saslprep';

/**
 * A user name or password for PLAIN (RFC 4616 §2) or LOGIN, prepared by SASLprep. US-ASCII, and what
 * cannot be prepared, is sent as it is: servers that don't prepare accept it, and others refuse it.
 */
export function preparedOrAsIs(text: string): string {
	// eslint-disable-next-line no-control-regex -- all of US-ASCII
	return /^[\x00-\x7f]*$/.test(text) ? text : (saslprep(text) ?? text);
}

/**
 * A user name or password for SCRAM, whose two sides must prepare it alike (RFC 5802 §2.2).
 * @throws Imap4Error ARGUMENT if it cannot be prepared
 */
export function prepared(text: string, what: 'user name' | 'password'): string {
	const result = saslprep(text);
	if (result !== undefined) return result;
	throw new Imap4Error(
		'ARGUMENT',
		`The ${what} contains characters that SCRAM does not allow (RFC 4013): use another login mechanism, or change the ${what}`,
		{ command: 'AUTHENTICATE' },
	);
}
