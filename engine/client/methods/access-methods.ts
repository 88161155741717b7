import { deleteAcl } from '../../commands/acl/delete-acl';
import { getAcl } from '../../commands/acl/get-acl';
import { listRights } from '../../commands/acl/list-rights';
import { myRights } from '../../commands/acl/my-rights';
import { setAcl } from '../../commands/acl/set-acl';
import { getAnnotation } from '../../commands/annotation/get-annotation';
import type { MailboxMetadata, MetadataOptions } from '../../commands/annotation/get-metadata';
import { getMetadata } from '../../commands/annotation/get-metadata';
import { setAnnotation } from '../../commands/annotation/set-annotation';
import { setMetadata } from '../../commands/annotation/set-metadata';
import type { MailboxQuota } from '../../commands/quota/get-quota-root';
import { getQuotaRoot } from '../../commands/quota/get-quota-root';
import { getQuota } from '../../commands/quota/get-quota';
import { setQuota } from '../../commands/quota/set-quota';
import type { AccessEntry, PossibleRights } from '../../grammar/acl';
import type { Annotation } from '../../grammar/annotation';
import type { Quota } from '../../grammar/quota';
import { SessionMethods } from './session-methods';

/** Access control lists, quotas, annotations: RFC 4314, RFC 9208, RFC 5464 and its forerunner. */
export abstract class AccessMethods extends SessionMethods {
	/** GETACL (RFC 4314 §3.3); needs ACL, as do the four that follow. */
	async getAcl(mailbox: string): Promise<AccessEntry[]> {
		return this.session.run(getAcl(mailbox));
	}

	/** SETACL (RFC 4314 §3.1). @param rights letters; `+` in front adds, `-` takes away */
	async setAcl(mailbox: string, identifier: string, rights: string): Promise<void> {
		return this.session.run(setAcl(mailbox, identifier, rights));
	}

	/** DELETEACL (RFC 4314 §3.2) */
	async deleteAcl(mailbox: string, identifier: string): Promise<void> {
		return this.session.run(deleteAcl(mailbox, identifier));
	}

	/** MYRIGHTS (RFC 4314 §3.5). @returns one letter a right */
	async myRights(mailbox: string): Promise<string> {
		return this.session.run(myRights(mailbox));
	}

	/** LISTRIGHTS (RFC 4314 §3.4) */
	async listRights(mailbox: string, identifier: string): Promise<PossibleRights> {
		return this.session.run(listRights(mailbox, identifier));
	}

	/** GETQUOTA (RFC 9208 §4.1.1); needs QUOTA, as do the two that follow. */
	async getQuota(root = ''): Promise<Quota> {
		return this.session.run(getQuota(root));
	}

	/** GETQUOTAROOT (RFC 9208 §4.1.2): all that limits a mailbox. */
	async getQuotaRoot(mailbox = 'INBOX'): Promise<MailboxQuota> {
		return this.session.run(getQuotaRoot(mailbox));
	}

	/**
	 * SETQUOTA (RFC 9208 §4.1.3).
	 * @param limits by resource, STORAGE in units of 1024 octets; resources not named lose their limit
	 * @returns the new state, if the server tells it
	 */
	async setQuota(
		root: string,
		limits: Readonly<Record<string, number>>,
	): Promise<Quota | undefined> {
		return this.session.run(setQuota(root, limits));
	}

	/** GETANNOTATION (draft-daboo-imap-annotatemore-08); needs ANNOTATEMORE, as does the next. */
	async getAnnotation(
		mailbox: string,
		entry: string | string[],
		attribute: string | string[],
	): Promise<Annotation[]> {
		return this.session.run(getAnnotation(mailbox, [entry].flat(), [attribute].flat()));
	}

	/** SETANNOTATION. @param attributes e.g. `{ 'value.priv': 'text' }`; null deletes */
	async setAnnotation(
		mailbox: string,
		entry: string,
		attributes: Readonly<Record<string, string | null>>,
	): Promise<void> {
		return this.session.run(setAnnotation(mailbox, entry, attributes));
	}

	/** GETMETADATA (RFC 5464 §4.2); needs METADATA. @param mailbox empty for the server's own */
	async getMetadata(
		mailbox: string,
		entry: string | string[],
		options: MetadataOptions = {},
	): Promise<MailboxMetadata> {
		return this.session.run(getMetadata(mailbox, [entry].flat(), options));
	}

	/** SETMETADATA (RFC 5464 §4.3). @param values by entry; null deletes */
	async setMetadata(
		mailbox: string,
		values: Readonly<Record<string, string | null>>,
	): Promise<void> {
		return this.session.run(setMetadata(mailbox, values));
	}
}
