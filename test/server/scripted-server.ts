import net from 'node:net';

/** One step of a script: wait for what the client sends, then send. */
export interface Step {
	/** What must have come, since the last step, before this one is done; nothing to wait for by default. */
	expect?: RegExp;
	/** Bytes to send, or what makes them from what came. */
	send?: string | Buffer | ((received: string) => string | Buffer);
	/** Close the connection behind it. */
	close?: boolean;
}

/**
 * A server that plays a script, byte by byte, to every client: for what only one server ever sent.
 * @example
 * const server = await ScriptedServer.start([
 *   { send: '* PREAUTH [CAPABILITY IMAP4rev1] ready\r\n' },
 *   { expect: /NOOP/, send: '* BYE out of memory\r\n', close: true },
 * ]);
 */
export class ScriptedServer {
	/** All that clients have sent, one text a connection. */
	readonly received: string[] = [];
	private readonly sockets = new Set<net.Socket>();

	private constructor(private readonly server: net.Server) {}

	/** Listens on 127.0.0.1, on a port of the system's choice. */
	static async start(steps: readonly Step[]): Promise<ScriptedServer> {
		const listener = net.createServer();
		const server = new ScriptedServer(listener);
		listener.on('connection', (socket) => server.play(socket, steps));
		await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
		return server;
	}

	/** The port it listens on. */
	get port(): number {
		return (this.server.address() as net.AddressInfo).port;
	}

	/** Ends all connections and stops listening. */
	async stop(): Promise<void> {
		for (const socket of this.sockets) socket.destroy();
		await new Promise<void>((resolve) => this.server.close(() => resolve()));
	}

	private play(socket: net.Socket, steps: readonly Step[]): void {
		const index = this.received.push('') - 1;
		let fresh = '';
		let at = 0;
		const go = (): void => {
			for (let step = steps[at]; step; step = steps[at]) {
				if (step.expect && !step.expect.test(fresh)) return;
				at++;
				const octets = typeof step.send === 'function' ? step.send(fresh) : step.send;
				if (step.expect) fresh = '';
				if (octets !== undefined) socket.write(octets);
				if (step.close) socket.end();
			}
		};
		this.sockets.add(socket);
		socket.on('data', (chunk) => {
			fresh += chunk.toString('latin1');
			this.received[index] += chunk.toString('latin1');
			go();
		});
		socket.on('error', () => undefined);
		socket.on('close', () => this.sockets.delete(socket));
		go();
	}
}
