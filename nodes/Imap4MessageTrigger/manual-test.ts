/** What a manual test returns: what is there now. What the trigger remembers stays as it is. */
import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import { SequenceSet, type Imap4, type SelectedMailbox } from '../../engine/index';
import type { Account } from '../shared/account/account';
import { UserError } from '../shared/errors/user-error';
import { probe, withConnection } from '../shared/account/connection-pool';
import { quotaItems } from '../shared/mailbox/quota-output';
import { messageItems } from './message-items';
import type { PollClock } from './poll-clock';
import type { Settings } from './settings';
import { itemId, referenceOf, type MailboxPoll } from './mailbox-poll';
import { watchedMailboxes } from './watched-mailboxes';
import { searchWithin } from '../shared/message/exact-times';

/** Number of newest messages in which a match is looked for. */
const NEWEST = 1000;

/** @throws UserError if there is nothing to show */
export async function manualTest(
	context: IPollFunctions,
	settings: Settings,
	account: Account,
	clock: PollClock,
): Promise<INodeExecutionData[]> {
	const nothing = { purpose: '', mailboxes: {} };
	return withConnection(
		account,
		probe,
		async (imap) => {
			clock.watch(imap);
			for (const { name } of await watchedMailboxes(imap, account, settings, nothing)) {
				const mailbox = await opened(imap, settings, name);
				const poll: MailboxPoll = {
					...{ context, settings, account, clock, imap, mailbox },
					...{ cursor: undefined, isNew: false, room: 1 },
				};
				const items = await (settings.event === 'quotaAbove' ? quotas(poll) : newest(poll));
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

async function opened(imap: Imap4, { event }: Settings, name: string): Promise<SelectedMailbox> {
	if (event !== 'quotaAbove') return (await imap.open(name, { readOnly: true })).snapshot();
	return { name, readOnly: true, exists: 0, recent: 0, flags: [], permanentFlags: [] };
}

async function quotas(poll: MailboxPoll): Promise<INodeExecutionData[]> {
	const { imap, mailbox, settings } = poll;
	const { quotas: found } = await imap.getQuotaRoot(mailbox.name);
	return found
		.flatMap((quota) => quotaItems(quota, { mailbox: mailbox.name }))
		.map((json) => ({
			json: {
				id: itemId(poll, `${String(json.root)} ${String(json.resource)}`),
				event: settings.event,
				...json,
			},
		}));
}

async function newest(poll: MailboxPoll): Promise<INodeExecutionData[]> {
	const { imap, mailbox, settings } = poll;
	if (mailbox.exists === 0) return [];
	const among = { seq: SequenceSet.from(`${Math.max(1, mailbox.exists - NEWEST + 1)}:*`) };
	const uids = await imap.selected.search(
		await searchWithin(imap.selected, settings.filters, among),
	);
	if (uids.length === 0) return [];
	const uid = Math.max(...uids);
	if (settings.event === 'messageRemoved') {
		const json = { id: itemId(poll, uid), event: settings.event, ...referenceOf(poll, uid) };
		return [{ json: { ...json, removed: true } }];
	}
	const more = settings.event === 'flagsChanged' ? { added: null, removed: null } : {};
	return (await messageItems(poll, [uid], () => more)).items;
}
