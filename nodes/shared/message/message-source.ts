/** Where the message of Create comes from: raw text, binary data, or composed from fields. */
import type { INodeProperties } from 'n8n-workflow';
import type { MessageOpener, MessageSource } from '../../../engine/index';
import { messageIds } from '../../../mail/header/message-ids';
import { RawHeader } from '../../../mail/header/raw-header';
import { composeProperties } from './compose-fields';
import { composedMessage } from './composed-message';
import type { Execution } from '../execution/execution';
import { shownWhen } from '../fields/shown-when';
import { strictChoice, strictText } from '../fields/strict-values';
import { UserError } from '../errors/user-error';

export const sourceProperties: INodeProperties[] = [
	{
		displayName: 'Message Source',
		name: 'source',
		type: 'options',
		options: [
			{
				name: 'Compose',
				value: 'compose',
				description: 'Compose the message from the fields below',
			},
			{
				name: 'From Binary',
				value: 'binary',
				description: 'Read a message file (EML) from a binary field',
			},
			{
				name: 'Raw Text',
				value: 'raw',
				description: 'Enter a whole message as text, including its header',
			},
		],
		default: 'compose',
	},
	...composeProperties.map((property) => shownWhen({ source: ['compose'] }, property)),
	shownWhen(
		{ source: ['binary'] },
		{
			displayName: 'Input Binary Field',
			name: 'binaryField',
			type: 'string',
			default: 'data',
			required: true,
			hint: 'The name of the input binary field containing the message',
		},
	),
	shownWhen(
		{ source: ['raw'] },
		{
			displayName: 'Message',
			name: 'raw',
			type: 'string',
			typeOptions: { rows: 8 },
			default: '',
			required: true,
			placeholder: 'e.g. From: anna@example.com\nSubject: Hello\n\nText',
			description: 'The message as in an EML file (RFC 5322): header, blank line, body',
		},
	),
];

/** Bytes up to which a binary message is simply read into memory. */
const SMALL = 1024 * 1024;

export interface GivenMessage {
	message: MessageSource;
	/** With angle brackets; undefined if it has none. */
	messageId: string | undefined;
}

/**
 * @param date for the Date field of a composed message
 * @throws UserError if there is nothing to store
 */
export async function readMessage(
	execution: Execution,
	item: number,
	date: Date | undefined,
): Promise<GivenMessage> {
	const source = strictChoice(
		execution.parameter<unknown>('source', item, 'compose'),
		'Message Source',
		['compose', 'binary', 'raw'],
	);
	if (source === 'compose') {
		const { bytes, messageId } = await composedMessage(execution, item, date);
		return { message: bytes, messageId };
	}
	if (source === 'binary') {
		const message = await binaryMessage(execution, item);
		return { message, messageId: messageIdOf(await startOf(message)) };
	}
	const raw = execution.parameter<unknown>('raw', item, '');
	const message = strictText(raw, 'Message', { required: true });
	return { message, messageId: messageIdOf(Buffer.from(message)) };
}

function messageIdOf(message: Buffer): string | undefined {
	return messageIds(new RawHeader(message).first('message-id') ?? '')[0];
}

/** Bytes in which the header of a message ends, or what matters of it. */
const HEADER = 256 * 1024;

async function startOf(message: Buffer | MessageOpener): Promise<Buffer> {
	if (Buffer.isBuffer(message)) return message;
	const chunks: Uint8Array[] = [];
	let length = 0;
	for await (const chunk of await message()) {
		chunks.push(chunk);
		length += chunk.length;
		if (length >= HEADER) break;
	}
	return Buffer.concat(chunks);
}

/** A large one is opened when it is sent, and never held in memory. */
export async function binaryMessage(
	execution: Execution,
	item: number,
): Promise<Buffer | MessageOpener> {
	const { helpers } = execution.context;
	const name = strictText(
		execution.parameter<unknown>('binaryField', item, 'data'),
		'Input Binary Field',
		{ required: true },
	);
	const { id } = helpers.assertBinaryData(item, name);
	const fileSize = id === undefined ? 0 : (await helpers.getBinaryMetadata(id)).fileSize;
	if (id === undefined || fileSize <= SMALL) {
		const octets = await helpers.getBinaryDataBuffer(item, name);
		if (octets.length === 0) throw new UserError(`The binary field "${name}" is empty`);
		return octets;
	}
	return () => helpers.getBinaryStream(id);
}
