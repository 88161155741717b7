import { BadSyntax } from './command-reader';
import type { CommandReader } from './command-reader';
import { condstoreKeys } from './extensions/condstore-items';
import { gmailKeys } from './extensions/gmail';
import { objectIdKeys } from './extensions/object-id';
import { saveDateKeys } from './extensions/save-date';
import { withinKeys } from './extensions/within';
import { compareDay, DAY, dayOf } from './message/day';
import { fieldText } from './message/encoded-words';
import { field, split } from './message/header';
import { mime } from './message/parsed';
import { bodyText, wholeText } from './message/searchable-text';
import type { Numbered } from './message-set';
import type { Session } from './session';
import { hasFlag } from './store/mailbox';
import type { StoredMessage } from './store/mailbox';
import type { MailboxView } from './view';

/** Whether a message, of a sequence number, is found. */
export type Test = (message: StoredMessage, seq: number, view: MailboxView) => boolean;

/** What the reading of a search leaves to know, besides its test. */
export interface SearchContext {
	readonly session: Session;
	/** MODSEQ is one of its keys, so the answer tells one (RFC 7162 §3.1.5). */
	modSeq: boolean;
}

/** A search key of an extension: the capability it belongs to, and how its argument is read. */
export interface SearchKey {
	needs: string;
	read(reader: CommandReader, context: SearchContext): Test;
}

const EXTENSION_KEYS: Record<string, SearchKey> = {
	...withinKeys,
	...saveDateKeys,
	...objectIdKeys,
	...condstoreKeys,
	...gmailKeys,
};

/** Reads search keys up to the end; all of them must hold (RFC 3501 §6.4.4). */
export function readSearch(reader: CommandReader, context: SearchContext): Test {
	const tests: Test[] = [];
	do tests.push(readKey(reader, context));
	while (reader.take(' '));
	return all(tests);
}

function all(tests: Test[]): Test {
	return (message, seq, view) => tests.every((test) => test(message, seq, view));
}

const SAVED: Test = (message, _seq, view) => view.saved.has(message);

/** RFC 9051 appendix E. @throws BadSyntax */
function refuseRecent(reader: CommandReader): void {
	const mark = reader.at;
	const name = reader.word();
	if (['NEW', 'OLD', 'RECENT'].includes(name)) throw new BadSyntax(`unknown search key ${name}`);
	reader.at = mark;
}

function readKey(reader: CommandReader, context: SearchContext): Test {
	const { session } = context;
	if (session.onlyRev2 && /[NOR]/i.test(reader.peek())) refuseRecent(reader);
	if (reader.peek() === '(') return all(reader.list(() => readKey(reader, context)));
	if (session.has('SEARCHRES') && reader.take('$')) return SAVED;
	if (/[\d*]/.test(reader.peek())) {
		const set = reader.sequenceSet();
		return (_message, seq, view) => set.includes(seq, view.messages.length);
	}
	const key = reader.word();
	const extension = Object.hasOwn(EXTENSION_KEYS, key) ? EXTENSION_KEYS[key] : undefined;
	if (extension && session.has(extension.needs)) return extension.read(reader, context);
	const text = (): string => {
		reader.space();
		return reader.astring().toString('utf8').toLowerCase();
	};
	const day = (): number => {
		reader.space();
		return reader.day();
	};
	const inField = (name: string): Test => {
		const wanted = text();
		return ({ octets }) =>
			split(octets).fields.some(
				(one) => one.name === name && fieldText(one.value).toLowerCase().includes(wanted),
			);
	};
	switch (key) {
		case 'ALL':
			return () => true;
		case 'ANSWERED':
		case 'DELETED':
		case 'DRAFT':
		case 'FLAGGED':
		case 'SEEN':
			return (message) => hasFlag(message, `\\${key}`);
		case 'UNANSWERED':
		case 'UNDELETED':
		case 'UNDRAFT':
		case 'UNFLAGGED':
		case 'UNSEEN':
			return (message) => !hasFlag(message, `\\${key.slice(2)}`);
		case 'RECENT':
			return (message, _seq, view) => view.recent.has(message);
		case 'OLD':
			return (message, _seq, view) => !view.recent.has(message);
		case 'NEW':
			return (message, _seq, view) => view.recent.has(message) && !hasFlag(message, '\\Seen');
		case 'KEYWORD':
		case 'UNKEYWORD': {
			reader.space();
			const flag = reader.flag();
			return (message) => hasFlag(message, flag) === (key === 'KEYWORD');
		}
		case 'FROM':
		case 'TO':
		case 'CC':
		case 'BCC':
		case 'SUBJECT':
			return inField(key.toLowerCase());
		case 'HEADER': {
			reader.space();
			const name = reader.astring().toString('latin1').toLowerCase();
			return inField(name);
		}
		case 'BODY': {
			const wanted = text();
			return (message) => bodyText(mime(message)).toLowerCase().includes(wanted);
		}
		case 'TEXT': {
			const wanted = text();
			return (message) => wholeText(mime(message)).toLowerCase().includes(wanted);
		}
		case 'SINCE':
		case 'BEFORE':
		case 'ON': {
			const wanted = day();
			return (message) => compareDay(key, dayOf(message.internalDate, message.zone), wanted);
		}
		case 'SENTSINCE':
		case 'SENTBEFORE':
		case 'SENTON': {
			const wanted = day();
			return ({ octets }) => {
				const sent = sentDay(field(split(octets).fields, 'date'));
				return sent !== undefined && compareDay(key.slice(4), sent, wanted);
			};
		}
		case 'LARGER':
		case 'SMALLER': {
			reader.space();
			const size = reader.number();
			return ({ octets }) => (key === 'LARGER' ? octets.length > size : octets.length < size);
		}
		case 'UID': {
			reader.space();
			if (session.has('SEARCHRES') && reader.take('$')) return SAVED;
			const set = reader.sequenceSet();
			return ({ uid }, _seq, view) => set.includes(uid, view.largestUid);
		}
		case 'NOT': {
			reader.space();
			const test = readKey(reader, context);
			return (message, seq, view) => !test(message, seq, view);
		}
		case 'OR': {
			reader.space();
			const one = readKey(reader, context);
			reader.space();
			const other = readKey(reader, context);
			return (message, seq, view) => one(message, seq, view) || other(message, seq, view);
		}
		default:
			throw new BadSyntax(`unknown search key ${key}`);
	}
}

function sentDay(date: string | undefined): number | undefined {
	const match = /(\d{1,2}) ([A-Za-z]{3}) (\d{4})/.exec(date ?? '');
	return match ? Date.parse(`${match[1]} ${match[2]} ${match[3]} UTC`) / DAY : undefined;
}

/** Those found, ascending. */
export function run(view: MailboxView, test: Test): Numbered[] {
	const found: Numbered[] = [];
	view.messages.forEach((message, index) => {
		if (!view.gone.has(message) && test(message, index + 1, view)) found.push([message, index + 1]);
	});
	return found;
}
