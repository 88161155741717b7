import type { Reader } from '../wire/reader';
import type { MailboxNames } from './mailbox-name';

/** A resource with a limit (RFC 9208 §5): STORAGE counts units of 1024 octets, MESSAGE messages. */
export interface QuotaResource {
	/** In upper case: `STORAGE`, `MESSAGE`, `MAILBOX`, `ANNOTATION-STORAGE` … */
	name: string;
	usage: number;
	/** null where the server reports one that is no limit: -1, or the largest number there is. */
	limit: number | null;
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
	const quota: Quota = { root: rootName(reader), resources: [] };
	reader.blanks();
	if (reader.done) return quota;
	reader.enter();
	while (!reader.leave() && !reader.done) {
		const name = reader.string().toUpperCase();
		reader.blanks();
		const usage = amount(reader) ?? 0;
		reader.blanks();
		quota.resources.push({ name, usage, limit: amount(reader) });
	}
	return quota;
}

/** Courier leaves out the list, other servers the quotes of a name with blanks. */
function rootName(reader: Reader): string {
	if (reader.atDelimited) return reader.string();
	return reader.textBeforeLast(0x28) ?? reader.rest().trim();
}

/** Beyond what a number holds exactly it is no amount that anybody has, and no limit. */
function amount(reader: Reader): number | null {
	if (reader.done || reader.peek() === 0x29) return null;
	const value = Number(reader.string());
	return Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/** QUOTAROOT (RFC 9208 §4.2.2) */
export function readQuotaRoots(reader: Reader, names: MailboxNames): QuotaRoots {
	const roots: QuotaRoots = { mailbox: names.decode(reader.string()), roots: [] };
	for (reader.blanks(); !reader.done; reader.blanks()) roots.roots.push(reader.string());
	return roots;
}
