import net from 'node:net';
import tls from 'node:tls';
import type { Identity } from '../real/certificates';

/** The far end of one connection, in the hands of a script. */
export class HostileEnd {
	/** All that came in clear text, one character an octet; after {@link secure} no more is added. */
	clear = '';
	/** All that came under TLS. */
	secured = '';
	private fresh = '';
	private over = false;
	private waiting: (() => void) | undefined;

	constructor(private socket: net.Socket) {
		this.listen(socket, (text) => (this.clear += text));
		if (socket instanceof tls.TLSSocket) this.clear = '';
	}

	/** Whether the client has ended the connection. */
	get closed(): boolean {
		return this.over;
	}

	/** Octets in one piece, one character an octet. */
	send(octets: string | Buffer): void {
		if (!this.over)
			this.socket.write(typeof octets === 'string' ? Buffer.from(octets, 'latin1') : octets);
	}

	/** The same, once there is room for it: what the client does not read is not piled up here. */
	async pour(octets: Buffer): Promise<void> {
		if (this.over || this.socket.write(octets)) return;
		await new Promise<void>((resolve) => {
			const { socket } = this;
			const go = (): void => {
				socket.off('drain', go).off('close', go);
				resolve();
			};
			socket.on('drain', go).on('close', go);
		});
	}

	/** The next line, without CRLF. @throws Error once the client has gone */
	async line(): Promise<string> {
		for (;;) {
			const end = this.fresh.indexOf('\r\n');
			if (end >= 0) {
				const line = this.fresh.slice(0, end);
				this.fresh = this.fresh.slice(end + 2);
				return line;
			}
			if (this.over) throw new GoneError();
			await new Promise<void>((resolve) => (this.waiting = resolve));
		}
	}

	/** So many octets, those of a literal. @throws Error once the client has gone */
	async octets(count: number): Promise<string> {
		while (this.fresh.length < count) {
			if (this.over) throw new GoneError();
			await new Promise<void>((resolve) => (this.waiting = resolve));
		}
		const octets = this.fresh.slice(0, count);
		this.fresh = this.fresh.slice(count);
		return octets;
	}

	/** The next line, a command that begins so. @returns its tag */
	async command(name: string): Promise<string> {
		const line = await this.line();
		const [tag = '', ...words] = line.split(' ');
		if (!words.join(' ').startsWith(name)) throw new Error(`Not ${name}: ${line.slice(0, 200)}`);
		return tag;
	}

	/** Awaits the command and answers OK, behind these lines. @returns its tag */
	async answer(name: string, ...lines: string[]): Promise<string> {
		const tag = await this.command(name);
		this.send([...lines, `${tag} OK done`].map((line) => `${line}\r\n`).join(''));
		return tag;
	}

	/** Waits until the client ends the connection. */
	async gone(): Promise<void> {
		while (!this.over) await new Promise<void>((resolve) => (this.waiting = resolve));
	}

	/** The server's part of a handshake. */
	async secure(identity: Identity, options: tls.TLSSocketOptions = {}): Promise<void> {
		this.socket.removeAllListeners('data');
		this.fresh = '';
		const secured = new tls.TLSSocket(this.socket, { isServer: true, ...identity, ...options });
		this.socket = secured;
		this.listen(secured, (text) => (this.secured += text));
		await new Promise<void>((resolve) => {
			secured.once('secure', resolve).once('close', resolve);
		});
	}

	end(): void {
		this.socket.end();
	}

	private listen(socket: net.Socket, keep: (text: string) => void): void {
		const wake = (): void => {
			const { waiting } = this;
			this.waiting = undefined;
			waiting?.();
		};
		socket.on('data', (chunk) => {
			const text = chunk.toString('latin1');
			keep(text);
			this.fresh += text;
			wake();
		});
		socket.on('error', () => undefined);
		socket.on('close', () => {
			this.over = true;
			wake();
		});
		socket.on('end', () => {
			this.over = true;
			wake();
		});
	}
}

/** The client ended the connection while the script waited for it. */
export class GoneError extends Error {}

/** A server that does to every client what its script says, over real sockets. */
export class HostileServer {
	readonly ends: HostileEnd[] = [];
	/** What scripts failed with, other than a client that went away. */
	readonly failures: unknown[] = [];
	private readonly sockets = new Set<net.Socket>();

	private constructor(private readonly server: net.Server) {}

	static async start(
		script: (end: HostileEnd) => Promise<void> | void,
		identity?: tls.TlsOptions,
	): Promise<HostileServer> {
		const listener = identity ? tls.createServer(identity) : net.createServer();
		const server = new HostileServer(listener);
		listener.on('connection', (socket: net.Socket) => {
			server.sockets.add(socket);
			socket.on('close', () => server.sockets.delete(socket));
		});
		listener.on('tlsClientError', () => undefined);
		listener.on(identity ? 'secureConnection' : 'connection', (socket: net.Socket) => {
			const end = new HostileEnd(socket);
			server.ends.push(end);
			Promise.resolve(script(end)).catch((error: unknown) => {
				if (!(error instanceof GoneError)) server.failures.push(error);
			});
		});
		await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
		return server;
	}

	get host(): string {
		return '127.0.0.1';
	}

	get port(): number {
		return (this.server.address() as net.AddressInfo).port;
	}

	/** Connections that no side has ended. */
	get open(): number {
		return this.sockets.size;
	}

	/** All that clients sent, in clear text and under TLS. */
	get received(): string {
		return this.ends.map(({ clear, secured }) => clear + secured).join('');
	}

	async stop(): Promise<void> {
		for (const socket of this.sockets) socket.destroy();
		await new Promise<void>((resolve) => this.server.close(() => resolve()));
	}
}
