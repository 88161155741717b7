/** What can happen to the mail of an account, on the in-memory server and on others. */
import { setTimeout as sleep } from 'node:timers/promises';
import { UidSet } from '../../../../engine/index';
import type { Imap4 } from '../../../../engine/index';
import type { MemoryServer } from '../../../server';
import type { Account } from '../../../server/store/account';
import type { StoredMessage } from '../../../server/store/mailbox';
import { mail } from '../../run-node';

export interface World {
	/** @returns the UIDVALIDITY */
	create(name: string): Promise<number>;
	delete(name: string): Promise<void>;
	rename(from: string, to: string): Promise<void>;
	/** @returns the UID */
	append(name: string, subject: string): Promise<number>;
	remove(name: string, uid: number): Promise<void>;
	/** @returns the UID in the other mailbox */
	move(name: string, uid: number, to: string): Promise<number>;
	setFlags(name: string, uid: number, flags: readonly string[]): Promise<void>;
	/** Gives the mailbox another UIDVALIDITY, where the server can do so. @returns the new one */
	renumber?(name: string): Promise<number>;
}

export class MemoryWorld implements World {
	private uidValidity = 3_000_000_000;
	private readonly account: Account;

	constructor(server: MemoryServer, user: string) {
		this.account = server.account(user);
	}

	create(name: string): Promise<number> {
		const known = this.account.find(name);
		return Promise.resolve((known ?? this.account.create(name)).uidValidity);
	}

	delete(name: string): Promise<void> {
		return Promise.resolve(this.account.delete(name));
	}

	rename(from: string, to: string): Promise<void> {
		return Promise.resolve(this.account.rename(from, to));
	}

	append(name: string, subject: string): Promise<number> {
		return Promise.resolve(this.account.mailbox(name).append(mail(subject)).uid);
	}

	remove(name: string, uid: number): Promise<void> {
		return Promise.resolve(this.account.mailbox(name).remove(new Set([this.find(name, uid)])));
	}

	move(name: string, uid: number, to: string): Promise<number> {
		const message = this.find(name, uid);
		const added = this.account.mailbox(to).add(message);
		this.account.mailbox(name).remove(new Set([message]));
		return Promise.resolve(added.uid);
	}

	setFlags(name: string, uid: number, flags: readonly string[]): Promise<void> {
		const message = this.find(name, uid);
		return Promise.resolve(this.account.mailbox(name).setFlags(message, flags));
	}

	renumber(name: string): Promise<number> {
		const mailbox = this.account.mailbox(name);
		mailbox.uidValidity = this.uidValidity++;
		return Promise.resolve(mailbox.uidValidity);
	}

	private find(name: string, wanted: number): StoredMessage {
		const found = this.account.mailbox(name).messages.find(({ uid }) => uid === wanted);
		if (!found) throw new Error(`There is no message with UID ${wanted} in ${name}`);
		return found;
	}
}

export class ImapWorld implements World {
	constructor(private readonly imap: Imap4) {}

	async create(name: string): Promise<number> {
		if (name !== 'INBOX') await this.imap.createMailbox(name);
		const { uidValidity = 0 } = await this.imap.status(name, ['uidValidity']);
		return uidValidity;
	}

	async delete(name: string): Promise<void> {
		if (this.imap.mailbox) await this.imap.selected.close();
		try {
			await this.imap.deleteMailbox(name);
		} catch (error) {
			if (!/already exists/i.test(String(error))) throw error;
			// Cyrus keeps what was deleted under its name and the second: twice in one it cannot be.
			await sleep(1001);
			await this.imap.deleteMailbox(name);
		}
	}

	async rename(from: string, to: string): Promise<void> {
		if (this.imap.mailbox) await this.imap.selected.close();
		await this.imap.renameMailbox(from, to);
	}

	async append(name: string, subject: string): Promise<number> {
		const stored = await this.imap.append(name, mail(subject));
		return stored?.uid ?? 0;
	}

	async remove(name: string, uid: number): Promise<void> {
		await this.imap.open(name);
		await this.imap.selected.store(UidSet.from(uid), '+FLAGS', ['\\Deleted'], { silent: true });
		await this.imap.selected.expunge(UidSet.from(uid));
	}

	async move(name: string, uid: number, to: string): Promise<number> {
		await this.imap.open(name);
		const moved = await this.imap.selected.move(UidSet.from(uid), to);
		const uids: ReadonlyMap<number, number> | undefined = moved.copied?.uids;
		return uids?.get(uid) ?? 0;
	}

	async setFlags(name: string, uid: number, flags: readonly string[]): Promise<void> {
		await this.imap.open(name);
		await this.imap.selected.store(UidSet.from(uid), 'FLAGS', flags, { silent: true });
	}
}
