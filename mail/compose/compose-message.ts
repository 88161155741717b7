/** From fields and files to the bytes of a message (RFC 5322, MIME). */
import { MailComposer, type MailOptions } from '../vendor/mail-composer';
import { attachedType } from './attached-type';

/** What a message is composed of; content is given, never the name of a file or an address to load. */
export type MessageParts = Omit<
	MailOptions,
	'disableFileAccess' | 'disableUrlAccess' | 'newline' | 'raw' | 'encoding'
>;

export function composeMessage({
	text,
	html,
	attachments,
	...parts
}: MessageParts): Promise<Buffer> {
	const message = new MailComposer({
		...parts,
		text: withoutReturns(text),
		html: withoutReturns(html),
		attachments: attachments?.map(withAttachedType),
		// Content comes from the caller only, never from files of this machine or from the web.
		disableFileAccess: true,
		disableUrlAccess: true,
		newline: 'windows',
	}).compile();
	// What is stored is the sender's own copy, which names all recipients.
	(message as typeof message & { keepBcc: boolean }).keepBcc = true;
	return message.build();
}

type File = NonNullable<MessageParts['attachments']>[number];

const withAttachedType = (file: File): File =>
	// Without a type, the name decides.
	file.contentType ? { ...file, contentType: attachedType(file.contentType, file.content) } : file;

/** A CR without LF, which servers refuse (RFC 5322 §2.3), is a line end as well. */
const withoutReturns = <Content>(content: Content): Content | string =>
	typeof content === 'string' ? content.replace(/\r\n?/g, '\n') : content;
