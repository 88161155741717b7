import type { IBinaryData, IDataObject, INodeProperties } from 'n8n-workflow';
import type { SelectedMailbox } from '../../../engine/index';
import { attachmentFields } from '../../../mail/body-parts';
import type { NamedPart } from '../../../mail/file-name';
import type { Execution } from '../../shared/execution/execution';
import { fetchContents } from '../../shared/message/message-content';
import { binaryStore } from '../../shared/message/message-output';
import { selectionProperties } from '../../shared/message/message-selection';
import { UserError } from '../../shared/errors/user-error';
import type { Operation } from '../../shared/execution/operation';
import { runAttachments, type Attachments } from '../attachment-batches';
import { attachmentFiltersProperty } from '../attachment-choice';
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
				description: 'A message without attachments gives no item',
			},
			{
				name: 'One Item per Message',
				value: 'message',
				description: 'All attachments of a message in binary fields of one item',
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
			'How the names of the binary fields begin; a number follows: attachment_0, attachment_1 …',
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
	data: IBinaryData;
}

function emit(
	execution: Execution,
	item: number,
	{ name, uidValidity }: SelectedMailbox,
	{ uid, files }: { uid: number; files: File[] },
	form: Form,
): void {
	const reference = { mailbox: name, uidValidity, uid };
	if ('field' in form) {
		for (const { json, data } of files) {
			execution.emit(item, { ...reference, ...json }, { [form.field]: data });
		}
		return;
	}
	const named = files.map((file, index) => ({ ...file, field: `${form.prefix}${index}` }));
	const attachments = named.map(({ field, json }) => ({ field, ...json }));
	const binary = Object.fromEntries(named.map(({ field, data }) => [field, data]));
	execution.emit(item, { ...reference, attachments }, files.length > 0 ? binary : undefined);
}

async function execute(execution: Execution): Promise<void> {
	const stored = new Map<NamedPart, IBinaryData>();
	const filesOf = ({ uid, parts }: Attachments): { uid: number; files: File[] } => ({
		uid,
		files: parts.map((part) => {
			const data = stored.get(part);
			if (!data) throw new UserError(`The server does not give part ${part.part} of the message`);
			// Older versions of n8n do not tell the size.
			return { json: { ...attachmentFields(part), size: data.bytes ?? null }, data };
		}),
	});
	await runAttachments(execution, {
		settings: (item) => readForm(execution, item),
		async read({ imap }, wanted, done) {
			const requests = wanted.map(({ uid, parts }) => ({
				uid,
				attachments: parts,
			}));
			const save = binaryStore(execution.context);
			await fetchContents(execution, imap, requests, save, (uid, { attachments }) => {
				for (const { part, data } of attachments) stored.set(part, data);
				done(uid);
			});
		},
		emit(item, chosen, form, mailbox) {
			const files = chosen.map(filesOf);
			for (const message of files) emit(execution, item, mailbox, message, form);
		},
	});
}

export const downloadAttachments: Operation = {
	name: 'Download',
	value: 'download',
	description:
		'Download attachments, decoded, by part number, media type, name or size (FETCH BODY.PEEK)',
	action: 'Save attachments',
	foreignText: true,
	properties,
	execute,
};
