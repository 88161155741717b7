import net from 'node:net';
import tls from 'node:tls';
import type { LoggedCommand } from './connection';
import { Connection } from './connection';
import type { Faults } from './faults';
import type { Settings } from './session';
import { Account } from './store/account';

export interface MemoryServerOptions {
	/** A loopback address; 127.0.0.1 by default. */
	host?: string;
	/** 0, the default, lets the system choose. */
	port?: number;
	/** TLS from the first octet. */
	tls?: { key: string; cert: string };
	/** Offers STARTTLS. */
	starttls?: { key: string; cert: string };
	/** Whether passwords may cross an unencrypted connection; true by default, since it is loopback. */
	allowPlaintextLogin?: boolean;
	capabilities?: { add?: readonly string[]; remove?: readonly string[] };
	greeting?: 'OK' | 'PREAUTH' | 'BYE';
	/** Whose session a PREAUTH greeting begins. */
	preauthUser?: string;
	/** Octets each account may hold. */
	quotaBytes?: number;
	/** Octets one literal may have. */
	maxLiteral?: number;
	/** Sent as an ALERT with every login. */
	alert?: string;
	faults?: Faults;
}

/**
 * An IMAP4rev1 server that keeps its mail in memory: the tests' double, and the demo's mail
 * server. Never meant to be reached from another machine.
 */
export class MemoryServer {
	/** Every command received, in order. */
	readonly commands: LoggedCommand[] = [];
	/** Faults of connections made from now on. */
	faults: Faults;
	private readonly accounts = new Map<string, Account>();
	private readonly open = new Set<Connection>();
	private total = 0;
	private uidValidity = Math.floor(Date.now() / 1000);

	private constructor(
		private readonly server: net.Server,
		private readonly options: MemoryServerOptions,
	) {
		this.faults = options.faults ?? {};
	}

	/** @throws Error EADDRINUSE if the port is taken */
	static async start(options: MemoryServerOptions = {}): Promise<MemoryServer> {
		const listener = options.tls ? tls.createServer(options.tls) : net.createServer();
		const server = new MemoryServer(listener, options);
		listener.on(options.tls ? 'secureConnection' : 'connection', (socket: net.Socket) =>
			server.accept(socket),
		);
		listener.on('tlsClientError', () => undefined);
		await new Promise<void>((resolve, reject) => {
			listener.once('error', reject);
			listener.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve);
		});
		return server;
	}

	get host(): string {
		return this.options.host ?? '127.0.0.1';
	}

	get port(): number {
		return (this.server.address() as net.AddressInfo).port;
	}

	get connections(): { open: number; total: number } {
		return { open: this.open.size, total: this.total };
	}

	addAccount(user: string, password: string): Account {
		const account = new Account(user, password, this.uidValidity);
		account.quotaBytes = this.options.quotaBytes ?? Infinity;
		this.uidValidity += 1000;
		this.accounts.set(user, account);
		return account;
	}

	/** @throws Error if there is none */
	account(user: string): Account {
		const account = this.accounts.get(user);
		if (!account) throw new Error(`There is no account ${user}`);
		return account;
	}

	/** Ends all connections at once, as a crash would. */
	cutAll(): void {
		for (const connection of this.open) connection.destroy();
	}

	async stop(): Promise<void> {
		this.cutAll();
		await new Promise<void>((resolve) => this.server.close(() => resolve()));
	}

	private accept(socket: net.Socket): void {
		socket.setNoDelay(true);
		const { options } = this;
		const settings: Settings = {
			allowPlaintextLogin: options.allowPlaintextLogin ?? true,
			capabilities: {
				add: options.capabilities?.add ?? [],
				remove: options.capabilities?.remove ?? [],
			},
			find: (user) => this.accounts.get(user),
			alert: options.alert,
			maxLiteral: options.maxLiteral ?? 1024 * 1024 * 1024,
		};
		const connection = new Connection(socket, {
			id: ++this.total,
			settings,
			certificate: options.starttls,
			faults: this.faults,
			greeting: options.greeting ?? 'OK',
			preauthUser: options.preauthUser,
			log: (command) => this.commands.push(command),
		});
		this.open.add(connection);
		socket.once('close', () => this.open.delete(connection));
	}
}
