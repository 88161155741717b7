/** One line of the conversation, secrets blotted out, literals only counted. */
export interface TraceEvent {
	direction: 'send' | 'receive';
	text: string;
}
export type Trace = (event: TraceEvent) => void;
