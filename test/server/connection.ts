import type net from 'node:net';
import tls from 'node:tls';
import { BadSyntax, CommandReader } from './command-reader';
import { Compression } from './compression';
import type { Faults, Traffic } from './faults';
import { FaultySocket } from './faults';
import { InputBuffer } from './input-buffer';
import { Restless, seeded } from './restless';
import type { Settings, Wire } from './session';
import { Session } from './session';

/** Octets in which the tag and the name of a command stand. */
const LONGEST_HEAD = 1024;

/** Octets a non-synchronizing literal may have without LITERAL+ (RFC 7888 §5). */
const LITERAL_MINUS = 4096;

/** What a client sent, for tests that count commands and look for what was smuggled in. */
export interface LoggedCommand {
	/** Connections are counted from 1. */
	connection: number;
	/** As the client chose it. */
	tag: string;
	/** In upper case; `UID STORE` for the UID forms. */
	name: string;
	/** The command without tag and CRLF, literals as `{n}`; passwords included, as it was sent. */
	line: string;
}

export interface ConnectionOptions {
	id: number;
	settings: Settings;
	certificate: { key: string; cert: string } | undefined;
	faults: Faults;
	traffic: Traffic;
	greeting: 'OK' | 'PREAUTH' | 'BYE';
	preauthUser: string | undefined;
	log(command: LoggedCommand): void;
	/** Seed of a server that is never still; see Restless. */
	restless: number | undefined;
}

/** One connection: octets to commands, and back. */
export class Connection {
	private readonly session: Session;
	private out: FaultySocket;
	private readonly input = new InputBuffer();
	/** Waits for one line in the course of a command (SASL, IDLE). */
	private line: ((line: Buffer) => void) | undefined;
	private busy = false;
	private wantsTls = false;
	private wantsCompression = false;
	private compression: Compression | undefined;
	private closed = false;
	private readonly restless: Restless | undefined;

	constructor(
		private socket: net.Socket,
		private readonly options: ConnectionOptions,
	) {
		this.out = new FaultySocket(socket, options.faults, options.traffic);
		const connection = this;
		const wire: Wire = {
			send: (...pieces) => connection.send(joined(pieces)),
			prompt: (text) =>
				new Promise((resolve) => {
					connection.line = resolve;
					connection.prompt(Buffer.from(`+ ${text}\r\n`));
					connection.read();
				}),
			startTls: () => {
				connection.wantsTls = true;
			},
			compress: () => {
				connection.wantsCompression = true;
			},
			get compressed() {
				return connection.compression !== undefined;
			},
			close: () => connection.close(),
			get secure() {
				return connection.socket instanceof tls.TLSSocket;
			},
			get tls() {
				return connection.socket instanceof tls.TLSSocket ? connection.socket : undefined;
			},
			starttls: options.certificate !== undefined,
		};
		this.session = new Session(wire, options.settings);
		if (options.restless !== undefined) {
			this.restless = new Restless(
				seeded(options.restless + options.id),
				(octets) => this.write(octets),
				() => this.session.state !== 'not authenticated' && this.session.state !== 'logout',
			);
		}
		this.listen(socket);
		this.greet();
	}

	close(): void {
		this.restless?.release();
		this.closed = true;
		(this.compression ?? this.out).end();
	}

	destroy(): void {
		this.closed = true;
		this.socket.destroy();
	}

	private greet(): void {
		const { greeting, preauthUser, settings } = this.options;
		if (greeting === 'BYE') return this.session.bye('Server is shutting down');
		if (greeting === 'OK') return this.session.greet();
		this.session.account = settings.find(preauthUser ?? '');
		this.session.loggedInAs = preauthUser ?? '';
		this.session.state = 'authenticated';
		this.session.wire.send(
			`* PREAUTH [CAPABILITY ${this.session.capabilities.join(' ')}] Logged in as ${preauthUser}\r\n`,
		);
	}

	private listen(socket: net.Socket): void {
		socket.on('data', (chunk: Buffer) => {
			if (!this.out.received(chunk.length)) return;
			if (this.compression) this.compression.receive(chunk);
			else this.receive(chunk);
		});
		socket.on('error', () => undefined);
		socket.on('close', () => {
			this.closed = true;
			this.compression?.destroy();
			this.session.end();
		});
	}

	private receive(octets: Buffer): void {
		this.input.add(octets);
		this.read();
	}

	private send(octets: Buffer): void {
		if (this.restless) this.restless.send(octets);
		else this.write(octets);
	}

	private prompt(octets: Buffer): void {
		if (this.restless) this.restless.prompt(octets);
		else this.write(octets);
	}

	private write(octets: Buffer): void {
		(this.compression ?? this.out).send(octets);
	}

	/** Takes what is whole: a line somebody waits for, or the next command. */
	private read(): void {
		if (this.line) {
			const end = this.input.octets.indexOf('\r\n');
			if (end < 0) return;
			const line = this.input.take(end + 2).subarray(0, end);
			const take = this.line;
			this.line = undefined;
			take(line);
			return;
		}
		if (this.busy || this.closed) return;
		const command = this.next();
		if (!command) {
			this.restless?.flush();
			return;
		}
		this.busy = true;
		void this.run(command).finally(() => {
			this.busy = false;
			this.restless?.end(this.input.octets.length > 0);
			if (this.wantsCompression) this.compress();
			if (this.wantsTls) this.startTls();
			else this.read();
		});
	}

	/** Where the line begins that the next command goes on with; what is before it is known. */
	private scanned = 0;
	private prompted = 0;

