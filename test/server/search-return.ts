import type { CommandReader } from './command-reader';
import { BadSyntax, printSet } from './command-reader';
import type { Numbered } from './message-set';
import type { PartialRange } from './partial-range';
import { readPartialRange } from './partial-range';
import type { Session } from './session';

/** What SEARCH and SORT are to return in place of their plain answer (RFC 4731, RFC 5267). */
export interface ReturnOptions {
	/** MIN, MAX, COUNT, ALL, in the order asked for. */
	figures: string[];
	partial: PartialRange | undefined;
	/** Keep the result for `$` (RFC 5182). */
	save: boolean;
}

const FIGURES = ['MIN', 'MAX', 'COUNT', 'ALL'];

/** Reads `RETURN (MIN PARTIAL 1:10) `, if it is there. */
export function readReturnOptions(
	session: Session,
	reader: CommandReader,
): ReturnOptions | undefined {
	const mark = reader.at;
	if (!/[Rr]/.test(reader.peek()) || reader.word() !== 'RETURN' || !session.has('ESEARCH')) {
		reader.at = mark;
		return undefined;
	}
	reader.space();
	const options: ReturnOptions = { figures: [], partial: undefined, save: false };
	const read = reader.list(() => {
		const name = reader.word();
		if (FIGURES.includes(name)) options.figures.push(name);
		else if (name === 'SAVE' && session.has('SEARCHRES')) options.save = true;
		else if (name === 'PARTIAL' && session.has('PARTIAL')) {
			reader.space();
			if (options.partial) throw new BadSyntax('more than one PARTIAL');
			options.partial = readPartialRange(reader);
		} else throw new BadSyntax(`unknown search result ${name}`);
		return name;
	}, true);
	reader.space();
	// One of them at most (RFC 9394 §3.1).
	if (options.partial && options.figures.includes('ALL')) {
		throw new BadSyntax('PARTIAL and ALL exclude each other');
	}
	if (read.length === 0) options.figures.push('ALL');
	return options;
}

/** Reads `CHARSET UTF-8 ` before search keys, or the charset alone as SORT and THREAD have it. */
export function readCharset(reader: CommandReader): string {
	const charset = reader.astring().toString('latin1').toUpperCase();
	reader.space();
	return charset;
}

/** Sends ESEARCH and keeps what `$` shall be. @param found in the order of the answer */
export function answer(
	session: Session,
	options: ReturnOptions,
	found: readonly Numbered[],
	uid: boolean,
	withModSeq: boolean,
): void {
	const { figures, partial, save } = options;
	const number = ([message, seq]: Numbered): number => (uid ? message.uid : seq);
	const data = [`ESEARCH (TAG "${session.tag}")`, ...(uid ? ['UID'] : [])];
	const [first, last] = [found[0], found.at(-1)];
	for (const figure of figures) {
		if (figure === 'COUNT') data.push(`COUNT ${found.length}`);
		else if (!first || !last) continue;
		else if (figure === 'MIN') data.push(`MIN ${number(first)}`);
		else if (figure === 'MAX') data.push(`MAX ${number(last)}`);
		else data.push(`ALL ${printSet(found.map(number))}`);
	}
	if (partial) {
		const within = partial.of(found);
		const set = within.length === 0 ? 'NIL' : printSet(within.map(number));
		data.push(`PARTIAL (${partial.text} ${set})`);
	}
	const told = kept(options, found);
	if (withModSeq && told.length > 0) data.push(`MODSEQ ${highest(told)}`);
	if (save) session.selected.saved = new Set(told.map(([message]) => message));
	// SAVE alone has no answer but the tagged one (RFC 5182 §2.1).
	if (!save || figures.length > 0 || partial) session.data(data.join(' '));
}

/** With nothing but MIN or MAX asked for, these two alone count (RFC 5182 §2.4, RFC 7162 §3.1.10). */
function kept({ figures, partial }: ReturnOptions, found: readonly Numbered[]): Numbered[] {
	if (figures.includes('ALL') || figures.includes('COUNT')) return [...found];
	const ends = [
		figures.includes('MIN') ? found[0] : undefined,
		figures.includes('MAX') ? found.at(-1) : undefined,
	].filter((one) => one !== undefined);
	if (partial) return [...partial.of(found), ...ends];
	return ends.length > 0 || figures.length > 0 ? ends : [...found];
}

export function highest(found: readonly Numbered[]): number {
	return found.reduce((most, [{ modSeq }]) => Math.max(most, modSeq), 0);
}
