/** Message-IDs (RFC 5322 §3.6.4). */
import { randomUUID } from 'node:crypto';

/**
 * A new Message-ID, with angle brackets.
 * @param sender whose domain makes it unique in the world; without one the random part alone does
 */
export function newMessageId(sender: string | undefined): string {
	const domain = sender?.slice(sender.lastIndexOf('@') + 1).toLowerCase() ?? '';
	return `<${randomUUID()}@${/^[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?$/.test(domain) ? domain : 'localhost'}>`;
}
