import type net from 'node:net';
import tls from 'node:tls';
import { BadSyntax, CommandReader } from './command-reader';
import type { Faults } from './faults';
import { FaultySocket } from './faults';
import type { Settings, Wire } from './session';
import { Session } from './session';

/** What a client sent, for tests that count commands and look for what was smuggled in. */
export interface LoggedCommand {
	connection: number;
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
	greeting: 'OK' | 'PREAUTH' | 'BYE';
	preauthUser: string | undefined;
	log(command: LoggedCommand): void;
}

/** One connection: octets to commands, and back. */
export class Connection {
	private readonly session: Session;
	private out: FaultySocket;
	private input: Buffer = Buffer.alloc(0);
	/** Waits for one line in the course of a command (SASL, IDLE). */
	private line: ((line: Buffer) => void) | undefined;
	private busy = false;
	private wantsTls = false;
	private closed = false;

	constructor(
		private socket: net.Socket,
		private readonly options: ConnectionOptions,
	) {
		this.out = new FaultySocket(socket, options.faults);
		const connection = this;
		const wire: Wire = {
			send: (...pieces) =>
				connection.out.send(
					Buffer.concat(
						pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece, 'utf8') : piece)),
					),
				),
			prompt: (text) =>
				new Promise((resolve) => {
					connection.line = resolve;
					connection.out.send(Buffer.from(`+ ${text}\r\n`));
					connection.read();
				}),
			startTls: () => {
				connection.wantsTls = true;
			},
			close: () => connection.close(),
			get secure() {
				return connection.socket instanceof tls.TLSSocket;
			},
			starttls: options.certificate !== undefined,
		};
		this.session = new Session(wire, options.settings);
		this.listen(socket);
		this.greet();
	}

	close(): void {
		this.closed = true;
		this.out.end();
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
		this.session.state = 'authenticated';
		this.session.wire.send(
			`* PREAUTH [CAPABILITY ${this.session.capabilities.join(' ')}] Logged in as ${preauthUser}\r\n`,
		);
	}

	private listen(socket: net.Socket): void {
		socket.on('data', (chunk: Buffer) => {
			if (!this.out.received(chunk.length)) return;
			this.input = this.input.length === 0 ? chunk : Buffer.concat([this.input, chunk]);
			this.read();
		});
		socket.on('error', () => undefined);
		socket.on('close', () => {
			this.closed = true;
			this.session.end();
		});
	}

	/** Takes what is whole: a line somebody waits for, or the next command. */
	private read(): void {
		if (this.line) {
			const end = this.input.indexOf('\r\n');
			if (end < 0) return;
			const line = this.input.subarray(0, end);
			this.input = this.input.subarray(end + 2);
			const take = this.line;
			this.line = undefined;
			take(line);
			return;
		}
		if (this.busy || this.closed) return;
		const command = this.next();
		if (!command) return;
		this.busy = true;
		void this.run(command).finally(() => {
			this.busy = false;
			if (this.wantsTls) this.startTls();
			else this.read();
		});
	}

	private prompted = 0;

	/** @returns the next whole command without its CRLF, literals in place */
	private next(): Buffer | undefined {
		let at = 0;
		for (;;) {
			const end = this.input.indexOf('\r\n', at);
			if (end < 0) return undefined;
			const literal = /\{(\d+)(\+?)\}$/.exec(this.input.latin1Slice(Math.max(at, end - 14), end));
			if (!literal || this.isText(at, end)) {
				const command = this.input.subarray(0, end);
				this.input = this.input.subarray(end + 2);
				this.prompted = 0;
				return command;
			}
			const size = Number(literal[1]);
			const synchronising = literal[2] === '';
			at = end + 2;
			if (at > this.prompted) {
				const refusal = this.refused(this.input.subarray(0, end), size, synchronising);
				if (refusal) {
					this.out.send(Buffer.from(refusal));
					this.input = this.input.subarray(at);
					if (!synchronising) return void this.close();
					this.prompted = 0;
					at = 0;
					continue;
				}
				this.prompted = at;
				if (synchronising) this.out.send(Buffer.from('+ OK\r\n'));
			}
			at += size;
			if (this.input.length < at) return undefined;
		}
	}

	/** A closing brace in a quoted string is no literal. */
	private isText(start: number, end: number): boolean {
		let quoted = false;
		for (let at = start; at < end; at++) {
			const byte = this.input[at];
			if (byte === 0x22) quoted = !quoted;
			else if (quoted && byte === 0x5c) at++;
		}
		return quoted;
	}

	/** What is refused before the literal is asked for, as real servers do: the client must not send it. */
	private refused(head: Buffer, size: number, synchronising: boolean): string | undefined {
		const text = head.latin1Slice();
		const [tag = '*', name = ''] = text.split(' ', 2);
		if (!synchronising && !this.session.has('LITERAL+'))
			return `${tag} BAD Non-synchronizing literals are not offered\r\n`;
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
			this.out.send(Buffer.from('* BAD Invalid tag\r\n'));
			return;
		}
		this.log(tag, octets.subarray(reader.at));
		const override = this.options.faults.on?.({ tag, line: printable(octets.subarray(reader.at)) });
		if (override !== undefined) {
			this.out.send(Buffer.from(override));
			return;
		}
		this.session.tag = tag;
		await this.session.execute(tag, reader);
	}

	private log(tag: string, octets: Buffer): void {
		const line = printable(octets);
		const [first = '', second = ''] = line.toUpperCase().split(' ', 2);
		const name = first === 'UID' ? `${first} ${second}` : first;
		this.options.log({ connection: this.options.id, tag, name, line });
	}

	private startTls(): void {
		this.wantsTls = false;
		const { certificate } = this.options;
		if (!certificate) return;
		// What came in clear text behind the command must not count as said under TLS (RFC 3501 §6.2.1).
		this.input = Buffer.alloc(0);
		this.socket.removeAllListeners('data');
		const secured = new tls.TLSSocket(this.socket, { isServer: true, ...certificate });
		this.socket = secured;
		this.out = new FaultySocket(secured, this.options.faults);
		this.listen(secured);
	}
}

function printable(octets: Buffer): string {
	const reader = octets.latin1Slice();
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
