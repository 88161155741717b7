import { Imap4AbortError, Imap4Error } from '../../errors';
import type { AnySet } from '../../grammar/message-set';

/**
 * Runs a command for each part of a set that is too long for one. If the server refuses some of them, the error
 * says how many messages of the others are done: repeating the whole would do these twice.
 *
 * @param done what they are then, e.g. `copied`
 */
export async function inParts<Part extends AnySet, Result>(
	parts: readonly Part[],
	done: string,
	run: (part: Part) => Promise<Result>,
): Promise<Result[]> {
	const outcomes = await Promise.allSettled(parts.map(run));
	const refused = outcomes.find((outcome) => outcome.status === 'rejected');
	if (!refused) {
		return outcomes.map((outcome) => (outcome as PromiseFulfilledResult<Result>).value);
	}
	const error = refused.reason as Error;
	const count = parts
		.filter((_part, index) => outcomes[index]?.status === 'fulfilled')
		.reduce((sum, { size }) => sum + size, 0);
	// An error of the connection is that of all its commands.
	if (count > 0 && error instanceof Imap4Error && !(error instanceof Imap4AbortError)) {
		const total = parts.reduce((sum, { size }) => sum + size, 0);
		error.message += ` (${count} of ${total} messages were ${done})`;
	}
	throw error;
}
