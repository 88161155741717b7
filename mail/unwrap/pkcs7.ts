/** The content of PKCS #7 signed data (RFC 8551 §3.5.2), which is not encrypted. The signature is not checked. */

interface Value {
	tag: number;
	/** Of the content. */
	start: number;
	end: number;
	/** Where the next value begins. */
	next: number;
}

/** Values within one another that are followed. */
const DEEPEST = 30;
const SIGNED_DATA = '2a864886f70d010702';

/** @returns undefined if it is not signed data, or is damaged */
export function signedContent(der: Buffer): Buffer | undefined {
	try {
		// ContentInfo: SEQUENCE { contentType, [0] SignedData }
		const [type, content] = children(der, valueAt(der, 0));
		if (!type || !content || oid(der, type) !== SIGNED_DATA) return undefined;
		const [signed] = children(der, content);
		if (!signed) return undefined;
		// SignedData: SEQUENCE { version, digestAlgorithms, encapContentInfo, … }
		const [, , encapsulated] = children(der, signed);
		if (!encapsulated) return undefined;
		const [, inner] = children(der, encapsulated);
		if (!inner) return undefined;
		const pieces: Buffer[] = [];
		octets(der, inner, pieces, 0);
		return pieces.length > 0 ? Buffer.concat(pieces) : undefined;
	} catch (error) {
		if (error instanceof RangeError) return undefined;
		throw error;
	}
}

const oid = (der: Buffer, { tag, start, end }: Value): string | undefined =>
	tag === 0x06 ? der.subarray(start, end).toString('hex') : undefined;

/** Octet strings can come in pieces (BER). */
function octets(der: Buffer, value: Value, pieces: Buffer[], depth: number): void {
	if (depth > DEEPEST) throw new RangeError('Nested too deeply');
	if (value.tag === 0x04) pieces.push(der.subarray(value.start, value.end));
	else for (const child of children(der, value)) octets(der, child, pieces, depth + 1);
}

function valueAt(der: Buffer, at: number, depth = 0): Value {
	if (depth > DEEPEST) throw new RangeError('Nested too deeply');
	const tag = der.readUInt8(at);
	let length = der.readUInt8(at + 1);
	let start = at + 2;
	if (length === 0x80) {
		// Of indefinite length: up to an end marker, which its children are before.
		let end = start;
		while (der.readUInt16BE(end) !== 0) end = valueAt(der, end, depth + 1).next;
		return { tag, start, end, next: end + 2 };
	}
	if (length > 0x80) {
		const bytes = length & 0x7f;
		if (bytes > 4) throw new RangeError('Too long');
		length = der.readUIntBE(start, bytes);
		start += bytes;
	}
	if (start + length > der.length) throw new RangeError('Cut');
	return { tag, start, end: start + length, next: start + length };
}

function children(der: Buffer, parent: Value): Value[] {
	const found: Value[] = [];
	for (let at = parent.start; at < parent.end;) {
		const child = valueAt(der, at);
		found.push(child);
		at = child.next;
	}
	return found;
}
