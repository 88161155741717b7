import type { Execution } from '../../shared/execution/execution';
import { eachMailbox } from '../../shared/execution/each-mailbox';
import { strictText } from '../../shared/fields/strict-values';
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
			const value = strictText(execution.parameter<unknown>('value', item, ''), 'Value');
			if (isDryRun(execution, item)) {
				const before = Object.values(await readEntries(imap, mailbox, [entry]))[0] ?? null;
				return { dryRun: true, mailbox, entry, before, value };
			}
			await writeEntry(imap, mailbox, entry, value);
			return { mailbox, entry, value, via: dialect(imap, mailbox) };
		},
	});
}

export const set: Operation = {
	name: 'Set',
	value: 'set',
	description: 'Write an annotation of a mailbox or of the server (SETMETADATA, SETANNOTATION)',
	action: 'Write an annotation',
	properties: [
		...placeProperties,
		entryProperty,
		{
			displayName: 'Value',
			name: 'value',
			type: 'string',
			typeOptions: { rows: 2 },
			default: '',
		},
		...dryRunProperties('Whether to only report the current value, without changing it'),
	],
	execute,
};
