/** From what a user chose to the name of a mailbox on this server. */
import { hasAttribute, Imap4Error, type Imap4, type MailboxEntry } from '../../../engine/index';
import { storing } from '../errors/destination';
import { orRefusal } from '../errors/refusal';
import { UserError } from '../errors/user-error';
import { canonicalName, fitPath, hierarchyOf, type Hierarchy } from './hierarchy';
import { checkLevels, checkNewLevels, choiceKey, type MailboxChoice } from './mailbox-choice';
import { findByRole, ROLE_FACTS, type MailboxRole } from './mailbox-roles';
import { isSelectable } from './special-use';

export interface ResolvedMailbox {
	name: string;
	/** The server has no such mailbox yet; create it with {@link MailboxResolver.create}. */
	missing?: boolean;
	/** What the user wrote, where the server's name for it is another one. */
	requested?: string;
}

/**
 * Resolves choices over one connection, asking the server only for what the choices need, and once:
 * nothing for names, one round trip for paths that fit as written, one more for others and for roles.
 */
export class MailboxResolver {
	private hierarchy: Promise<Hierarchy> | undefined;
	private entries: Promise<MailboxEntry[]> | undefined;
	private readonly resolved = new Map<string, Promise<ResolvedMailbox>>();
	/** Each mailbox is created once, however many commands miss it. */
	private readonly creations = new Map<string, Promise<boolean>>();

	/**
	 * @param identity of the account that the connection is logged in as
	 * @param onFitted called with a path as written and the name that it has on this server
	 */
	constructor(
		private readonly imap: Imap4,
		private readonly identity: string,
		private readonly onFitted: (path: string, name: string) => void = () => undefined,
	) {}

	/**
	 * @param mayBeMissing whether the caller creates mailboxes: then a role that no mailbox has
	 * resolves to the name that a new one gets
	 * @throws UserError if no mailbox has the role; Imap4Error if the server refuses to list them
	 */
	resolve(choice: MailboxChoice, mayBeMissing = false): Promise<ResolvedMailbox> {
		const key = `${choiceKey(choice)} ${mayBeMissing}`;
		const known = this.resolved.get(key);
		if (known) return known;
		const resolved = this.find(choice, mayBeMissing);
		this.resolved.set(key, resolved);
		return resolved;
	}

	/** The name that a new mailbox of this path gets: with the server's delimiter and personal prefix. */
	async nameForNew(path: string): Promise<ResolvedMailbox> {
		const name = fitPath(path, await this.layout());
		if (name === path) return { name };
		this.onFitted(path, name);
		return { name, requested: path };
	}

	/**
	 * Runs `work`, which stores messages in the chosen mailbox, and creates that if it is missing and
	 * may be created: before, where no mailbox has the role; else once the server has refused `work`.
	 * A refused COPY, MOVE or APPEND has changed nothing (RFC 9051 §6.3.12, §6.4.7).
	 */
	async storingIn<Result>(
		choice: MailboxChoice,
		createIfMissing: boolean,
		work: (name: string) => Promise<Result>,
	): Promise<{ result: Result; mailbox: ResolvedMailbox; created: boolean }> {
		const mailbox = await this.resolve(choice, createIfMissing);
		const store = this.creating(choice, mailbox, createIfMissing, work);
		return { ...(await storing(mailbox.name, store)), mailbox };
	}

	private async creating<Result>(
		choice: MailboxChoice,
		{ name, missing = false }: ResolvedMailbox,
		createIfMissing: boolean,
		work: (name: string) => Promise<Result>,
	): Promise<{ result: Result; created: boolean }> {
		let created = missing && (await this.createOnce(choice, name));
		try {
			return { result: await work(name), created };
		} catch (error) {
			if (missing || !createIfMissing || !(await this.isMissing(name, error))) throw error;
		}
		created = await this.createOnce(choice, name);
		return { result: await work(name), created };
	}

	/** Servers may leave out TRYCREATE, or send it too late (RFC 9051 §7.1). */
	private async isMissing(name: string, error: unknown): Promise<boolean> {
		if (!(error instanceof Imap4Error) || error.code !== 'NO') return false;
		// NONEXISTENT is what some servers send in place of TRYCREATE (RFC 5530 §3).
		if (error.responseCode === 'TRYCREATE' || error.responseCode === 'NONEXISTENT') return true;
		return !(await this.exists(name));
	}

	private createOnce(choice: MailboxChoice, name: string): Promise<boolean> {
		const creation = this.creations.get(name) ?? this.create(choice, name);
		this.creations.set(name, creation);
		return creation;
	}

