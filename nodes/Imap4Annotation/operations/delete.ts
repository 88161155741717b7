import type { Execution } from '../../shared/execution/execution';
import { eachMailbox } from '../../shared/execution/each-mailbox';
import type { Operation } from '../../shared/execution/operation';
import { dryRunProperties, isDryRun } from '../../shared/execution/safeguards';
import {
	checkEntry,
	dialect,
	entryProperty,
	placeProperties,
	readEntries,
	readPlace,
	writeEntry,
} from '../entries';

async function execute(execution: Execution): Promise<void> {
	await eachMailbox(execution, {
		inTurn: true,
		mailbox: (item) => readPlace(execution, item),
		async run(imap, mailbox, item) {
			const entry = checkEntry(String(execution.parameter<unknown>('entry', item, '')));
			const before = Object.values(await readEntries(imap, mailbox, [entry]))[0] ?? null;
			if (isDryRun(execution, item)) return { dryRun: true, mailbox, entry, before };
			await writeEntry(imap, mailbox, entry, null);
			return { deleted: true, mailbox, entry, before, via: dialect(imap, mailbox) };
		},
	});
}

export const deleteAnnotation: Operation = {
	name: 'Delete',
	value: 'delete',
	description: 'Delete an annotation of a mailbox or of the server (SETMETADATA, SETANNOTATION)',
	action: 'Delete an annotation',
	properties: [
		...placeProperties,
		entryProperty,
		...dryRunProperties(
			'Whether to only report the value that would be deleted, without deleting it',
		),
	],
	execute,
};
