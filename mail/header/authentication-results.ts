/** What the receiving server found out about the sender (RFC 8601). Only its own field, the first, counts. */
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
	const [server = '', ...results] = value
		.slice(0, LONGEST)
		.replace(/\([^()]*\)/g, ' ')
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
		const [, domain] = /\bheader\.[di]\s*=\s*@?([^\s;]+)/i.exec(result) ?? [];
		if (name === 'dkim' && verdict === 'pass' && domain) found.signedBy.push(domain);
	}
	return found;
}