	/**
	 * Creates a mailbox for the choice, with its special use where the server can set it
	 * (CREATE-SPECIAL-USE, RFC 6154 §3), and subscribes to it.
	 * @returns false if it exists already
	 * @throws UserError if an expression returned the name of a missing value
	 */
	async create(choice: MailboxChoice, name: string): Promise<boolean> {
		if (choice.by === 'path' && choice.computed) checkNewLevels(choice.path);
		const attribute = choice.by === 'role' ? ROLE_FACTS[choice.role].attribute : undefined;
		const marks = attribute !== undefined && this.imap.capabilities.has('CREATE-SPECIAL-USE');
		this.forget();
		try {
			await this.imap.createMailbox(name, marks ? { specialUse: [attribute] } : {});
		} catch (error) {
			if (await this.saysExists(name, error)) return false;
			throw error;
		}
		// Many mail programs show no others. A server that refuses keeps the messages all the same.
		await orRefusal(this.imap.subscribe(name));
		return true;
	}

	/** Not every server gives the response code of RFC 5530 §3. */
	private async saysExists(name: string, error: unknown): Promise<boolean> {
		if (!(error instanceof Imap4Error) || error.code !== 'NO') return false;
		return error.responseCode === 'ALREADYEXISTS' || (await this.exists(name));
	}

	/** Whether there is a mailbox of exactly this name. */
	private async exists(name: string): Promise<boolean> {
		// A name may hold wildcards of LIST, which then finds others as well.
		return (await this.imap.list('', name)).some(
			(entry) => entry.name === name && !hasAttribute(entry, '\\NonExistent'),
		);
	}

	/** Looks again at what the server has. */
	forget(): void {
		this.entries = undefined;
		this.resolved.clear();
	}

	private async find(choice: MailboxChoice, mayBeMissing: boolean): Promise<ResolvedMailbox> {
		switch (choice.by) {
			case 'name':
				return { name: canonicalName(choice.name) };
			case 'path':
				return this.findPath(choice.path, choice.computed);
			case 'role':
				return this.findRole(choice.role, mayBeMissing);
		}
	}

	private async findPath(path: string, computed = false): Promise<ResolvedMailbox> {
		if (canonicalName(path) === 'INBOX') return { name: 'INBOX' };
		const layout = await this.layout();
		if (computed) checkLevels(path, layout.delimiter);
		const isAsWritten = fitPath(path, layout) === path || (await this.exists(path));
		return isAsWritten ? { name: path } : this.nameForNew(path);
	}

	private async findRole(role: MailboxRole, mayBeMissing: boolean): Promise<ResolvedMailbox> {
		if (role === 'inbox') return { name: 'INBOX' };
		// At Gmail, a message without the label Inbox is archived; it is then in All Mail only.
		const meant = role === 'archive' && this.imap.capabilities.has('X-GM-EXT-1') ? 'all' : role;
		const found =
			findByRole(await this.list(), meant) ?? findByRole(await this.listMarked(), meant);
		if (found) return { name: found.name };
		const { label, newName } = ROLE_FACTS[role];
		if (newName === undefined) {
			throw new UserError(
				`This account has no mailbox with the role "${label}"`,
				'Choose a mailbox from the list, or enter its path.',
			);
		}
		if (mayBeMissing) return { ...(await this.nameForNew(newName)), missing: true };
		throw new UserError(
			`This account has no mailbox with the role "${label}": the server marks none (SPECIAL-USE), and none has a common name`,
			`Choose a mailbox from the list, enter its path, or create the mailbox "${newName}" first.`,
		);
	}

	private layout(): Promise<Hierarchy> {
		return (this.hierarchy ??= hierarchyOf(this.identity, this.imap));
	}

	/** The user's own mailboxes. */
	private list(): Promise<MailboxEntry[]> {
		return (this.entries ??= (async () => {
			const [entries, { foreignPrefixes }] = await Promise.all([
				this.imap.list('', '*'),
				this.layout(),
			]);
			return entries.filter(
				(entry) =>
					isSelectable(entry) && !foreignPrefixes.some((prefix) => entry.name.startsWith(prefix)),
			);
		})());
	}

	/** A server may leave the marks out unless it is asked for them (RFC 6154 §2). */
	private async listMarked(): Promise<MailboxEntry[]> {
		const { capabilities } = this.imap;
		if (!capabilities.has('SPECIAL-USE') || !capabilities.has('LIST-EXTENDED')) return [];
		return this.imap.list('', '*', { specialUse: true });
	}
}
