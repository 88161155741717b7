/**
 * A server that is never still, as real ones are not: it holds responses back and sends them in batches,
 * mixes the responses of pipelined commands and ends them out of order where RFC 9051 §5.5 lets it, and
 * says things in between that nobody asked for. Random, and the same for the same seed.
 */

/** Commands whose responses may mix with those of another kind: none of them renumbers messages. */
const KINDS: Readonly<Record<string, string>> = {
	FETCH: 'message',
	'UID FETCH': 'message',
	'UID SEARCH': 'search',
	SEARCH: 'search',
	STATUS: 'status',
	LIST: 'list',
	LSUB: 'lsub',
	GETACL: 'acl',
	MYRIGHTS: 'rights',
	LISTRIGHTS: 'possible rights',
	GETQUOTA: 'quota',
	GETQUOTAROOT: 'quota',
	GETMETADATA: 'metadata',
	NAMESPACE: 'namespace',
	ID: 'id',
	NOOP: 'noop',
};

/** In the course of these nothing may come between. */
const UNTOUCHED = new Set(['STARTTLS', 'AUTHENTICATE', 'LOGIN', 'COMPRESS', 'IDLE', 'LOGOUT']);

/** Octets that are held back at most. */
const MOST_HELD = 256 * 1024;

const FOREIGN = [
	'* OK Still here\r\n',
	'* OK [NOTICE] Maintenance begins at midnight\r\n',
	'* NO The disk is nearly full\r\n',
	'* STATUS "Not asked for" (MESSAGES 3 UNSEEN 1)\r\n',
];

interface Answer {
	kind: string;
	pieces: Buffer[];
	size: number;
}

export class Restless {
	private finished: Answer | undefined;
	private current: Answer | undefined;
	private name = '';
	private isPrompting = false;

	constructor(
		private readonly random: () => number,
		private readonly write: (octets: Buffer) => void,
		private readonly isAuthenticated: () => boolean,
	) {}

	/** @param name in upper case */
	begin(name: string): void {
		this.name = name;
		this.isPrompting = false;
		const kind = KINDS[name];
		if (kind === undefined || this.finished?.kind === kind) this.flush();
		this.current = kind === undefined ? undefined : { kind, pieces: [], size: 0 };
	}

	/** @param octets one response, or the whole ones of a mailbox's news */
	send(octets: Buffer): void {
		const { current } = this;
		if (!current) {
			this.flush();
			this.interrupt();
			this.write(octets);
			return;
		}
		current.pieces.push(octets);
		current.size += octets.length;
		// What renumbers, or would take too much room, goes out in order.
		if (current.size > MOST_HELD || /^\* \d+ (?:EXPUNGE|EXISTS)|^\* VANISHED/m.test(head(octets))) {
			this.release();
		}
	}

	/** A request for the rest of a command is never held back. */
	prompt(octets: Buffer): void {
		this.release();
		this.isPrompting = true;
		this.write(octets);
	}

	/** @param more whether the client has sent another command already */
	end(more: boolean): void {
		const { current, finished } = this;
		this.current = undefined;
		if (!current) return;
		if (finished) {
			this.finished = undefined;
			this.mixed(finished, current).forEach((piece) => this.out(piece));
		} else if (more) this.finished = current;
		else current.pieces.forEach((piece) => this.out(piece));
	}

	/** Sends what is held back. */
	flush(): void {
		const { finished } = this;
		this.finished = undefined;
		finished?.pieces.forEach((piece) => this.out(piece));
	}

	/** The same, and what the command that runs has said. */
	release(): void {
		this.flush();
		const { current } = this;
		this.current = undefined;
		current?.pieces.forEach((piece) => this.out(piece));
	}

	private out(octets: Buffer): void {
		this.interrupt();
		this.write(octets);
	}

	private interrupt(): void {
		if (this.isPrompting || UNTOUCHED.has(this.name) || !this.isAuthenticated()) return;
		if (this.random() < 0.15) {
			const which = Math.floor(this.random() * FOREIGN.length);
			this.write(Buffer.from(FOREIGN[which] as string));
		}
	}

	/** Each in its own order, and either may end first. */
	private mixed(one: Answer, other: Answer): Buffer[] {
		const [a, b] = [[...one.pieces], [...other.pieces]];
		const all: Buffer[] = [];
		while (a.length > 0 || b.length > 0) {
			const from = b.length === 0 || (a.length > 0 && this.random() < 0.5) ? a : b;
			all.push(from.shift() as Buffer);
		}
		return all;
	}
}

const head = (octets: Buffer): string => octets.toString('latin1', 0, 400);

/** Random numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
	};
}

/** @param text of an environment variable. @returns undefined if it is not set */
export const seedOf = (text: string | undefined): number | undefined =>
	text === undefined || text === '' ? undefined : Number(text);
