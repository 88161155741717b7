/** Reads one section of a fetched message: into text, or into n8n's binary storage. */
import type { Readable } from 'node:stream';
import type { IBinaryData, IDataObject } from 'n8n-workflow';
import type { FetchedMessage, MessageBody, SinglePartStructure } from '../../../engine/index';
import { decodeText } from '../../../mail/charset/decode-text';
import { fileName, mimeType } from '../../../mail/file-name';
import { headerFields } from '../../../mail/header/header-text';
import type { StoreBinary } from '../../shared/message/binary-store';
import { UserError } from '../../shared/errors/user-error';
import { octetsIn, type OctetRange } from '../../../mail/byte-range';
import { partText } from '../../../mail/reading/part-text';
import { decodedStream } from '../../../mail/transfer-encoding/decode-transfer';
import { isHeader, noSuchSection, partOfSection, sectionText, type Section } from './section';

export interface SectionRequest {
	section: Section;
	/** Whether to take off the transfer encoding and the charset. */
	decode: boolean;
	/** Of what is put out. */
	range?: OctetRange;
	/** Whether the server takes off the transfer encoding (BINARY, RFC 3516). */
	binary: boolean;
	/** Whether the server cuts the range out. */
	cut: boolean;
}

export interface SectionContent {
	json: IDataObject;
	data?: IBinaryData;
}

/** Bytes of a section that are put into a text field; more belong into a file. */
const MOST_TEXT = 32 * 1024 * 1024;

/**
 * @param save to get the section as a file; undefined to get it as text in the field `field`
 * @throws UserError if the message has no such section, or too long a one
 */
export async function readSection(
	message: FetchedMessage,
	request: SectionRequest,
	field: string,
	save: StoreBinary | undefined,
): Promise<SectionContent> {
	const { section, decode } = request;
	const [body] = message.body;
	const part = partAt(message, request);
	if (!body || body.content === null) throw noSuchSection(section.name);
	const content = octets(body, part, request);
	const type = typeOf(section, part);
	const told = { section: sectionText(section), mimeType: type, encodedSize: body.size ?? null };
	if (save) {
		const data = await save(content, nameOf(message, section, part), type);
		return { json: { ...told, fileName: data.fileName, size: data.bytes ?? null }, data };
	}
	const all = await inMemory(content);
	const text = decode && part ? await partText(all, part) : decodeText(all);
	return {
		json: {
			...told,
			size: all.length,
			[field]: text,
			...(decode && isHeader(section) && !request.range ? { header: headerFields(all) } : {}),
		},
	};
}

/** @throws UserError if there is none, or if that cannot be told */
function partAt(
	message: FetchedMessage,
	{ section, decode }: SectionRequest,
): SinglePartStructure | undefined {
	const { bodyStructure } = message;
	if (bodyStructure) return partOfSection(bodyStructure, section);
	if (!decode || isHeader(section)) return undefined;
	throw new UserError(
		'The server returned no readable encoding for this section',
		'Turn off "Decode" to get the section as sent.',
	);
}

function octets(
	body: MessageBody,
	part: SinglePartStructure | undefined,
	{ decode, range, binary, cut }: SectionRequest,
): Readable {
	const source = body.stream();
	const decoded = decode && part && !binary ? decodedStream(source, part.encoding) : source;
	return range && !cut ? octetsIn(decoded, range) : decoded;
}

async function inMemory(content: Readable): Promise<Buffer> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of content) {
		size += (chunk as Buffer).length;
		if (size > MOST_TEXT) {
			throw new UserError(
				`The section is larger than ${MOST_TEXT} bytes, which is too large for a text field`,
				'Choose "Binary File" in "Put Result Into", or read only a range of the section.',
			);
		}
		chunks.push(chunk as Buffer);
	}
	return Buffer.concat(chunks);
}

function typeOf(section: Section, part: SinglePartStructure | undefined): string {
	if (isHeader(section)) return 'text/rfc822-headers';
	return part ? mimeType(part) : 'application/octet-stream';
}

function nameOf(
	{ uid }: FetchedMessage,
	section: Section,
	part: SinglePartStructure | undefined,
): string {
	if (section.what === '' && part) return fileName(part);
	return `message-${uid}-${section.name}.txt`;
}
