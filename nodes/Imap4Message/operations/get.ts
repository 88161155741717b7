import { onMessages } from '../../shared/execution/on-messages';
import { MessageReading, type MessageOutput } from '../../shared/message/message-reading';
import { emitMessage } from '../../shared/execution/emit-message';
import { outputProperties, readOutputOptions } from '../../shared/message/output-options';
import { eachResult } from '../../shared/execution/message-results';
import { selectionProperties } from '../../shared/message/message-selection';
import type { Operation } from '../../shared/execution/operation';

export const get: Operation = {
	name: 'Get',
	value: 'get',
	description: 'Read messages by reference, search or UID without marking them as read (FETCH)',
	forModel:
		'Use it to read a message that a search found, by its mailbox, uidValidity and uid. Returns subject, sender, recipients and date, and the text if the tool is set up for it.',
	action: 'Read messages by reference',
	foreignText: true,
	properties: [...selectionProperties, ...outputProperties],
	execute: onMessages({
		readOnly: true,
		read: readOutputOptions,
		async run(batch) {
			const { execution, account, mailbox, settings, uids } = batch;
			const reading = batch.remember(() => new MessageReading(execution, account, uids, settings));
			await eachResult<MessageOutput>(
				batch,
				async (done) => {
					await reading.read(mailbox);
					for (const output of reading.outputs()) done(output.uid, output);
				},
				(item, results) => {
					for (const output of results) emitMessage(execution, item, output);
				},
			);
		},
	}),
};
