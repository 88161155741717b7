/**
 * What every message carries from node to node: `{ mailbox, uidValidity, uid }`. A UID means the same
 * message for ever, as long as the mailbox keeps its UIDVALIDITY (RFC 9051 §2.3.1.1).
 */
import type { IDataObject } from 'n8n-workflow';
import { UserError } from '../errors/user-error';

export interface MessageReference {
	mailbox: string;
	/** Undefined where the server knows none, so that it can't be checked. */
	uidValidity: number | undefined;
	uid: number;
}

/** @throws UserError if the item carries no reference */
export function readReference(json: IDataObject): MessageReference {
	const { mailbox, uid, uidValidity } = json;
	if (typeof mailbox !== 'string' || mailbox === '' || !isNumber(uid)) {
		throw new UserError(
			'The item carries no message reference: it needs the fields "mailbox", "uidValidity" and "uid"',
			'Feed this node with the output of "Get Many" of IMAP4 Message, or choose the messages "By UID Set" or "By Search".',
		);
	}
	if (uidValidity !== undefined && uidValidity !== null && !isNumber(uidValidity)) {
		throw new UserError(
			'The field "uidValidity" of the item is no UIDVALIDITY: a whole number from 1',
		);
	}
	return {
		mailbox,
		uid: Number(uid),
		uidValidity: isNumber(uidValidity) ? Number(uidValidity) : undefined,
	};
}

/** From 1 to 2^32-1; a number that became text on its way counts as well. */
function isNumber(value: unknown): value is number | string {
	if (typeof value !== 'number' && !(typeof value === 'string' && /^\d+$/.test(value)))
		return false;
	const number = Number(value);
	return Number.isInteger(number) && number >= 1 && number <= 0xffffffff;
}

/** @throws UserError if the reference is to an earlier life of the mailbox */
export function checkUidValidity(reference: MessageReference, current: number | undefined): void {
	const { mailbox, uidValidity, uid } = reference;
	if (uidValidity === undefined || current === undefined || uidValidity === current) return;
	throw new UserError(
		`The UID ${uid} belongs to UIDVALIDITY ${uidValidity}, but the mailbox "${mailbox}" now has UIDVALIDITY ${current}: its messages were numbered anew, and this UID may be another message`,
		'Get the messages anew. A mailbox is numbered anew mostly because it was deleted and made again, or restored.',
	);
}
