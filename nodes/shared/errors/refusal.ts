import { Imap4Error } from '../../../engine/index';

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
