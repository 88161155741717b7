import type { Response } from '../grammar/response';

/** Shorter texts occur in ordinary words: redacting them would hide nothing and spoil much. */
const MIN_LENGTH = 4;
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
		if (secret === undefined) return;
		const octets = Buffer.from(secret);
		const encoded = [0, 1, 2].map((lead) => {
			const bits = (lead + octets.length) * 8;
			// The letters at either end depend on what surrounds it.
			const whole = Buffer.concat([Buffer.alloc(lead), octets]).toString('base64');
			return whole.slice(Math.ceil((lead * 8) / 6), Math.floor(bits / 6));
		});
		const escaped = secret.replace(/["\\]/g, '\\$&');
		const forms = [secret, escaped, ...secret.split(/[\r\n]+/), ...encoded];
		this.#forms.push(...forms.filter((form) => form.length >= MIN_LENGTH));
		// The longer first: one may contain another.
		this.#forms.sort((one, other) => other.length - one.length);
	}

	/** Redacts the text of a response. */
	redactResponse(response: Response): void {
		if (response.type !== 'tagged' && response.type !== 'status') return;
		const { code } = response;
		response.text = this.redact(response.text);
		if (code && 'text' in code) code.text = this.redact(code.text);
	}

	/** @returns the text with every secret replaced */
	redact(text: string): string {
		let clean = text;
		for (const form of this.#forms)
			if (clean.includes(form)) clean = clean.replaceAll(form, REPLACEMENT);
		return clean;
	}
}
