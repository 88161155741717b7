import type { CommandReader } from '../command-reader';
import { BadSyntax } from '../command-reader';
import type { Event, Group, MailboxSet } from '../notifications';
import { EVENTS, Notifications, SETS } from '../notifications';
import type { CommandHandler, Session } from '../session';
import { Refusal } from '../store/account';

/** Mailboxes that one NOTIFY may name; a server may limit them (RFC 5465 §3.1). */
const MOST_MAILBOXES = 2000;

/** RFC 5465. */
export const notifyCommands: Record<string, CommandHandler> = {
	NOTIFY: {
		states: ['authenticated', 'selected'],
		needs: 'NOTIFY',
		run(session, reader) {
			reader.space();
			const what = reader.word();
			if (what !== 'SET' && what !== 'NONE') throw new BadSyntax('expected SET or NONE');
			const { status, groups } = what === 'SET' ? read(session, reader) : none;
			reader.end();
			session.notifications?.end();
			session.notifications = groups && new Notifications(session, groups);
			if (status) session.notifications?.tellAll();
			return 'NOTIFY completed.';
		},
	},
};

const none = { status: false, groups: undefined };

function read(session: Session, reader: CommandReader): { status: boolean; groups: Group[] } {
	reader.space();
	const status = reader.peek() !== '(';
	if (status) {
		if (reader.word() !== 'STATUS') throw new BadSyntax('expected STATUS or a group of events');
		reader.space();
	}
	const groups: Group[] = [];
	do {
		reader.expect('(');
		const of = readMailboxes(session, reader);
		reader.space();
		const group = { of, events: readEvents(reader) };
		reader.expect(')');
		check(group);
		groups.push(group);
	} while (reader.take(' '));
	return { status, groups };
}

function readMailboxes(session: Session, reader: CommandReader): MailboxSet {
	const kind = reader.word();
	if (kind === 'MAILBOXES' || kind === 'SUBTREE') {
		reader.space();
		const name = (): string => session.mailboxName(reader);
		const names = reader.peek() === '(' ? reader.list(name) : [name()];
		if (names.length > MOST_MAILBOXES)
			throw new Refusal('NOTIFICATIONOVERFLOW', 'Too many mailboxes');
		return { kind, names };
	}
	const set = SETS.find((one) => one === kind);
	if (!set) throw new BadSyntax(`unknown mailboxes ${kind}`);
	return { kind: set, names: [] };
}

function readEvents(reader: CommandReader): Event[] {
	if (reader.peek() !== '(') {
		if (reader.word() !== 'NONE') throw new BadSyntax('expected NONE or a list of events');
		return [];
	}
	return reader.list(() => {
		const name = reader.word();
		const event = EVENTS.find((one) => one.toUpperCase() === name);
		if (!event) throw new Refusal(`BADEVENT (${EVENTS.join(' ')})`, `No such event: ${name}`);
		return event;
	});
}

/** RFC 5465 §5, §6.1. */
function check({ of, events }: Group): void {
	const has = (event: Event): boolean => events.includes(event);
	if (has('MessageNew') !== has('MessageExpunge') || (has('FlagChange') && !has('MessageNew')))
		throw new BadSyntax('MessageNew and MessageExpunge go together, and FlagChange with them');
	const isSelected = of.kind === 'SELECTED' || of.kind === 'SELECTED-DELAYED';
	if (isSelected && (has('MailboxName') || has('SubscriptionChange')))
		throw new BadSyntax('events of mailboxes are not for the selected one');
}
