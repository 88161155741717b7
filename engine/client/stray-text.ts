import { Imap4AbortError } from '../errors';

/** Protocols whose servers are met where IMAP4 was expected, by how they begin to speak. */
const OTHER_PROTOCOLS: readonly [RegExp, string][] = [
	[/^(?:220|5\d\d)[ -]/, 'an SMTP or FTP server'],
	[/^(?:\+OK|-ERR)/, 'a POP3 server'],
	[/^HTTP\//, 'a web server'],
	[/^SSH-/, 'an SSH server'],
];

/** Words of servers and load balancers that take no more connections for now. */
const TEMPORARY =
	/^4\d\d[ -]|busy|unavailable|too many|try again|temporar|overload|maintenance|later/i;

/**
 * What a server means by plain text where an IMAP4 response was expected.
 * @param text fit to be shown
 * @param withheld what to show in place of the text where it was sent in clear text and could be forged
 * @returns BYE, transient ones with the response code UNAVAILABLE (RFC 5530 §3), else PROTOCOL;
 * undefined for what is not text, or the beginning of a good response
 */
export function strayTextError(text: string, withheld?: string): Imap4AbortError | undefined {
	const words = text.trim();
	if (words === '' || /^\* *(?:OK|PREAUTH)\b/i.test(words)) return undefined;
	const bye = words.search(/\* BYE\b/i);
	if (bye >= 0) {
		const [, code, said = ''] =
			/^\* BYE *(?:\[([^\] ]*)[^\]]*\])?(.*)$/i.exec(words.slice(bye)) ?? [];
		const before = words.slice(0, bye).trim();
		const all = [before, said.trim()].filter((part) => part !== '').join(' ');
		const temporary = TEMPORARY.test(all) ? 'UNAVAILABLE' : undefined;
		return error('BYE', 'The server ended the session', withheld ?? all, {
			responseCode: (withheld === undefined ? code?.toUpperCase() : undefined) ?? temporary,
		});
	}
	const [, other] = OTHER_PROTOCOLS.find(([start]) => start.test(words)) ?? [];
	if (other) {
		const what = `This is ${other}, not an IMAP4 server; check host and port. It sent`;
		return error('PROTOCOL', what, withheld ?? words);
	}
	if (TEMPORARY.test(words)) {
		return error('BYE', 'The server is not available at the moment', withheld ?? words, {
			responseCode: 'UNAVAILABLE',
		});
	}
	return error('PROTOCOL', 'The server sent text that is not an IMAP4 response', withheld ?? words);
}

function error(
	code: 'BYE' | 'PROTOCOL',
	message: string,
	serverText: string,
	details: { responseCode?: string } = {},
): Imap4AbortError {
	return new Imap4AbortError(code, `${message}: ${serverText || 'it gave no reason'}`, {
		...details,
		serverText,
	});
}
