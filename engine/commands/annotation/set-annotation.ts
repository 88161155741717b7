import type { Command } from '../command';
import { plainCommand } from '../command';
import { Imap4Error } from '../../errors';
import { list, raw, string } from '../../wire/writer';
import { annotatedMailbox } from './get-annotation';

/**
 * SETANNOTATION (draft-daboo-imap-annotatemore-08 §4.3.3).
 * @param attributes values by attribute, e.g. `{ 'value.priv': 'text' }`; null deletes
 * @throws Imap4Error ARGUMENT
 */
export function setAnnotation(
	name: string,
	entry: string,
	attributes: Readonly<Record<string, string | null>>,
): Command<void> {
	const pairs = Object.entries(attributes);
	if (pairs.length === 0)
		throw new Imap4Error('ARGUMENT', 'SETANNOTATION needs at least one attribute');
	return {
		...plainCommand('SETANNOTATION', [
			annotatedMailbox(name),
			string(entry),
			list(
				pairs.flatMap(([attribute, value]) => [
					string(attribute),
					value === null ? raw('NIL') : string(value),
				]),
			),
		]),
		needs: ['ANNOTATEMORE'],
	};
}
