import type { Capabilities, ProtocolVersion } from '../../grammar/capabilities';
import { capability } from '../../commands/session/capability';
import { compress } from '../../commands/session/compress';
import { enable } from '../../commands/session/enable';
import { getJmapAccess } from '../../commands/session/get-jmap-access';
import type { IdFields } from '../../commands/session/id';
import { id } from '../../commands/session/id';
import type { IdleOptions } from '../idler';
import { Idler } from '../idler';
import { logout } from '../../commands/session/logout';
import { noop } from '../../commands/session/noop';
import type { NotifyGroup } from '../../commands/session/notify';
import { notify } from '../../commands/session/notify';
import { proxyauth } from '../../commands/session/proxyauth';
import { starttls } from '../../commands/session/starttls';
import type { Argument, RawResult } from '../../commands/session/xatom';
import { xatom } from '../../commands/session/xatom';
import type { Address } from '../authentication';
import { logIn, needMechanism, runMechanism } from '../authentication';
import { Imap4Error } from '../../errors';
import type { Credentials } from '../options';
import type { MailboxStatus } from '../../grammar/status';
import type { Responder } from '../../auth/mechanism';
import type { CommandOptions } from '../messages';
import type { Session } from '../session';

/** The commands that concern the session itself (RFC 9051 §6.1, §6.2 and extensions). */
export abstract class SessionMethods {
	private rawCommandSent = false;

	/** @internal */
	protected readonly session: Session;

	/** @internal */
	protected constructor(
		session: Session,
		private readonly address: Address,
	) {
		this.session = session;
	}

	/** Whether a command is under way or waits to be sent. */
	get busy(): boolean {
		return !this.session.idle;
	}

	/** Capabilities as the server last sent them. */
	get capabilities(): Capabilities {
		return this.session.capabilities;
	}

	/** The version of the protocol that is spoken now. */
	get protocolVersion(): ProtocolVersion {
		return this.session.capabilities.version;
	}

	/** The extensions that `* ENABLED` has confirmed so far (RFC 9051 §6.3.1). */
	get enabled(): ReadonlySet<string> {
		return this.session.enabled;
	}

	/** Whether UTF8=ACCEPT or IMAP4rev2 is enabled: `* ENABLED` has confirmed it. */
	get utf8Enabled(): boolean {
		return this.session.names.utf8;
	}

	/**
	 * CAPABILITY (RFC 9051 §6.1.1): asks again.
	 * @example
	 * const capabilities = await imap.capability();
	 * capabilities.has('MOVE');
	 */
	async capability(options: CommandOptions = {}): Promise<Capabilities> {
		return this.session.run(capability(), options);
	}

	/**
	 * NOOP (RFC 9051 §6.1.2)
	 * @example
	 * await imap.noop(); // the server reports what is new
	 * imap.mailbox?.exists;
	 */
	async noop(options: CommandOptions = {}): Promise<void> {
		return this.session.run(noop(), options);
	}

	/**
	 * ID (RFC 2971).
	 * @returns what the server reports of itself; null if it has no ID or reports nothing
	 * @example
	 * const server = await imap.id({ name: 'my-program', version: '1.0' });
	 * server?.name;
	 */
	async id(fields: IdFields | null = null, options: CommandOptions = {}): Promise<IdFields | null> {
		return this.capabilities.has('ID') ? await this.session.run(id(fields), options) : null;
	}

	/**
	 * GETJMAPACCESS (RFC 9698); needs JMAPACCESS.
	 * @returns the URL of the same mail by JMAP
	 * @example
	 * if (imap.capabilities.has('JMAPACCESS')) console.log(await imap.getJmapAccess());
	 */
	async getJmapAccess(options: CommandOptions = {}): Promise<string> {
		return this.session.run(getJmapAccess(), options);
	}

	/**
	 * STARTTLS (RFC 9051 §6.2.1), for a session opened in clear text. Failing, it ends the session.
	 * @example
	 * const imap = await Imap4.connect({ host: 'imap.example.com', security: 'none' });
	 * await imap.startTls();
	 * await imap.login('ann@example.com', 'secret');
	 */
	async startTls({ signal }: CommandOptions = {}): Promise<void> {
		if (this.session.secure) throw new Imap4Error('STATE', 'The connection is already encrypted');
		if (!this.capabilities.has('STARTTLS')) {
			throw new Imap4Error('CAPABILITY', 'The server does not offer STARTTLS');
		}
		await this.session.untilAborted(async () => {
			await this.session.startTls(starttls());
			await this.capability();
		}, signal);
	}

	/**
	 * LOGIN (RFC 9051 §6.2.3).
	 * @throws Imap4Error AUTHENTICATION_FAILED, LOGIN_DISABLED before anything is sent
	 * @example
	 * const imap = await Imap4.connect({ host: 'imap.example.com' });
	 * await imap.login('ann@example.com', 'secret');
	 */
	async login(user: string, password: string, options: CommandOptions = {}): Promise<void> {
		return this.logIn({ user, password, mechanism: 'LOGIN command' }, options);
	}

	/**
	 * Logs in as `connect` does: the strongest way on offer, or the one demanded.
	 * @example
	 * const imap = await Imap4.connect({ host: 'imap.example.com' });
	 * await imap.logIn({
	 * 	user: 'ann@example.com',
	 * 	password: 'secret',
	 * 	mechanism: 'SCRAM-SHA-256',
	 * });
	 */
	async logIn(credentials: Credentials, { signal }: CommandOptions = {}): Promise<void> {
		return this.session.untilAborted(() => logIn(this.session, credentials, this.address), signal);
	}

