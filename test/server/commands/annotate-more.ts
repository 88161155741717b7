import { BadSyntax } from '../command-reader';
import type { CommandReader } from '../command-reader';
import { matcher } from '../mailbox-name';
import { notedOf } from '../noted';
import type { CommandHandler, Session } from '../session';
import { DELIMITER, Refusal } from '../store/account';
import { writtenString } from '../written-string';

const LOGGED_IN = ['authenticated', 'selected'] as const;

/** The two of each attribute, and where METADATA, which took over, keeps them (RFC 5464 §1). */
const SUFFIXES = { '.priv': '/private', '.shared': '/shared' } as const;

/** What an attribute tells of a value (draft-daboo-imap-annotatemore-05). */
const ATTRIBUTES: Record<string, (value: Buffer) => Buffer> = {
	value: (value) => value,
	size: (value) => Buffer.from(String(value.length)),
};

/** Names of mailboxes that a pattern matches; '' for the server. @throws Refusal NONEXISTENT */
function readMailboxes(session: Session, reader: CommandReader): () => string[] {
	const pattern = session.readName(Buffer.from(reader.listMailbox(), 'latin1'));
	if (!/[*%]/.test(pattern))
		return () => [pattern === '' ? '' : session.user.mailbox(pattern).name];
	const matches = matcher(pattern, DELIMITER);
	return () =>
		[...session.user.list()]
			.filter(({ name, mailbox }) => mailbox && matches(name))
			.map(({ name }) => name);
}

function oneOrMore<Item>(reader: CommandReader, item: () => Item): Item[] {
	return reader.peek() === '(' ? reader.list(item) : [item()];
}

function readPattern(reader: CommandReader, delimiter: string): (name: string) => boolean {
	return matcher(reader.string().toString('latin1').toLowerCase(), delimiter);
}

function getAnnotation(session: Session, reader: CommandReader): string {
	reader.space();
	const mailboxes = readMailboxes(session, reader);
	reader.space();
	const entries = oneOrMore(reader, () => readPattern(reader, '/'));
	reader.space();
	const attributes = oneOrMore(reader, () => readPattern(reader, '.'));
	reader.end();
	for (const name of mailboxes()) {
		const found = new Map<string, (string | Buffer)[]>();
		for (const { entry: kept, value } of notedOf(session, name).list()) {
			const [suffix, root] = Object.entries(SUFFIXES).find(([, level]) =>
				kept.toLowerCase().startsWith(`${level}/`),
			) as [string, string];
			const entry = kept.slice(root.length);
			if (!entries.some((matches) => matches(entry.toLowerCase()))) continue;
			const pieces = found.get(entry) ?? [];
			for (const [attribute, told] of Object.entries(ATTRIBUTES)) {
				// Without a suffix both are asked for.
				const asked = [attribute, attribute + suffix];
				if (!attributes.some((matches) => asked.some(matches))) continue;
				if (pieces.length > 0) pieces.push(' ');
				pieces.push(`"${attribute}${suffix}" `, ...writtenString(told(value)));
			}
			if (pieces.length > 0) found.set(entry, pieces);
		}
		for (const [entry, pieces] of found)
			session.data(
				`ANNOTATION ${session.written(name)} `,
				...writtenString(entry),
				' (',
				...pieces,
				')',
			);
	}
	return 'Getannotation completed.';
}

/** Reads `"/comment" ("value.priv" "text" "value.shared" NIL)`: values by METADATA's names. */
function readEntry(reader: CommandReader): [string, Buffer | undefined][] {
	const entry = reader.string().toString('latin1');
	// eslint-disable-next-line no-control-regex -- draft-daboo-imap-annotatemore-05
	if (!/^(?:\/[^/*%\x00-\x1f\x7f-\xff]+)+$/.test(entry)) throw new BadSyntax('no valid entry name');
	reader.space();
	return reader.list(() => {
		const attribute = reader.string().toString('latin1').toLowerCase();
		reader.space();
		const value = reader.nstring();
		const [, name = '', suffix = ''] = /^(.+)(\.priv|\.shared)$/.exec(attribute) ?? [];
		if (name !== 'value') throw new Refusal('', `${attribute} cannot be set`);
		return [SUFFIXES[suffix as keyof typeof SUFFIXES] + entry, value];
	});
}

function setAnnotation(session: Session, reader: CommandReader): string {
	reader.space();
	const mailboxes = readMailboxes(session, reader);
	reader.space();
	const values = new Map(
		reader.peek() === '(' ? reader.list(() => readEntry(reader)).flat() : readEntry(reader),
	);
	reader.end();
	for (const name of mailboxes()) notedOf(session, name).set(values);
	return 'Setannotation completed.';
}

/** ANNOTATEMORE (draft-daboo-imap-annotatemore-05), as Cyrus has it: METADATA's values by other names. */
export const annotateMoreCommands: Record<string, CommandHandler> = {
	GETANNOTATION: { states: LOGGED_IN, needs: 'ANNOTATEMORE', run: getAnnotation },
	SETANNOTATION: { states: LOGGED_IN, needs: 'ANNOTATEMORE', run: setAnnotation },
};
