import type { Command } from '../commands/command';
import { Imap4AbortError } from '../errors';
import type { UntaggedResponse } from '../grammar/response';

/** Most steps of one SASL exchange; none known takes more than four. */
const MOST_CHALLENGES = 20;

/** A command that was issued, and who waits for it. */
export interface Pending {
	command: Command<unknown>;
	/** Empty until it is sent. */
	tag: string;
	/** How often the server asked for more of it. */
	challenges?: number;
	/** How many of these have been answered. */
	responses?: number;
	/** The command that it was sent with, unanswered, and whose success it needs. */
	behind?: Pending;
	/** It cannot be sent whole at once, so it waits until the one before it is answered. */
	waits?: boolean;
	/** What it came to, if it failed. */
	error?: Error;
	/** A response that could not be read and may have been its result. */
	malformed?: string;
	resolve(result: unknown): void;
	reject(error: Error): void;
}

/**
 * Commands waiting to be sent, and commands sent and not yet answered, in order; and the rules
 * of what may be in flight together (RFC 9051 §5.5), all in this place.
 */
export class Pipeline {
	private readonly queue: Pending[] = [];
	/** In the order they were sent. */
	readonly inFlight: Pending[] = [];

	/** The command that was sent first of those unanswered. */
	get oldest(): Command<unknown> | undefined {
		return this.inFlight[0]?.command;
	}

	/** Whether a command waits behind another one whose results go to a different consumer. */
	get contended(): boolean {
		const consumer = this.oldest?.consumer;
		if (!consumer) return this.inFlight.length > 1 || this.queue.length > 0;
		const others = ({ command }: Pending): boolean => command.consumer !== consumer;
		return this.inFlight.some(others) || this.queue.some(others);
	}

	get idle(): boolean {
		return this.inFlight.length === 0 && this.queue.length === 0;
	}

	add(pending: Pending): void {
		this.queue.push(pending);
	}

	/** Takes a command back. @returns whether it had not been sent yet */
	withdraw(pending: Pending): boolean {
		const index = this.queue.indexOf(pending);
		if (index < 0) return false;
		this.queue.splice(index, 1);
		return true;
	}

	/** Takes the next command if it may be sent now. */
	next(): Pending | undefined {
		const [next] = this.queue;
		if (!next) return undefined;
		if (!this.mayBegin(next.command)) {
			next.behind = this.leader(next);
			if (!next.behind) return undefined;
		}
		return this.queue.shift();
	}

	/** Takes back what {@link next} returned: it waits until the one before it is answered. */
	putBack(pending: Pending): void {
		delete pending.behind;
		pending.waits = true;
		this.queue.unshift(pending);
	}

	/** Whether the command that this one needs is still unanswered. */
	isAhead({ behind }: Pending): boolean {
		return behind !== undefined && this.inFlight.includes(behind);
	}

	sent(pending: Pending): void {
		this.inFlight.push(pending);
	}

	/** Takes the command with this tag out of those in flight. */
	answered(tag: string): Pending | undefined {
		const index = this.inFlight.findIndex((one) => one.tag === tag);
		return index < 0 ? undefined : this.inFlight.splice(index, 1)[0];
	}

	/** The server asks for more of a login. @throws Imap4AbortError PROTOCOL above {@link MOST_CHALLENGES} */
	countChallenge(pending: Pending): void {
		pending.challenges = (pending.challenges ?? 0) + 1;
		if (pending.challenges <= MOST_CHALLENGES) return;
		throw new Imap4AbortError(
			'PROTOCOL',
			`The server sent more than ${MOST_CHALLENGES} challenges in one login`,
		);
	}

	find(test: (command: Command<unknown>) => unknown): Pending | undefined {
		return this.inFlight.find(({ command }) => test(command));
	}

	/**
	 * The command that accepts the response: the one whose tag it names (RFC 4466 §2.6.2), else the
	 * first that accepts it and doesn't defer to a later one.
	 */
	recipientOf(
		response: UntaggedResponse,
		accepts: (command: Command<unknown>) => boolean | undefined,
	): Command<unknown> | undefined {
		const [only] = this.inFlight;
		if (this.inFlight.length < 2) return only && accepts(only.command) ? only.command : undefined;
		const tag = response.type === 'ESEARCH' ? response.data.tag : undefined;
		const named = tag && this.inFlight.find((one) => one.tag === tag)?.command;
		if (named) return accepts(named) ? named : undefined;
		const deferring: Command<unknown>[] = [];
		for (const pending of this.inFlight) {
			const { command } = pending;
			// What comes before the login is answered is no answer to what was sent behind it.
			if (this.isAhead(pending)) continue;
			if (command.defersTo?.(response)) deferring.push(command);
			else if (accepts(command)) return command;
		}
		return deferring.find(accepts);
	}

	/** Takes all commands, those in flight first. */
	drain(): Pending[] {
		return [...this.inFlight.splice(0), ...this.queue.splice(0)];
	}

	/** The unanswered command that leads to the state that this one needs, if it may be sent with it. */
	private leader({ command, waits }: Pending): Pending | undefined {
		if (!command.speculative || waits) return undefined;
		let leader: Pending | undefined;
		for (const pending of this.inFlight) {
			const { leadsTo, challenges = 0, speculative, pipelining } = pending.command;
			if (leadsTo !== undefined) {
				// A login that is not said yet would take the command for its next response.
				if ((pending.responses ?? 0) < challenges) return undefined;
				leader = pending;
			} else if (!speculative || pipelining !== 'free') return undefined;
		}
		const state = leader?.command.leadsTo;
		return state !== undefined && command.states.includes(state) ? leader : undefined;
	}

	private mayBegin(next: Command<unknown>): boolean {
		if (this.inFlight.length === 0) return true;
		if (next.pipelining === 'alone') return false;
		const byNumber = next.pipelining !== 'free';
		return this.inFlight.every(
			({ command: { pipelining } }) =>
				pipelining !== 'alone' && !(byNumber && pipelining !== 'numbers'),
		);
	}
}
