/** Names of annotations, as METADATA writes them; ANNOTATEMORE, its forerunner, is told the same in its own way. */
import type { INodeProperties } from 'n8n-workflow';
import type { Imap4 } from '../../engine/index';
import { Imap4Error, isMetadataEntry } from '../../engine/index';
import type { Execution } from '../shared/execution/execution';
import type { MailboxChoice } from '../shared/mailbox/mailbox-choice';
import { mailboxLocator, readMailboxChoice } from '../shared/mailbox/mailbox-locator';
import { strictChoice, strictText } from '../shared/fields/strict-values';
import { UserError } from '../shared/errors/user-error';

/** The mailbox, or the server itself (RFC 5464 §3.1). */
export const placeProperties: INodeProperties[] = [
	{
		displayName: 'Belongs To',
		name: 'place',
		type: 'options',
		options: [
			{ name: 'Mailbox', value: 'mailbox' },
			{ name: 'Server', value: 'server' },
		],
		default: 'mailbox',
		description: 'Whether the annotation belongs to a mailbox or to the whole server',
	},
	{ ...mailboxLocator(), displayOptions: { show: { place: ['mailbox'] } } },
];

/** @returns the mailbox; one of an empty name for the server */
export function readPlace(execution: Execution, item: number): MailboxChoice {
	return strictChoice(execution.parameter<unknown>('place', item, 'mailbox'), 'Belongs To', [
		'mailbox',
		'server',
	]) === 'server'
		? { by: 'name', name: '' }
		: readMailboxChoice(execution.context, item);
}

export const entryProperty: INodeProperties = {
	displayName: 'Entry',
	name: 'entry',
	type: 'string',
	default: '/private/comment',
	required: true,
	placeholder: 'e.g. /private/comment',
	description:
		'Starts with /private (visible to this user only) or /shared (visible to everyone), such as /shared/vendor/example/color',
};

/** @throws UserError */
export function readEntry(execution: Execution, item: number): string {
	const entry = strictText(execution.parameter<unknown>('entry', item, ''), 'Entry');
	if (isMetadataEntry(entry)) return entry;
	throw new UserError(
		`"${entry.slice(0, 80)}" in the field "Entry" is not a valid annotation name`,
		'Start it with /private/ or /shared/, without *, %, // and a slash at the end.',
	);
}

/** An entry in ANNOTATEMORE's terms: `/comment` and `value.priv`. */
interface OldName {
	entry: string;
	attribute: 'value.priv' | 'value.shared';
}

function oldName(entry: string): OldName {
	const shared = /^\/shared\//i.test(entry);
	return {
		entry: entry.slice(shared ? '/shared'.length : '/private'.length),
		attribute: shared ? 'value.shared' : 'value.priv',
	};
}

/** Which of the two the server speaks. @throws Imap4Error CAPABILITY for neither */
export function dialect(imap: Imap4, mailbox: string): 'METADATA' | 'ANNOTATEMORE' {
	const { capabilities } = imap;
	if (capabilities.has('METADATA') || (mailbox === '' && capabilities.has('METADATA-SERVER')))
		return 'METADATA';
	if (capabilities.has('ANNOTATEMORE')) return 'ANNOTATEMORE';
	throw new Imap4Error(
		'CAPABILITY',
		'The server does not offer METADATA or ANNOTATEMORE, which annotations need',
	);
}

/** @returns values by entry, null for none */
async function readEntries(
	imap: Imap4,
	mailbox: string,
	entries: readonly string[],
): Promise<Record<string, string | null>> {
	if (dialect(imap, mailbox) === 'METADATA')
		return (await imap.getMetadata(mailbox, [...entries])).values;
	const values: Record<string, string | null> = {};
	for (const entry of entries) {
		const { entry: name, attribute } = oldName(entry);
		const [found] = await imap.getAnnotation(mailbox, name, attribute);
		values[entry] = found?.attributes[attribute] ?? null;
	}
	return values;
}

/** @returns null where there is none */
export async function readValue(
	imap: Imap4,
	mailbox: string,
	entry: string,
): Promise<string | null> {
	return Object.values(await readEntries(imap, mailbox, [entry]))[0] ?? null;
}

/** @param value null deletes */
export async function writeEntry(
	imap: Imap4,
	mailbox: string,
	entry: string,
	value: string | null,
): Promise<void> {
	if (dialect(imap, mailbox) === 'METADATA') return imap.setMetadata(mailbox, { [entry]: value });
	const { entry: name, attribute } = oldName(entry);
	return imap.setAnnotation(mailbox, name, { [attribute]: value });
}
