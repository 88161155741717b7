/** Where a workload runs: a real server, one that answers from memory, or one that is 20 ms away. */
export type Place = 'dovecot' | 'replay' | 'distant';

export interface Account {
	host: string;
	port: number;
	user: string;
	password: string;
}

/** What every client can be asked to do. Each does it in the way its own manual shows. */
export interface BenchClient {
	/** Connects, logs in, and selects the mailbox if one is given. */
	open(account: Account, mailbox?: string): Promise<void>;
	/** Logs out and waits for the end of the connection. */
	close(): Promise<void>;
	/** UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE, perhaps BODYSTRUCTURE, of all messages. */
	envelopes(structure: boolean, tally: Tally): Promise<void>;
	/** All messages whole, each in memory. */
	bodies(tally: Tally): Promise<void>;
	/** The one message of the mailbox, streamed if the client can. */
	stream(tally: Tally): Promise<void>;
	/** UID SEARCH ALL */
	search(tally: Tally): Promise<void>;
	/** \Flagged set on all messages, and taken away again. */
	flagAll(): Promise<void>;
	/** \Flagged set on messages 1 to `count`, by one command each, issued at once. */
	flagEach(count: number): Promise<void>;
	/** `together`: as one transaction if the client can; else one command each, issued at once. */
	append(mailbox: string, messages: Buffer[], together: boolean): Promise<void>;
}

/** Told of what a client got, so that all clients can be compared. */
export interface Tally {
	/** Also hash what came: the run is for checking, not for measuring. */
	readonly checking: boolean;
	message(uid: number, size: number, messageId: string): void;
	body(octets: Uint8Array): void;
	/** A piece of one body. */
	octets(octets: Uint8Array): void;
	found(uids: readonly number[]): void;
}

export interface Workload {
	name: string;
	title: string;
	places: readonly Place[];
	/** Selected before the clock starts; without it the client isn't even connected. */
	mailbox?: string;
	/** Messages are appended to a new mailbox, made for each run. */
	appends?: boolean;
	/** How often the workload repeats its work, where not once. */
	times(place: Place): number;
	/** What a client without JavaScript is told to do. */
	kind:
		| 'logins'
		| 'envelopes'
		| 'structures'
		| 'bodies'
		| 'stream'
		| 'searches'
		| 'flag-all'
		| 'flag-each'
		| 'append';
	/** The replay server writes pieces of so many octets (smallest, largest). */
	pieces?: readonly [number, number];
	/** Issued as one transaction, where `kind` is append. */
	together?: boolean;
	run(client: BenchClient, tally: Tally, given: Given): Promise<void>;
}

export interface Given {
	account: Account;
	times: number;
	/** The new mailbox, for a workload that appends. */
	target: string;
	messages: Buffer[];
}

export const once = (): number => 1;
