import { isUtf8 } from 'node:buffer';
import type tls from 'node:tls';
import type { Protocol } from './capabilities';
import { Capabilities } from './capabilities';
import type { CommandReader } from './command-reader';
import { BadSyntax } from './command-reader';
import { aclCommands } from './commands/acl';
import { annotateMoreCommands } from './commands/annotate-more';
import { target } from './commands/append';
import { loginCommands } from './commands/authenticate';
import { compressCommands } from './commands/compress';
import { mailboxCommands } from './commands/mailbox';
import { messageCommands } from './commands/message';
import { metadataCommands } from './commands/metadata';
import { multiSearchCommands } from './commands/multi-search';
import { notifyCommands } from './commands/notify';
import { proxyCommands } from './commands/proxyauth';
import { quotaCommands } from './commands/quota';
import { sessionCommands } from './commands/session';
import { checkAppendLimit } from './extensions/append-limit';
import { fromWire, toWire } from './mailbox-name';
import type { Notifications } from './notifications';
import type { Account } from './store/account';
import { Refusal } from './store/account';
import type { AnnotationLimits, Annotations } from './store/annotations';
import type { MailboxView } from './view';

/** Where responses go, and what of the connection a session needs to know. */
export interface Wire {
	send(...pieces: (string | Buffer)[]): void;
	/** Sends `+ text` and waits for the line the client sends then. */
	prompt(text: string): Promise<Buffer>;
	/** Changes to TLS, once what was sent is out. */
	startTls(): void;
	/** Changes to DEFLATE, once what was sent is out. */
	compress(): void;
	readonly compressed: boolean;
	close(): void;
	readonly secure: boolean;
	/** The connection itself, where it is one of TLS. */
	readonly tls: tls.TLSSocket | undefined;
	readonly starttls: boolean;
}

export interface Settings {
	allowPlaintextLogin: boolean;
	/** Whether there is a LOGIN command. */
	loginCommand: boolean;
	/** Names of the SASL mechanisms; undefined for all that make sense. */
	mechanisms: readonly string[] | undefined;
	protocols: readonly Protocol[];
	/** Whether IDLE reports nothing until it ends. */
	silentIdle: boolean;
	capabilities: { add: readonly string[]; remove: readonly string[] };
	find(user: string): Account | undefined;
	/** Whether a user may act as another, where anybody may. */
	mayActAs: ((user: string, other: string) => boolean) | undefined;
	/** Whether a user may set quotas and what is said of the server. */
	isAdministrator(user: string): boolean;
	/** Whose an access token is, where such are known. */
	tokenOwner: ((token: string) => string | undefined) | undefined;
	greetingText: string;
	/** PEM of who signs clients' certificates. */
	clientAuthority: string | undefined;
	/** Octets a message may have that is appended (RFC 7889). */
	appendLimit: number | undefined;
	/** What is noted of the server for all (RFC 5464 §3.2 `/shared`). */
	serverAnnotations: Annotations;
	annotationLimits: AnnotationLimits;
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
	/** Whether the server was told to have it, where no capability says so. */
	exists?(settings: Settings): boolean;
	/** IMAP4rev2 has it no more (RFC 9051 appendix E). */
	gone?: boolean;
	/** EXPUNGE may not be told with its answer (RFC 3501 §7.4.1). */
	keepsNumbers?: boolean;
	/** It has a UID form. */
	uid?: boolean;
	/** @returns the text of its OK, with the response code if there is one */
	run(session: Session, reader: CommandReader, uid: boolean): string | Promise<string>;
}

const COMMANDS: Record<string, CommandHandler> = {
	...sessionCommands,
	...loginCommands,
	...proxyCommands,
	...compressCommands,
	...mailboxCommands,
	...messageCommands,
	...multiSearchCommands,
	...notifyCommands,
	...aclCommands,
	...quotaCommands,
	...metadataCommands,
	...annotateMoreCommands,
};

/** One client: its state, its view of the selected mailbox, and the answers to its commands. */
export class Session {
	state: State = 'not authenticated';
	account: Account | undefined;
	/** Who has logged in: not the account's user, if that is who they act as. */
	loggedInAs = '';
	view: MailboxView | undefined;
	/** Called when something happens in the selected mailbox; set while idling. */
	onNews: (() => void) | undefined;
	/** What NOTIFY has asked for. */
	notifications: Notifications | undefined;
	/** Whether a command is being run; IDLE is none once it idles. */
	busy = false;
	/** Of the command that is being run. */
	tag = '';
	/** What ENABLE has switched on, and what went on with its first use (RFC 5161, RFC 7162 §3.1). */
	readonly enabled = new Set<string>();
	private over = false;
	private farewell: string | undefined;
	private readonly offers: Capabilities;

