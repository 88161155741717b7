import type { Response } from '../grammar/response';
import { safeText } from './server-text';

/** Shorter texts occur in ordinary words: redacting them would hide nothing and spoil much. */
const MIN_LENGTH = 4;
/** Longest name of a response code; registered ones have 20 characters at most. */
const MAX_NAME = 100;
const REPLACEMENT = '***';

/**
 * Removes what this session has logged in with from the server's text. Some servers repeat the line
 * they did not understand, others the password in their refusal: neither may reach errors or traces.
 */
export class Redaction {
	/** Not even `inspect` shows it. */
	#forms: string[] = [];

	/** @param secret a password or token; its base64 is redacted too, wherever in a text it begins */
	add(secret: string | undefined): void {
		if (secret === undefined || this.#forms.includes(secret)) return;
		const octets = Buffer.from(`\0\0${secret}`);
		const encoded = [0, 1, 2].map((lead) => {
			const bits = (lead + octets.length - 2) * 8;
			// The letters at either end depend on what surrounds it.
			const whole = octets.toString('base64', 2 - lead);
			return whole.slice(Math.ceil((lead * 8) / 6), Math.floor(bits / 6));
		});
		const escaped = secret.replace(/["\\]/g, '\\$&');
		const forms = [secret, escaped, ...secret.split(/[\r\n]/), ...encoded];
		this.#forms.push(...forms.filter((form) => form.length >= MIN_LENGTH));
		// The longer first: one may contain another.
		this.#forms.sort((one, other) => other.length - one.length);
	}

	/** Makes the text of a response fit to be shown: see {@link safeText}. */
	cleanResponse(response: Response): void {
		if (response.type !== 'tagged' && response.type !== 'status') return;
		const { code } = response;
		response.text = this.safe(response.text);
		if (!code) return;
		if (code.name === 'OTHER') code.atom = this.safe(code.atom).slice(0, MAX_NAME);
		if ('text' in code) code.text = this.safe(code.text);
		if ('url' in code) code.url = this.safe(code.url);
	}

	/** @returns text from the server, fit to be shown */
	safe(text: string): string {
		return safeText(text, (clean) => this.redact(clean));
	}

	/** @returns the text with every secret replaced */
	redact(text: string): string {
		let clean = text;
		for (const form of this.#forms) clean = clean.replaceAll(form, REPLACEMENT);
		return clean;
	}
}
