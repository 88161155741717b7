import type { UntaggedResponse } from '../grammar/response';
import type { ResponseCode } from '../grammar/response-code';

/** How much is remembered of each kind; a server may send news for days while nobody asks. */
const MOST = 100;
/** Octets of a response that is remembered; longer ones are no news but data, or made up. */
const LONGEST = 8 * 1024;

/**
 * What responses and response codes said, for whoever asks later; imaplib's response(). Only what
 * is small: messages and search results go to their commands alone.
 */
export class News {
	private readonly said = new Map<string, unknown[]>();

	/** @returns what was noted under the name, oldest first, and forgets it */
	take(name: string): unknown[] {
		const said = this.said.get(name) ?? [];
		this.said.delete(name);
		return said;
	}

	/** Forgets all that was noted. */
	forget(): void {
		this.said.clear();
	}

	/** @param octets of the whole response */
	note(response: UntaggedResponse, octets: number): void {
		if (octets > LONGEST) return;
		switch (response.type) {
			case 'EXISTS':
			case 'RECENT':
			case 'EXPUNGE':
				return this.add(response.type, response.number);
			case 'FLAGS':
				return this.add('FLAGS', response.flags);
			case 'CAPABILITY':
			case 'ENABLED':
				return this.add(response.type, response.capabilities);
			case 'VANISHED':
				return this.add('VANISHED', response.uids);
			case 'status':
				return this.noteCode(response.code, response.text);
			case 'other':
				return this.add(response.name, response.tokens);
			default:
				return undefined;
		}
	}

	/** Codes without data of their own (ALERT …) are noted with the text of their response. */
	noteCode(code: ResponseCode | undefined, text: string): void {
		if (!code) return;
		if ('value' in code) this.add(code.name, code.value);
		else this.add(code.name, 'text' in code ? code.text || text : code);
	}

	private add(name: string, data: unknown): void {
		// A server may make up names for ever.
		if (!this.said.has(name) && this.said.size >= MOST) return;
		const said = this.said.get(name) ?? [];
		if (said.length >= MOST) said.shift();
		said.push(data);
		this.said.set(name, said);
	}
}
