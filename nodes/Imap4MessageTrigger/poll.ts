/**
 * One poll: looks at each mailbox, and remembers where it was only when nothing can fail any more. A
 * poll that throws has changed nothing, so the next one repeats it.
 */
import type { INodeExecutionData, IPollFunctions, NodeError } from 'n8n-workflow';
import type { Imap4, MailboxStatus } from '../../engine/index';
import type { Account } from '../shared/account/account';
import type { Authentication } from '../shared/account/authentication';
import { nodeAccount } from '../shared/account/node-account';
import { nodeError } from '../shared/errors/node-errors';
import { probe, withConnection } from '../shared/account/connection-pool';
import { hasPending } from './post-delivery';
import { readState, writeState, type MailboxCursor, type TriggerState } from './cursor';
import { flagsChanged } from './events/flags-changed';
import { messageReceived } from './events/message-received';
import { messageRemoved } from './events/message-removed';
import { quotaAbove } from './events/quota-above';
import { PollClock } from './poll-clock';
import { sample } from './manual-test';
import { readSettings, type EventName, type Settings } from './settings';
import { endTurn, isStale, noteGiven, takeTurn } from './poll-lock';
import type { Seen, Visit } from './mailbox-poll';
import { watchedMailboxes, type WatchedMailbox } from './watched-mailboxes';

const LOOKS: Record<EventName, (visit: Visit) => Promise<Seen>> = {
	messageReceived,
	flagsChanged,
	messageRemoved,
	quotaAbove,
};

/**
 * @returns null for nothing new
 * @throws NodeError with n8n's `failure`, so that n8n waits, or asks someone to act
 */
export async function poll(context: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	if (context.getMode() === 'manual') return guarded(context, sample);
	const node = `${context.getWorkflow().id ?? ''}:${context.getNode().id}`;
	if (!takeTurn(node)) return null;
	try {
		const staticData = context.getWorkflowStaticData('node');
		if (isStale(node, staticData)) return null;
		const before = JSON.stringify(staticData);
		const output = await guarded(context, look);
		if (output) noteGiven(node, before);
		return output;
	} finally {
		endTurn(node);
	}
}

type Look = (
	context: IPollFunctions,
	settings: Settings,
	account: Account,
	clock: PollClock,
) => Promise<INodeExecutionData[]>;

/** @throws NodeError */
async function guarded(
	context: IPollFunctions,
	look: Look,
): Promise<INodeExecutionData[][] | null> {
	try {
		const settings = readSettings(context);
		const clock = PollClock.of(context);
		const account = await accountFor(context, clock);
		const items = await look(context, settings, account, clock);
		return items.length > 0 ? [items] : null;
	} catch (error) {
		throw nodeError(context.getNode(), error, { operation: 'Poll' });
	}
}

async function accountFor(context: IPollFunctions, clock: PollClock): Promise<Account> {
	const authentication = context.getNodeParameter('authentication', 'ssl') as Authentication;
	const actAs: unknown = context.getNodeParameter('actAsUser', '');
	const account = await nodeAccount(
		context,
		authentication,
		typeof actAs === 'string' ? actAs : '',
	);
	account.options.timeouts = clock.timeouts;
	return account;
}

async function look(
	context: IPollFunctions,
	settings: Settings,
	account: Account,
	clock: PollClock,
): Promise<INodeExecutionData[]> {
	const staticData = context.getWorkflowStaticData('node');
	const { host, port, auth } = account.options;
	const who = account.proxyAuth ?? auth?.actAs ?? auth?.user;
	const purpose = JSON.stringify([settings.event, host, port, who, account.command?.command]);
	const before = readState(staticData, purpose);
	const state: TriggerState = before ?? { purpose, mailboxes: {} };
	const mailboxes = await withConnection(account, probe, (imap) =>
		clock.limit(imap, () => watchedMailboxes(imap, account, settings, state)),
	);
	const items: INodeExecutionData[] = [];
	const failures: NodeError[] = [];
	const order = beginningWith(mailboxes, state.beginWith);
	delete state.beginWith;
	for (const { name, status } of order) {
		const cursor = state.mailboxes[name];
		if (isUnchanged(settings, cursor, status)) continue;
		const room = settings.most - items.length;
		if (room <= 0 || (items.length > 0 && !clock.hasTime)) {
			state.beginWith = name;
			break;
		}
		try {
			const isNew = before !== undefined && settings.watched.pattern !== undefined;
			const seen = await visit(context, settings, account, clock, { name, cursor, isNew, room });
			// Of a mailbox that fails, nothing is given and nothing is remembered; the others go on.
			items.push(...seen.items);
			state.mailboxes[name] = seen.cursor;
		} catch (error) {
			const failed = { operation: 'Poll', mailbox: name };
			failures.push(nodeError(context.getNode(), error, failed));
		}
	}
	const [failure, ...others] = failures;
	if (failure && items.length === 0) throw failure;
	// An error that ended the poll would take the items of the other mailboxes with it.
	for (const error of failure ? [failure, ...others] : []) context.__emitError(error);
	writeState(staticData, state);
	return items;
}

/** So that a busy mailbox keeps none of the others waiting for ever. */
function beginningWith(
	mailboxes: readonly WatchedMailbox[],
	first: string | undefined,
): readonly WatchedMailbox[] {
	const at = Math.max(
		0,
		mailboxes.findIndex(({ name }) => name === first),
	);
	return [...mailboxes.slice(at), ...mailboxes.slice(0, at)];
}

/** By what STATUS told, so that of many mailboxes only those with news are opened. */
function isUnchanged(
	{ event }: Settings,
	cursor: MailboxCursor | undefined,
	status: MailboxStatus | undefined,
): boolean {
	if (event !== 'messageReceived' || !cursor || !status) return false;
	if (cursor.queue !== undefined || cursor.pending !== undefined) return false;
	if (Object.keys(cursor.inFlight ?? {}).length > 0) return false;
	const { uidNext, uidValidity } = status;
	return uidNext === cursor.lastUid + 1 && uidValidity === cursor.uidValidity;
}

interface Target {
	name: string;
	cursor: MailboxCursor | undefined;
	isNew: boolean;
	room: number;
}

function visit(
	context: IPollFunctions,
	settings: Settings,
	account: Account,
	clock: PollClock,
	{ name, cursor, ...target }: Target,
): Promise<Seen> {
	return withConnection(
		account,
		(imap) => clock.limit(imap, () => open(imap, settings, name, cursor)),
		(imap, mailbox) =>
			clock.limit(imap, () =>
				LOOKS[settings.event]({
					...{ context, settings, account, clock, imap, cursor, ...target },
					mailbox: { ...mailbox },
				}),
			),
	);
}

/** EXAMINE, so that \Recent is left to the user's own client; SELECT only where something is changed. */
async function open(
	imap: Imap4,
	{ event }: Settings,
	name: string,
	cursor: MailboxCursor | undefined,
): Promise<Visit['mailbox']> {
	if (event === 'quotaAbove') {
		await imap.noop();
		return { name, readOnly: true, exists: 0, recent: 0, flags: [], permanentFlags: [] };
	}
	const records = event === 'messageRemoved' && imap.capabilities.has('QRESYNC');
	if (records && !imap.enabled.has('QRESYNC')) await imap.enable('QRESYNC');
	return imap.select(name, { readOnly: !hasPending(cursor) });
}
