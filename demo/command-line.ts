/** What the two demonstrations have in common in reading their command lines. */
import { parseArgs, type ParseArgsConfig } from 'node:util';

/** What a user did not say right: the message is all they need. */
export class UsageError extends Error {}

/**
 * The options that are given.
 *
 * @param seeHelp where the user finds them described
 * @throws {UsageError} one line that says what is wrong
 */
export function optionsOf<Options extends NonNullable<ParseArgsConfig['options']>>(
	argv: readonly string[],
	options: Options,
	seeHelp: string,
) {
	try {
		return parseArgs({ args: [...argv], options }).values;
	} catch (error) {
		// Its first sentence says what is wrong, the rest which other ways of calling there are.
		const [what] = (error as Error).message.split(/\.? (?=To specify)|\n/);
		throw new UsageError(`${what}. ${seeHelp}`);
	}
}

/** @throws {UsageError} */
export function readPort(text: string): number {
	if (/^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65535) return Number(text);
	throw new UsageError(`--port takes a number from 1 to 65535, not "${text}"`);
}
