import { Imap4AbortError } from '../errors';
import type { Limits } from '../wire/limits';

/** Counts what comes between two tagged responses, up to the limits. */
export class ResponseBudget {
	private unclaimed = 0;
	private responses = 0;
	private octets = 0;

	constructor(private readonly limits: Limits) {}

	/** A tagged response has come. */
	restart(): void {
		this.unclaimed = this.responses = this.octets = 0;
	}

	/** A response that nobody asked for. @throws Imap4AbortError LIMIT */
	countUnclaimed(): void {
		if (++this.unclaimed <= this.limits.unclaimedResponses) return;
		throw new Imap4AbortError(
			'LIMIT',
			`The server sent more than ${this.unclaimed - 1} responses that no command asked for`,
		);
	}

	/** A response that a command keeps as its answer. @throws Imap4AbortError LIMIT */
	countKept(octets: number): void {
		const { answerResponses, answerOctets } = this.limits;
		this.octets += octets;
		if (++this.responses <= answerResponses && this.octets <= answerOctets) return;
		throw new Imap4AbortError(
			'LIMIT',
			`The server answered with ${this.responses} responses of ${this.octets} octets, more than this client accepts`,
		);
	}
}
