/** What a manual test returns: what is there now. What the trigger remembers stays as it is. */
import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import { SequenceSet } from '../../engine/index';
import type { Account } from '../shared/account/account';
import { UserError } from '../shared/errors/user-error';
import { probe, withConnection } from '../shared/account/connection-pool';
import { quotaItems } from '../shared/mailbox/quota-output';
import { newState } from './cursor';
import { messageItems } from './message-items';
import type { PollClock } from './poll-clock';
import type { Settings } from './settings';
import { itemId, referenceOf, type MailboxPoll } from './mailbox-poll';
import { watchedMailboxes } from './watched-mailboxes';
import { searchWithin } from '../shared/message/exact-times';

/** For a quota that would not trigger. */
const NOT_ABOVE =
	'Shown in this test only: a published workflow is triggered when the usage reaches "Percent".';

/** Number of newest messages in which a match is looked for. */
const NEWEST = 1000;

/** @throws UserError if there is nothing to show */
export async function manualTest(
	context: IPollFunctions,
	settings: Settings,
	account: Account,
	clock: PollClock,
): Promise<INodeExecutionData[]> {
	const nothing = newState('');
	return withConnection(
		account,
		probe,
		async (imap) => {
			for (const { name } of await watchedMailboxes(imap, account, settings, nothing)) {
				const of = { context, settings, account, clock, imap };
				const items = await (settings.event === 'quotaAbove' ? quotas(of, name) : newest(of, name));
				if (items.length > 0) return items;
			}
			throw new UserError(
				'No message matches, so there is nothing to show',
				'Relax the filters, or send a message to the mailbox, and test again.',
			);
		},
		{ signal: clock.signal },
	);
}

type Session = Pick<MailboxPoll, 'context' | 'settings' | 'account' | 'clock' | 'imap'>;

async function quotas(
	{ imap, account, settings }: Session,
	name: string,
): Promise<INodeExecutionData[]> {
	const { quotas: found } = await imap.getQuotaRoot(name);
	return found
		.flatMap((quota) => quotaItems(quota, { mailbox: name }))
		.map((json) => ({
			json: {
				id: itemId({ account, mailbox: { name } }, `${String(json.root)} ${String(json.resource)}`),
				event: settings.event,
				...json,
				...(isAbove(json.percent, settings.quotaAbove) ? {} : { sample: NOT_ABOVE }),
			},
		}));
}

const isAbove = (percent: unknown, limit: number): boolean =>
	typeof percent === 'number' && percent >= limit;

async function newest(session: Session, name: string): Promise<INodeExecutionData[]> {
	const open = await session.imap.open(name, { readOnly: true });
	const mailbox = open.snapshot();
	if (mailbox.exists === 0) return [];
	const poll = { ...session, open, mailbox, cursor: undefined, isNew: false, room: 1 };
	const { settings } = poll;
	const among = { seq: SequenceSet.from(`${Math.max(1, mailbox.exists - NEWEST + 1)}:*`) };
	const uids = await open.search(await searchWithin(open, settings.filters, among));
	if (uids.length === 0) return [];
	const uid = uids.reduce((most, one) => (one > most ? one : most));
	if (settings.event === 'messageRemoved') {
		const json = { id: itemId(poll, uid), event: settings.event, ...referenceOf(poll, uid) };
		return [{ json: { ...json, removed: true } }];
	}
	const more = settings.event === 'flagsChanged' ? { added: null, removed: null } : {};
	return (await messageItems(poll, [uid], () => more)).items;
}
