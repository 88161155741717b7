import type { Command } from '../command';
import { AUTHENTICATED } from '../command';
import { sameMailbox } from '../../grammar/mailbox-name';
import type { Quota } from '../../grammar/quota';
import { mailbox } from '../../wire/writer';

/** The quotas that limit a mailbox (RFC 9208 §4.1.2). */
export interface MailboxQuota {
	/** Names of the quota roots the mailbox counts against. */
	roots: string[];
	/** Usage and limits of those roots. */
	quotas: Quota[];
}

/** GETQUOTAROOT (RFC 9208 §4.1.2): all that limits a mailbox. */
export function getQuotaRoot(name: string): Command<MailboxQuota> {
	let roots: ReadonlySet<string> | undefined;
	/** By root. A server can name as many as it likes, so neither is ever searched. */
	const quotas = new Map<string, Quota>();
	return {
		name: 'GETQUOTAROOT',
		args: [mailbox(name)],
		states: AUTHENTICATED,
		pipelining: 'free',
		discardable: true,
		needs: ['QUOTA'],
		accepts(response) {
			if (response.type === 'QUOTAROOT' && sameMailbox(response.roots.mailbox, name)) {
				roots = new Set(response.roots.roots);
				return true;
			}
			if (response.type !== 'QUOTA') return false;
			// By the roots that were named, since GETQUOTA may be in flight too. Some servers name them
			// only afterwards: what comes before is kept, and decided upon at the end.
			const { root } = response.quota;
			if (roots?.has(root) === false || quotas.has(root)) return false;
			quotas.set(root, response.quota);
			return true;
		},
		// Where a server names no roots at all, what it reports are the limits of this mailbox.
		done: () => ({
			roots: [...(roots ?? quotas.keys())],
			quotas: [...quotas.values()].filter(({ root }) => roots?.has(root) ?? true),
		}),
	};
}
