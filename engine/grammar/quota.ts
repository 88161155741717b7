import type { Reader } from '../wire/reader';
import type { MailboxNames } from './mailbox-name';
import { nameBeforeList, readMailboxName } from './unquoted-name';

/** A resource with a limit (RFC 9208 §5): STORAGE counts units of 1024 octets, MESSAGE messages. */
export interface QuotaResource {
	/** In upper case: `STORAGE`, `MESSAGE`, `MAILBOX`, `ANNOTATION-STORAGE` … */
	name: string;
	/** How much of it is used. */
	usage: number;
	/** null where the server reports one that is no limit: -1, or the largest number there is. */
	limit: number | null;
}

/** Usage and limits of one quota root (RFC 9208 §4.2.1). */
export interface Quota {
	/** Name of the quota root; often empty. */
	root: string;
	/** Empty where nothing is limited. */
	resources: QuotaResource[];
}

/** The quota roots of one mailbox (RFC 9208 §4.2.2). */
export interface QuotaRoots {
	/** The mailbox's name. */
	mailbox: string;
	/** Names of the quota roots. */
	roots: string[];
}

/**
 * QUOTA (RFC 9208 §4.2.1). Courier leaves the parentheses out where there is no limit; other servers
 * write too many of them, or NIL.
 */
export function readQuota(reader: Reader): Quota {
	const quota: Quota = { root: rootName(reader), resources: [] };
	reader.skipSpaces();
	if (reader.nil()) return quota;
	for (reader.parentheses(); !reader.done; reader.parentheses()) {
		const name = reader.string().toUpperCase();
		reader.parentheses();
		const usage = atAmount(reader) ? (amount(reader) ?? 0) : 0;
		reader.skipSpaces();
		quota.resources.push({ name, usage, limit: atAmount(reader) ? amount(reader) : null });
	}
	return quota;
}

/** Some servers leave out the quotes of a name with spaces. */
function rootName(reader: Reader): string {
	if (reader.atDelimited) return reader.string();
	if (reader.peek() === 0x28) return '';
	if (reader.hasAnother(0x28)) return nameBeforeList(reader);
	const words = reader.rest().trim();
	return (/ nil$/i.test(words) ? words.slice(0, -4) : words).trim();
}

/** Whether a number is next, however it is written, and not the name of the next resource. */
function atAmount(reader: Reader): boolean {
	const { at, level } = reader;
	const isNumeric = reader.atDelimited && /^[-+.\d]/.test(reader.string());
	const isNil = !isNumeric && reader.nil();
	reader.reset(at, level);
	const next = reader.peek();
	const isSigned = next === 0x2b || next === 0x2d || next === 0x2e;
	return isNumeric || isNil || isSigned || reader.atNumber;
}

/** Beyond what a number holds exactly it is no amount that anybody has, and no limit. */
function amount(reader: Reader): number | null {
	const value = Math.round(Number(reader.nstring() ?? NaN));
	return Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/** QUOTAROOT (RFC 9208 §4.2.2) */
export function readQuotaRoots(reader: Reader, names: MailboxNames): QuotaRoots {
	const roots: QuotaRoots = { mailbox: readMailboxName(reader, names), roots: [] };
	for (reader.parentheses(); !reader.done; reader.parentheses()) {
		if (!reader.nil()) roots.roots.push(reader.string());
	}
	return roots;
}
