import { field, split } from '../message/header';

/** What a message keeps wherever it is copied or moved (RFC 8474 EMAILID, THREADID). */
export interface Identity {
	readonly email: number;
	readonly thread: number;
}

const MESSAGE_ID = /<[^<>\s]+>/g;

/** Gives the messages of one account their identities. */
export class Identities {
	private emails = 0;
	private threads = 0;
	private readonly threadOf = new Map<string, number>();

	/** A new message joins the thread that any of its references belongs to (RFC 8474 §5.2). */
	issue(octets: Buffer): Identity {
		const { fields } = split(octets);
		const ids = ['message-id', 'in-reply-to', 'references'].flatMap(
			(name) => field(fields, name)?.match(MESSAGE_ID) ?? [],
		);
		const known = ids.find((id) => this.threadOf.has(id));
		const thread = (known && this.threadOf.get(known)) || ++this.threads;
		for (const id of ids) if (!this.threadOf.has(id)) this.threadOf.set(id, thread);
		return { email: ++this.emails, thread };
	}
}
