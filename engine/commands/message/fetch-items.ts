import type { FetchedMessage } from '../../grammar/fetch';
import type { BodyRequest } from '../../grammar/section';

/** What to fetch of each message (RFC 9051 §6.4.5). */
export interface FetchItems {
	/** The UID; it always comes where messages are named by UID. */
	uid?: boolean;
	/** Flags, \Recent included. */
	flags?: boolean;
	/** When the server received the message. */
	internalDate?: boolean;
	/** RFC822.SIZE */
	size?: boolean;
	/** Subject, date and addresses, as the server parsed them. */
	envelope?: boolean;
	/** The parts of the message, without their content. */
	bodyStructure?: boolean;
	/** Body sections, in this order in the message's `body`. */
	body?: readonly BodyRequest[];
	/** Needs CONDSTORE (RFC 7162). */
	modSeq?: boolean;
	/** Needs OBJECTID (RFC 8474). */
	emailId?: boolean;
	/** Needs OBJECTID (RFC 8474). */
	threadId?: boolean;
	/** Needs SAVEDATE (RFC 8514). */
	saveDate?: boolean;
	/** Needs PREVIEW (RFC 8970). */
	preview?: boolean;
	/** Needs X-GM-EXT-1. */
	gmailMessageId?: boolean;
	/** Needs X-GM-EXT-1. */
	gmailThreadId?: boolean;
	/** Needs X-GM-EXT-1. */
	gmailLabels?: boolean;
}

/** One item of a message, all of it but the bodies. */
export interface FetchItem {
	item: Exclude<keyof FetchItems, 'body'>;
	/** On the wire. */
	name: string;
	/** The capability it needs. */
	needs?: string;
	/** Whether a message has it. */
	given(message: FetchedMessage): boolean;
	/** Servers send it unasked as well, when it changes. */
	news?: boolean;
}

export const FETCH_ITEMS: readonly FetchItem[] = [
	{ item: 'uid', name: 'UID', given: (message) => message.uid !== undefined, news: true },
	{ item: 'flags', name: 'FLAGS', given: (message) => message.flags !== undefined, news: true },
	{
		item: 'modSeq',
		name: 'MODSEQ',
		needs: 'CONDSTORE',
		given: (message) => message.modSeq !== undefined,
		news: true,
	},
	{
		item: 'internalDate',
		name: 'INTERNALDATE',
		given: (message) => message.internalDateText !== undefined,
	},
	{ item: 'size', name: 'RFC822.SIZE', given: (message) => message.size !== undefined },
	{ item: 'envelope', name: 'ENVELOPE', given: hasOrMalformed('envelope', 'ENVELOPE') },
	{
		item: 'bodyStructure',
		name: 'BODYSTRUCTURE',
		given: hasOrMalformed('bodyStructure', 'BODYSTRUCTURE'),
	},
	{
		item: 'emailId',
		name: 'EMAILID',
		needs: 'OBJECTID',
		given: (message) => message.emailId !== undefined,
	},
	{
		item: 'threadId',
		name: 'THREADID',
		needs: 'OBJECTID',
		given: (message) => message.threadId !== undefined,
	},
	{
		item: 'saveDate',
		name: 'SAVEDATE',
		needs: 'SAVEDATE',
		given: (message) => message.saveDate !== undefined,
	},
	{
		item: 'preview',
		name: 'PREVIEW',
		needs: 'PREVIEW',
		given: (message) => message.preview !== undefined,
	},
	{
		item: 'gmailMessageId',
		name: 'X-GM-MSGID',
		needs: 'X-GM-EXT-1',
		given: (message) => message.gmailMessageId !== undefined,
	},
	{
		item: 'gmailThreadId',
		name: 'X-GM-THRID',
		needs: 'X-GM-EXT-1',
		given: (message) => message.gmailThreadId !== undefined,
	},
	{
		item: 'gmailLabels',
		name: 'X-GM-LABELS',
		needs: 'X-GM-EXT-1',
		given: (message) => message.gmailLabels !== undefined,
	},
];

function hasOrMalformed(key: 'envelope' | 'bodyStructure', item: string) {
	return (message: FetchedMessage): boolean =>
		message[key] !== undefined || (message.malformed?.some((one) => one.item === item) ?? false);
}
