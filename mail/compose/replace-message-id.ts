/** A message under another Message-ID: the one that the server gave it which sent it. */

/** Bytes in which a header is looked for. */
const LONGEST_HEADER = 1024 * 1024;

/**
 * The message with exactly this Message-ID, everything else byte by byte as it was.
 * @param id with angle brackets
 */
export function withMessageId(message: Buffer, id: string): Buffer {
	const start = message.subarray(0, LONGEST_HEADER).toString('latin1');
	const end = /^\r?\n|\r?\n(?=\r?\n)/.exec(start);
	const length = end ? end.index + (end.index === 0 ? 0 : end[0].length) : start.length;
	const others = start
		.slice(0, length)
		.replace(/^Message-ID[ \t]*:.*(?:\r?\n[ \t].*)*(?:\r?\n|$)/gim, '');
	return Buffer.concat([
		Buffer.from(`Message-ID: ${id}\r\n`),
		Buffer.from(others, 'latin1'),
		message.subarray(length),
	]);
}
