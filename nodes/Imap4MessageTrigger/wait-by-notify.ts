/**
 * NOTIFY (RFC 5465): the server reports whatever happens in any of the watched mailboxes, so that none has to be
 * looked at in between. It is on only while the poll waits: a poll's own STATUS is not mixed with reports.
 */
import {
	Imap4Error,
	type Imap4,
	type MailboxStatus,
	type NotifyEvent,
	type NotifyGroup,
	type UntaggedResponse,
} from '../../engine/index';
import { canonicalName } from '../shared/mailbox/hierarchy';
import type { EventName, Settings } from './settings';
import { differ } from './status-cursor';

/** Characters of all names; servers limit the length of a line, Dovecot to 64 kB. */
const LONGEST_NAMES = 30_000;

/** Whether the server can be asked to report these mailboxes. */
export function canBeNotified(imap: Imap4, names: readonly string[]): boolean {
	if (names.length < 2 || !imap.capabilities.has('NOTIFY')) return false;
	return names.reduce((sum, { length }) => sum + length + 3, 0) < LONGEST_NAMES;
}

/**
 * Waits until the server reports one of the mailboxes, or has nothing to report for `duration` milliseconds.
 * @param known what the last look at the mailboxes found out
 * @returns why it ended: `behind` if something had happened before the server began to report, and `refused` if the
 * server does not report, or gives it up
 * @throws Imap4AbortError if the connection breaks
 */
export async function untilNotified(
	imap: Imap4,
	names: readonly string[],
	known: ReadonlyMap<string, MailboxStatus>,
	settings: Settings,
	duration: number,
	stopped: AbortSignal,
): Promise<'behind' | 'refused' | 'waited'> {
	// The open mailbox is not reported as the others are.
	await imap.mailbox?.close();
	const idler = imap.idle({ duration });
	const stop = (): void => void idler.leave().catch(() => undefined);
	stopped.addEventListener('abort', stop, { once: true });
	try {
		const setting = imap.notify(groups(names, settings), { status: true });
		// From the OK on, what is reported goes to the idler, which waits with IDLE until then.
		idler.start();
		if (stopped.aborted) stop();
		const news = new News(names, known, settings.event);
		const isBehind = (await setting).some((status) => news.concerns(status));
		if (isBehind) return 'behind';
		for await (const response of idler) {
			if (isOverflow(response)) return 'refused';
			if (news.isIn(response)) break;
		}
		return 'waited';
	} catch (error) {
		if (!(error instanceof Imap4Error) || imap.closedBy) throw error;
		return 'refused';
	} finally {
		stopped.removeEventListener('abort', stop);
		await idler.leave();
		await end(imap);
	}
}

/** What a server that refuses this still reports is passed over. */
async function end(imap: Imap4): Promise<void> {
	try {
		await imap.notify([]);
	} catch (error) {
		if (!(error instanceof Imap4Error)) throw error;
	}
}

function groups(names: readonly string[], { event, watched }: Settings): NotifyGroup[] {
	const events: NotifyEvent[] = ['MessageNew', 'MessageExpunge'];
	if (event === 'flagsChanged') events.push('FlagChange');
	const messages: NotifyGroup = { of: { mailboxes: names }, events };
	if (watched.pattern === undefined) return [messages];
	return [messages, { of: 'personal', events: ['MailboxName'] }];
}

/** The server no longer reports anything (RFC 5465 §3.1). */
const isOverflow = (response: UntaggedResponse): boolean =>
	response.type === 'status' && response.code?.name === 'NOTIFICATIONOVERFLOW';

class News {
	private readonly names: ReadonlySet<string>;

	constructor(
		names: readonly string[],
		private readonly known: ReadonlyMap<string, MailboxStatus>,
		private readonly event: EventName,
	) {
		this.names = new Set(names.map(canonicalName));
	}

	/** A mailbox of the watched ones may be new or gone, or something has happened in one. */
	isIn(response: UntaggedResponse): boolean {
		if (response.type === 'LIST') return true;
		if (response.type !== 'STATUS') return false;
		// A report of the other events need not have anything that can be compared.
		if (this.event !== 'messageReceived')
			return this.names.has(canonicalName(response.status.mailbox));
		return this.concerns(response.status);
	}

	/** Whether something happened since the last look. */
	concerns(status: MailboxStatus): boolean {
		const name = canonicalName(status.mailbox);
		const before = this.known.get(name);
		if (!this.names.has(name) || !before) return false;
		if (differ(status.uidValidity, before.uidValidity)) return true;
		if (differ(status.uidNext, before.uidNext)) return true;
		if (this.event === 'messageReceived') return false;
		return (
			differ(status.highestModSeq, before.highestModSeq) || differ(status.messages, before.messages)
		);
	}
}