	/**
	 * AUTHENTICATE (RFC 9051 §6.2.2) with the caller's own mechanism.
	 * @param respond answers each challenge; with `clientFirst` it is first called without one
	 * @throws Imap4Error AUTHENTICATION_FAILED, CAPABILITY
	 * @example
	 * const imap = await Imap4.connect({ host: 'imap.example.com' });
	 * const plain = Buffer.from('\0ann@example.com\0secret');
	 * await imap.authenticate('PLAIN', () => plain, { clientFirst: true });
	 */
	async authenticate(
		mechanism: string,
		respond: Responder,
		{ clientFirst = false, signal }: CommandOptions & { clientFirst?: boolean } = {},
	): Promise<void> {
		const name = mechanism.toUpperCase();
		needMechanism(this.session, name);
		await this.session.untilAborted(async () => {
			await runMechanism(this.session, { name, clientFirst, respond });
			if (!this.session.capabilitiesKnown) await this.capability();
		}, signal);
	}

	/**
	 * ENABLE (RFC 9051 §6.3.1).
	 * @returns what the server confirmed, in upper case
	 * @example
	 * if (imap.capabilities.has('QRESYNC')) await imap.enable('QRESYNC');
	 */
	async enable(
		capabilities: string | readonly string[],
		options: CommandOptions = {},
	): Promise<string[]> {
		return this.session.run(enable([capabilities].flat()), options);
	}

	/**
	 * LOGOUT (RFC 9051 §6.1.3). Never fails: a connection that is gone is logged out.
	 * @returns the server's text
	 * @example
	 * await imap.logout();
	 */
	async logout(options: CommandOptions = {}): Promise<string> {
		if (this.session.closedBy) return '';
		try {
			return await this.session.run(logout(), options);
		} catch {
			// A server that refuses to end the session is left all the same.
			return '';
		} finally {
			this.session.destroy();
		}
	}

	/**
	 * Closes the connection at once. Commands under way fail with code CLOSED.
	 * @example
	 * imap.destroy();
	 * imap.closedBy?.code; // 'CLOSED'
	 */
	destroy(): void {
		this.session.destroy();
	}

	/**
	 * PROXYAUTH (Netscape's): the admin logged in acts as this user from here on.
	 * @throws Imap4Error LOGIN_DISABLED without encryption, except to this machine or with `allowClearText`
	 * @example
	 * const imap = await Imap4.connect({
	 * 	host: 'imap.example.com',
	 * 	auth: { user: 'admin@example.com', password: 'secret' },
	 * });
	 * await imap.proxyauth('ann@example.com');
	 * await imap.open('INBOX'); // Ann's
	 */
	async proxyauth(user: string, options: CommandOptions = {}): Promise<void> {
		this.session.checkEncrypted("an administrator's session as another user");
		await this.session.run(proxyauth(user), options);
		await this.capability(options);
	}

	/**
	 * COMPRESS DEFLATE (RFC 4978); needs COMPRESS=DEFLATE.
	 * @example
	 * if (imap.capabilities.has('COMPRESS=DEFLATE')) await imap.compress();
	 */
	async compress({ signal }: CommandOptions = {}): Promise<void> {
		return this.session.untilAborted(() => this.session.compress(compress()), signal);
	}

	/**
	 * IDLE (RFC 9051 §6.3.13): what the server reports, as it happens; needs IDLE. It is sent when the
	 * result is iterated. Other commands wait until the loop is left.
	 * @example
	 * await imap.open('INBOX');
	 * for await (const response of imap.idle({ duration: 60_000 })) {
	 * 	if (response.type === 'EXISTS') break; // a message came
	 * }
	 */
	idle(options: IdleOptions = {}): Idler {
		return new Idler(this.session, options);
	}

	/**
	 * NOTIFY (RFC 5465): what the server reports from now on, of other mailboxes than the open one too;
	 * needs NOTIFY. It reports messages of other mailboxes by STATUS responses, with what has changed, and
	 * changes of mailboxes by LIST responses, to {@link idle} and to `onUnsolicited`. The OK code
	 * NOTIFICATIONOVERFLOW reports that it has given that up.
	 * @param groups none to hear only of the open mailbox again, as without NOTIFY
	 * @param options `status` asks for STATUS of each mailbox as it is now, so that no event falls in between
	 * @returns what `status` asked for
	 * @throws Imap4Error ARGUMENT for events that may not be asked for together, NO for those that the server does not know
	 * @example
	 * if (imap.capabilities.has('NOTIFY')) {
	 * 	const events = ['MessageNew', 'MessageExpunge'] as const;
	 * 	await imap.notify([{ of: { mailboxes: ['INBOX'] }, events }], { status: true });
	 * 	for await (const response of imap.idle({ duration: 1000 })) {
	 * 		if (response.type === 'STATUS') console.log(response.status.uidNext);
	 * 	}
	 * }
	 */
	async notify(
		groups: readonly NotifyGroup[],
		{ status = false, ...options }: CommandOptions & { status?: boolean } = {},
	): Promise<MailboxStatus[]> {
		return this.session.run(notify(groups, status), options);
	}

	/**
	 * Whether {@link command} has sent a command. It may have changed what this connection is, such as who
	 * is logged in, without a trace here: a connection to share with others must not have done so.
	 */
	get sentRawCommand(): boolean {
		return this.rawCommandSent;
	}

	/**
	 * Any extension command, with its arguments as values.
	 * @returns all that the server sent meanwhile, as read and as it came
	 * @throws Imap4Error ARGUMENT for the name of a command that has a method of its own
	 * @example
	 * const { responses } = await imap.command('NAMESPACE');
	 */
	async command(
		name: string,
		args: readonly Argument[] = [],
		options: CommandOptions = {},
	): Promise<RawResult> {
		const command = xatom(name, args);
		this.rawCommandSent = true;
		return this.session.run(command, options);
	}
}
