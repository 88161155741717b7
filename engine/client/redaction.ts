import type { Response } from '../grammar/response';

/** Shorter texts stand in ordinary words; to blot them out would hide nothing and spoil much. */
const SHORTEST = 4;
const BLOT = '***';

/**
 * What this session has logged in with. Some servers repeat the line they did not understand, and
 * others the password in their refusal: it must not get into errors and traces that way.
 */
export class Secrets {
	/** Not even `inspect` shows it. */
	#forms: string[] = [];

	/** @param secret a password or token; its base64 is hidden too, wherever in a text it begins */
	hide(secret: string | undefined): void {
		if (secret === undefined) return;
		const octets = Buffer.from(secret);
		const encoded = [0, 1, 2].map((lead) => {
			const bits = (lead + octets.length) * 8;
			// The letters at either end depend on what stands there.
			const whole = Buffer.concat([Buffer.alloc(lead), octets]).toString('base64');
			return whole.slice(Math.ceil((lead * 8) / 6), Math.floor(bits / 6));
		});
		const escaped = secret.replace(/["\\]/g, '\\$&');
		const forms = [secret, escaped, ...secret.split(/[\r\n]+/), ...encoded];
		this.#forms.push(...forms.filter((form) => form.length >= SHORTEST));
		// The longer first: one may hold another.
		this.#forms.sort((one, other) => other.length - one.length);
	}

	/** Blots them out of what a response says in words. */
	clean(response: Response): void {
		if (response.type !== 'tagged' && response.type !== 'status') return;
		const { code } = response;
		response.text = this.blot(response.text);
		if (code && 'text' in code) code.text = this.blot(code.text);
	}

	/** The text without any of them. */
	blot(text: string): string {
		let clean = text;
		for (const form of this.#forms) if (clean.includes(form)) clean = clean.replaceAll(form, BLOT);
		return clean;
	}
}
