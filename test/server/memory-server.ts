import net from 'node:net';
import tls from 'node:tls';
import type { Protocol } from './capabilities';
import type { LoggedCommand } from './connection';
import { Connection, clientCertificates } from './connection';
import type { Faults, Traffic } from './faults';
import { seedOf } from './restless';
import type { Settings } from './session';
import { Account } from './store/account';
import type { AnnotationLimits } from './store/annotations';
import { Annotations } from './store/annotations';

/** A certificate and its key, PEM. */
export interface ServerCertificate {
	/** The private key. */
	key: string;
	/** The certificate. */
	cert: string;
}

/** What the server offers, and how it behaves. */
export interface MemoryServerOptions {
	/** A loopback address; 127.0.0.1 by default. */
	host?: string;
	/** 0, the default, lets the system choose. */
	port?: number;
	/** TLS from the first byte. */
	tls?: ServerCertificate;
	/** Offers STARTTLS. */
	starttls?: ServerCertificate;
	/** Whether passwords may cross an unencrypted connection; true by default, since it is loopback. */
	allowPlaintextLogin?: boolean;
	/** False for LOGINDISABLED, with TLS or without. */
	loginCommand?: boolean;
	/**
	 * SASL mechanisms on offer, where they make sense. By default all, or none in clear text where
	 * `allowPlaintextLogin` is false; named here, those that show no secret are offered there too.
	 */
	mechanisms?: readonly string[];
	/** Whether a user may act as another: SASL authorization identity, PROXYAUTH. Nobody by default. */
	mayActAs?: (user: string, other: string) => boolean;
	/** Who may set quotas and the server's shared annotations. Nobody by default. */
	isAdministrator?: (user: string) => boolean;
	/** The user an OAuth 2.0 access token belongs to; offers XOAUTH2 and OAUTHBEARER. */
	tokenOwner?: (token: string) => string | undefined;
	/** PEM of the authority of client certificates; offers EXTERNAL, under TLS. */
	clientAuthority?: string;
	/** Versions offered; IMAP4rev1 by default. */
	protocols?: readonly Protocol[];
	/** What is removed is not answered either; X-GM-EXT-1 is there once it is added. */
	capabilities?: {
		/** Offered besides. */
		add?: readonly string[];
		/** Neither offered nor understood. */
		remove?: readonly string[];
	};
	/** OK by default. */
	greeting?: 'OK' | 'PREAUTH' | 'BYE';
	/** The words of the greeting; some clients believe the name in it. */
	greetingText?: string;
	/** Whose session a PREAUTH greeting begins. */
	preauthUser?: string;
	/** Bytes each account may hold. */
	quotaBytes?: number;
	/** Messages each account may hold. */
	quotaMessages?: number;
	/** How long an annotation of a mailbox or the server may be, and how many there may be. */
	annotationLimits?: Partial<AnnotationLimits>;
	/** Whether IDLE reports nothing until it ends. */
	silentIdle?: boolean;
	/** Bytes one literal may have. */
	maxLiteral?: number;
	/** Bytes an appended message may have: APPENDLIMIT. */
	appendLimit?: number;
	/** Sent as an ALERT with every login. */
	alert?: string;
	/** None by default; {@link MemoryServer.faults} changes them later. */
	faults?: Faults;
	/**
	 * Seed of a server that batches, mixes and interrupts its responses (Restless); by default the
	 * environment variable RESTLESS_SERVER, else it answers as it is asked.
	 */
	restless?: number;
}

/** Connections of a server. */
export interface ConnectionCount {
	/** Open now. */
	open: number;
	/** Since the start. */
	total: number;
}

