import MailComposer from 'nodemailer/lib/mail-composer';
import iconv from 'iconv-lite';
import { type Person } from './people';
import { type Random } from './random';

/** One message of the seeded account, as it is put into its mailbox. */
export interface DemoMessage {
	/** With its angle brackets; no two messages of the account have the same. */
	messageId: string;
	octets: Buffer;
	internalDate: Date;
	/** Minutes east of UTC in which the internal date is given. */
	zone: number;
	flags: string[];
}

/** What every message is made with. */
export interface Envelope {
	from: Person;
	to: Person;
	date: Date;
	messageId: string;
}

type ComposerOptions = ConstructorParameters<typeof MailComposer>[0];

/** A message of any MIME structure. The same options give the same octets. */
export async function composed(envelope: Envelope, options: ComposerOptions): Promise<Buffer> {
	const octets = await new MailComposer({
		from: envelope.from,
		to: envelope.to,
		date: envelope.date,
		messageId: envelope.messageId,
		// Otherwise a random one in every run.
		baseBoundary: envelope.messageId.replace(/[^a-z0-9]/gi, '').slice(0, 24),
		newline: 'win',
		...options,
	})
		.compile()
		.build();
	return octets;
}

/**
 * A plain text message in a charset of the years before UTF-8, header included: what old mail
 * programs wrote, and MailComposer can't.
 */
export function inLegacyCharset(
	{ from, to, date, messageId }: Envelope,
	charset: string,
	subject: string,
	text: string,
): Buffer {
	const word = (words: string) =>
		`=?${charset}?B?${iconv.encode(words, charset).toString('base64')}?=`;
	const header = [
		`From: ${from.name === '' ? '' : `=?UTF-8?B?${Buffer.from(from.name).toString('base64')}?= `}<${from.address}>`,
		`To: <${to.address}>`,
		`Subject: ${word(subject)}`,
		`Date: ${date.toUTCString().replace('GMT', '+0000')}`,
		`Message-ID: ${messageId}`,
		'MIME-Version: 1.0',
		`Content-Type: text/plain; charset=${charset}`,
		'Content-Transfer-Encoding: 8bit',
	];
	return Buffer.concat([
		Buffer.from(`${header.join('\r\n')}\r\n\r\n`),
		iconv.encode(`${text.replaceAll('\n', '\r\n')}\r\n`, charset),
	]);
}

/** @param random of the whole account, so that no two are the same */
export function newMessageId(random: Random, from: Person): string {
	const left = `${random.bytes(6).toString('hex')}.${random.integer(1000, 9999)}`;
	return `<${left}@${from.address.slice(from.address.indexOf('@') + 1)}>`;
}
