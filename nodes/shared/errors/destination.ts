/**
 * COPY, MOVE and APPEND fail because of the mailbox that they store in as often as because of the one that is open.
 * An error keeps the name of the former, since servers often leave it out; and, where that is in another account, which
 * one, since two credentials are in use then.
 */
export interface Destination {
	/** Undefined for an error about the account as a whole, such as its login. */
	mailbox?: string;
	/** The `url` of another account. */
	account?: string;
}

const destinations = new WeakMap<Error, Destination>();

/**
 * What `work` gives; an error that it throws is one about storing in `mailbox`.
 * @param account the `url` of the other account that the mailbox is in
 */
export async function storing<Result>(
	mailbox: string,
	work: Promise<Result>,
	account?: string,
): Promise<Result> {
	try {
		return await work;
	} catch (error) {
		throw noted(error, account === undefined ? { mailbox } : { mailbox, account });
	}
}

/** @param account the `url` of the other account that the error is about */
export const ofAccount = (account: string, error: unknown): unknown => noted(error, { account });

function noted(error: unknown, destination: Destination): unknown {
	if (error instanceof Error) destinations.set(error, destination);
	return error;
}

/** @returns undefined for an error about something else */
export function destinationOf(error: unknown): Destination | undefined {
	return error instanceof Error ? destinations.get(error) : undefined;
}

/** @returns `error`, about the same destination as its cause */
export function withDestinationOf<One extends Error>(cause: unknown, error: One): One {
	const destination = destinationOf(cause);
	if (destination) destinations.set(error, destination);
	return error;
}
