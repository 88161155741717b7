import type { IBinaryKeyData, IDataObject } from 'n8n-workflow';
import { runBatches } from '../../shared/execution/message-batches';
import type { Execution } from '../../shared/execution/execution';
import {
	fetchOutputs,
	outputProperties,
	readOutputOptions,
	type OutputOptions,
} from '../../shared/message/message-output';
import { eachResult } from '../../shared/execution/message-results';
import { selectionProperties } from '../../shared/message/message-selection';
import type { Operation } from '../../shared/execution/operation';

interface Result {
	json: IDataObject;
	binary: IBinaryKeyData | undefined;
}

async function execute(execution: Execution): Promise<void> {
	await runBatches(execution, {
		readOnly: true,
		settings(item) {
			const { fields, ...options } = readOutputOptions(execution, item);
			return { ...options, fields: [...fields] };
		},
		async run({ imap, mailbox, settings, uids, itemsOf }) {
			const options: OutputOptions = { ...settings, fields: new Set(settings.fields) };
			await eachResult<Result>(
				execution,
				{ mailbox, uids, itemsOf },
				(done) =>
					fetchOutputs(execution, imap, mailbox, uids, options, (uid, json, binary) =>
						done(uid, { json, binary }),
					),
				(item, results) => {
					for (const { json, binary } of results) execution.emit(item, json, binary);
				},
			);
		},
	});
}

export const get: Operation = {
	name: 'Get',
	value: 'get',
	description: 'Read messages by reference or UID, and leave them unread (FETCH)',
	action: 'Read messages',
	foreignText: true,
	properties: [...selectionProperties, ...outputProperties],
	execute,
};
