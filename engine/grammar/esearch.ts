import type { Reader } from '../wire/reader';
import type { MailboxNames } from './mailbox-name';
import { readReportedSet } from './reported-set';
import { readMailboxName } from './unquoted-name';
import { readBigWholeNumber, readWholeNumber } from './whole-number';

/** The extended answer to a search (RFC 9051 §7.3.4, RFC 4731); only what was asked for. */
export interface EsearchData {
	/** Tag of the command it answers. */
	tag?: string;
	/** The mailbox of the messages, where several were searched (RFC 7377 §2.1). */
	mailbox?: string;
	/** UIDVALIDITY of that mailbox. */
	uidValidity?: number;
	/** The numbers are UIDs. */
	uid: boolean;
	/** The lowest number that was found. */
	min?: number;
	/** The highest number that was found. */
	max?: number;
	/** How many were found. */
	count?: number;
	/** Sequence set of all that were found; missing if there were none. */
	all?: string;
	/** The highest mod-sequence of what was found (RFC 7162 §3.1.5). */
	modSeq?: bigint;
	/** The part of the result that was asked for, and what is in it, in order (RFC 9394 §3.1). */
	partial?: {
		/** The part that was asked for, e.g. `1:100`. */
		range: string;
		/** Message set of what is in it; missing if there is nothing. */
		all?: string;
	};
	/** Return data of other names, as text. */
	other?: Record<string, string>;
}

export function readEsearch(reader: Reader, names: MailboxNames): EsearchData {
	const data: EsearchData = { uid: false };
	if (reader.peek() === 0x28) {
		reader.enter();
		while (!reader.leave()) {
			const name = reader.atom().upper;
			reader.skipSpaces();
			if (name === 'TAG') data.tag = reader.string();
			else if (name === 'MAILBOX') data.mailbox = readMailboxName(reader, names);
			else if (name === 'UIDVALIDITY') data.uidValidity = readWholeNumber(reader);
			else reader.token();
		}
	} else reader.nil();
	for (;;) {
		reader.skipSpaces();
		if (reader.done) return data;
		// A number or a list that belongs to no name may be what was left over of another.
		if (reader.atNumber || reader.peek() === 0x28) throw reader.expected('a name');
		const name = reader.atom().upper;
		reader.skipSpaces();
		switch (name) {
			case 'UID':
				data.uid = true;
				break;
			case 'MIN':
				data.min = messageNumber(reader);
				break;
			case 'MAX':
				data.max = messageNumber(reader);
				break;
			case 'COUNT':
				data.count = reader.nil() ? 0 : readWholeNumber(reader);
				break;
			case 'ALL':
				// Some servers write nothing behind it for none.
				if (!atLetter(reader)) data.all = readReportedSet(reader) || undefined;
				break;
			case 'MODSEQ':
				data.modSeq = reader.nil() ? undefined : readBigWholeNumber(reader);
				break;
			case 'TAG':
				// Without its parentheses.
				data.tag = reader.string();
				break;
			case 'PARTIAL':
				data.partial = readPartial(reader);
				break;
			default:
				(data.other ??= {})[name] = JSON.stringify(reader.token());
		}
	}
}

/** Some servers write 0 or NIL for none. */
const messageNumber = (reader: Reader): number | undefined =>
	reader.nil() ? undefined : readWholeNumber(reader) || undefined;

function atLetter(reader: Reader): boolean {
	const byte = reader.peek() | 0x20;
	return byte >= 0x61 && byte <= 0x7a && !atNil(reader);
}

function atNil(reader: Reader): boolean {
	const { at, level } = reader;
	const isNil = reader.nil();
	reader.reset(at, level);
	return isNil;
}

/** `(1:100 4,8:9)`, or NIL for nothing in that part. */
function readPartial(reader: Reader): { range: string; all?: string } {
	reader.enter();
	const range = reader.string();
	reader.skipSpaces();
	const all = reader.peek() === 0x29 ? '' : readReportedSet(reader);
	while (!reader.leave()) reader.token();
	return { range, ...(all === '' ? {} : { all }) };
}
