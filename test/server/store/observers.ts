import type { Mailbox } from './mailbox';

/** What happens to the messages of a mailbox (RFC 5465 §5). */
export type MessageEvent = 'MessageNew' | 'MessageExpunge' | 'FlagChange';

/** Who wants to know what happens in any mailbox of an account: a session that has sent NOTIFY. */
export interface Observer {
	message(mailbox: Mailbox, event: MessageEvent): void;
	/** A mailbox was created, deleted or renamed. */
	named(change: { name?: string; oldName?: string }): void;
	subscribed(name: string): void;
}

/** Those of one account. */
export class Observers extends Set<Observer> {
	message(mailbox: Mailbox, event: MessageEvent): void {
		for (const observer of this) observer.message(mailbox, event);
	}

	named(change: { name?: string; oldName?: string }): void {
		for (const observer of this) observer.named(change);
	}

	subscribed(name: string): void {
		for (const observer of this) observer.subscribed(name);
	}
}
