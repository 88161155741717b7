import type { UntaggedResponse } from '../grammar/response';
import type { ResponseCode } from '../grammar/response-code';
import { responseCodeName } from '../grammar/response-code';

/** Most entries kept of one kind; a server may send unsolicited data for days while nobody asks. */
const MAX_ENTRIES = 100;
/** Longest response that is kept; longer ones are data for a command, or made up. */
const MAX_BYTES = 8 * 1024;

/**
 * Keeps what responses and response codes reported until somebody asks; imaplib's
 * `untagged_responses`. Only what is small: messages and search results go to their commands alone.
 */
export class ResponseCache {
	private readonly entries = new Map<string, unknown[]>();

	/** @returns what was kept under the name, oldest first; it is removed */
	take(name: string): unknown[] {
		const said = this.entries.get(name) ?? [];
		this.entries.delete(name);
		return said;
	}

	/** Removes everything. */
	clear(): void {
		this.entries.clear();
	}

	/** @param size of the whole response in bytes */
	add(response: UntaggedResponse, size: number): void {
		if (size > MAX_BYTES) return;
		switch (response.type) {
			case 'EXISTS':
			case 'RECENT':
			case 'EXPUNGE':
				return this.push(response.type, response.number);
			case 'FLAGS':
				return this.push('FLAGS', response.flags);
			case 'CAPABILITY':
			case 'ENABLED':
				return this.push(response.type, response.capabilities);
			case 'VANISHED':
				return this.push('VANISHED', response.uids);
			case 'status':
				return this.addCode(response.code, response.text);
			case 'other':
				return this.push(response.name, response.tokens);
			default:
				return undefined;
		}
	}

	/** Codes without data of their own (ALERT …) are kept with the text of their response. */
	addCode(code: ResponseCode | undefined, text: string): void {
		if (!code) return;
		if ('value' in code) this.push(code.name, code.value);
		else this.push(responseCodeName(code), 'text' in code ? code.text || text : code);
	}

	private push(name: string, data: unknown): void {
		// A server could make up new names without end.
		if (!this.entries.has(name) && this.entries.size >= MAX_ENTRIES) return;
		const said = this.entries.get(name) ?? [];
		if (said.length >= MAX_ENTRIES) said.shift();
		said.push(data);
		this.entries.set(name, said);
	}
}
