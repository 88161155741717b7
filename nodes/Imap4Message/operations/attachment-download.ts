import type { IBinaryData, IDataObject, INodeProperties } from 'n8n-workflow';
import { attachmentFields } from '../../../mail/body-parts';
import type { Execution } from '../../shared/execution/execution';
import { selectionProperties } from '../../shared/message/message-selection';
import type { Operation } from '../../shared/execution/operation';
import {
	onAttachments,
	type Attachments,
	type AttachmentTask,
} from '../attachments/attachment-batches';
import { attachmentFiltersProperty } from '../attachments/attachment-choice';
import { binaryFieldProperty, readBinaryField } from '../../shared/fields/output-field';

const properties: INodeProperties[] = [
	...selectionProperties,
	attachmentFiltersProperty,
	{
		displayName: 'Output',
		name: 'attachmentOutput',
		type: 'options',
		options: [
			{
				name: 'One Item per Attachment',
				value: 'attachment',
				description: 'Messages without attachments return no item',
			},
			{
				name: 'One Item per Message',
				value: 'message',
				description: 'All attachments of a message as binary fields of one item',
			},
		],
		default: 'attachment',
	},
	{ ...binaryFieldProperty, displayOptions: { show: { attachmentOutput: ['attachment'] } } },
	{
		displayName: 'Attachment Prefix',
		name: 'attachmentPrefix',
		type: 'string',
		displayOptions: { show: { attachmentOutput: ['message'] } },
		default: 'attachment_',
		description:
			'Prefix for the names of the binary fields, followed by a number: attachment_0, attachment_1, …',
	},
];

/** One item per message, its binary fields with this prefix; or one per attachment, in this field. */
type Form = { prefix: string } | { field: string };

function readForm(execution: Execution, item: number): Form {
	const perMessage =
		execution.parameter<string>('attachmentOutput', item, 'attachment') === 'message';
	if (!perMessage) return { field: readBinaryField(execution, item) };
	return { prefix: execution.parameter('attachmentPrefix', item, 'attachment_') };
}

interface File {
	json: IDataObject;
	/** Undefined if the server does not return the part. */
	data: IBinaryData | undefined;
}

interface Files {
	uid: number;
	files: File[];
}

const MISSING = 'The server describes this part and does not return it';

function emit(
	{ execution, item, mailbox: { name, uidValidity }, settings: form }: AttachmentTask<Form>,
	{ uid, files }: Files,
): void {
	const reference = { mailbox: name, uidValidity, uid };
	if ('field' in form) {
		for (const { json, data } of files) {
			const whole = { ...reference, ...json };
			if (data) execution.emit(item, whole, { [form.field]: data });
			else execution.emitUnreadable(item, { ...whole, unreadable: MISSING }, MISSING);
		}
		return;
	}
	const named = files.map((file, index) => ({ ...file, field: `${form.prefix}${index}` }));
	const attachments = named.map(({ field, json, data }) =>
		data ? { field, ...json } : { ...json, unreadable: MISSING },
	);
	const binary = Object.fromEntries(
		named.flatMap(({ field, data }) => (data ? [[field, data]] : [])),
	);
	const json = { ...reference, attachments };
	execution.emit(item, json, Object.keys(binary).length > 0 ? binary : undefined);
}

function filesOf({ uid, parts, content }: Attachments): Files {
	const stored = new Map(content.attachments.map(({ part, data }) => [part, data]));
	const files = parts.map((part) => {
		const data = stored.get(part);
		// Older versions of n8n do not tell the size.
		return { json: { ...attachmentFields(part), size: data?.bytes ?? null }, data };
	});
	return { uid, files };
}

export const downloadAttachments: Operation = {
	name: 'Download',
	value: 'download',
	description:
		'Download attachments as files, optionally only those that match a name, type or size (FETCH BODY.PEEK)',
	forModel:
		'Use it to get the files of a message. Returns one entry per file with its name, type and size; the content goes to the workflow, not to you.',
	action: 'Save attachments',
	foreignText: true,
	properties,
	execute: onAttachments({
		downloads: true,
		read: readForm,
		emit(task, chosen) {
			for (const message of chosen.map(filesOf)) emit(task, message);
		},
	}),
};
