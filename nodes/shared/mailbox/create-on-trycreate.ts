/** "Create Mailbox If Missing": by the server's word that it would work after a CREATE. */
import type { INodeProperties } from 'n8n-workflow';
import { Imap4Error, type Imap4 } from '../../../engine/index';

export const createIfMissingProperty: INodeProperties = {
	displayName: 'Create Mailbox If Missing',
	name: 'createIfMissing',
	type: 'boolean',
	default: false,
	description:
		'Whether to create the target mailbox if the server says that it does not exist (TRYCREATE)',
};

/** The target mailboxes of one run; each is created once, however many commands miss it. */
export class MissingMailboxes {
	private readonly creations = new Map<string, Promise<boolean>>();

	constructor(private readonly imap: Imap4) {}

	/**
	 * Runs `work`; if the server refuses it because `mailbox` is missing, creates that and runs it
	 * again. A refused COPY, MOVE or APPEND has changed nothing (RFC 9051 §6.3.12, §6.4.7).
	 * @returns also whether the mailbox was created
	 */
	async creating<Result>(
		mailbox: string,
		allowed: boolean,
		work: () => Promise<Result>,
	): Promise<{ result: Result; created: boolean }> {
		try {
			return { result: await work(), created: false };
		} catch (error) {
			if (!allowed || !saysMissing(error)) throw error;
		}
		const creation = this.creations.get(mailbox) ?? create(this.imap, mailbox);
		this.creations.set(mailbox, creation);
		const created = await creation;
		return { result: await work(), created };
	}
}

function saysMissing(error: unknown): boolean {
	// NONEXISTENT is what some servers say in place of TRYCREATE (RFC 5530 §3).
	return (
		error instanceof Imap4Error &&
		(error.responseCode === 'TRYCREATE' || error.responseCode === 'NONEXISTENT')
	);
}

/** @returns false if someone else was faster */
async function create(imap: Imap4, mailbox: string): Promise<boolean> {
	try {
		await imap.create(mailbox);
		return true;
	} catch (error) {
		if (error instanceof Imap4Error && error.responseCode === 'ALREADYEXISTS') return false;
		throw error;
	}
}
