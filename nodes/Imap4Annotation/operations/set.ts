import type { Execution } from '../../shared/execution/execution';
import { onMailbox } from '../../shared/execution/on-mailbox';
import { strictText } from '../../shared/fields/strict-values';
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

interface Annotation {
	entry: string;
	value: string;
}

const readAnnotation = (execution: Execution, item: number): Annotation => ({
	entry: readEntry(execution, item),
	value: strictText(execution.parameter<unknown>('value', item, ''), 'Value'),
});

export const set: Operation = {
	name: 'Set',
	value: 'set',
	description: 'Write an annotation of a mailbox or of the server (SETMETADATA, SETANNOTATION)',
	forModel:
		'Use it to store a note on a mailbox or on the server. Replaces the value that was there. Never changes messages.',
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
			placeholder: 'e.g. Tidied up every Friday',
		},
		...dryRunProperties('Whether to only report the current value, without changing it'),
	],
	execute: onMailbox({
		atOnce: 1,
		choice: readPlace,
		read: readAnnotation,
		async dryRun({ imap, mailbox, settings: { entry, value } }) {
			const before = await readValue(imap, mailbox, entry);
			return { dryRun: true, mailbox, entry, before, value };
		},
		async run({ imap, mailbox, settings: { entry, value } }) {
			await writeEntry(imap, mailbox, entry, value);
			return { mailbox, entry, value, via: dialect(imap, mailbox) };
		},
	}),
};
