/**
 * What every message carries from node to node: `{ mailbox, uidValidity, uid, account }`. A UID means
 * the same message for ever, as long as the mailbox keeps its UIDVALIDITY (RFC 9051 §2.3.1.1). Two
 * accounts can have mailboxes of the same name and UIDVALIDITY, so the account is part of it.
 */
import type { IDataObject } from 'n8n-workflow';
import { UserError } from '../errors/user-error';

export interface MessageReference extends ReferencedMailbox {
	uid: number;
}

/** Where the message is. */
export interface ReferencedMailbox {
	mailbox: string;
	/** Undefined where the server knows none, so that it can't be checked. */
	uidValidity: number | undefined;
	/** The account's `url`; undefined in references from earlier versions or made by hand, which can't be checked. */
	account: string | undefined;
}

/** The message of a reference was moved or deleted. */
export class MessageGoneError extends UserError {}

/** @throws UserError if the item carries no reference */
export function readReference(json: IDataObject): MessageReference {
	const { mailbox, uid, uidValidity, account } = json;
	if (mailbox === undefined || mailbox === null || mailbox === '' || uid === undefined) {
		throw noReference(json);
	}
	if (uid === null) {
		throw new UserError(
			'The UID of this message is not known: the server did not report it when the message was stored, copied or moved',
			'Find the message again, for example by "Get Many" with the filter "Message ID".',
		);
	}
	if (typeof mailbox !== 'string') throw notPassedOn('mailbox', mailbox, 'the name of a mailbox');
	if (!isUid(uid)) throw notPassedOn('uid', uid, 'a UID, a whole number from 1 to 4294967295');
	if (uidValidity !== undefined && uidValidity !== null && !isUidValidity(uidValidity)) {
		const meant = 'a UIDVALIDITY, a whole number up to 4294967295';
		throw notPassedOn('uidValidity', uidValidity, meant);
	}
	if (
		account !== undefined &&
		account !== null &&
		(typeof account !== 'string' || account === '')
	) {
		throw new UserError(
			'The field "account" of the item does not name an account',
			'Pass it on unchanged, or remove it.',
		);
	}
	return {
		mailbox,
		uid: Number(uid),
		uidValidity: isUidValidity(uidValidity) ? Number(uidValidity) : undefined,
		account: typeof account === 'string' ? account : undefined,
	};
}

/** Says what the item is, where it is not a message. */
function noReference(json: IDataObject): UserError {
	if (json.dryRun === true) {
		return new UserError(
			'The item is the report of a dry run, which returns no messages',
			'Connect this node to the node in front of the dry run, or turn off "Dry Run" there.',
		);
	}
	if (json.error !== undefined) {
		return new UserError(
			'The item is the error of an earlier node, not a message',
			'Set "On Error" of that node to "Continue (using error output)", so that only what succeeded comes here.',
		);
	}
	if (Object.keys(json).length === 0) {
		return new UserError(
			'The item is empty, so it has no message reference',
			'An earlier node has found nothing, and returns an empty item because of "Always Output Data": let an If node lead it around this one. Otherwise connect "Get Many" of IMAP4 Message to this node, or choose the messages "By UID Set" or "By Search".',
		);
	}
	return new UserError(
		'The item has no message reference: it needs the fields "mailbox", "uidValidity" and "uid"',
		'Connect the output of "Get Many" of IMAP4 Message to this node, or choose the messages "By UID Set" or "By Search". If a node in between drops fields or puts many items into one, keep the three fields, or split the items again.',
	);
}

const notPassedOn = (field: string, value: unknown, meant: string): UserError =>
	new UserError(
		`${String(JSON.stringify(value)).slice(0, 80)} in the field "${field}" of the item is not ${meant}`,
		Array.isArray(value)
			? 'A node in between, such as Aggregate, puts many items into one. Split them again, for example with Split Out, or connect this node before it.'
			: 'Pass on the fields "mailbox", "uidValidity" and "uid" unchanged.',
	);

/** From 1 to 2^32-1; a number that became text on its way counts as well. */
export function isUid(value: unknown): value is number | string {
	return isUidValidity(value) && Number(value) >= 1;
}

/** From 0: some servers report 0, against RFC 9051 §2.3.1.1, and never change it. */
export function isUidValidity(value: unknown): value is number | string {
	if (typeof value !== 'number' && !(typeof value === 'string' && /^\d+$/.test(value)))
		return false;
	const number = Number(value);
	return Number.isInteger(number) && number >= 0 && number <= 0xffffffff;
}

/** The address that an account logs in with; undefined if its user's name is none. @param url of the account */
export function userOf(url: string): string | undefined {
	const user = /^imap:\/\/([^@/]+)@/.exec(url)?.[1];
	const name = user === undefined ? '' : decodeURIComponent(user);
	return name.includes('@') ? name : undefined;
}

/** @throws UserError if the reference is to a message of another account */
export function checkAccount({ account }: MessageReference, url: string): void {
	if (account === undefined || account.toLowerCase() === url.toLowerCase()) return;
	throw new UserError(
		`The message belongs to the account ${account.slice(0, 200)}, but this node uses ${url}. Nothing was changed.`,
		'Select the credential of that account in this node, or connect this node to one that uses the same account.',
	);
}

/** @throws UserError if the reference is to an earlier life of the mailbox, or does not say to which */
export function checkUidValidity(
	reference: Pick<MessageReference, 'mailbox' | 'uidValidity' | 'uid'>,
	current: number | undefined,
): void {
	const { mailbox, uidValidity, uid } = reference;
	if (current === undefined || uidValidity === current) return;
	// A reference names no UIDVALIDITY that is 0, which some servers report.
	if (uidValidity === undefined && current === 0) return;
	if (uidValidity === undefined) {
		throw new UserError(
			`The message reference has no uidValidity, so the UID ${uid} could be another message of the mailbox "${mailbox}" by now`,
			'Pass on the field "uidValidity" as well, together with "mailbox" and "uid". In Edit Fields (Set), "Include Other Input Fields" does that.',
		);
	}
	throw new UserError(
		`The UID ${uid} belongs to UIDVALIDITY ${uidValidity}, but the mailbox "${mailbox}" now has UIDVALIDITY ${current}: the UIDs changed, and this one may be another message now`,
		'Get the messages again. UIDVALIDITY changes when a mailbox was deleted and created again, or restored.',
	);
}
