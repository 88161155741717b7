import type { Imap4, OpenMailbox, SelectOptions } from '../../../engine/index';

/**
 * Opens a mailbox, for changes unless `readOnly`.
 * @throws Imap4ReadonlyError where changes are asked for and the server allows only reading
 */
export async function openMailbox(
	imap: Imap4,
	name: string,
	options: SelectOptions & { check?: boolean },
): Promise<OpenMailbox> {
	const mailbox = await imap.open(name, options);
	if (!options.readOnly) mailbox.checkWritable();
	return mailbox;
}
