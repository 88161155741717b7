import net from 'node:net';
import type { Duplex } from 'node:stream';
import { onTestFinished } from 'vitest';
import type { Mailbox, MemoryServerOptions } from './index';
import { MemoryServer } from './index';

/** A socket that writes lines and reads lines, so that the server is proved by no client of ours. */
export class RawClient {
	private received = '';
	private waiting: (() => void) | undefined;
	private tags = 0;

	private constructor(private readonly socket: Duplex) {
		socket.on('data', (chunk: Buffer) => {
			this.received += chunk.toString('latin1');
			this.waiting?.();
		});
		socket.on('close', () => this.waiting?.());
		socket.on('error', () => undefined);
	}

	/**
	 * Connects and reads the greeting; the connection ends with the test.
	 * @param socket one of TLS, say; of TCP by default
	 */
	static async connect(
		server: MemoryServer,
		socket: Duplex = net.connect(server.port, server.host),
	): Promise<RawClient> {
		const client = new RawClient(socket);
		onTestFinished(() => void client.socket.destroy());
		await client.until(/\r\n$/);
		return client;
	}

	/** Octets as Latin-1, as they are. */
	write(text: string): void {
		this.socket.write(Buffer.from(text, 'latin1'));
	}

	/** What has come when it ends like this; it is taken. */
	async until(end: RegExp): Promise<string> {
		while (!end.test(this.received)) {
			if (this.socket.destroyed) throw new Error(`The connection ended after: ${this.received}`);
			await new Promise<void>((resolve) => (this.waiting = resolve));
		}
		const text = this.received;
		this.received = '';
		return text;
	}

	/** Sends a command. @returns its answer line by line, the last without its tag */
	async send(command: string): Promise<string[]> {
		const tag = `t${++this.tags}`;
		this.write(`${tag} ${command}\r\n`);
		const text = await this.until(new RegExp(`(?:^|\\n)${tag} (?:OK|NO|BAD)[^\\n]*\\r\\n$`));
		const lines = text.slice(0, -2).split('\r\n');
		lines.push((lines.pop() as string).slice(tag.length + 1));
		return lines;
	}

	/** Sends a command. @returns its untagged responses, without the `* ` */
	async untagged(command: string): Promise<string[]> {
		const lines = await this.send(command);
		return lines.slice(0, -1).map((line) => line.replace(/^\* /, ''));
	}
}

export interface Scene {
	server: MemoryServer;
	inbox: Mailbox;
	client: RawClient;
	/** Another session of the same user, with INBOX selected. */
	other(): Promise<RawClient>;
}

/** A server with one account, whose INBOX holds these messages, and a client that is logged in. */
export async function loggedIn(
	messages: readonly string[] = [],
	options: MemoryServerOptions = {},
): Promise<Scene> {
	const server = await MemoryServer.start(options);
	onTestFinished(() => server.stop());
	const inbox = server.addAccount('ann', 'secret').mailbox('INBOX');
	for (const message of messages) inbox.append(message);
	// None of them is \Recent, which the tests are not about.
	inbox.recentFrom = inbox.uidNext;
	const connect = async (): Promise<RawClient> => {
		const client = await RawClient.connect(server);
		await client.send('LOGIN ann secret');
		return client;
	};
	const other = async (): Promise<RawClient> => {
		const client = await connect();
		await client.send('SELECT INBOX');
		return client;
	};
	return { server, inbox, client: await connect(), other };
}

/** The same with INBOX selected. */
export async function selected(
	messages: readonly string[] = [],
	options: MemoryServerOptions = {},
): Promise<Scene> {
	const scene = await loggedIn(messages, options);
	await scene.client.send('SELECT INBOX');
	return scene;
}

/** A message of these header fields. */
export function mail(fields: Readonly<Record<string, string>>, body = 'body'): string {
	const head = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
	return `${head.join('')}\r\n${body}\r\n`;
}
