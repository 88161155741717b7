import { tellStatus } from './commands/status';
import type { Session } from './session';
import { DELIMITER } from './store/account';
import type { Mailbox } from './store/mailbox';
import type { MessageEvent, Observer } from './store/observers';

export const EVENTS = [
	...(['MessageNew', 'MessageExpunge', 'FlagChange', 'MailboxName'] as const),
	'SubscriptionChange',
] as const;
export type Event = (typeof EVENTS)[number];

export const SETS = [
	...(['SELECTED', 'SELECTED-DELAYED', 'INBOXES', 'PERSONAL', 'SUBSCRIBED'] as const),
] as const;

/** The mailboxes whose events are reported (RFC 5465 §6). */
export interface MailboxSet {
	kind: (typeof SETS)[number] | 'MAILBOXES' | 'SUBTREE';
	names: readonly string[];
}

export interface Group {
	of: MailboxSet;
	events: readonly Event[];
}

const ARRIVALS = ['MESSAGES', 'UIDNEXT', 'UNSEEN'];

/** What NOTIFY SET has asked for (RFC 5465), until the next NOTIFY or the end of the session. */
export class Notifications implements Observer {
	/** What is reported once no command runs. RFC 5465 allows it at any time; this keeps a client's log readable. */
	private readonly waiting = new Map<string, () => void>();
	private readonly observers: Set<Observer>;

	constructor(
		private readonly session: Session,
		private readonly groups: readonly Group[],
	) {
		this.observers = session.user.observers;
		this.observers.add(this);
	}

	end(): void {
		this.observers.delete(this);
	}

	/** How events of the selected mailbox are reported outside commands; undefined if they are not. */
	get ofSelected(): { renumber: boolean } | undefined {
		const group = this.groups.find(({ of }) => of.kind.startsWith('SELECTED'));
		if (!group || group.events.length === 0) return undefined;
		return { renumber: group.of.kind === 'SELECTED' };
	}

	/** STATUS of each mailbox as it is now. */
	tellAll(): void {
		const { user, view } = this.session;
		for (const { name, mailbox } of user.list()) {
			if (!mailbox || mailbox === view?.mailbox || !this.wants(name, 'MessageNew')) continue;
			tellStatus(this.session, name, mailbox, [...this.items(ARRIVALS), 'UIDVALIDITY']);
		}
	}

	message(mailbox: Mailbox, event: MessageEvent): void {
		if (mailbox === this.session.view?.mailbox || !this.wants(mailbox.name, event)) return;
		const { name } = mailbox;
		// A new message says all that a flag does.
		if (event === 'FlagChange' && this.waiting.has(name)) return;
		const items = this.items(event === 'FlagChange' ? ['UNSEEN', 'UIDVALIDITY'] : ARRIVALS);
		this.tell(name, () => {
			if (this.session.user.find(name) === mailbox) tellStatus(this.session, name, mailbox, items);
		});
	}

	named({ name, oldName }: { name?: string; oldName?: string }): void {
		if (![name, oldName].some((one) => one !== undefined && this.wants(one, 'MailboxName'))) return;
		this.tell(`${oldName} > ${name}`, () => {
			const { session } = this;
			if (name === undefined)
				session.data(`LIST (\\NonExistent) "${DELIMITER}" ${session.written(oldName ?? '')}`);
			else {
				const was = oldName === undefined ? '' : ` ("OLDNAME" (${session.written(oldName)}))`;
				session.data(`LIST () "${DELIMITER}" ${session.written(name)}${was}`);
			}
		});
	}

	subscribed(name: string): void {
		if (!this.wants(name, 'SubscriptionChange')) return;
		this.tell(`+ ${name}`, () =>
			this.session.data(`LIST (\\Subscribed) "${DELIMITER}" ${this.session.written(name)}`),
		);
	}

	/** Tells what has been waiting. */
	flush(): void {
		const all = [...this.waiting.values()];
		this.waiting.clear();
		for (const tell of all) tell();
	}

	private tell(key: string, write: () => void): void {
		this.waiting.set(key, write);
		if (!this.session.busy) this.flush();
	}

	private items(items: readonly string[]): string[] {
		return [...items, ...(this.session.has('CONDSTORE') ? ['HIGHESTMODSEQ'] : [])];
	}

	private wants(name: string, event: Event): boolean {
		const group = this.groups.find(({ of }) => this.includes(of, name));
		return group?.events.includes(event) ?? false;
	}

	private includes({ kind, names }: MailboxSet, name: string): boolean {
		const same = (one: string): boolean =>
			one === name || (one.toUpperCase() === 'INBOX' && name === 'INBOX');
		switch (kind) {
			case 'MAILBOXES':
				return names.some(same);
			case 'SUBTREE':
				return names.some((one) => same(one) || name.startsWith(one + DELIMITER));
			case 'INBOXES':
				return name === 'INBOX';
			case 'SUBSCRIBED':
				return this.session.user.subscribed.has(name);
			case 'PERSONAL':
				return true;
			default:
				return false;
		}
	}
}
