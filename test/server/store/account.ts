import { Annotations } from './annotations';
import { Identities } from './identity';
import { Mailbox } from './mailbox';
import { Observers } from './observers';
import { Quota } from './quota';
import { Refusal } from './refusal';

export { Refusal } from './refusal';

export const DELIMITER = '/';

/** A level of the hierarchy. */
export interface ListedMailbox {
	/** From the top. */
	name: string;
	/** Undefined for a level that is only a parent. */
	mailbox: Mailbox | undefined;
	/** Whether there are levels below it. */
	children: boolean;
}

/** A user's mailboxes. Names are Unicode; INBOX is found in any case. */
export class Account {
	private readonly boxes = new Map<string, Mailbox>();
	private readonly subscriptions = new Set<string>(['INBOX']);
	private readonly identities = new Identities();
	/** @internal */
	readonly quota = new Quota();
	/** @internal */
	readonly observers = new Observers();
	/** @internal What this user has noted of the server, for themselves (RFC 5464 §3.2 `/private`). */
	readonly serverAnnotations = new Annotations();
	/** Grows with every mailbox made, so that a recreated one never has an old value. */
	private uidValidity: number;

	/** @internal */
	constructor(
		/** The name to log in with. */
		readonly user: string,
		/** What the user logs in with. */
		readonly password: string,
		firstUidValidity: number,
	) {
		this.uidValidity = firstUidValidity;
		this.make('INBOX');
	}

	/** @throws Refusal NONEXISTENT */
	mailbox(name: string): Mailbox {
		const mailbox = this.find(name);
		if (!mailbox) throw new Refusal('NONEXISTENT', `Mailbox doesn't exist: ${name}`);
		return mailbox;
	}

	/** A mailbox, if there is one of this name. */
	find(name: string): Mailbox | undefined {
		return this.boxes.get(normal(name));
	}

	/** All mailboxes, and the levels between that are none themselves. */
	*list(): Generator<ListedMailbox> {
		const names = new Set<string>();
		const parents = new Set<string>();
		for (const name of this.boxes.keys()) {
			const levels = name.split(DELIMITER);
			for (let depth = 1; depth <= levels.length; depth++) {
				const level = levels.slice(0, depth).join(DELIMITER);
				names.add(level);
				if (depth < levels.length) parents.add(level);
			}
		}
		for (const name of [...names].sort())
			yield { name, mailbox: this.boxes.get(name), children: parents.has(name) };
	}

	/** @throws Refusal ALREADYEXISTS, CANNOT */
	create(given: string, specialUse?: string): Mailbox {
		// A trailing delimiter only says that children will follow (RFC 3501 §6.3.3).
		const name = normal(given.endsWith(DELIMITER) ? given.slice(0, -1) : given);
		if (name === '' || name.split(DELIMITER).includes('')) {
			throw new Refusal('CANNOT', 'Invalid mailbox name: a level is empty');
		}
		if (this.boxes.has(name)) throw new Refusal('ALREADYEXISTS', 'Mailbox already exists');
		const mailbox = this.make(name, specialUse);
		this.observers.named({ name });
		return mailbox;
	}

	private make(name: string, specialUse?: string): Mailbox {
		const { user, quota, identities, observers } = this;
		const uidValidity = this.uidValidity++;
		const mailbox = new Mailbox(
			...([name, uidValidity, specialUse, identities, quota, user, observers] as const),
		);
		this.boxes.set(name, mailbox);
		return mailbox;
	}

	/** @throws Refusal NONEXISTENT, CANNOT */
	delete(given: string): void {
		const name = normal(given);
		if (name === 'INBOX') throw new Refusal('CANNOT', "INBOX can't be deleted");
		const mailbox = this.mailbox(name);
		this.boxes.delete(name);
		this.quota.count(-mailbox.size, -mailbox.messages.length);
		for (const watcher of [...mailbox.watchers]) watcher.deleted();
		this.observers.named({ oldName: name });
	}

	/** @throws Refusal NONEXISTENT, ALREADYEXISTS, CANNOT */
	rename(from: string, to: string): void {
		const source = this.mailbox(from);
		if (normal(from) === 'INBOX') {
			// The messages move, INBOX stays and is empty (RFC 3501 §6.3.5).
			const target = this.create(to);
			for (const message of source.messages) target.add(message);
			source.remove(new Set(source.messages));
			return;
		}
		const target = normal(to.endsWith(DELIMITER) ? to.slice(0, -1) : to);
		if (target.startsWith(source.name + DELIMITER))
			throw new Refusal('CANNOT', 'Cannot rename into itself');
		if (target === '' || target.split(DELIMITER).includes(''))
			throw new Refusal('CANNOT', 'Invalid mailbox name');
		if (this.boxes.has(target)) throw new Refusal('ALREADYEXISTS', 'Target mailbox already exists');
		const old = source.name;
		for (const [name, mailbox] of [...this.boxes]) {
			if (name !== old && !name.startsWith(old + DELIMITER)) continue;
			this.boxes.delete(name);
			mailbox.name = target + name.slice(old.length);
			this.boxes.set(mailbox.name, mailbox);
			this.observers.named({ name: mailbox.name, oldName: name });
		}
	}

	/** Subscribes to a mailbox. @throws Refusal NONEXISTENT */
	subscribe(name: string): void {
		this.mailbox(name);
		this.subscriptions.add(normal(name));
		this.observers.subscribed(normal(name));
	}

	/** A name whose mailbox is gone can still be subscribed, and so unsubscribed. */
	unsubscribe(name: string): void {
		if (!this.subscriptions.delete(normal(name)) && !this.find(name)) {
			throw new Refusal('NONEXISTENT', `Not subscribed: ${name}`);
		}
	}

	/** Names of the subscribed mailboxes. */
	get subscribed(): ReadonlySet<string> {
		return this.subscriptions;
	}
}

function normal(name: string): string {
	return /^inbox$/i.test(name) ? 'INBOX' : /^inbox\//i.test(name) ? `INBOX${name.slice(5)}` : name;
}
