import type { StoredMessage } from '../store/mailbox';
import type { MimePart } from './structure';
import { parseMime } from './structure';

const parsed = new WeakMap<StoredMessage, MimePart>();

/** A message taken apart, once. */
export function mime(message: StoredMessage): MimePart {
	const known = parsed.get(message) ?? parseMime(message.octets);
	parsed.set(message, known);
	return known;
}
