/** One line of the conversation, secrets redacted, of literals only the length. */
export interface TraceEvent {
	/** `send` for what this client sent. */
	direction: 'send' | 'receive';
	/** The line, without CRLF. */
	text: string;
}
/** Is called with every line, in order. */
export type Trace = (event: TraceEvent) => void;
