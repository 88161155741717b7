import { BadSyntax } from './command-reader';
import type { CommandReader } from './command-reader';
import { field, split } from './message/header';
import { hasFlag } from './store/mailbox';
import type { StoredMessage } from './store/mailbox';
import type { MailboxView } from './view';

/** Whether a message, of a sequence number, is found. */
export type Test = (message: StoredMessage, seq: number, view: MailboxView) => boolean;

const DAY = 86_400_000;

/** Reads search keys up to the end; all of them must hold (RFC 3501 §6.4.4). */
export function readSearch(reader: CommandReader): Test {
	const tests: Test[] = [];
	do tests.push(readKey(reader));
	while (reader.take(' '));
	return all(tests);
}

function all(tests: Test[]): Test {
	return (message, seq, view) => tests.every((test) => test(message, seq, view));
}

function readKey(reader: CommandReader): Test {
	if (reader.peek() === '(') return all(reader.list(() => readKey(reader)));
	if (/[\d*]/.test(reader.peek())) {
		const set = reader.sequenceSet();
		return (_message, seq, view) => set.includes(seq, view.messages.length);
	}
	const key = reader.word();
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
			fieldText(octets, name)?.some((value) => value.includes(wanted)) ?? false;
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
			return ({ octets }) => split(octets).body.toString('utf8').toLowerCase().includes(wanted);
		}
		case 'TEXT': {
			const wanted = text();
			return ({ octets }) => octets.toString('utf8').toLowerCase().includes(wanted);
		}
		case 'SINCE':
		case 'BEFORE':
		case 'ON': {
			const wanted = day();
			return (message) => compare(key, dayOf(message.internalDate, message.zone), wanted);
		}
		case 'SENTSINCE':
		case 'SENTBEFORE':
		case 'SENTON': {
			const wanted = day();
			return ({ octets }) => {
				const sent = sentDay(field(split(octets).fields, 'date'));
				return sent !== undefined && compare(key.slice(4), sent, wanted);
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
			const set = reader.sequenceSet();
			return ({ uid }, _seq, view) => set.includes(uid, view.largestUid);
		}
		case 'NOT': {
			reader.space();
			const test = readKey(reader);
			return (message, seq, view) => !test(message, seq, view);
		}
		case 'OR': {
			reader.space();
			const one = readKey(reader);
			reader.space();
			const other = readKey(reader);
			return (message, seq, view) => one(message, seq, view) || other(message, seq, view);
		}
		default:
			throw new BadSyntax(`unknown search key ${key}`);
	}
}

function compare(how: string, day: number, wanted: number): boolean {
	return how === 'SINCE' ? day >= wanted : how === 'BEFORE' ? day < wanted : day === wanted;
}

/** Zones are disregarded: the day is the one that was written (RFC 3501 §6.4.4). */
function dayOf(date: Date, zone: number): number {
	return Math.floor((date.getTime() + zone * 60_000) / DAY);
}

function sentDay(date: string | undefined): number | undefined {
	const match = /(\d{1,2}) ([A-Za-z]{3}) (\d{4})/.exec(date ?? '');
	return match ? Date.parse(`${match[1]} ${match[2]} ${match[3]} UTC`) / DAY : undefined;
}

/** Header fields of a name, encoded words decoded as far as searching needs it (RFC 3501 §6.4.4). */
function fieldText(octets: Buffer, name: string): string[] | undefined {
	const found = split(octets).fields.filter((one) => one.name === name);
	return found.length === 0
		? undefined
		: found.map(({ value }) =>
				decodeWords(Buffer.from(value, 'latin1').toString('utf8')).toLowerCase(),
			);
}

function decodeWords(text: string): string {
	return text
		.replace(/(\?=)\s+(=\?)/g, '$1$2')
		.replace(
			/=\?([^?]+)\?([bq])\?([^?]*)\?=/gi,
			(whole, charset: string, how: string, coded: string) => {
				const bytes =
					how.toLowerCase() === 'b'
						? Buffer.from(coded, 'base64')
						: Buffer.from(
								coded
									.replaceAll('_', ' ')
									.replace(/=([0-9A-F]{2})/gi, (_hex, code: string) =>
										String.fromCharCode(Number.parseInt(code, 16)),
									),
								'latin1',
							);
				try {
					return new TextDecoder(charset).decode(bytes);
				} catch {
					return whole;
				}
			},
		);
}

/** Sequence numbers found, ascending. */
export function run(view: MailboxView, test: Test): number[] {
	const found: number[] = [];
	view.messages.forEach((message, index) => {
		if (!view.gone.has(message) && test(message, index + 1, view)) found.push(index + 1);
	});
	return found;
}
