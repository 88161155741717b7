import type { Command } from '../command';
import { AUTHENTICATED } from '../command';
import { Imap4Error } from '../../errors';
import { sameMailbox } from '../../grammar/mailbox-name';
import { astring, list, raw } from '../../wire/writer';
import { annotatedMailbox } from './get-annotation';

/** Which annotations to return (RFC 5464 §4.2). */
export interface MetadataOptions {
	/** Leave out values of more octets than this. */
	maxSize?: number;
	/** Entries below those named as well: their children, or all descendants. */
	depth?: 1 | 'infinity';
}

/** Annotations of a mailbox or of the server (RFC 5464 §4.2). */
export interface MailboxMetadata {
	/** Values by entry; null where there is none. */
	values: Record<string, string | null>;
	/** Octets of the largest value that `maxSize` left out (RFC 5464 §4.2.1). */
	longest: number | undefined;
}

/**
 * GETMETADATA (RFC 5464 §4.2).
 * @param name the mailbox; empty for the server's own
 * @param entries `/private/comment`, `/shared/vendor/…`
 * @throws Imap4Error ARGUMENT
 */
export function getMetadata(
	name: string,
	entries: readonly string[],
	{ maxSize, depth }: MetadataOptions = {},
): Command<MailboxMetadata> {
	if (entries.length === 0)
		throw new Imap4Error('ARGUMENT', 'GETMETADATA needs at least one entry');
	// What TypeScript does not hold back must not get into the command either.
	if (depth !== undefined && depth !== 1 && depth !== 'infinity')
		throw new Imap4Error('ARGUMENT', 'The depth must be 1 or "infinity"');
	if (maxSize !== undefined && !(maxSize >= 0 && maxSize <= 0xffffffff))
		throw new Imap4Error(
			'ARGUMENT',
			'The largest size must be a number of bytes from 0 to 4294967295',
		);
	const values: Record<string, string | null> = {};
	const options = [
		...(maxSize === undefined ? [] : [raw(`MAXSIZE ${Math.trunc(maxSize)}`)]),
		...(depth === undefined ? [] : [raw(`DEPTH ${depth}`)]),
	];
	return {
		name: 'GETMETADATA',
		args: [
			...(options.length > 0 ? [list(options)] : []),
			annotatedMailbox(name),
			list(entries.map(checkEntry).map(astring)),
		],
		states: AUTHENTICATED,
		pipelining: 'free',
		discardable: true,
		beforeSend: ({ capabilities }) =>
			needMetadata(name, (one) => capabilities.has(one), 'GETMETADATA'),
		accepts(response) {
			if (response.type !== 'METADATA' || !sameMailbox(response.metadata.mailbox, name))
				return false;
			if (response.metadata.changed.length > 0) return false;
			Object.assign(values, response.metadata.values);
			return true;
		},
		done({ code }) {
			const longest = code?.name === 'METADATA' ? /^LONGENTRIES (\d+)$/i.exec(code.text) : null;
			return { values, longest: longest ? Number(longest[1]) : undefined };
		},
	};
}

/** METADATA covers both; METADATA-SERVER only the server's own (RFC 5464 §1). */
export function needMetadata(
	name: string,
	has: (capability: string) => boolean,
	command: string,
): void {
	if (has('METADATA') || (name === '' && has('METADATA-SERVER'))) return;
	throw new Imap4Error('CAPABILITY', `The server does not offer METADATA, which ${command} needs`, {
		command,
	});
}

/**
 * Whether a text can name an entry (RFC 5464 §3.2): it begins with /private or /shared, and has no wildcards,
 * no `//`, no `/` at the end.
 * @example
 * isMetadataEntry('/shared/comment'); // true
 * isMetadataEntry('/comment'); // false
 */
export function isMetadataEntry(entry: string): boolean {
	// eslint-disable-next-line no-control-regex -- RFC 5464 §3.2 forbids just these
	return /^\/(private|shared)(\/[^/*%\x00-\x19\x7f-\uffff]+)+$/i.test(entry);
}

/** @throws Imap4Error ARGUMENT unless {@link isMetadataEntry} */
export function checkEntry(entry: string): string {
	if (isMetadataEntry(entry)) return entry;
	throw new Imap4Error(
		'ARGUMENT',
		`"${entry.slice(0, 80)}" is not a valid entry: write /private/… or /shared/…, without * and %`,
	);
}
