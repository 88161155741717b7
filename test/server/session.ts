import type { CommandReader } from './command-reader';
import { BadSyntax } from './command-reader';
import { mailboxCommands } from './commands/mailbox';
import { messageCommands } from './commands/message';
import { sessionCommands } from './commands/session';
import { fromWire, toWire } from './mailbox-name';
import type { Account } from './store/account';
import { Refusal } from './store/account';
import type { MailboxView } from './view';

/** Where responses go, and what of the connection a session needs to know. */
export interface Wire {
	send(...pieces: (string | Buffer)[]): void;
	/** Sends `+ text` and waits for the line the client sends then. */
	prompt(text: string): Promise<Buffer>;
	/** Changes to TLS, once what was sent is out. */
	startTls(): void;
	close(): void;
	readonly secure: boolean;
	readonly starttls: boolean;
}

export interface Settings {
	allowPlaintextLogin: boolean;
	capabilities: { add: readonly string[]; remove: readonly string[] };
	find(user: string): Account | undefined;
	/** Sent as an ALERT with every login. */
	alert: string | undefined;
	/** Octets one literal may have. */
	maxLiteral: number;
}

export type State = 'not authenticated' | 'authenticated' | 'selected' | 'logout';

export interface CommandHandler {
	states: readonly State[];
	/** The capability without which the command doesn't exist here. */
	needs?: string;
	/** EXPUNGE may not be told with its answer (RFC 3501 §7.4.1). */
	keepsNumbers?: boolean;
	/** It has a UID form. */
	uid?: boolean;
	/** @returns the text of its OK, with the response code if there is one */
	run(session: Session, reader: CommandReader, uid: boolean): string | Promise<string>;
}

const COMMANDS: Record<string, CommandHandler> = {
	...sessionCommands,
	...mailboxCommands,
	...messageCommands,
};

const OFFERED =
	'IMAP4rev1 LITERAL+ SASL-IR ID ENABLE NAMESPACE UIDPLUS MOVE UNSELECT SPECIAL-USE CREATE-SPECIAL-USE CHILDREN LIST-EXTENDED LIST-STATUS STATUS=SIZE ESEARCH MULTIAPPEND IDLE'.split(
		' ',
	);

/** One client: its state, its view of the selected mailbox, and the answers to its commands. */
export class Session {
	state: State = 'not authenticated';
	account: Account | undefined;
	view: MailboxView | undefined;
	/** Called when something happens in the selected mailbox; set while idling. */
	onNews: (() => void) | undefined;
	/** Of the command that is being run. */
	tag = '';
	private over = false;

	constructor(
		readonly wire: Wire,
		readonly settings: Settings,
	) {}

	get capabilities(): string[] {
		const { add, remove } = this.settings.capabilities;
		const gone = new Set(remove.map((name) => name.toUpperCase()));
		const login =
			this.state === 'not authenticated'
				? [
						...(this.wire.starttls && !this.wire.secure ? ['STARTTLS'] : []),
						...(this.mayLogIn ? ['AUTH=PLAIN', 'AUTH=LOGIN'] : ['LOGINDISABLED']),
					]
				: [];
		return [...OFFERED, ...login, ...add].filter((name) => !gone.has(name.toUpperCase()));
	}

	/** Whether a password may cross this connection. */
	get mayLogIn(): boolean {
		return this.wire.secure || this.settings.allowPlaintextLogin;
	}

	has(capability: string): boolean {
		return this.capabilities.some((one) => one.toUpperCase() === capability);
	}

	greet(): void {
		this.wire.send(
			`* OK [CAPABILITY ${this.capabilities.join(' ')}] In-memory IMAP4 server ready\r\n`,
		);
	}

	/** The account, which every command but a login's can rely on. */
	get user(): Account {
		if (!this.account) throw new Error('no account in this state');
		return this.account;
	}

	get selected(): MailboxView {
		if (!this.view) throw new Error('no mailbox in this state');
		return this.view;
	}

	data(...pieces: (string | Buffer)[]): void {
		this.wire.send('* ', ...pieces, '\r\n');
	}

	/** Runs one command and answers it. */
	async execute(tag: string, reader: CommandReader): Promise<void> {
		let name = '';
		try {
			name = reader.word();
			let uid = false;
			if (name === 'UID') {
				uid = true;
				reader.space();
				name = reader.word();
			}
			const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
			if (!command || (uid && !command.uid) || (command.needs && !this.has(command.needs))) {
				throw new BadSyntax(`unknown command ${uid ? 'UID ' : ''}${name}`);
			}
			if (!command.states.includes(this.state))
				throw new BadSyntax(`${name} is not allowed in state ${this.state}`);
			const text = await command.run(this, reader, uid);
			if (this.over) return;
			this.tell(!command.keepsNumbers || uid);
			this.wire.send(`${tag} OK ${text}\r\n`);
			if (this.state === 'logout') this.wire.close();
		} catch (error) {
			if (this.over) return;
			this.refuse(tag, name, error);
		}
	}

	/** @returns the refusal of an APPEND whose literal is not even asked for; undefined if it may come */
	refusesAppend(reader: CommandReader, size: number, tag: string): string | undefined {
		try {
			reader.space();
			const name = this.mailboxName(reader);
			if (!this.user.find(name)) throw new Refusal('TRYCREATE', `Mailbox doesn't exist: ${name}`);
			this.user.checkQuota(size);
			return undefined;
		} catch (error) {
			if (error instanceof Refusal)
				return `${tag} NO [${error.code}] ${printable(error.message)}\r\n`;
			if (error instanceof BadSyntax) return undefined;
			throw error;
		}
	}

	private refuse(tag: string, name: string, error: unknown): void {
		if (error instanceof BadSyntax) {
			this.wire.send(`${tag} BAD Error in IMAP command ${name}: ${error.message}\r\n`);
		} else if (error instanceof Refusal) {
			this.tell(false);
			this.wire.send(
				`${tag} NO ${error.code ? `[${error.code}] ` : ''}${printable(error.message)}\r\n`,
			);
		} else throw error;
	}

	/** Tells what has happened in the selected mailbox (RFC 3501 §5.2). */
	tell(renumber: boolean): void {
		for (const line of this.view?.tell(renumber) ?? []) this.wire.send(`* ${line.slice(2)}\r\n`);
	}

	/** Reads a mailbox name. @throws BadSyntax for what is no modified UTF-7 */
	mailboxName(reader: CommandReader): string {
		const wire = reader.astring().toString('latin1');
		const name = fromWire(wire);
		if (name === undefined) throw new BadSyntax('the mailbox name is not valid modified UTF-7');
		if (name === '') throw new BadSyntax('the mailbox name is empty');
		return name;
	}

	/** A mailbox name as it is written in a response. */
	written(name: string): string {
		return `"${toWire(name).replace(/["\\]/g, '\\$&')}"`;
	}

	leave(): void {
		this.view?.close();
		this.view = undefined;
		if (this.state === 'selected') this.state = 'authenticated';
	}

	/** The server ends the session by itself. */
	bye(text: string): void {
		if (this.over) return;
		this.wire.send(`* BYE ${text}\r\n`);
		this.end();
		this.wire.close();
	}

	/** The connection is gone. */
	end(): void {
		this.over = true;
		this.leave();
		this.onNews?.();
	}
}

/** Response texts are US-ASCII (RFC 3501 `TEXT-CHAR`). */
function printable(text: string): string {
	return text.replace(/[^\x20-\x7e]/g, '?');
}
