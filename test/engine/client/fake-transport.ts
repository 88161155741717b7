import { afterEach, beforeEach, expect } from 'vitest';
import type { ConnectOptions, Transport, TransportHandler } from '../../../engine/index';
import { Imap4 } from '../../../engine/index';
import type { Imap4AbortError } from '../../../engine/index';

/** How many turns of the event loop the far end waits at least for what it expects. */
const PATIENCE = 500;
/** And how many milliseconds: a key is derived on another thread, which takes its time on a busy machine. */
const PATIENT_FOR = 5000;

/** Turns of the event loop in which the far end may still wait. */
async function* patience(): AsyncGenerator<void> {
	const began = performance.now();
	for (let turn = 0; turn < PATIENCE || performance.now() - began < PATIENT_FOR; turn++) {
		yield;
		await turnOfLoop();
	}
}

/**
 * A connection without a network: what the client writes is kept, and the test says what the
 * server sends. While it is paused nothing is delivered, as with a socket.
 */
export class FakeTransport implements Transport {
	secure: boolean;
	readonly channelBinding: Transport['channelBinding'];
	paused = false;
	destroyed = false;
	pauses = 0;
	/** The next writes answer that the buffer is full. */
	full = false;
	/** What was handed to the connection in one piece each. */
	readonly writes: Buffer[] = [];
	/** What `startTls` gives; none by default. */
	upgrade: (() => Promise<Transport>) | undefined;
	private handler: TransportHandler | undefined;
	private undelivered: Buffer[] = [];
	private taken = 0;

	constructor({
		secure = false,
		channelBinding,
	}: { secure?: boolean; channelBinding?: Transport['channelBinding'] } = {}) {
		this.secure = secure;
		this.channelBinding = channelBinding;
	}

	start(handler: TransportHandler): void {
		this.handler = handler;
		this.flush();
	}

	write(data: Buffer | string): boolean {
		if (this.destroyed) throw new Error('Written to a connection that is closed');
		this.writes.push(Buffer.from(data as string));
		return !this.full;
	}

	pause(): void {
		this.paused = true;
		this.pauses++;
	}

	resume(): void {
		this.paused = false;
		// As a socket does: not within the call.
		setImmediate(() => this.flush());
	}

	ref(): void {
		return undefined;
	}

	unref(): void {
		return undefined;
	}

	end(): void {
		return undefined;
	}

	destroy(): void {
		this.destroyed = true;
	}

	get startTls(): (() => Promise<Transport>) | undefined {
		return this.upgrade;
	}

	/** All that the client has written, one character an octet. */
	get sent(): string {
		return Buffer.concat(this.writes).toString('latin1');
	}

	/** What the client has written since this or {@link line} was last asked, once it had its turn. */
	async written(): Promise<string> {
		await turnOfLoop();
		const { sent } = this;
		const written = sent.slice(this.taken);
		this.taken = sent.length;
		return written;
	}

	/** Octets that wait because the client paused. */
	get waiting(): number {
		return this.undelivered.reduce((sum, chunk) => sum + chunk.length, 0);
	}

	/** The server sends these octets, each argument as a chunk of its own. */
	deliver(...chunks: (string | Buffer)[]): void {
		this.undelivered.push(...chunks.map((chunk) => Buffer.from(chunk as string)));
		this.flush();
	}

	/** The server sends lines in one chunk. */
	say(...lines: string[]): void {
		this.deliver(lines.map((line) => `${line}\r\n`).join(''));
	}

	/** The far end closes, or the network breaks. */
	close(error?: Imap4AbortError): void {
		this.destroyed = true;
		this.handler?.closed(error);
	}

	/** There is room again after {@link full}. */
	drain(): void {
		this.full = false;
		this.handler?.drained();
	}

	/** The next line from the client, without CRLF. */
	async line(): Promise<string> {
		for await (const _turn of patience()) {
			const end = this.sent.indexOf('\r\n', this.taken);
			if (end >= 0) {
				const line = this.sent.slice(this.taken, end);
				this.taken = end + 2;
				return line;
			}
		}
		throw new Error(
			`The client sent no line; it has sent: ${JSON.stringify(this.sent.slice(-500))}`,
		);
	}

