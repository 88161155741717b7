import type { Command } from '../command';
import { AUTHENTICATED } from '../command';
import { Imap4Error } from '../../errors';
import type { MailboxStatus } from '../../grammar/status';
import type { Part } from '../../wire/writer';
import { list, mailbox, raw } from '../../wire/writer';

/** What NOTIFY can report (RFC 5465 §5). */
export type NotifyEvent =
	| 'MessageNew'
	| 'MessageExpunge'
	| 'FlagChange'
	| 'AnnotationChange'
	| 'MailboxName'
	| 'SubscriptionChange'
	| 'MailboxMetadataChange'
	| 'ServerMetadataChange';

/** Of which mailboxes events are reported (RFC 5465 §6). */
export type NotifyMailboxes =
	| 'selected'
	/** As `selected`, except that EXPUNGE comes only where it could without NOTIFY. */
	| 'selected-delayed'
	/** All mailboxes that new mail may be delivered to. */
	| 'inboxes'
	| 'personal'
	| 'subscribed'
	| {
			/** These mailboxes, and all below them. */
			subtree: readonly string[];
	  }
	| {
			/** Exactly these mailboxes. */
			mailboxes: readonly string[];
	  };

/** Events of some mailboxes. */
export interface NotifyGroup {
	/** Of which mailboxes. One that several groups name should have the same events in all of them. */
	of: NotifyMailboxes;
	/** Which; none to hear nothing of them. */
	events: readonly NotifyEvent[];
}

const EVENTS: Readonly<Record<NotifyEvent, true>> = {
	MessageNew: true,
	MessageExpunge: true,
	FlagChange: true,
	AnnotationChange: true,
	MailboxName: true,
	SubscriptionChange: true,
	MailboxMetadataChange: true,
	ServerMetadataChange: true,
};
const SETS: ReadonlySet<unknown> = new Set([
	...['selected', 'selected-delayed', 'inboxes', 'personal', 'subscribed'],
]);
const OF_MESSAGES: ReadonlySet<NotifyEvent> = new Set<NotifyEvent>([
	...(['MessageNew', 'MessageExpunge', 'FlagChange', 'AnnotationChange'] as const),
]);

/**
 * NOTIFY SET, or NOTIFY NONE for no groups (RFC 5465 §3).
 * @param withStatus asks for STATUS of each mailbox, from which on its events are reported
 * @returns those that came
 * @throws Imap4Error ARGUMENT
 */
export function notify(
	groups: readonly NotifyGroup[],
	withStatus: boolean,
): Command<MailboxStatus[]> {
	const statuses: MailboxStatus[] = [];
	const set = [raw('SET'), ...(withStatus ? [raw('STATUS')] : []), ...groups.map(groupPart)];
	return {
		name: 'NOTIFY',
		args: groups.length === 0 ? [raw('NONE')] : set,
		states: AUTHENTICATED,
		pipelining: 'alone',
		needs: ['NOTIFY'],
		accepts(response) {
			if (!withStatus || response.type !== 'STATUS') return false;
			statuses.push(response.status);
			return true;
		},
		done: () => statuses,
	};
}

function groupPart({ of, events }: NotifyGroup): Part {
	check(of, events);
	return list([
		...mailboxesPart(of),
		events.length === 0 ? raw('NONE') : list(events.map((event) => raw(event))),
	]);
}

function mailboxesPart(of: NotifyMailboxes): Part[] {
	if (typeof of === 'string') return [raw(of)];
	const names = 'subtree' in of ? of.subtree : of.mailboxes;
	if (names.length === 0) throw refused('a group names no mailbox');
	return [raw('subtree' in of ? 'subtree' : 'mailboxes'), list(names.map(mailbox))];
}

/** What every server must refuse (RFC 5465 §5, §6.1). */
function check(of: NotifyMailboxes, events: readonly NotifyEvent[]): void {
	if (typeof of === 'string' && !SETS.has(of)) throw refused(`"${of}" is not a set of mailboxes`);
	for (const event of events) {
		if (!Object.hasOwn(EVENTS, event)) throw refused(`"${String(event)}" is not an event`);
	}
	const has = (event: NotifyEvent): boolean => events.includes(event);
	if (has('MessageNew') !== has('MessageExpunge'))
		throw refused('MessageNew and MessageExpunge are only reported together');
	if ((has('FlagChange') || has('AnnotationChange')) && !has('MessageNew'))
		throw refused('FlagChange and AnnotationChange need MessageNew and MessageExpunge');
	const isSelected = of === 'selected' || of === 'selected-delayed';
	if (isSelected && events.some((event) => !OF_MESSAGES.has(event)))
		throw refused('of the selected mailbox only events of messages are reported');
}

const refused = (reason: string): Imap4Error =>
	new Imap4Error('ARGUMENT', `NOTIFY: ${reason}`, { command: 'NOTIFY' });