	/** @returns the next whole command without its CRLF, literals in place */
	private next(): Buffer | undefined {
		for (;;) {
			const { octets } = this.input;
			const at = this.scanned;
			const end = octets.indexOf('\r\n', at);
			if (octets.length < at || end < 0) return undefined;
			const literal = /\{(\d+)(\+?)\}$/.exec(
				octets.toString('latin1', Math.max(at, end - 14), end),
			);
			if (!literal || isText(octets, at, end)) {
				this.scanned = this.prompted = 0;
				return this.input.take(end + 2).subarray(0, end);
			}
			const size = Number(literal[1]);
			const synchronising = literal[2] === '';
			const begin = end + 2;
			if (begin > this.prompted) {
				const refusal = this.refused(octets.subarray(0, end), size, synchronising);
				if (refusal) {
					this.send(Buffer.from(refusal));
					this.input.take(begin);
					this.scanned = this.prompted = 0;
					if (!synchronising) return void this.close();
					continue;
				}
				this.prompted = begin;
				if (synchronising) this.prompt(Buffer.from('+ OK\r\n'));
			}
			this.scanned = begin + size;
		}
	}

	/** What is refused before the literal is asked for, as real servers do: the client must not send it. */
	private refused(head: Buffer, size: number, synchronising: boolean): string | undefined {
		const text = head.subarray(0, LONGEST_HEAD).toString('latin1');
		const [tag = '*', name = ''] = text.split(' ', 2);
		if (!synchronising && !this.session.has('LITERAL+')) {
			if (!this.session.has('LITERAL-'))
				return `${tag} BAD Non-synchronizing literals are not offered\r\n`;
			if (size > LITERAL_MINUS) return `${tag} BAD [TOOBIG] Literal too large\r\n`;
		}
		if (size > this.options.settings.maxLiteral) return `${tag} NO [TOOBIG] Literal too large\r\n`;
		if (
			name.toUpperCase() !== 'APPEND' ||
			!synchronising ||
			this.session.state === 'not authenticated'
		)
			return undefined;
		return this.session.refusesAppend(
			new CommandReader(head.subarray(tag.length + 1 + name.length)),
			size,
			tag,
		);
	}

	private async run(octets: Buffer): Promise<void> {
		const reader = new CommandReader(octets);
		let tag = '*';
		try {
			tag = reader.tag();
			reader.space();
		} catch (error) {
			if (!(error instanceof BadSyntax)) throw error;
			this.send(Buffer.from('* BAD Invalid tag\r\n'));
			return;
		}
		this.log(tag, octets.subarray(reader.at));
		this.restless?.begin(nameOf(octets.subarray(reader.at)));
		const override = this.options.faults.on?.({ tag, line: printable(octets.subarray(reader.at)) });
		if (override !== undefined) {
			this.send(Buffer.from(override));
			return;
		}
		this.session.tag = tag;
		await this.session.execute(tag, reader);
	}

	private log(tag: string, octets: Buffer): void {
		const line = printable(octets);
		this.options.log({ connection: this.options.id, tag, name: nameOf(octets), line });
	}

	private compress(): void {
		this.wantsCompression = false;
		// A client that does not wait for the OK has compressed what is behind the command.
		const rest = Buffer.from(this.input.octets);
		this.input.clear();
		this.scanned = this.prompted = 0;
		this.compression = new Compression(
			this.out,
			(octets) => this.receive(octets),
			() => this.destroy(),
		);
		if (rest.length > 0) this.compression.receive(rest);
	}

	private startTls(): void {
		this.wantsTls = false;
		const { certificate } = this.options;
		if (!certificate) return;
		// What came in clear text behind the command must not count as said under TLS (RFC 3501 §6.2.1).
		this.input.clear();
		this.scanned = this.prompted = 0;
		this.out.flush();
		this.socket.removeAllListeners('data');
		const secured = new tls.TLSSocket(this.socket, {
			isServer: true,
			...certificate,
			...clientCertificates(this.options.settings.clientAuthority),
		});
		this.socket = secured;
		this.out = new FaultySocket(secured, this.options.faults, this.options.traffic);
		this.listen(secured);
	}
}

/** Asks the client for its certificate; whether it is good is for EXTERNAL to say. */
export function clientCertificates(authority: string | undefined): tls.TlsOptions {
	return authority === undefined
		? {}
		: { ca: authority, requestCert: true, rejectUnauthorized: false };
}

function printable(octets: Buffer): string {
	const reader = octets.toString('latin1');
	let text = '';
	for (let at = 0; at < reader.length;) {
		const end = reader.indexOf('\r\n', at);
		const literal = end < 0 ? null : /\{(\d+)\+?\}$/.exec(reader.slice(at, end));
		if (!literal) return text + reader.slice(at);
		text += reader.slice(at, end);
		at = end + 2 + Number(literal[1]);
	}
	return text;
}

/** A closing brace in a quoted string is no literal. */
function isText(octets: Buffer, start: number, end: number): boolean {
	let quoted = false;
	for (let at = start; at < end; at++) {
		const byte = octets[at];
		if (byte === 0x22) quoted = !quoted;
		else if (quoted && byte === 0x5c) at++;
	}
	return quoted;
}

function joined(pieces: readonly (string | Buffer)[]): Buffer {
	// Most responses are text alone, and there may be ten thousand of them.
	if (pieces.every((piece) => typeof piece === 'string')) return Buffer.from(pieces.join(''));
	return Buffer.concat(
		pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece)),
	);
}

/** In upper case; `UID STORE` for the UID forms. @param octets of a command without its tag */
function nameOf(octets: Buffer): string {
	const [first = '', second = ''] = octets
		.toString('latin1', 0, LONGEST_HEAD)
		.toUpperCase()
		.split(/[ \r\n]/, 2);
	return first === 'UID' ? `${first} ${second}` : first;
}
