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
import type { CommandOptions } from '../messages';
import { SessionMethods } from './session-methods';

/** Access control lists, quotas, annotations: RFC 4314, RFC 9208, RFC 5464 and its forerunner. */
export abstract class AccessMethods extends SessionMethods {
	/**
	 * GETACL (RFC 4314 §3.3); needs ACL, as do the four that follow.
	 * @example
	 * for (const { identifier, rights } of await imap.getAcl('Archive')) console.log(identifier, rights);
	 */
	async getAcl(mailbox: string, options: CommandOptions = {}): Promise<AccessEntry[]> {
		return this.session.run(getAcl(mailbox), options);
	}

	/**
	 * SETACL (RFC 4314 §3.1).
	 * @param rights letters; `+` in front adds, `-` takes away
	 * @example
	 * await imap.setAcl('Archive', 'bob@example.com', 'lrs');
	 * await imap.setAcl('Archive', 'bob@example.com', '+i'); // may add messages too
	 */
	async setAcl(
		mailbox: string,
		identifier: string,
		rights: string,
		options: CommandOptions = {},
	): Promise<void> {
		return this.session.run(setAcl(mailbox, identifier, rights), options);
	}

	/**
	 * DELETEACL (RFC 4314 §3.2)
	 * @example
	 * await imap.setAcl('Archive', 'bob@example.com', 'lrs');
	 * await imap.deleteAcl('Archive', 'bob@example.com');
	 */
	async deleteAcl(
		mailbox: string,
		identifier: string,
		options: CommandOptions = {},
	): Promise<void> {
		return this.session.run(deleteAcl(mailbox, identifier), options);
	}

	/**
	 * MYRIGHTS (RFC 4314 §3.5).
	 * @returns one letter a right
	 * @example
	 * const mayExpunge = (await imap.myRights('INBOX')).includes('e');
	 */
	async myRights(mailbox: string, options: CommandOptions = {}): Promise<string> {
		return this.session.run(myRights(mailbox), options);
	}

	/**
	 * LISTRIGHTS (RFC 4314 §3.4)
	 * @example
	 * const { optional } = await imap.listRights('Archive', 'bob@example.com');
	 */
	async listRights(
		mailbox: string,
		identifier: string,
		options: CommandOptions = {},
	): Promise<PossibleRights> {
		return this.session.run(listRights(mailbox, identifier), options);
	}

	/**
	 * GETQUOTA (RFC 9208 §4.1.1); needs QUOTA, as do the two that follow.
	 * @example
	 * const { resources } = await imap.getQuota('');
	 * resources.find(({ name }) => name === 'STORAGE')?.usage; // in units of 1024 bytes
	 */
	async getQuota(root = '', options: CommandOptions = {}): Promise<Quota> {
		return this.session.run(getQuota(root), options);
	}

	/**
	 * GETQUOTAROOT (RFC 9208 §4.1.2): all that limits a mailbox.
	 * @example
	 * const { quotas } = await imap.getQuotaRoot('INBOX');
	 */
	async getQuotaRoot(mailbox = 'INBOX', options: CommandOptions = {}): Promise<MailboxQuota> {
		return this.session.run(getQuotaRoot(mailbox), options);
	}

	/**
	 * SETQUOTA (RFC 9208 §4.1.3).
	 * @param limits by resource, STORAGE in units of 1024 octets; resources not named lose their limit
	 * @returns the new state, if the server returns it
	 * @example
	 * await imap.setQuota('', { STORAGE: 1024 * 1024, MESSAGE: 100_000 }); // 1 GB
	 */
	async setQuota(
		root: string,
		limits: Readonly<Record<string, number>>,
		options: CommandOptions = {},
	): Promise<Quota | undefined> {
		return this.session.run(setQuota(root, limits), options);
	}

	/**
	 * GETANNOTATION (draft-daboo-imap-annotatemore-08); needs ANNOTATEMORE, as does the next.
	 * @example
	 * const [annotation] = await imap.getAnnotation('INBOX', '/comment', 'value.priv');
	 */
	async getAnnotation(
		mailbox: string,
		entry: string | string[],
		attribute: string | string[],
		options: CommandOptions = {},
	): Promise<Annotation[]> {
		return this.session.run(getAnnotation(mailbox, [entry].flat(), [attribute].flat()), options);
	}

	/**
	 * SETANNOTATION.
	 * @param attributes e.g. `{ 'value.priv': 'text' }`; null deletes
	 * @example
	 * await imap.setAnnotation('INBOX', '/comment', { 'value.priv': 'Read every morning' });
	 */
	async setAnnotation(
		mailbox: string,
		entry: string,
		attributes: Readonly<Record<string, string | null>>,
		options: CommandOptions = {},
	): Promise<void> {
		return this.session.run(setAnnotation(mailbox, entry, attributes), options);
	}

	/**
	 * GETMETADATA (RFC 5464 §4.2); needs METADATA.
	 * @param mailbox empty for the server's own
	 * @example
	 * const { values } = await imap.getMetadata('INBOX', '/private/comment');
	 * values['/private/comment']; // null if there is none
	 */
	async getMetadata(
		mailbox: string,
		entry: string | string[],
		{ signal, ...options }: CommandOptions & MetadataOptions = {},
	): Promise<MailboxMetadata> {
		return this.session.run(getMetadata(mailbox, [entry].flat(), options), { signal });
	}

	/**
	 * SETMETADATA (RFC 5464 §4.3).
	 * @param values by entry; null deletes
	 * @example
	 * await imap.setMetadata('INBOX', { '/private/comment': 'Read every morning' });
	 */
	async setMetadata(
		mailbox: string,
		values: Readonly<Record<string, string | null>>,
		options: CommandOptions = {},
	): Promise<void> {
		return this.session.run(setMetadata(mailbox, values), options);
	}
}
