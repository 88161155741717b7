import type { Execution } from '../../shared/execution/execution';
import { eachMailbox } from '../../shared/execution/each-mailbox';
import type { Operation } from '../../shared/execution/operation';
import {
	checkEntry,
	dialect,
	entryProperty,
	placeProperties,
	readEntries,
	readPlace,
} from '../entries';

async function execute(execution: Execution): Promise<void> {
	await eachMailbox(execution, {
		inTurn: false,
		sameFor: (item) => execution.parameter('entry', item, ''),
		mailbox: (item) => readPlace(execution, item),
		async run(imap, mailbox, item) {
			const entry = checkEntry(String(execution.parameter<unknown>('entry', item, '')));
			const values = await readEntries(imap, mailbox, [entry]);
			const value = Object.values(values)[0] ?? null;
			return { mailbox, entry, value, exists: value !== null, via: dialect(imap, mailbox) };
		},
	});
}

export const get: Operation = {
	name: 'Get',
	value: 'get',
	description: 'Get one annotation of a mailbox or of the server (GETMETADATA, GETANNOTATION)',
	action: 'Get an annotation',
	properties: [...placeProperties, entryProperty],
	execute,
};
