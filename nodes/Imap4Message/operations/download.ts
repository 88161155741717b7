import type { IBinaryData, INodeProperties } from 'n8n-workflow';
import type { FetchedMessage, Uid } from '../../../engine/index';
import { onMessages } from '../../shared/execution/on-messages';
import { headerText } from '../../../mail/header/header-text';
import { binaryStore, type StoreBinary } from '../../shared/message/binary-store';
import { fetchEach } from '../../shared/execution/fetch-each';
import { selectionProperties } from '../../shared/message/message-selection';
import type { Operation } from '../../shared/execution/operation';
import { markAsRead, markAsReadProperty, readMarkAsRead } from '../mark-as-read';
import { messageFileName } from '../../../mail/message-file-name';
import { binaryFieldProperty, readBinaryField } from '../../shared/fields/output-field';

const properties: INodeProperties[] = [
	...selectionProperties,
	binaryFieldProperty,
	{
		displayName: 'Options',
		name: 'downloadOptions',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [markAsReadProperty],
	},
];

interface Downloaded {
	uid: Uid;
	/** Bytes. */
	size: number;
	binary: IBinaryData;
}

/**
 * Lets the message flow into n8n's binary storage; no more of it is held than the connection brings
 * at a time.
 * @returns undefined if the message is gone
 */
async function store(message: FetchedMessage, save: StoreBinary): Promise<Downloaded | undefined> {
	const [body] = message.body;
	if (!body || body.content === null) return undefined;
	const name = (): string =>
		messageFileName(headerText(message.envelope?.subject), message.uid ?? message.seq);
	const binary = await save(body.stream(), name(), 'message/rfc822');
	// Some servers tell the envelope and the UID only behind the body.
	binary.fileName = name();
	if (message.uid === undefined) return undefined;
	return { uid: message.uid, size: body.size ?? 0, binary };
}

export const download: Operation = {
	name: 'Download',
	value: 'download',
	description:
		'Download whole messages as EML files without marking them as read (FETCH BODY.PEEK)',
	forModel:
		"Use it to hand whole messages to the workflow as files. Returns one entry per message with the file's name and size; the content goes to the workflow, not to you.",
	action: 'Download messages as EML',
	foreignText: true,
	properties,
	execute: onMessages({
		readOnly: true,
		read: (execution, item) => ({
			field: readBinaryField(execution, item),
			mark: readMarkAsRead(execution, item, 'downloadOptions'),
		}),
		async run(batch) {
			const { execution, imap, mailbox, settings } = batch;
			const { field, mark } = settings;
			const { name, uidValidity } = mailbox;
			const save = binaryStore(execution.context);
			const items = { uid: true, envelope: true, body: [{ section: '', peek: true }] };
			await fetchEach<Downloaded>(batch, {
				async fetch(uids, found) {
					for await (const message of mailbox.fetch(uids, items)) {
						execution.checkCancelled();
						const downloaded = await store(message, save);
						if (downloaded) found(downloaded.uid, downloaded);
					}
				},
				// Those that are not marked although they should be are not done.
				...(mark ? { then: (uids) => markAsRead(imap, mailbox, uids) } : {}),
				emit(item, uid, { size, binary }) {
					const json = { mailbox: name, uidValidity, uid, fileName: binary.fileName, size };
					execution.emit(item, json, { [field]: binary });
				},
			});
		},
	}),
};
