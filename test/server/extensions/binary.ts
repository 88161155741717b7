import type { CommandReader } from '../command-reader';
import type { ExtensionItem, FetchItem } from '../fetch-items';
import { readPartial, readPath } from '../fetch-items';
import { mime } from '../message/parsed';
import { part } from '../message/structure';
import { decodedBody } from '../message/transfer-encoding';
import { Refusal } from '../store/account';
import type { StoredMessage } from '../store/mailbox';

/**
 * A part without its transfer encoding; the message as it is where no part is named (RFC 3516 §4.2).
 * @returns undefined where there is no such part
 * @throws Refusal UNKNOWN-CTE
 */
function content(message: StoredMessage, path: readonly number[]): Buffer | undefined {
	const found = part(mime(message), path);
	if (!found || path.length === 0) return found?.octets;
	const octets = decodedBody(found);
	if (!octets) throw new Refusal('UNKNOWN-CTE', 'The part has an unknown transfer encoding');
	return octets;
}

function readSection(reader: CommandReader): number[] {
	reader.expect('[');
	const path = readPath(reader);
	reader.expect(']');
	return path;
}

function readBinary(reader: CommandReader, marks: boolean): FetchItem {
	const path = readSection(reader);
	const { cut, origin } = readPartial(reader);
	return {
		name: `BINARY[${path.join('.')}]${origin}`,
		marks,
		value(message) {
			const found = content(message, path);
			if (!found) return ['NIL'];
			const octets = cut(found);
			// A literal8 only where it must be one (RFC 3516 §4.2).
			return [`${octets.includes(0) ? '~' : ''}{${octets.length}}\r\n`, octets];
		},
	};
}

/** RFC 3516 §4.2, §4.3. */
export const binaryItems: Record<string, ExtensionItem> = {
	BINARY: { needs: 'BINARY', read: (reader) => readBinary(reader, true) },
	'BINARY.PEEK': { needs: 'BINARY', read: (reader) => readBinary(reader, false) },
	'BINARY.SIZE': {
		needs: 'BINARY',
		read(reader) {
			const path = readSection(reader);
			return {
				name: `BINARY.SIZE[${path.join('.')}]`,
				marks: false,
				value: (message) => [String(content(message, path)?.length ?? 0)],
			};
		},
	},
};
