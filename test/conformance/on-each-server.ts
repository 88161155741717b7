import { afterAll, afterEach, beforeAll, describe, inject } from 'vitest';
import type { ConnectOptions, Credentials, TraceEvent, UntaggedResponse } from '../../engine/index';
import { Imap4 } from '../../engine/index';
import type { ServerUnderTest, TestAccount } from './servers';
import { servers } from './servers';

/** An open session, and what it said, was told, and logged in as. */
export interface Client {
	imap: Imap4;
	account: TestAccount;
	/** Lines sent, without tags. */
	sent: string[];
	/** Responses that no command asked for. */
	unsolicited: UntaggedResponse[];
}

/** The server a test runs on, and sessions with it that end with the test. */
export class Bench {
	private server: ServerUnderTest | undefined;
	private readonly open: Imap4[] = [];

	constructor(readonly name: ServerUnderTest['name']) {}

	get running(): ServerUnderTest {
		if (!this.server) throw new Error('The server is started before the tests of a file');
		return this.server;
	}

	/** Connects in clear text and stays "not authenticated", unless told otherwise. */
	async connect(options: ConnectOptions = {}): Promise<Client> {
		const { security = 'none' } = options;
		const { host } = this.running;
		const sent: string[] = [];
		const unsolicited: UntaggedResponse[] = [];
		const imap = await Imap4.connect({
			host,
			port: this.running.port(security),
			security,
			tls: { ca: inject('certificates').ca },
			timeouts: { connect: 5000, greeting: 5000, command: 10_000 },
			trace: ({ direction, text }: TraceEvent) => {
				if (direction === 'send') sent.push(text.replace(/^[A-P]{4}\d+ /, ''));
			},
			onUnsolicited: (response) => void unsolicited.push(response),
			...options,
		});
		this.open.push(imap);
		const { user = '', password = '' } = options.auth ?? {};
		const account = { user, password };
		return { imap, account, sent, unsolicited };
	}

	/** A session of a fresh account, or of the one given. */
	logIn(
		account: Credentials = this.running.freshAccount(),
		options: ConnectOptions = {},
	): Promise<Client> {
		return this.connect({ ...options, auth: account });
	}

	/**
	 * A mailbox as the server under test names it; only INBOX is called the same everywhere.
	 * @param name with `/` between its levels
	 */
	mailbox(name: string): string {
		return this.name === 'Courier' ? `INBOX.${name.replaceAll('/', '.')}` : name;
	}

	/** A session with INBOX selected, which holds these messages and no others. */
	async inbox(messages: readonly (string | Uint8Array)[] = []): Promise<Client> {
		const client = await this.logIn();
		const { imap } = client;
		await Promise.all(messages.map((message) => imap.append('INBOX', message)));
		await imap.open('INBOX');
		client.sent.length = 0;
		return client;
	}

	async start(): Promise<void> {
		this.server = await servers.find(({ name }) => name === this.name)?.start();
	}

	async stop(): Promise<void> {
		await this.server?.stop();
	}

	closeSessions(): void {
		for (const imap of this.open.splice(0)) imap.destroy();
	}
}

/** The same tests on every server there is; one that isn't there is skipped, and named with the reason. */
export function onEachServer(tests: (bench: Bench) => void): void {
	describe.each(servers)('$name', ({ name, missing }) => {
		if (missing) {
			describe.skip(`left out: ${missing}`, () => tests(new Bench(name)));
			return;
		}
		const bench = new Bench(name);
		beforeAll(() => bench.start());
		afterEach(() => bench.closeSessions());
		afterAll(() => bench.stop());
		tests(bench);
	});
}
