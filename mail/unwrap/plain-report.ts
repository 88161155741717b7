/** Reports in plain text that name the recipients in the field X-Failed-Recipients, as Exim's did before 2015. */
import { parseAddresses } from '../address/parse-addresses';
import { textOfBytes } from '../header/header-text';
import { messageIds } from '../header/message-ids';
import { RawHeader } from '../header/raw-header';
import { statusIn, type DeliveryReport } from './report';

/** Recipients that are listed. */
const MOST = 1000;
/** Lines that are said of one recipient. */
const MOST_LINES = 30;

/** What begins the copy of the message that was not delivered. */
const COPY = /^-{3,} ?This is a copy of /;

/** The recipients that did not get the message. */
export function failedRecipients(header: RawHeader): string[] {
	const listed = header.all('x-failed-recipients').flatMap((value) => parseAddresses(value));
	return listed.map(({ address }) => address).filter((address) => address.includes('@'));
}

/** @param content of the text, decoded. @returns one entry for each recipient */
export function plainReports(header: RawHeader, content: Buffer): DeliveryReport[] {
	const lines = content.toString('latin1').split(/\r?\n/);
	const copyAt = lines.findIndex((line) => COPY.test(line));
	const own = copyAt < 0 ? lines : lines.slice(0, copyAt);
	const copy = copyAt < 0 ? '' : lines.slice(copyAt + 1).join('\r\n');
	const original = new RawHeader(Buffer.from(copy.trimStart(), 'latin1'));
	const [originalMessageId = ''] = messageIds(original.first('message-id'));
	return [...new Set(failedRecipients(header))].slice(0, MOST).map((recipient) => {
		const reason = reasonBelow(own, recipient);
		const diagnostic = textOfBytes(reason.join(' '));
		return {
			recipient,
			action: 'failed',
			status: statusIn(diagnostic),
			diagnostic,
			remoteServer: /^host (\S+) \[/.exec(reason[0] ?? '')?.[1] ?? '',
			originalMessageId,
		};
	});
}

/** The lines below the address that are indented further. */
function reasonBelow(lines: readonly string[], recipient: string): string[] {
	const at = lines.findIndex((line) => line.trim() === recipient);
	if (at < 0) return [];
	const depth = indentation(lines[at] as string);
	const below = lines.slice(at + 1, at + 1 + MOST_LINES);
	const end = below.findIndex((line) => indentation(line) <= depth);
	return (end < 0 ? below : below.slice(0, end)).map((line) => line.trim());
}

const indentation = (line: string): number => line.length - line.trimStart().length;
