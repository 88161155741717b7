import type { BodyFlow } from '../grammar/message-body';
import type { Pipeline } from './pipeline';
import { Watchdog } from '../transport/clock';
import type { Transport } from '../transport/transport';

/** Octets of a literal that count as progress. */
const PROGRESS = 64 * 1024;

/**
 * When the connection is held because the caller is slower than the server, and when the server
 * is given up because it is too slow for the caller.
 */
export class FlowControl implements BodyFlow {
	private held = false;
	private octets = 0;
	private readonly watchdog: Watchdog;

	/**
	 * @param patience milliseconds a command may go without progress: a whole response, or 64 KiB
	 * @param unreadLimit octets that may be kept of a body that nobody reads
	 * @param late called when a deadline has passed
	 */
	constructor(
		private readonly pipeline: Pipeline,
		private readonly patience: number,
		readonly unreadLimit: number,
		private transport: Transport,
		late: () => void,
	) {
		this.watchdog = new Watchdog(late);
	}

	attach(transport: Transport): void {
		this.transport = transport;
		this.held = false;
	}

	get contended(): boolean {
		return this.pipeline.contended;
	}

	pause(): void {
		if (this.held) return;
		this.held = true;
		this.transport.pause();
		// Who is slow now is the caller, unless another command waits behind.
		if (!this.contended) this.watchdog.rest();
	}

	resume(): void {
		if (!this.held) return;
		this.held = false;
		this.progressed();
		this.transport.resume();
	}

	/** Octets have come, which may or may not make anything whole. */
	received(octets: number): void {
		this.octets += octets;
		if (this.octets >= PROGRESS) this.progressed();
	}

	/** Something whole has come, or a command has been sent: the deadline is put off. */
	progressed(): void {
		this.octets = 0;
		const { oldest } = this.pipeline;
		// Without a command the greeting is waited for, and has one deadline however it trickles in.
		if (oldest?.noTimeout || (this.held && !this.contended)) this.watchdog.rest();
		else if (oldest) this.watchdog.set(this.patience);
	}

	/** Nothing is waited for any more. */
	idle(): void {
		this.watchdog.rest();
	}

	/** @param ms from now until which something must have happened */
	deadline(ms = this.patience): void {
		this.watchdog.set(ms);
	}

	stop(): void {
		this.held = true;
		this.watchdog.stop();
	}
}
