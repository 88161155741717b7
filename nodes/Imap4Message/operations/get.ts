import { runBatches } from '../../shared/batches';
import type { Execution } from '../../shared/execution';
import {
	fetchOutputs,
	outputProperties,
	readOutputOptions,
	type OutputOptions,
} from '../../shared/message-output';
import { selectionProperties } from '../../shared/message-selection';
import type { Operation } from '../../shared/operation';

async function execute(execution: Execution): Promise<void> {
	await runBatches(execution, {
		readOnly: true,
		settings(item) {
			const { fields, ...options } = readOutputOptions(execution, item);
			return { ...options, fields: [...fields] };
		},
		async run({ imap, mailbox, settings, uids, itemsOf }) {
			const options: OutputOptions = { ...settings, fields: new Set(settings.fields) };
			await fetchOutputs(execution, imap, mailbox, uids, options, (uid, json, binary) => {
				for (const item of itemsOf(uid)) execution.emit(item, json, binary);
			});
		},
	});
}

export const get: Operation = {
	name: 'Get',
	value: 'get',
	description: 'Read messages by reference or UID, and leave them unread (FETCH)',
	action: 'Get messages',
	properties: [...selectionProperties, ...outputProperties],
	execute,
};
