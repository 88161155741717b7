import { BadSyntax, CommandReader } from '../command-reader';
import type { FetchItem } from '../fetch-items';
import { readFetchItems } from '../fetch-items';
import { chosen } from '../message-set';
import type { CommandHandler, Session } from '../session';
import { tell } from './fetch';

/** Reads `RFC822.TEXT`, `BODY.PEEK[1]` …: what can be fetched in pieces (RFC 1730 §6.4.6). */
function readPart(session: Session, reader: CommandReader): FetchItem {
	const mark = reader.at;
	const name = reader.run(/[A-Za-z0-9.]/, 'a part').toUpperCase();
	const whole = /^(RFC822(?:\.HEADER|\.TEXT)?)(\.PEEK)?$/.exec(name);
	const [, part = '', peek] = whole ?? [];
	if (!whole) reader.at = mark;
	const [item] = readFetchItems(whole ? new CommandReader(Buffer.from(part)) : reader, session);
	if (!item || !(whole || /^BODY\[[^<]*$/.test(item.name)))
		throw new BadSyntax(`${name} cannot be fetched in pieces`);
	return peek ? { ...item, marks: false } : item;
}

/** Octets of one part of one message, the first octet being 1 (RFC 1730 §6.4.6). */
function partial(session: Session, reader: CommandReader): string {
	reader.space();
	const set = reader.sequenceSet();
	const found = chosen(session, set, false);
	if (found.length !== 1) throw new BadSyntax('PARTIAL is for one message');
	reader.space();
	const item = readPart(session, reader);
	reader.space();
	const start = reader.number();
	if (start === 0) throw new BadSyntax('the first octet is 1');
	reader.space();
	const length = reader.number();
	reader.end();
	const piece: FetchItem = {
		...item,
		value(message, view) {
			const [head, octets, ...more] = item.value(message, view);
			if (!Buffer.isBuffer(octets)) return head === undefined ? [] : [head];
			const cut = octets.subarray(start - 1, start - 1 + length);
			return [`{${cut.length}}\r\n`, cut, ...more];
		},
	};
	tell(session, found, [piece], false);
	return 'Partial completed.';
}

/** What IMAP4 had and IMAP4rev1 has not: `BODY[…]<…>` took its place. */
export const oldCommands: Record<string, CommandHandler> = {
	PARTIAL: { states: ['selected'], needs: 'IMAP4', keepsNumbers: true, run: partial },
};
