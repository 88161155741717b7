/**
 * What a server may make us hold or wait for. Each limit that is passed ends the connection with
 * an `Imap4AbortError` of code `LIMIT`: after it the stream of bytes can't be trusted to be in step.
 */
export interface Limits {
	/** Bytes of one response outside its literals: a megabyte, and the words around it. */
	lineLength: number;
	/**
	 * The same for SEARCH, SORT, ESEARCH, THREAD and VANISHED, which grow with the mailbox: a SEARCH of a
	 * million messages needs 8 MB.
	 */
	resultLength: number;
	/** Bytes one literal may announce, streamed or not (RFC 9051 `number64`). */
	literalSize: number;
	/** Bytes of literals held in memory for one response, all of them together. */
	heldLiterals: number;
	/** Body literals of at least this many bytes are streamed instead of held. */
	streamThreshold: number;
	/** Bytes kept of a streamed body that is not read while another command waits behind it. */
	unreadBody: number;
	/**
	 * Depth of nested parentheses. Servers describe a hundred levels of MIME parts (Dovecot), some
	 * parentheses more in all; a message that is nested so must not make its mailbox unreadable.
	 */
	nestingDepth: number;
	/** Untagged responses that no command claims, between two tagged ones. */
	unclaimedResponses: number;
	/**
	 * Untagged responses that commands keep as their answer, between two tagged ones, and in
	 * `answerOctets` their bytes. The messages of a FETCH are not counted: its caller takes them one by one.
	 */
	answerResponses: number;
	/** Bytes of those responses. */
	answerOctets: number;
}

/** What holds unless `limits` says otherwise. */
export const defaultLimits: Limits = {
	lineLength: 1_100_000,
	resultLength: 16 * 1024 * 1024,
	literalSize: 4 * 1024 * 1024 * 1024 - 1,
	heldLiterals: 64 * 1024 * 1024,
	streamThreshold: 128 * 1024,
	unreadBody: 16 * 1024 * 1024,
	nestingDepth: 250,
	unclaimedResponses: 1_000_000,
	answerResponses: 1_000_000,
	answerOctets: 64 * 1024 * 1024,
};
