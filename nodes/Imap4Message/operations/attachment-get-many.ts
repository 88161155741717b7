import { attachmentFields } from '../../../mail/body-parts';
import { selectionProperties } from '../../shared/message/message-selection';
import type { Operation } from '../../shared/execution/operation';
import { onAttachments } from '../attachments/attachment-batches';
import { attachmentFiltersProperty } from '../attachments/attachment-choice';
import { limitProperties, readLimit } from '../../shared/fields/limit';

export const getManyAttachments: Operation = {
	name: 'Get Many',
	value: 'getMany',
	description:
		'List attachments and their part numbers without downloading them (FETCH BODYSTRUCTURE)',
	forModel:
		'Use it to see which files a message has. Returns one entry per file with its name, type, size and part number.',
	action: 'List attachments',
	foreignText: true,
	properties: [...selectionProperties, ...limitProperties, attachmentFiltersProperty],
	execute: onAttachments({
		downloads: false,
		read: readLimit,
		emit({ execution, mailbox: { name, uidValidity }, item, settings: limit }, chosen) {
			const found = chosen.flatMap(({ uid, parts, content: { readAsWhole } }) =>
				parts.map((part) => ({
					mailbox: name,
					uidValidity,
					uid,
					...attachmentFields(part),
					...(readAsWhole === undefined ? {} : { readAsWhole }),
				})),
			);
			for (const json of found.slice(0, limit)) execution.emit(item, json);
		},
	}),
};
