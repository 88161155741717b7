/** Where the message of Create comes from: raw text, binary data, or composed from fields. */
import type { INodeProperties } from 'n8n-workflow';
import type { MessageOpener, MessageSource } from '../../../engine/index';
import { messageIds } from '../../../mail/header/message-ids';
import { RawHeader } from '../../../mail/header/raw-header';
import { composeProperties } from './compose-fields';
import { composedMessage, readComposition, type Composition } from './composed-message';
import type { WithItems } from '../fields/with-parameters';
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

/** Where the message of an item comes from, with all that its fields say. */
export type GivenSource = { composition: Composition } | { binaryField: string } | { raw: string };

export interface GivenMessage {
	message: MessageSource;
	/** With angle brackets; undefined if it has none. */
	messageId: string | undefined;
}

/**
 * @param date for the Date field of a composed message
 * @throws UserError if there is nothing to store; NodeOperationError if a file is missing
 */
export function readSource(
	execution: WithItems,
	item: number,
	date: Date | undefined,
): GivenSource {
	const source = strictChoice(
		execution.parameter<unknown>('source', item, 'compose'),
		'Message Source',
		['compose', 'binary', 'raw'],
	);
	if (source === 'compose') return { composition: readComposition(execution, item, date) };
	if (source === 'binary') return { binaryField: readBinaryField(execution, item) };
	const raw = execution.parameter<unknown>('raw', item, '');
	return { raw: strictText(raw, 'Message', { required: true }) };
}

/** The message itself. @throws UserError if the file is empty */
export async function messageFrom(
	execution: WithItems,
	item: number,
	given: GivenSource,
): Promise<GivenMessage> {
	if ('composition' in given) {
		const { bytes, messageId } = await composedMessage(execution, item, given.composition);
		return { message: bytes, messageId };
	}
	if ('binaryField' in given) {
		const message = await binaryMessage(execution, item, given.binaryField);
		return { message, messageId: messageIdOf(await startOf(message)) };
	}
	return { message: given.raw, messageId: messageIdOf(Buffer.from(given.raw)) };
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

/** @throws UserError, NodeOperationError if the item has no such file, or an empty one */
function readBinaryField(execution: WithItems, item: number): string {
	const given = execution.parameter<unknown>('binaryField', item, 'data');
	const name = strictText(given, 'Input Binary Field', { required: true });
	const { id, data, bytes } = execution.context.helpers.assertBinaryData(item, name);
	if (id === undefined ? data === '' : bytes === 0) throw emptyFile(name);
	return name;
}

const emptyFile = (name: string): UserError =>
	new UserError(`The binary field "${name}" is empty`, 'Check the node that this file comes from.');

/** A large one is opened when it is sent, and never held in memory. */
async function binaryMessage(
	execution: WithItems,
	item: number,
	name: string,
): Promise<Buffer | MessageOpener> {
	const { helpers } = execution.context;
	const { id } = helpers.assertBinaryData(item, name);
	const fileSize = id === undefined ? 0 : (await helpers.getBinaryMetadata(id)).fileSize;
	if (id === undefined || fileSize <= SMALL) {
		const octets = await helpers.getBinaryDataBuffer(item, name);
		if (octets.length === 0) throw emptyFile(name);
		return octets;
	}
	return () => helpers.getBinaryStream(id);
}
