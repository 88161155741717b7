import type { IBinaryData, IDataObject, INodeProperties } from 'n8n-workflow';
import { attachmentFields } from '../../../mail/body-parts';
import { shortened } from '../../../mail/file-name';
import type { Execution } from '../../shared/execution/execution';
import { selectionProperties } from '../../shared/message/message-selection';
import { keepInputProperty, keepsInput } from '../../shared/execution/keep-input';
import type { Operation } from '../../shared/execution/operation';
import { strictChoice } from '../../shared/fields/strict-values';
import {
	onAttachments,
	type Attachments,
	type AttachmentTask,
} from '../attachments/attachment-batches';
import { attachmentFiltersProperty } from '../attachments/attachment-choice';
import { binaryFieldProperty, readBinaryField, readPrefix } from '../../shared/fields/output-field';

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
	{
		displayName: 'File Names',
		name: 'fileNames',
		type: 'options',
		options: [
			{ name: 'As Sent', value: 'sent', description: 'Several files may have the same name' },
			{
				name: 'Unique',
				value: 'unique',
				description: 'UID and part number come first, such as 42-2-invoice.pdf',
			},
		],
		default: 'sent',
		description:
			'Names of the files. Written to disk, a file replaces another one of the same name.',
	},
	{
		...keepInputProperty,
		description:
			'Whether to return the fields of the input item too, such as the subject and the sender of the message. Fields that this node returns replace input fields of the same name.',
	},
];

/** One item per message, its binary fields with this prefix; or one per attachment, in this field. */
type Place = { prefix: string } | { field: string };

interface Form {
	place: Place;
	/** Whether files of one mailbox never have the same name. */
	unique: boolean;
	keepsInput: boolean;
}

function readForm(execution: Execution, item: number): Form {
	const names = execution.parameter<unknown>('fileNames', item, 'sent');
	return {
		place: readPlace(execution, item),
		unique: strictChoice(names, 'File Names', ['sent', 'unique']) === 'unique',
		keepsInput: keepsInput(execution, item),
	};
}

function readPlace(execution: Execution, item: number): Place {
	const output = execution.parameter<unknown>('attachmentOutput', item, 'attachment');
	return strictChoice(output, 'Output', ['attachment', 'message']) === 'message'
		? { prefix: readPrefix(execution, item) }
		: { field: readBinaryField(execution, item) };
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
	{ execution, item, mailbox: { name, uidValidity }, settings }: AttachmentTask<Form>,
	message: Files,
): void {
	const { uid } = message;
	const { place } = settings;
	const input = settings.keepsInput ? execution.items[item]?.json : {};
	const reference = { ...input, mailbox: name, uidValidity, uid };
	const files = settings.unique
		? message.files.map((file) => uniquelyNamed(uid, file))
		: message.files;
	if ('field' in place) {
		for (const { json, data } of files) {
			const whole = { ...reference, ...json };
			if (data) execution.emit(item, whole, { [place.field]: data });
			else execution.emitUnreadable(item, { ...whole, unreadable: MISSING }, MISSING);
		}
		return;
	}
	const named = files.map((file, index) => ({ ...file, field: `${place.prefix}${index}` }));
	const attachments = named.map(({ field, json, data }) =>
		data ? { field, ...json } : { ...json, unreadable: MISSING },
	);
	const binary = Object.fromEntries(
		named.flatMap(({ field, data }) => (data ? [[field, data]] : [])),
	);
	const json = { ...reference, attachments };
	execution.emit(item, json, Object.keys(binary).length > 0 ? binary : undefined);
}

/** Also where a mailbox has many messages with one "invoice.pdf" each, or one message with two. */
function uniquelyNamed(uid: number, { json, data }: File): File {
	const fileName = shortened(`${uid}-${String(json.part)}-${String(json.fileName)}`);
	return { json: { ...json, fileName }, data: data && { ...data, fileName } };
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
