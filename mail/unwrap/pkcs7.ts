/** PKCS #7 (RFC 8551): the content of signed data, which is not encrypted. The signature is not checked. */

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
/** Values that are looked at: a hundred times as many as programs write that cut a large message into pieces. */
const MOST_VALUES = 1_000_000;
const SIGNED_DATA = '2a864886f70d010702';
/** EnvelopedData and AuthEnvelopedData (RFC 5083). */
const ENCRYPTED_DATA = new Set(['2a864886f70d010703', '2a864886f70d0109100117']);

/** @returns undefined if it is not signed data, or is damaged */
export function signedContent(der: Buffer): Buffer | undefined {
	return unlessDamaged(() => new Reader(der).content());
}

/** Whether it is data that only the recipient can read. */
export function isEnveloped(der: Buffer): boolean {
	return ENCRYPTED_DATA.has(unlessDamaged(() => new Reader(der).contentType()) ?? '');
}

function unlessDamaged<T>(read: () => T): T | undefined {
	try {
		return read();
	} catch (error) {
		if (error instanceof RangeError) return undefined;
		throw error;
	}
}

/** Throws a RangeError where it is damaged. */
class Reader {
	private left = MOST_VALUES;

	constructor(private readonly der: Buffer) {}

	/** Of large data its beginning is enough. @returns an object identifier in hexadecimal */
	contentType(): string | undefined {
		const { der } = this;
		if (der.readUInt8(0) !== 0x30) return undefined;
		const length = der.readUInt8(1);
		return this.oid(this.valueAt(length > 0x80 ? 2 + (length & 0x7f) : 2));
	}

	content(): Buffer | undefined {
		// ContentInfo: SEQUENCE { contentType, [0] SignedData }
		const [type, content] = this.children(this.valueAt(0));
		if (!type || !content || this.oid(type) !== SIGNED_DATA) return undefined;
		const [signed] = this.children(content);
		if (!signed) return undefined;
		// SignedData: SEQUENCE { version, digestAlgorithms, encapContentInfo, … }
		const [, , encapsulated] = this.children(signed);
		if (!encapsulated) return undefined;
		const [, inner] = this.children(encapsulated);
		if (!inner) return undefined;
		const pieces: Buffer[] = [];
		this.octets(inner, pieces, 0);
		return pieces.length > 0 ? Buffer.concat(pieces) : undefined;
	}

	private oid({ tag, start, end }: Value): string | undefined {
		return tag === 0x06 ? this.der.subarray(start, end).toString('hex') : undefined;
	}

	/** Octet strings can come in pieces (BER). */
	private octets(value: Value, pieces: Buffer[], depth: number): void {
		if (depth > DEEPEST) throw new RangeError('Nested too deeply');
		if (value.tag === 0x04) pieces.push(this.der.subarray(value.start, value.end));
		else for (const child of this.children(value)) this.octets(child, pieces, depth + 1);
	}

	private valueAt(at: number, depth = 0): Value {
		if (depth > DEEPEST) throw new RangeError('Nested too deeply');
		if (--this.left < 0) throw new RangeError('Too many values');
		const { der } = this;
		const tag = der.readUInt8(at);
		let length = der.readUInt8(at + 1);
		let start = at + 2;
		if (length === 0x80) {
			// Of indefinite length: up to an end marker, which its children are before.
			let end = start;
			while (der.readUInt16BE(end) !== 0) end = this.valueAt(end, depth + 1).next;
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

	private children(parent: Value): Value[] {
		const found: Value[] = [];
		for (let at = parent.start; at < parent.end;) {
			const child = this.valueAt(at);
			found.push(child);
			at = child.next;
		}
		return found;
	}
}
