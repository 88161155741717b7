/** What the receiving server found out about the sender (RFC 8601). Only its own field, the first, counts. */
import { textOfBytes } from './header-text';
import { RawHeader } from './raw-header';

export interface AuthenticationResults {
	/** The server that checked. */
	server: string;
	/** `pass`, `fail`, `none` …; null if it was not checked. */
	spf: string | null;
	dkim: string | null;
	dmarc: string | null;
	/** The domains that signed the message with a signature that holds. */
	signedBy: string[];
}

const LONGEST = 16 * 1024;

/**
 * Senders can write such a field themselves: what counts is the topmost one, which the last server added.
 * @param header with the Authentication-Results fields
 * @returns undefined if there is none
 */
export function authenticationResults(header: Buffer): AuthenticationResults | undefined {
	const value = new RawHeader(header).first('authentication-results');
	if (value === undefined) return undefined;
	const [server = '', ...results] = plainTokens(textOfBytes(value.slice(0, LONGEST)))
		.split(';')
		.map((part) => part.trim());
	const found: AuthenticationResults = {
		server: server.split(/\s/, 1)[0] ?? '',
		spf: null,
		dkim: null,
		dmarc: null,
		signedBy: [],
	};
	for (const result of results) {
		const [, method, outcome] = /^(spf|dkim|dmarc)\s*=\s*([a-z]+)/i.exec(result) ?? [];
		if (method === undefined || outcome === undefined) continue;
		const name = method.toLowerCase() as 'spf' | 'dkim' | 'dmarc';
		const verdict = outcome.toLowerCase();
		// Of several signatures one that holds is enough.
		if (found[name] === null || verdict === 'pass') found[name] = verdict;
		const [, signer = ''] = /\sheader\.[di]\s*=\s*(\S+)/i.exec(result) ?? [];
		const domain = signer.slice(signer.lastIndexOf('@') + 1);
		if (name === 'dkim' && verdict === 'pass' && domain) found.signedBy.push(domain);
	}
	return found;
}

/**
 * Without comments, which are nested, and without what is in quotes: the sender chooses it, as in
 * `smtp.mailfrom="; dkim=pass header.d=bank.example"@example.org`.
 */
function plainTokens(text: string): string {
	let plain = '';
	let depth = 0;
	let isQuoted = false;
	for (let at = 0; at < text.length; at++) {
		const character = text[at] as string;
		const isPlain = depth === 0 && !isQuoted;
		// Outside of quotes none has a meaning; a server that writes one means that the next character has none.
		if (character === '\\') at++;
		else if (depth === 0 && character === '"') isQuoted = !isQuoted;
		else if (isQuoted) continue;
		else if (character === '(') depth++;
		else if (character === ')' && depth > 0) {
			depth--;
			plain += ' ';
		} else if (isPlain) plain += character;
	}
	return plain;
}
