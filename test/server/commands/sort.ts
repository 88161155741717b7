import type { CommandReader } from '../command-reader';
import { BadSyntax } from '../command-reader';
import type { Numbered } from '../message-set';
import type { SearchContext } from '../search';
import { readSearch, run } from '../search';
import { answer, readCharset, readReturnOptions } from '../search-return';
import type { Session } from '../session';
import type { SortKey } from '../sort-key';
import { compareKeys, headerOf, SORT_KEYS } from '../sort-key';
import { checkCharset, plainAnswer } from './search';

interface Criterion {
	key: (typeof SORT_KEYS)[string];
	reverse: boolean;
}

function readCriterion(session: Session, reader: CommandReader): Criterion {
	let name = reader.word();
	const reverse = name === 'REVERSE';
	if (reverse) {
		reader.space();
		name = reader.word();
	}
	const key = Object.hasOwn(SORT_KEYS, name) ? SORT_KEYS[name] : undefined;
	if (!key || (name.startsWith('DISPLAY') && !session.has('SORT=DISPLAY')))
		throw new BadSyntax(`unknown sort criterion ${name}`);
	return { key, reverse };
}

/** SORT, and SORT RETURN (RFC 5256 §3, RFC 5267 §3). */
export function sort(session: Session, reader: CommandReader, uid: boolean): string {
	reader.space();
	const options = session.has('ESORT') ? readReturnOptions(session, reader) : undefined;
	const criteria = reader.list(() => readCriterion(session, reader));
	reader.space();
	checkCharset(readCharset(reader));
	const context: SearchContext = { session, modSeq: false };
	const test = readSearch(reader, context);
	reader.end();
	const found = sorted(run(session.selected, test), criteria);
	if (options) answer(session, options, found, uid, context.modSeq);
	else plainAnswer(session, 'SORT', found, uid, context.modSeq);
	return 'Sort completed.';
}

/** Where nothing tells two messages apart they stay in the mailbox's order (RFC 5256 §3). */
function sorted(found: readonly Numbered[], criteria: readonly Criterion[]): Numbered[] {
	const rows = found.map((numbered): { numbered: Numbered; keys: SortKey[] } => {
		const [message] = numbered;
		const header = headerOf(message);
		return { numbered, keys: criteria.map(({ key }) => key(message, header)) };
	});
	rows.sort((one, other) => {
		for (const [index, { reverse }] of criteria.entries()) {
			const order = compareKeys(one.keys[index] as SortKey, other.keys[index] as SortKey);
			if (order !== 0) return reverse ? -order : order;
		}
		return 0;
	});
	return rows.map(({ numbered }) => numbered);
}
