/**
 * COPY, MOVE and APPEND fail because of the mailbox that they store in as often as because of the one that is open.
 * An error keeps the name of the former, since servers often leave it out.
 */
const destinations = new WeakMap<Error, string>();

/** What `work` gives; an error that it throws is one about storing in `destination`. */
export async function storing<Result>(destination: string, work: Promise<Result>): Promise<Result> {
	try {
		return await work;
	} catch (error) {
		if (error instanceof Error) destinations.set(error, destination);
		throw error;
	}
}

/** @returns undefined for an error about something else */
export function destinationOf(error: unknown): string | undefined {
	return error instanceof Error ? destinations.get(error) : undefined;
}
