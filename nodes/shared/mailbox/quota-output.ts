/** Quotas as items: one for each resource, so that a flow can compare them. */
import type { IDataObject } from 'n8n-workflow';
import type { Quota } from '../../../engine/index';

/** Units by resource (RFC 9208 §5); of others only the server knows. */
const UNITS: Record<string, string> = {
	STORAGE: 'KB',
	MESSAGE: 'messages',
	MAILBOX: 'mailboxes',
	'ANNOTATION-STORAGE': 'KB',
};

/** @returns one object a resource, or one that says that nothing is limited */
export function quotaItems({ root, resources }: Quota, more: IDataObject = {}): IDataObject[] {
	if (resources.length === 0) {
		return [{ ...more, root, resource: null, usage: null, limit: null, percent: null }];
	}
	return resources.map(({ name, usage, limit }) => ({
		...more,
		root,
		resource: name,
		usage,
		limit,
		unit: UNITS[name] ?? null,
		percent: percentOf(usage, limit),
	}));
}

/** With one decimal; null where there is no limit. */
function percentOf(usage: number, limit: number | null): number | null {
	if (limit === null) return null;
	if (limit === 0) return usage === 0 ? 0 : 100;
	return Math.round((usage / limit) * 1000) / 10;
}
