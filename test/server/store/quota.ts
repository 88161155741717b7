import { Refusal } from './refusal';

/** Resources with a limit (RFC 9208 §5): octets in units of 1024, and messages. */
export type Resource = 'STORAGE' | 'MESSAGE';

/** What one account holds and may hold, kept up to date by its mailboxes. */
export class Quota {
	private octets = 0;
	private messages = 0;
	octetLimit = Infinity;
	messageLimit = Infinity;

	/** Takes note of what came, or went if negative. */
	count(octets: number, messages: number): void {
		this.octets += octets;
		this.messages += messages;
	}

	/** @throws Refusal OVERQUOTA if so much more would be too much */
	check(octets: number, messages: number): void {
		if (
			(octets > 0 && this.octets + octets > this.octetLimit) ||
			(messages > 0 && this.messages + messages > this.messageLimit)
		)
			throw new Refusal('OVERQUOTA', 'Quota exceeded (mailbox for user is full)');
	}

	/** Resources that have a limit: use and limit, in their units. */
	get resources(): [Resource, used: number, limit: number][] {
		const all: [Resource, number, number][] = [
			['STORAGE', Math.ceil(this.octets / 1024), Math.floor(this.octetLimit / 1024)],
			['MESSAGE', this.messages, this.messageLimit],
		];
		return all.filter(([, , limit]) => limit !== Infinity);
	}

	/** Resources that are not named lose their limit (RFC 9208 §4.1.3). */
	limit(limits: ReadonlyMap<Resource, number>): void {
		this.octetLimit = (limits.get('STORAGE') ?? Infinity) * 1024;
		this.messageLimit = limits.get('MESSAGE') ?? Infinity;
	}
}
