import type { BodyFlow } from '../grammar/message-body';
import type { Pipeline } from './pipeline';
import { Watchdog } from '../transport/clock';
import type { Transport } from '../transport/transport';

/** Bytes of a literal that count as progress. */
const PROGRESS = 64 * 1024;

/**
 * When the connection is held because the caller is slower than the server, and when the server
 * is given up because it is too slow for the caller.
 */
export class FlowControl implements BodyFlow {
	private held = false;
	private octets = 0;
	/** A whole response has come since the deadline was set. */
	private whole = false;
	private readonly watchdog: Watchdog;

	/**
	 * @param timeoutMs milliseconds a command may go without progress: a whole response, or 64 KiB
	 * @param unreadLimit bytes kept of a body that nobody reads
	 * @param onTimeout called when a deadline has passed
	 */
	constructor(
		private readonly pipeline: Pipeline,
		private readonly timeoutMs: number,
		readonly unreadLimit: number,
		private transport: Transport,
		onTimeout: () => void,
	) {
		this.watchdog = new Watchdog(onTimeout);
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
		// The caller is the bottleneck now, so stop the server timeout - unless another command is queued.
		if (!this.contended) this.watchdog.disarm();
	}

	resume(): void {
		if (!this.held) return;
		this.held = false;
		this.progressed();
		this.transport.resume();
	}

	/** A whole response has come. The timeout starts again when the bytes it came with are all read. */
	responded(): void {
		this.whole = true;
	}

	/** Bytes have come, which may or may not complete anything. */
	received(octets: number): void {
		this.octets += octets;
		if (this.whole || this.octets >= PROGRESS) this.progressed();
	}

	/** The server is alive, or a command was sent: the timeout starts again. */
	progressed(): void {
		this.octets = 0;
		this.whole = false;
		const { oldest } = this.pipeline;
		// Without a command the greeting is waited for, and has one deadline however it trickles in.
		if (oldest?.noTimeout || (this.held && !this.contended)) this.watchdog.disarm();
		else if (oldest) this.watchdog.set(this.timeoutMs);
	}

	/** Nothing is awaited any more. */
	idle(): void {
		this.watchdog.disarm();
	}

	/** @param ms from now until which something must have happened */
	deadline(ms = this.timeoutMs): void {
		this.whole = false;
		this.watchdog.set(ms);
	}

	stop(): void {
		this.held = true;
		this.watchdog.stop();
	}
}
