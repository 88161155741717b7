/**
 * A message as an item with few flat fields. Those that people look for first are the first columns, since the
 * editor shows three without scrolling.
 */
import type { IDataObject } from 'n8n-workflow';
import type { FetchedMessage } from '../../../engine/index';
import { formatAddresses } from '../../../mail/address/format-addresses';
import type { MailAddress } from '../../../mail/address/mailbox-address';
import { treeFromStructure } from '../../../mail/mime-tree/from-structure';
import { isInline, readableParts } from '../../../mail/reading/body';
import type { HeaderSummary } from '../../../mail/header/header-summary';
import { parseDateField } from '../../../mail/sent-date';
import type { MessageParts } from './content-reader';
import { people } from './message-fields';

/**
 * @param summary of the header; undefined if not even that can be read
 * @param asData whether addresses are lists rather than text
 * @param parts as they were found when the content was read
 */
export function simplified(
	message: FetchedMessage,
	summary: HeaderSummary | undefined,
	references: readonly string[],
	asData: boolean,
	parts?: MessageParts,
): IDataObject {
	const { internalDate, flags = [] } = message;
	const addresses = (list: readonly MailAddress[] = []): string | IDataObject[] =>
		asData ? people(list) : formatAddresses(list);
	const sentAt = parseDateField(summary?.date ?? '');
	return {
		subject: summary?.subject ?? '',
		from: addresses(summary?.from),
		date: internalDate?.toISOString() ?? null,
		to: addresses(summary?.to),
		cc: addresses(summary?.cc),
		replyTo: addresses(summary?.replyTo),
		sentDate: sentAt === undefined ? null : new Date(sentAt).toISOString(),
		messageId: summary?.messageId ?? null,
		inReplyTo: summary?.inReplyTo ?? null,
		references,
		unread: message.flags ? !message.flags.includes('\\Seen') : null,
		hasAttachments: hasAttachments(message, parts),
		flags,
	};
}

/** Images inside of the HTML are none. @returns null if the server does not describe the parts */
function hasAttachments(
	{ bodyStructure }: FetchedMessage,
	parts: MessageParts | undefined,
): boolean | null {
	const found = parts ?? (bodyStructure && readableParts(treeFromStructure(bodyStructure)));
	return found?.attachments.some((part) => !isInline(part)) ?? null;
}
