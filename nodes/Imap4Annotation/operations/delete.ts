import { onMailbox } from '../../shared/execution/on-mailbox';
import type { Operation } from '../../shared/execution/operation';
import { dryRunProperties } from '../../shared/execution/safeguards';
import {
	dialect,
	entryProperty,
	placeProperties,
	readEntry,
	readPlace,
	readValue,
	writeEntry,
} from '../entries';

export const deleteAnnotation: Operation = {
	name: 'Delete',
	value: 'delete',
	description: 'Delete an annotation of a mailbox or of the server (SETMETADATA, SETANNOTATION)',
	forModel:
		'Use it to remove a note that was stored on a mailbox or on the server. Returns the value that it had. Never deletes messages.',
	action: 'Delete an annotation',
	properties: [
		...placeProperties,
		entryProperty,
		...dryRunProperties(
			'Whether to only report the value that would be deleted, without deleting it',
		),
	],
	execute: onMailbox({
		atOnce: 1,
		choice: readPlace,
		read: readEntry,
		async dryRun({ imap, mailbox, settings: entry }) {
			const before = await readValue(imap, mailbox, entry);
			return { dryRun: true, mailbox, entry, before };
		},
		async run({ imap, mailbox, settings: entry }) {
			const before = await readValue(imap, mailbox, entry);
			await writeEntry(imap, mailbox, entry, null);
			return { deleted: true, mailbox, entry, before, via: dialect(imap, mailbox) };
		},
	}),
};
