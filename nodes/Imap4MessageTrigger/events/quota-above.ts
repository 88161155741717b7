/** Quota Threshold Reached: once per root and resource, and again only after it was below. */
import type { INodeExecutionData } from 'n8n-workflow';
import { Imap4Error, type Imap4, type SelectedMailbox } from '../../../engine/index';
import { quotaItems } from '../../shared/mailbox/quota-output';
import type { TriggerState } from '../cursor';
import { itemId, type MailboxPoll } from '../mailbox-poll';

export interface QuotaResult {
	items: INodeExecutionData[];
	/** By mailbox, where the server refused to report its quota, or in a form that cannot be read. */
	failures: ReadonlyMap<string, Error>;
}

/** Asks for all mailboxes at once, which is one round trip; many mailboxes share one quota root. */
export async function quotaThreshold(
	poll: Pick<MailboxPoll, 'settings' | 'account' | 'imap' | 'room'>,
	names: readonly string[],
	state: TriggerState,
): Promise<QuotaResult> {
	const { imap, settings, account, room } = poll;
	const before = new Set([
		...(state.above ?? []),
		...Object.values(state.mailboxes).flatMap(({ above = [] }) => above),
	]);
	const failures = new Map<string, Error>();
	const above = new Set<string>();
	const items: INodeExecutionData[] = [];
	const seen = new Set<string>();
	const answers = await Promise.all(names.map((name) => quotaOf(imap, name)));
	const errors = answers.filter((answer) => answer instanceof Error);
	// Of one mailbox it may be the name that the server does not understand.
	const notUnderstood = errors.find(({ code }) => code === 'BAD');
	if (notUnderstood && errors.length === answers.length) throw notUnderstood;
	for (const [index, answer] of answers.entries()) {
		const name = names[index] as string;
		if (answer instanceof Error) {
			failures.set(name, answer);
			continue;
		}
		const mailbox = { name } as SelectedMailbox;
		for (const json of answer.flatMap((quota) => quotaItems(quota, { mailbox: name }))) {
			const resource = `${String(json.root)} ${String(json.resource)}`;
			if (seen.has(resource)) continue;
			seen.add(resource);
			if (typeof json.percent !== 'number' || json.percent < settings.quotaAbove) continue;
			if (!before.has(resource)) {
				if (items.length >= room) continue;
				items.push({
					json: {
						id: itemId({ account, mailbox }, resource),
						event: settings.event,
						...json,
						detectedBy: 'GETQUOTAROOT',
					},
				});
			}
			above.add(resource);
		}
	}
	// Of a root that no mailbox reported nothing is known, so it stays as it was.
	for (const one of before) if (!seen.has(one)) above.add(one);
	state.above = [...above];
	for (const cursor of Object.values(state.mailboxes)) delete cursor.above;
	return { items, failures };
}

async function quotaOf(imap: Imap4, name: string) {
	try {
		return (await imap.getQuotaRoot(name)).quotas;
	} catch (error) {
		if (!(error instanceof Imap4Error) || imap.closedBy) throw error;
		return error;
	}
}
