import type { IBinaryData, INodeProperties } from 'n8n-workflow';
import { FetchLedger, type FetchedMessage, type FetchSome, type Uid } from '../../../engine/index';
import { onMessages } from '../../shared/execution/on-messages';
import { headerText } from '../../../mail/header/header-text';
import { binaryStore, type StoreBinary } from '../../shared/message/binary-store';
import { reasonFor } from '../../shared/message/message-reading';
import { concernsMessage } from '../../shared/errors/advice';
import { eachResult } from '../../shared/execution/message-results';
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

interface Unreadable {
	uid: number;
	unreadable: string;
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
			const { execution, imap, mailbox, settings, uids } = batch;
			const { field, mark } = settings;
			const { name, uidValidity } = mailbox;
			const { ledger, all } = batch.remember(() => ({
				ledger: new FetchLedger(uids),
				all: new Map<Uid, Downloaded>(),
			}));
			const save = binaryStore(execution.context);
			const items = { uid: true, envelope: true, body: [{ section: '', peek: true }] };
			const fetch: FetchSome = async (some, came) => {
				for await (const message of mailbox.fetch(some, items)) {
					execution.checkCancelled();
					const downloaded = await store(message, save);
					if (!downloaded) continue;
					all.set(downloaded.uid, downloaded);
					came(downloaded.uid);
				}
			};
			await eachResult<Downloaded | Unreadable>(
				batch,
				async (done) => {
					const allDone = (): void => all.forEach((downloaded, uid) => done(uid, downloaded));
					try {
						await ledger.settle(mailbox, fetch, { concernsMessage });
						if (mark) await markAsRead(imap, mailbox, [...all.keys()]);
					} finally {
						// Those that are not marked although they should be are not done.
						if (!mark) allDone();
					}
					allDone();
					for (const [uid, error] of ledger.unreadable) {
						done(uid, { uid, unreadable: reasonFor(error) });
					}
				},
				(item, results) => {
					for (const result of results) {
						const reference = { mailbox: name, uidValidity, uid: result.uid };
						if ('unreadable' in result) {
							const { unreadable } = result;
							execution.emitUnreadable(item, { ...reference, unreadable }, unreadable);
							continue;
						}
						const { size, binary } = result;
						const json = { ...reference, fileName: binary.fileName, size };
						execution.emit(item, json, { [field]: binary });
					}
				},
			);
		},
	}),
};
