import type { SequenceNumber } from '../grammar/message-number';
import type { StreamedBody } from '../grammar/fetch';
import { enterItems, FetchedMessage, readItems } from '../grammar/fetch';
import type { BodyFlow, MessageBody } from '../grammar/message-body';
import { type Reader } from '../wire/reader';

/** The command that a streamed message belongs to. */
export interface MessageOwner {
	/** A streamed message has ended. */
	onStreamEnd?(message: FetchedMessage): void;
}

/**
 * A FETCH response one or more of whose literals are streamed: read in stretches, from literal to
 * literal, while those literals go to their bodies.
 */
export class StreamedMessage {
	private owner: MessageOwner | undefined;
	private body: MessageBody | undefined;

	private constructor(readonly message: FetchedMessage) {}

	/**
	 * @param reader at the beginning of a response that ends, so far, in a literal
	 * @returns undefined if it is not a FETCH response, or not readable: its literals are then held
	 */
	static begin(reader: Reader): StreamedMessage | undefined {
		try {
			return StreamedMessage.beginFetch(reader);
		} catch {
			// What is wrong with it is reported when the response has come whole.
			return undefined;
		}
	}

	private static beginFetch(reader: Reader): StreamedMessage | undefined {
		if (!reader.take(0x2a)) return undefined;
		reader.skipSpaces();
		const message = new FetchedMessage(reader.number() as SequenceNumber);
		reader.skipSpaces();
		if (reader.atom().upper !== 'FETCH') return undefined;
		reader.skipSpaces();
		enterItems(reader);
		return new StreamedMessage(message);
	}

	/**
	 * Reads on up to the next literal that is streamed.
	 * @param find returns whose the message is, once its number or UID has been read
	 * @returns the body that takes the literal; undefined if it is a literal of another kind, e.g. a
	 * long subject in an envelope: it has to be held, and nothing was read
	 */
	literal(
		reader: Reader,
		size: number,
		flow: BodyFlow,
		find: (message: FetchedMessage) => MessageOwner | undefined,
	): MessageBody | undefined {
		const { at, level } = reader;
		if (!endsInBody(reader, size)) return undefined;
		reader.reset(at, level);
		const streamed = readItems(reader, this.message) as StreamedBody;
		const first = this.body === undefined;
		this.body = streamed.body;
		this.body.begin(size, flow);
		if (first) this.owner = find(this.message);
		if (!this.owner) this.body.discard();
		return this.body;
	}

	/**
	 * Reads what comes behind the last streamed literal.
	 * @returns whether the message belongs to a command
	 */
	end(reader: Reader): boolean {
		if (readItems(reader, this.message)) throw reader.expected('octets of a literal');
		this.owner?.onStreamEnd?.(this.message);
		return this.owner !== undefined;
	}

	/** The connection is gone: those who wait for a body, even one yet to come, get the error. */
	fail(error: Error): void {
		for (const body of this.message.body) body.fail(error);
	}
}

/** Whether the literal that the stretch ends in is a body's. What cannot be read is noted, and no error. */
function endsInBody(reader: Reader, size: number): boolean {
	return readItems(reader, new FetchedMessage(0 as SequenceNumber))?.size === size;
}
