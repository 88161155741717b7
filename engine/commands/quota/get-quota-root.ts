import type { Command } from '../command';
import { AUTHENTICATED } from '../command';
import { sameMailbox } from '../../grammar/mailbox-name';
import type { Quota, QuotaResource } from '../../grammar/quota';
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
	let roots: Set<string> | undefined;
	/** Resources by root and name. A server can name as many as it likes, so none is ever searched. */
	const quotas = new Map<string, Map<string, QuotaResource>>();
	/** Of roots that were not named: those of another command, or named ones in other letters. */
	const others = new Map<string, Quota>();
	return {
		name: 'GETQUOTAROOT',
		args: [mailbox(name)],
		states: AUTHENTICATED,
		pipelining: 'free',
		discardable: true,
		needs: ['QUOTA'],
		accepts(response) {
			if (response.type === 'QUOTAROOT' && sameMailbox(response.roots.mailbox, name)) {
				roots ??= new Set();
				for (const root of response.roots.roots) roots.add(root);
				return true;
			}
			if (response.type !== 'QUOTA') return false;
			// By the roots that were named, since GETQUOTA may be in flight too. Some servers name them
			// only afterwards: what comes before is kept, and decided upon at the end.
			const { root, resources } = response.quota;
			if (roots?.has(root) === false) {
				others.set(root, response.quota);
				return false;
			}
			const known = quotas.get(root);
			const more = resources.filter(({ name }) => known?.has(name) !== true);
			if (known && more.length === 0) return false;
			const all = known ?? new Map<string, QuotaResource>();
			for (const resource of more) all.set(resource.name, resource);
			quotas.set(root, all);
			return true;
		},
		done() {
			const reported = [...quotas].map(([root, all]) => ({ root, resources: [...all.values()] }));
			// Where a server names no roots at all, what it reports are the limits of this mailbox.
			if (roots === undefined) return { roots: [...quotas.keys()], quotas: reported };
			const named = roots;
			const own = reported.filter(({ root }) => named.has(root));
			if (own.length > 0) return { roots: [...named], quotas: own };
			const spelled = new Set([...named].map((root) => root.toLowerCase()));
			const misspelled = [...reported, ...others.values()].filter(({ root }) =>
				spelled.has(root.toLowerCase()),
			);
			return { roots: [...named], quotas: misspelled };
		},
	};
}
