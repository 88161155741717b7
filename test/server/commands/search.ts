import type { CommandReader } from '../command-reader';
import { BadSyntax } from '../command-reader';
import type { Numbered } from '../message-set';
import { readSearch, run } from '../search';
import type { SearchContext } from '../search';
import { answer, highest, readCharset, readReturnOptions } from '../search-return';
import type { ReturnOptions } from '../search-return';
import type { Session } from '../session';
import { Refusal } from '../store/account';

/** @throws Refusal BADCHARSET */
export function checkCharset(charset: string): void {
	if (charset !== 'UTF-8' && charset !== 'US-ASCII')
		throw new Refusal('BADCHARSET (UTF-8 US-ASCII)', 'Unknown charset');
}

/** The untagged answer of old: numbers one by one (RFC 3501 §7.2.5, RFC 5256 §4, RFC 7162 §3.1.5). */
export function plainAnswer(
	session: Session,
	name: string,
	found: readonly Numbered[],
	uid: boolean,
	withModSeq: boolean,
): void {
	const numbers = found.map(([message, seq]) => (uid ? message.uid : seq));
	const modSeq = withModSeq && found.length > 0 ? [`(MODSEQ ${highest(found)})`] : [];
	session.data([name, ...numbers, ...modSeq].join(' '));
}

const EVERYTHING: ReturnOptions = { figures: ['ALL'], partial: undefined, save: false };

/** SEARCH, its CHARSET and RETURN (RFC 3501 §6.4.4, RFC 4731, RFC 5182, RFC 9394). */
export function search(session: Session, reader: CommandReader, uid: boolean): string {
	reader.space();
	// IMAP4rev2 knows no other answer than ESEARCH (RFC 9051 §6.4.4).
	const options = readReturnOptions(session, reader) ?? (session.rev2 ? EVERYTHING : undefined);
	const mark = reader.at;
	try {
		if (/[Cc]/.test(reader.peek()) && reader.word() === 'CHARSET') {
			// RFC 6855 §3.
			if (session.enabled.has('UTF8=ACCEPT')) throw new BadSyntax('the charset is UTF-8');
			reader.space();
			checkCharset(readCharset(reader));
		} else reader.at = mark;
		const context: SearchContext = { session, modSeq: false };
		const test = readSearch(reader, context);
		reader.end();
		const found = run(session.selected, test);
		if (options) answer(session, options, found, uid, context.modSeq);
		else plainAnswer(session, 'SEARCH', found, uid, context.modSeq);
		return 'Search completed.';
	} catch (error) {
		// A search that is refused leaves nothing behind (RFC 5182 §2.1).
		if (options?.save && error instanceof Refusal) session.selected.saved = new Set();
		throw error;
	}
}