	/** The next octets from the client: a literal. */
	async octets(count: number): Promise<string> {
		for await (const _turn of patience()) {
			if (this.sent.length >= this.taken + count) {
				const octets = this.sent.slice(this.taken, this.taken + count);
				this.taken += count;
				return octets;
			}
		}
		throw new Error(`The client sent fewer than ${count} octets`);
	}

	/** The next command, which must be this one. @returns its tag */
	async command(expected: string | RegExp): Promise<string> {
		const line = await this.line();
		const [, tag = '', text = ''] = /^(\S+) (.*)$/s.exec(line) ?? [];
		if (typeof expected === 'string') expect(text).toBe(expected);
		else expect(text).toMatch(expected);
		return tag;
	}

	/** Awaits the next command, answers it with these lines and then with OK. */
	async answer(expected: string | RegExp, ...lines: string[]): Promise<string> {
		const tag = await this.command(expected);
		this.say(...lines, `${tag} OK done`);
		return tag;
	}

	/** Nothing but what was taken has been sent, even after a while. */
	async nothingMore(): Promise<void> {
		await turns();
		expect(this.sent.slice(this.taken)).toBe('');
	}

	private flush(): void {
		while (this.handler && !this.paused && !this.destroyed) {
			const chunk = this.undelivered.shift();
			if (!chunk) return;
			this.handler.data(chunk);
		}
	}
}

function turnOfLoop(): Promise<void> {
	return new Promise((resolve) => setImmediate(resolve));
}

/** Long enough for whatever can happen without more input to have happened. */
export async function turns(count = 8): Promise<void> {
	for (let turn = 0; turn < count; turn++) await turnOfLoop();
}

export interface Connected {
	imap: Imap4;
	server: FakeTransport;
}

const GREETING = '* OK [CAPABILITY IMAP4rev1 LITERAL+ UIDPLUS MOVE UNSELECT ENABLE] ready';

/** A session that has been greeted. */
export async function greeted(
	options: Omit<ConnectOptions, 'transport'> = {},
	greeting = GREETING,
	server = new FakeTransport(),
): Promise<Connected> {
	const connecting = Imap4.connect({ security: 'none', ...options, transport: server });
	server.say(greeting);
	return { imap: await connecting, server };
}

/** A session that is logged in. */
export async function loggedIn(
	options: Omit<ConnectOptions, 'transport'> = {},
	capabilities = 'IMAP4rev1 LITERAL+ UIDPLUS MOVE UNSELECT ENABLE',
): Promise<Connected> {
	return greeted(options, `* PREAUTH [CAPABILITY ${capabilities}] ready`);
}

/** A session with INBOX selected, with so many messages. */
export async function selected(
	options: Omit<ConnectOptions, 'transport'> = {},
	{ exists = 10, capabilities }: { exists?: number; capabilities?: string } = {},
): Promise<Connected> {
	const connected = await loggedIn(options, capabilities);
	const selecting = connected.imap.open();
	await connected.server.answer(
		'SELECT INBOX',
		`* ${exists} EXISTS`,
		'* FLAGS (\\Seen \\Deleted)',
		'* OK [PERMANENTFLAGS (\\Seen \\Deleted \\*)] ok',
		'* OK [UIDVALIDITY 7] ok',
	);
	await selecting;
	return connected;
}

/** Fails each test of this file during which a rejection or an exception was left to nobody. */
export function nothingUnhandled(): void {
	const left: unknown[] = [];
	const note = (error: unknown): void => void left.push(error);
	beforeEach(() => {
		left.length = 0;
		process.on('unhandledRejection', note).on('uncaughtException', note);
	});
	afterEach(async () => {
		// Rejections are reported once the microtasks of a turn are through.
		await new Promise((resolve) => setImmediate(resolve));
		process.off('unhandledRejection', note).off('uncaughtException', note);
		expect(left).toEqual([]);
	});
}
