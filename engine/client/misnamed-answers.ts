import type { Command } from '../commands/command';
import type { TaggedResponse, UntaggedResponse } from '../grammar/response';

/**
 * A part of the name of the responses that hold a command's result, by the last word of its name. Only commands
 * that come to nothing without one: the others fail by themselves, or take an answer that is similar enough.
 */
const RESULTS: Readonly<Record<string, string>> = {
	SEARCH: '(?:SEARCH|SORT)',
	ESEARCH: 'SEARCH',
	SORT: '(?:SEARCH|SORT)',
	THREAD: 'THREAD',
	LIST: '(?:LIST|LSUB)',
	LSUB: '(?:LIST|LSUB)',
	GETQUOTAROOT: 'QUOTA',
	GETMETADATA: '(?:METADATA|ANNOTATION)',
	GETANNOTATION: '(?:METADATA|ANNOTATION)',
};

/** Numbers right behind the name of a search, and nothing else up to the end of the text. */
const NUMBERS = /\b(?:SEARCH|SORT|THREAD)\b[\s():]*[1-9][\s\d():,]*$/i;

/**
 * Responses that look like the result of a command and don't belong to it: `* UID SEARCH 1`, `* LIST INBOX`,
 * `SORT 1 2`. A command that had no answer of its own, and one of these, did not find nothing.
 */
export class MisnamedAnswers {
	private readonly answered = new WeakSet<Command<unknown>>();
	private readonly misnamed = new WeakMap<Command<unknown>, string>();

	/** The command had a response of its own. */
	answer(command: Command<unknown>): void {
		if (resultOf(command) !== undefined) this.answered.add(command);
	}

	/**
	 * @param commands that are under way
	 * @param line a response that belongs to none of them, as it came
	 * @param read the same as read, where it could be
	 */
	note(commands: Iterable<Command<unknown>>, line: string, read?: UntaggedResponse): void {
		for (const command of commands) {
			const result = resultOf(command);
			if (result === undefined || this.misnamed.has(command)) continue;
			if (isLike(result, line, read)) this.misnamed.set(command, line);
		}
	}

	/**
	 * What came in place of the command's result.
	 * @param completion its end, which may hold what should have come before it
	 * @returns undefined if the command had a result, or nothing that looks like one
	 */
	inPlaceOf(command: Command<unknown>, { text, code }: TaggedResponse): string | undefined {
		const result = resultOf(command);
		if (result === undefined || this.answered.has(command)) return undefined;
		const data = code?.name === 'OTHER' ? `${code.atom} ${code.text}` : '';
		const completed = [data, text].find((words) => isWith(result, words));
		return this.misnamed.get(command) ?? completed;
	}
}

const resultOf = ({ name }: Command<unknown>): string | undefined => {
	const word = name.slice(name.lastIndexOf(' ') + 1);
	return Object.hasOwn(RESULTS, word) ? RESULTS[word] : undefined;
};

function isLike(result: string, line: string, read: UntaggedResponse | undefined): boolean {
	if (read?.type === 'status') return isWith(result, read.text);
	// A change of metadata, without its value, is reported without being asked for.
	if (read?.type === 'METADATA' && read.metadata.changed.length > 0) return false;
	return new RegExp(`^\\*?\\s*(?:\\d+\\s+)?(?:UID\\s+)?\\S*${result}`, 'i').test(line);
}

/** Whether the text of a status response holds the result of a search. */
const isWith = (result: string, text: string): boolean =>
	NUMBERS.test(text) && new RegExp(result, 'i').test(text);