/**
 * An IMAP4rev1 and IMAP4rev2 server that keeps its mail in memory, for tests and demonstrations. It is not
 * meant to be reached from another machine.
 * @example
 * const server = await MemoryServer.start();
 * const inbox = server.addAccount('ann', 'secret').mailbox('INBOX');
 * inbox.append('Subject: Hello\r\n\r\nHow are you?\r\n', { flags: ['\\Flagged'] });
 *
 * const { host, port } = server;
 * const auth = { user: 'ann', password: 'secret' };
 * const imap = await Imap4.connect({ host, port, security: 'none', auth });
 * await imap.open('INBOX');
 *
 * inbox.messages[0]?.flags; // what the client has changed
 * server.commands.map(({ name }) => name); // what it has sent
 * await server.stop();
 */
export class MemoryServer {
	/** Every command received, in order. */
	readonly commands: LoggedCommand[] = [];
	/** Faults of connections made from now on. */
	faults: Faults;
	private readonly counted: Traffic = { sent: 0, received: 0, responses: 0 };
	private readonly accounts = new Map<string, Account>();
	private readonly open = new Set<Connection>();
	private total = 0;
	private readonly serverAnnotations = new Annotations();
	private uidValidity = Math.floor(Date.now() / 1000);

	private constructor(
		private readonly server: net.Server,
		private readonly options: MemoryServerOptions,
	) {
		this.faults = options.faults ?? {};
	}

	/** @throws Error EADDRINUSE if the port is taken */
	static async start(options: MemoryServerOptions = {}): Promise<MemoryServer> {
		const listener = options.tls
			? tls.createServer({ ...options.tls, ...clientCertificates(options.clientAuthority) })
			: net.createServer();
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

	/** The address it listens on. */
	get host(): string {
		return this.options.host ?? '127.0.0.1';
	}

	/** The port it listens on. */
	get port(): number {
		return (this.server.address() as net.AddressInfo).port;
	}

	/** What has gone over all connections so far. */
	get traffic(): Traffic {
		return { ...this.counted };
	}

	/** How many are open, and how many there have been. */
	get connections(): ConnectionCount {
		return { open: this.open.size, total: this.total };
	}

	/** Adds a user, who has an empty INBOX. */
	addAccount(user: string, password: string): Account {
		const account = new Account(user, password, this.uidValidity);
		account.quota.octetLimit = this.options.quotaBytes ?? Infinity;
		account.quota.messageLimit = this.options.quotaMessages ?? Infinity;
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

	/** Ends all connections and stops listening. */
	async stop(): Promise<void> {
		this.cutAll();
		await new Promise<void>((resolve) => this.server.close(() => resolve()));
	}

	private accept(socket: net.Socket): void {
		socket.setNoDelay(true);
		const { options } = this;
		const settings: Settings = {
			allowPlaintextLogin: options.allowPlaintextLogin ?? true,
			loginCommand: options.loginCommand ?? true,
			mechanisms: options.mechanisms,
			protocols: options.protocols ?? ['IMAP4rev1'],
			capabilities: {
				add: options.capabilities?.add ?? [],
				remove: options.capabilities?.remove ?? [],
			},
			find: (user) => this.accounts.get(user),
			mayActAs: options.mayActAs,
			isAdministrator: options.isAdministrator ?? (() => false),
			tokenOwner: options.tokenOwner,
			greetingText: options.greetingText ?? 'In-memory IMAP4 server ready',
			clientAuthority: options.clientAuthority,
			appendLimit: options.appendLimit,
			serverAnnotations: this.serverAnnotations,
			annotationLimits: { size: 65_536, entries: 1000, ...options.annotationLimits },
			alert: options.alert,
			silentIdle: options.silentIdle ?? false,
			maxLiteral: options.maxLiteral ?? 1024 * 1024 * 1024,
		};
		const connection = new Connection(socket, {
			id: ++this.total,
			settings,
			restless: this.options.restless ?? seedOf(process.env.RESTLESS_SERVER),
			certificate: options.starttls,
			faults: this.faults,
			traffic: this.counted,
			greeting: options.greeting ?? 'OK',
			preauthUser: options.preauthUser,
			log: (command) => this.commands.push(command),
		});
		this.open.add(connection);
		socket.once('close', () => this.open.delete(connection));
	}
}
