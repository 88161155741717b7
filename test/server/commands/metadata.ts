import { BadSyntax } from '../command-reader';
import type { CommandReader } from '../command-reader';
import type { Noted } from '../noted';
import { notedOf } from '../noted';
import type { CommandHandler, Session } from '../session';
import { writtenString } from '../written-string';

const LOGGED_IN = ['authenticated', 'selected'] as const;

/** RFC 5464 §3.2: of two levels at least, none empty, no wildcards, no control characters. */
function readEntry(reader: CommandReader): string {
	const entry = reader.astring().toString('latin1');
	// eslint-disable-next-line no-control-regex -- RFC 5464 §3.2 names these
	if (!/^\/(?:private|shared)(?:\/[^/*%\x00-\x19\x7f-\xff]+)+$/i.test(entry))
		throw new BadSyntax('no valid entry name');
	return entry;
}

/** A mailbox name, or "" for the server. */
function readNoted(session: Session, reader: CommandReader): { name: string; find(): Noted } {
	const name = session.readName(reader.astring());
	return { name, find: () => notedOf(session, name) };
}

interface Options {
	maxSize: number;
	depth: number;
}

/** Reads `(MAXSIZE 1024 DEPTH infinity) `, if it is there (RFC 5464 §4.2.1, §4.2.2). */
function readOptions(reader: CommandReader): Options {
	const options: Options = { maxSize: Infinity, depth: 0 };
	if (reader.peek() !== '(') return options;
	reader.list(() => {
		const name = reader.word();
		reader.space();
		if (name === 'MAXSIZE') options.maxSize = reader.number();
		else if (name === 'DEPTH') {
			const depth = reader.word();
			if (!['0', '1', 'INFINITY'].includes(depth)) throw new BadSyntax(`unknown depth ${depth}`);
			options.depth = depth === 'INFINITY' ? Infinity : Number(depth);
		} else throw new BadSyntax(`unknown option ${name}`);
	});
	reader.space();
	return options;
}

/** Whether an entry is the one asked for, or so many levels below it at most. */
function within(asked: string, entry: string, depth: number): boolean {
	const [one, other] = [asked.toLowerCase(), entry.toLowerCase()];
	if (one === other) return true;
	if (!other.startsWith(`${one}/`)) return false;
	return other.slice(one.length + 1).split('/').length <= depth;
}

function getMetadata(session: Session, reader: CommandReader): string {
	reader.space();
	const { maxSize, depth } = readOptions(reader);
	const noted = readNoted(session, reader);
	reader.space();
	const asked = reader.peek() === '(' ? reader.list(() => readEntry(reader)) : [readEntry(reader)];
	reader.end();
	const found = noted
		.find()
		.list()
		.filter(({ entry }) => asked.some((one) => within(one, entry, depth)));
	const told = found.filter(({ value }) => value.length <= maxSize);
	const pieces = told.flatMap(({ entry, value }, index): (string | Buffer)[] => [
		`${index === 0 ? '' : ' '}${entry} `,
		...writtenString(value),
	]);
	// Entries without a value are not told of (RFC 5464 §4.4.1).
	if (told.length > 0) session.data(`METADATA ${session.written(noted.name)} (`, ...pieces, ')');
	const longest = Math.max(0, ...found.map(({ value }) => value.length));
	const code = longest > maxSize ? `[METADATA LONGENTRIES ${longest}] ` : '';
	return `${code}Getmetadata completed.`;
}

function setMetadata(session: Session, reader: CommandReader): string {
	reader.space();
	const noted = readNoted(session, reader);
	reader.space();
	const values = new Map<string, Buffer | undefined>();
	reader.list(() => {
		const entry = readEntry(reader);
		reader.space();
		values.set(entry, reader.nstring());
	});
	reader.end();
	noted.find().set(values);
	return 'Setmetadata completed.';
}

/** METADATA (RFC 5464 §4). */
export const metadataCommands: Record<string, CommandHandler> = {
	GETMETADATA: { states: LOGGED_IN, needs: 'METADATA', run: getMetadata },
	SETMETADATA: { states: LOGGED_IN, needs: 'METADATA', run: setMetadata },
};
