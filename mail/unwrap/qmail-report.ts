/** Reports of qmail, which are a text without any MIME (QSBMF, https://cr.yp.to/proto/qsbmf.txt). */
import { trimWhitespace } from '../header/whitespace';
import { textOfBytes } from '../header/header-text';
import { messageIds } from '../header/message-ids';
import { RawHeader } from '../header/raw-header';
import { statusIn, type DeliveryReport } from './report';

/** Recipients that are listed. */
const MOST = 1000;

/** @param content of the text, decoded. @returns one entry for each recipient; none if it is not such a report */
export function qmailReports(content: Buffer): DeliveryReport[] {
	if (!content.subarray(0, 100).toString('latin1').trimStart().startsWith('Hi. This is the'))
		return [];
	const lines = content.toString('latin1').split(/\r?\n/);
	const breakAt = lines.findIndex((line) => line.startsWith('-'));
	// Without it, it is somebody's letter.
	if (breakAt < 0) return [];
	const paragraphs = trimWhitespace(lines.slice(0, breakAt).join('\n'))
		.split(/\n\n+/)
		.slice(1, MOST + 1);
	const original = new RawHeader(
		Buffer.from(
			lines
				.slice(breakAt + 1)
				.join('\r\n')
				.trimStart(),
			'latin1',
		),
	);
	const [originalMessageId = ''] = messageIds(original.first('message-id'));
	return paragraphs.flatMap((paragraph) => {
		const [first = '', ...words] = paragraph.split('\n');
		const [, recipient] = /^<(.{1,998})>:$/.exec(first.trimEnd()) ?? [];
		if (recipient === undefined) return [];
		const diagnostic = textOfBytes(words.join(' '));
		return {
			recipient: textOfBytes(recipient),
			action: 'failed',
			status: statusIn(diagnostic),
			diagnostic,
			remoteServer: '',
			originalMessageId,
		};
	});
}
