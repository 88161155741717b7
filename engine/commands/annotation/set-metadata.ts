import type { Command } from '../command';
import { plainCommand } from '../command';
import { Imap4Error } from '../../errors';
import { astring, list, raw, string } from '../../wire/writer';
import { annotatedMailbox } from './get-annotation';
import { checkEntry, needMetadata } from './get-metadata';

/**
 * SETMETADATA (RFC 5464 §4.3).
 * @param values by entry; null deletes
 * @throws Imap4Error ARGUMENT
 */
export function setMetadata(
	name: string,
	values: Readonly<Record<string, string | null>>,
): Command<void> {
	const pairs = Object.entries(values);
	if (pairs.length === 0) throw new Imap4Error('ARGUMENT', 'SETMETADATA needs at least one entry');
	return {
		...plainCommand('SETMETADATA', [
			annotatedMailbox(name),
			list(
				pairs.flatMap(([entry, value]) => [
					astring(checkEntry(entry)),
					value === null ? raw('NIL') : string(value),
				]),
			),
		]),
		beforeSend: ({ capabilities }) =>
			needMetadata(name, (one) => capabilities.has(one), 'SETMETADATA'),
	};
}
