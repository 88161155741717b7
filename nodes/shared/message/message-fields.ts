/** The fields of a message that an item can have: what to fetch for each, and how it reads. */
import type { IDataObject, INodePropertyOptions } from 'n8n-workflow';
import type { Envelope, FetchedMessage, FetchItems } from '../../../engine/index';
import type { MailAddress } from '../../../mail/address/mailbox-address';
import { attachmentFields, bodyParts } from '../../../mail/body-parts';
import { givenFileName } from '../../../mail/file-name';
import { summaryOfEnvelope, type HeaderSummary } from '../../../mail/header/header-summary';

interface MessageField extends INodePropertyOptions {
	value: string;
	fetch: FetchItems;
	/** What the field puts into the item; none for what is read apart. */
	json?(message: FetchedMessage): IDataObject;
}

const FIELDS: readonly MessageField[] = [
	{
		name: 'Attachments',
		value: 'attachments',
		description: 'A list of the attachments, without downloading them',
		fetch: { bodyStructure: true },
		json: ({ bodyStructure }) => ({
			attachments: (bodyStructure ? bodyParts(bodyStructure).attachments : []).map((part) => ({
				...attachmentFields(part),
				named: givenFileName(part) !== undefined,
			})),
		}),
	},
	{
		name: 'Envelope',
		value: 'envelope',
		description: 'Subject, sender, recipients, date, Message-ID (ENVELOPE)',
		fetch: { envelope: true },
		json: ({ envelope }) => (envelope ? { envelope: envelopeFields(envelope) } : {}),
	},
	{
		name: 'Flags',
		value: 'flags',
		description: 'System flags and keywords (FLAGS)',
		fetch: { flags: true },
		json: ({ flags }) => ({ flags: flags ?? [] }),
	},
	{
		name: 'Gmail Data',
		value: 'gmail',
		description: "Gmail's labels, message ID and thread ID. Gmail only (X-GM-EXT-1).",
		fetch: { gmailLabels: true, gmailMessageId: true, gmailThreadId: true },
		json: ({ gmailLabels, gmailMessageId, gmailThreadId }) => ({
			gmail: {
				labels: gmailLabels ?? [],
				// Numbers of 64 bits, which JSON cannot hold.
				messageId: gmailMessageId?.toString() ?? null,
				threadId: gmailThreadId?.toString() ?? null,
			},
		}),
	},
	{
		name: 'Header',
		value: 'header',
		description: 'All header fields, decoded (BODY.PEEK[HEADER])',
		fetch: { body: [{ section: 'HEADER', peek: true }] },
	},
	{
		name: 'Mod-Sequence',
		value: 'modSeq',
		description:
			'A number that increases with every change to the message (MODSEQ); requires CONDSTORE',
		fetch: { modSeq: true },
		json: ({ modSeq }) => ({ modSeq: modSeq?.toString() ?? null }),
	},
	{
		name: 'Object IDs',
		value: 'objectIds',
		description:
			'Identifiers that stay the same in every mailbox (EMAILID, THREADID); requires OBJECTID',
		fetch: { emailId: true, threadId: true },
		json: ({ emailId, threadId }) => ({ emailId: emailId ?? null, threadId: threadId ?? null }),
	},
	{
		name: 'Preview',
		value: 'preview',
		description: 'The first words of the text, as returned by the server (PREVIEW)',
		fetch: { preview: true },
		json: ({ preview }) => ({ preview: preview ?? null }),
	},
	{
		name: 'Received Date',
		value: 'internalDate',
		description: 'When the server received the message (INTERNALDATE)',
		fetch: { internalDate: true },
		json: ({ internalDate }) => ({ date: internalDate?.toISOString() ?? null }),
	},
	{
		name: 'Save Date',
		value: 'saveDate',
		description: 'When the message was stored in this mailbox (SAVEDATE)',
		fetch: { saveDate: true },
		json: ({ saveDate }) => ({ saveDate: saveDate?.toISOString() ?? null }),
	},
	{
		name: 'Size',
		value: 'size',
		description: 'Size in bytes (RFC822.SIZE)',
		fetch: { size: true },
		json: ({ size }) => ({ size: size ?? null }),
	},
	{
		name: 'Structure',
		value: 'structure',
		description: 'All parts, as described by the server (BODYSTRUCTURE)',
		fetch: { bodyStructure: true },
		json: ({ bodyStructure }) => ({ structure: bodyStructure ?? null }),
	},
];

/** For a dropdown. */
export const fieldOptions: INodePropertyOptions[] = FIELDS.map(({ name, value, description }) => ({
	name,
	value,
	description,
}));

/** As workflows store them. */
export const fieldNames: readonly string[] = FIELDS.map(({ value }) => value);

/** What to ask the server for. */
export function fieldItems(fields: readonly string[]): FetchItems {
	const wanted = FIELDS.filter(({ value }) => fields.includes(value));
	return Object.assign({}, ...wanted.map(({ fetch }) => fetch)) as FetchItems;
}

export function fieldValues(message: FetchedMessage, fields: readonly string[]): IDataObject {
	const json: IDataObject = {};
	for (const field of FIELDS) {
		if (fields.includes(field.value)) Object.assign(json, field.json?.(message));
	}
	return json;
}

/** What the server describes in a way that can't be read, so that what is missing does not look empty. */
export function malformedFields({ malformed }: FetchedMessage): IDataObject {
	if (!malformed) return {};
	return { malformed: malformed.map(({ item, error }) => ({ item, error: error.message })) };
}

export function envelopeFields(envelope: Envelope): IDataObject {
	return summaryFields(summaryOfEnvelope(envelope));
}

/** The same from a header that was read here. */
export function summaryFields(summary: HeaderSummary): IDataObject {
	return {
		date: summary.date,
		subject: summary.subject,
		from: people(summary.from),
		sender: people(summary.sender),
		replyTo: people(summary.replyTo),
		to: people(summary.to),
		cc: people(summary.cc),
		bcc: people(summary.bcc),
		inReplyTo: summary.inReplyTo,
		messageId: summary.messageId,
	};
}

/** Addresses as data. */
export function people(addresses: readonly MailAddress[]): IDataObject[] {
	return addresses.map(({ name, address, group }) => ({
		name,
		address,
		...(group === undefined ? {} : { group }),
	}));
}
