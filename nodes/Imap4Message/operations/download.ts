import type { IBinaryData, INodeProperties } from 'n8n-workflow';
import type { FetchedMessage } from '../../../engine/index';
import { runBatches } from '../../shared/execution/message-batches';
import { headerText } from '../../../mail/header/header-text';
import type { StoreBinary } from '../../shared/message/message-content';
import { binaryStore } from '../../shared/message/message-output';
import { eachResult } from '../../shared/execution/message-results';
import { selectionProperties } from '../../shared/message/message-selection';
import type { Execution } from '../../shared/execution/execution';
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
	uid: number;
	/** Octets. */
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

async function execute(execution: Execution): Promise<void> {
	await runBatches(execution, {
		readOnly: true,
		settings: (item) => ({
			field: readBinaryField(execution, item),
			mark: readMarkAsRead(execution, item, 'downloadOptions'),
		}),
		async run({ imap, mailbox, settings: { field, mark }, set, uids, itemsOf }) {
			const { name, uidValidity } = mailbox;
			const save = binaryStore(execution.context);
			const items = { uid: true, envelope: true, body: [{ section: '', peek: true }] };
			await eachResult<Downloaded>(
				execution,
				{ mailbox, uids, itemsOf },
				async (done) => {
					const unmarked: Downloaded[] = [];
					for await (const message of imap.fetch(set, items, { uid: true })) {
						execution.checkCancelled();
						const downloaded = await store(message, save);
						if (downloaded && mark) unmarked.push(downloaded);
						else if (downloaded) done(downloaded.uid, downloaded);
					}
					await markAsRead(
						imap,
						mailbox,
						unmarked.map(({ uid }) => uid),
					);
					for (const downloaded of unmarked) done(downloaded.uid, downloaded);
				},
				(item, results) => {
					for (const { uid, size, binary } of results) {
						const json = { mailbox: name, uidValidity, uid, fileName: binary.fileName, size };
						execution.emit(item, json, { [field]: binary });
					}
				},
			);
		},
	});
}

export const download: Operation = {
	name: 'Download',
	value: 'download',
	description: 'Download whole messages as EML files, and leave them unread (FETCH BODY.PEEK)',
	action: 'Download messages as EML',
	foreignText: true,
	properties,
	execute,
};