	constructor(
		readonly wire: Wire,
		readonly settings: Settings,
	) {
		this.offers = new Capabilities(settings, wire);
	}

	get capabilities(): string[] {
		return this.offers.list(this.state);
	}

	/** Whether IMAP4rev2 alone is offered. */
	get onlyRev2(): boolean {
		const { protocols } = this.settings;
		return protocols.includes('IMAP4rev2') && protocols.length === 1;
	}

	/** Whether IMAP4rev2 is spoken: it is the only version there is, or was enabled (RFC 9051 §6.3.1). */
	get rev2(): boolean {
		return this.onlyRev2 || this.enabled.has('IMAP4REV2');
	}

	has(capability: string): boolean {
		return this.offers.has(capability, this.state, this.rev2);
	}

	greet(): void {
		this.wire.send(
			`* OK [CAPABILITY ${this.capabilities.join(' ')}] ${this.settings.greetingText}\r\n`,
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
		if (this.farewell !== undefined) return this.bye(this.farewell);
		let name = '';
		reader.utf8 = this.utf8;
		this.busy = true;
		try {
			name = reader.word();
			let uid = false;
			if (name === 'UID') {
				uid = true;
				reader.space();
				name = reader.word();
			}
			const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
			if (!command || !this.knows(command) || (uid && !command.uid)) {
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
		} finally {
			this.busy = false;
		}
	}

	private knows({ needs, exists, gone }: CommandHandler): boolean {
		if (gone && this.onlyRev2) return false;
		return (!needs || this.has(needs)) && (exists?.(this.settings) ?? true);
	}

	/** @returns the refusal of an APPEND whose literal is not even asked for; undefined if it may come */
	refusesAppend(reader: CommandReader, size: number, tag: string): string | undefined {
		try {
			reader.space();
			const name = this.mailboxName(reader);
			checkAppendLimit(this, target(this, name), size);
			this.user.quota.check(size, 1);
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
		const manner = {
			modSeqs: this.enabled.has('CONDSTORE'),
			vanished: this.enabled.has('QRESYNC'),
		};
		for (const line of this.view?.tell(renumber, manner) ?? []) this.wire.send(`${line}\r\n`);
		this.notifications?.flush();
	}

	/** Something has happened in the selected mailbox. */
	news(): void {
		if (this.onNews) return this.onNews();
		const selected = this.notifications?.ofSelected;
		if (selected && !this.busy) this.tell(selected.renumber);
	}

	/** Whether the user may set quotas, and what is said of the server to all. */
	get administrates(): boolean {
		return this.settings.isAdministrator(this.user.user);
	}

	/** Whether mailbox names are UTF-8 now (RFC 6855 §3, RFC 9051 §5.1). */
	get utf8(): boolean {
		return this.rev2 || this.enabled.has('UTF8=ACCEPT');
	}

	/** A mailbox name, or a part of one, as it came. @throws BadSyntax for wrong UTF-8 or UTF-7 */
	readName(octets: Buffer): string {
		if (!this.utf8) {
			const name = fromWire(octets.toString('latin1'));
			if (name === undefined) throw new BadSyntax('a name is not valid modified UTF-7');
			return name;
		}
		// eslint-disable-next-line no-control-regex -- none of them in names (RFC 9051 §5.1)
		if (!isUtf8(octets) || /[\x00-\x1f\x7f]/.test(octets.toString('latin1')))
			throw new BadSyntax('a name is not valid UTF-8');
		return octets.toString();
	}

	/** Reads a mailbox name. @throws BadSyntax */
	mailboxName(reader: CommandReader): string {
		const name = this.readName(reader.astring());
		if (name === '') throw new BadSyntax('the mailbox name is empty');
		return name;
	}

	/** A mailbox name as it is written in a response. */
	written(name: string): string {
		return `"${(this.utf8 ? name : toWire(name)).replace(/["\\]/g, '\\$&')}"`;
	}

	leave(): void {
		this.view?.close();
		this.view = undefined;
		if (this.state === 'selected') this.state = 'authenticated';
	}

	/** The server ends the session by itself; in the midst of a command, with the next one. */
	bye(text: string): void {
		if (this.busy) this.farewell = text;
		if (this.over || this.busy) return;
		this.wire.send(`* BYE ${text}\r\n`);
		this.end();
		this.wire.close();
	}

	/** The connection is gone. */
	end(): void {
		this.over = true;
		this.notifications?.end();
		this.leave();
		this.onNews?.();
	}
}

/** Response texts are US-ASCII (RFC 3501 `TEXT-CHAR`). */
function printable(text: string): string {
	return text.replace(/[^\x20-\x7e]/g, '?');
}
