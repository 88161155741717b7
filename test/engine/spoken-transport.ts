import type { ConnectOptions, Transport, TransportHandler } from '../../engine/index';
import { Imap4 } from '../../engine/index';

/** A connection without a socket: what is written can be read, and what is said arrives at once. */
export class SpokenTransport implements Transport {
	secure = true;
	/** All that was ever written. */
	everything = '';
	paused = false;
	destroyed = false;
	startTls?: () => Promise<Transport>;
	private written = '';
	private handler: TransportHandler | undefined;
	private readonly backlog: Buffer[] = [];

	start(handler: TransportHandler): void {
		this.handler = handler;
		for (const chunk of this.backlog.splice(0)) handler.data(chunk);
	}

	/** The server says something. Held back while the client has paused. */
	say(...texts: (string | Buffer)[]): void {
		for (const text of texts) {
			const chunk = typeof text === 'string' ? Buffer.from(text, 'latin1') : text;
			if (!this.handler || this.paused) this.backlog.push(chunk);
			else this.handler.data(chunk);
		}
	}

	/** The server, or the network, ends the connection. */
	hangUp(): void {
		this.handler?.closed();
	}

	write(data: Buffer | string): boolean {
		const text = typeof data === 'string' ? data : data.toString('latin1');
		this.written += text;
		this.everything += text;
		return true;
	}

	pause(): void {
		this.paused = true;
	}

	resume(): void {
		this.paused = false;
		while (!this.paused) {
			const chunk = this.backlog.shift();
			if (!chunk) return;
			this.handler?.data(chunk);
		}
	}

	ref(): void {
		return undefined;
	}

	unref(): void {
		return undefined;
	}

	end(): void {
		this.destroyed = true;
	}

	destroy(): void {
		this.destroyed = true;
	}

	/** What was written since last asked, once the engine had its turn. */
	async sent(): Promise<string> {
		await new Promise((resolve) => setImmediate(resolve));
		const { written } = this;
		this.written = '';
		return written;
	}
}

const CAPABILITIES = 'IMAP4rev1 LITERAL+ UIDPLUS MOVE UNSELECT ENABLE IDLE SASL-IR ID';

/** A session in the state "authenticated", or "selected" with so many messages. */
export async function spokenSession(
	options: { capabilities?: string; exists?: number } & Partial<ConnectOptions> = {},
): Promise<{ imap: Imap4; server: SpokenTransport; answer(text: string): Promise<void> }> {
	const { capabilities = CAPABILITIES, exists, ...rest } = options;
	const server = new SpokenTransport();
	server.say(`* PREAUTH [CAPABILITY ${capabilities}] hello\r\n`);
	const imap = await Imap4.connect({ transport: server, ...rest });
	/** Says the text with `TAG` replaced by that of the last command sent. */
	const answer = async (text: string): Promise<void> => {
		const sent = await server.sent();
		const tags = [...sent.matchAll(/^([A-P]{4}\d+) /gm)].map((match) => match[1]);
		server.say(text.replaceAll('TAG', tags.at(-1) ?? 'NONE'));
	};
	if (exists !== undefined) {
		const selected = imap.select();
		await answer(`* ${exists} EXISTS\r\n* OK [UIDVALIDITY 1] ok\r\nTAG OK [READ-WRITE] done\r\n`);
		await selected;
	}
	return { imap, server, answer };
}
