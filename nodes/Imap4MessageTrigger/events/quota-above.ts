/** Quota Above: once when a resource crosses the limit, and again only after it was below. */
import type { INodeExecutionData } from 'n8n-workflow';
import { quotaItems } from '../../shared/mailbox/quota-output';
import { itemId, type Seen, type Visit } from '../mailbox-poll';

export async function quotaAbove(visit: Visit): Promise<Seen> {
	const { imap, mailbox, settings, cursor } = visit;
	const { quotas } = await imap.getQuotaRoot(mailbox.name);
	const before = new Set(cursor?.above);
	const above: string[] = [];
	const items: INodeExecutionData[] = [];
	for (const json of quotas.flatMap((quota) => quotaItems(quota, { mailbox: mailbox.name }))) {
		if (typeof json.percent !== 'number' || json.percent < settings.quotaAbove) continue;
		const resource = `${String(json.root)} ${String(json.resource)}`;
		above.push(resource);
		if (before.has(resource)) continue;
		items.push({ json: { id: itemId(visit, resource), event: settings.event, ...json } });
	}
	return { items, cursor: { uidValidity: null, lastUid: 0, above } };
}
