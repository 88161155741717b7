import type { Reader } from '../wire/reader';
import type { MailboxNames } from './mailbox-name';

/** A resource with a limit (RFC 9208 §5): STORAGE counts units of 1024 octets, MESSAGE messages. */
export interface QuotaResource {
	/** In upper case: `STORAGE`, `MESSAGE`, `MAILBOX`, `ANNOTATION-STORAGE` … */
	name: string;
	usage: number;
	limit: number;
}

export interface Quota {
	/** Name of the quota root; often empty. */
	root: string;
	/** Empty where nothing is limited. */
	resources: QuotaResource[];
}

export interface QuotaRoots {
	mailbox: string;
	roots: string[];
}

/** QUOTA (RFC 9208 §4.2.1). Courier leaves the parentheses out where there is no limit. */
export function readQuota(reader: Reader): Quota {
	const quota: Quota = { root: reader.string(), resources: [] };
	reader.blanks();
	if (reader.done) return quota;
	reader.enter();
	while (!reader.leave()) {
		const name = reader.string().toUpperCase();
		reader.blanks();
		const usage = reader.number();
		reader.blanks();
		quota.resources.push({ name, usage, limit: reader.number() });
	}
	return quota;
}

/** QUOTAROOT (RFC 9208 §4.2.2) */
export function readQuotaRoots(reader: Reader, names: MailboxNames): QuotaRoots {
	const roots: QuotaRoots = { mailbox: names.decode(reader.string()), roots: [] };
	for (reader.blanks(); !reader.done; reader.blanks()) roots.roots.push(reader.string());
	return roots;
}
