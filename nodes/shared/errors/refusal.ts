import { Imap4Error } from '../../../engine/index';
import { UserError } from './user-error';

/**
 * What `work` gives, or the server's refusal (NO): then nothing was done, and there may be another way.
 * @throws whatever else `work` fails with
 */
export async function orRefusal<Result>(work: Promise<Result>): Promise<Result | Imap4Error> {
	try {
		return await work;
	} catch (error) {
		if (error instanceof Imap4Error && error.code === 'NO') return error;
		throw error;
	}
}

/**
 * For a change that is worth trying and no more.
 * @returns why `work` was refused, by the server or here, in which case nothing was changed
 * @throws whatever else `work` fails with
 */
export async function reasonAgainst(work: Promise<unknown>): Promise<string | undefined> {
	try {
		await work;
		return undefined;
	} catch (error) {
		if (error instanceof UserError) return error.message;
		const isRefusal =
			error instanceof Imap4Error && (error.code === 'NO' || error.code === 'READ_ONLY');
		if (isRefusal) return error.message;
		throw error;
	}
}

/**
 * What `work` gives, or what `other` gives where the server does not understand `work` (BAD): a proxy may announce
 * what only the server behind it can do.
 * @throws whatever else `work` fails with
 */
export async function orOtherwise<Result>(
	work: Promise<Result>,
	other: () => Promise<Result>,
): Promise<Result> {
	try {
		return await work;
	} catch (error) {
		if (error instanceof Imap4Error && error.code === 'BAD') return other();
		throw error;
	}
}

/** Refusals that hold for every other message too. */
const FOR_ALL = new Set(['OVERQUOTA', 'NOPERM', 'TRYCREATE', 'NONEXISTENT', 'READ-ONLY']);

/**
 * What `work`, which stores a message, gives, or the error where only that message is refused.
 * @throws whatever else `work` fails with
 */
export async function orRefusedMessage<Result>(
	work: Promise<Result>,
): Promise<Result | Imap4Error> {
	try {
		return await work;
	} catch (error) {
		if (!(error instanceof Imap4Error) || FOR_ALL.has(error.responseCode ?? '')) throw error;
		if (error.code === 'NO' || error.code === 'BAD' || error.code === 'TOO_LARGE') return error;
		throw error;
	}
}
