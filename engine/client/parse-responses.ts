import { Imap4AbortError } from '../errors';
import { MailboxNames } from '../grammar/mailbox-name';
import type { Response } from '../grammar/response';
import { readResponse } from '../grammar/response';
import { Framer } from '../wire/framer';
import type { Limits } from '../wire/limits';
import { defaultLimits } from '../wire/limits';

/**
 * Reads a transcript of what a server sent, without a connection. Literals of any size are held.
 * @param bytes whole responses, each with its CRLF
 * @throws Imap4AbortError PROTOCOL for what cannot be read or is cut off, LIMIT for what is too large
 * @example
 * const [response] = parseResponses(Buffer.from('* 3 EXISTS\r\n'));
 * response; // { type: 'EXISTS', number: 3 }
 */
export function parseResponses(bytes: Uint8Array, limits: Partial<Limits> = {}): Response[] {
	const all = { ...defaultLimits, ...limits };
	const context = { names: new MailboxNames(), maxDepth: all.nestingDepth };
	const responses: Response[] = [];
	const framer = new Framer(
		{
			response(buffer, start, end) {
				const response = readResponse(buffer, start, end, context);
				if (response) responses.push(response);
			},
			literal: () => undefined,
		},
		all,
	);
	framer.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
	if (framer.unfinished)
		throw new Imap4AbortError('PROTOCOL', 'The transcript ends in the middle of a response');
	return responses;
}
