import { decodeQuotedPrintable } from './quoted-printable';
import { field } from './header';
import type { MimePart } from './structure';

/** A part's content without its transfer encoding (RFC 2045 §6). @returns undefined for an unknown one */
export function decodedBody(part: MimePart): Buffer | undefined {
	switch (transferEncoding(part)) {
		case '7bit':
		case '8bit':
		case 'binary':
			return part.body;
		case 'base64':
			return Buffer.from(part.body.toString('latin1'), 'base64');
		case 'quoted-printable':
			return decodeQuotedPrintable(part.body);
		default:
			return undefined;
	}
}

function transferEncoding({ fields }: MimePart): string {
	return (field(fields, 'content-transfer-encoding') ?? '7bit').toLowerCase();
}

/**
 * A message that BODY[] may tell: parts that were given as binary become base64, as a literal
 * without NUL must be (RFC 3516 §4.4).
 */
export function withoutBinary(message: MimePart): Buffer {
	const pieces: Buffer[] = [];
	let at = message.octets.byteOffset;
	const upTo = (end: number): void => {
		pieces.push(Buffer.from(message.octets.buffer, at, end - at));
		at = end;
	};
	for (const part of binaryParts(message)) {
		const raw = part.fields.find(({ name }) => name === 'content-transfer-encoding')?.raw;
		if (!raw) continue;
		upTo(raw.byteOffset);
		pieces.push(Buffer.from('Content-Transfer-Encoding: base64\r\n'));
		at += raw.length;
		upTo(part.body.byteOffset);
		const lines = part.body.toString('base64').match(/.{1,76}/g) ?? [];
		pieces.push(Buffer.from(lines.map((line) => `${line}\r\n`).join('')));
		at += part.body.length;
	}
	upTo(message.octets.byteOffset + message.octets.length);
	return Buffer.concat(pieces);
}

function* binaryParts(part: MimePart): Generator<MimePart> {
	if (part.parts.length > 0) for (const one of part.parts) yield* binaryParts(one);
	else if (part.message) yield* binaryParts(part.message);
	else if (transferEncoding(part) === 'binary') yield part;
}
