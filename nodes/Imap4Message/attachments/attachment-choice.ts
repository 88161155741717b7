/** Which attachments of a message are meant: by part number, media type, name and size. */
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { isMultipart, partOfNumber, type MimePart } from '../../../mail/mime-tree/mime-part';
import { bodyTexts, isInline, nestedAttachments } from '../../../mail/reading/body';
import { MEDIA_TYPE } from '../../shared/message/attachment-filter';
import type { MessageParts } from '../../shared/message/content-reader';
import type { Execution } from '../../shared/execution/execution';
import { fileName, mimeType } from '../../../mail/file-name';
import { UserError } from '../../shared/errors/user-error';
import {
	isEmptyValue,
	optionalSwitch,
	strictText,
	strictWholeNumber,
} from '../../shared/fields/strict-values';
import { matchesGlob } from '../../shared/fields/glob';

const list = (
	displayName: string,
	name: string,
	placeholder: string,
	description: string,
): INodeProperties => ({
	displayName,
	name,
	type: 'string',
	default: '',
	placeholder,
	description,
});

const octets = (displayName: string, name: string): INodeProperties => ({
	displayName,
	name,
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 0,
	description:
		'Compares the encoded size that the server reports; base64 makes files a third larger',
});

export const attachmentFiltersProperty: INodeProperties = {
	displayName: 'Attachment Filters',
	name: 'attachmentFilters',
	type: 'collection',
	placeholder: 'Add Filter',
	default: {},
	description: 'Only attachments that match all filters. Leave empty for all attachments.',
	// By use, those that are needed most first.
	options: [
		list(
			'Names',
			'names',
			'e.g. *.pdf, invoice-??.*',
			'File names, separated by commas; upper and lower case are the same, * matches any text and ? one character',
		),
		list(
			'Media Types',
			'mediaTypes',
			'e.g. image/*, application/pdf',
			'Media types, separated by commas; * matches anything',
		),
		octets('Larger Than (Bytes)', 'larger'),
		octets('Smaller Than (Bytes)', 'smaller'),
		{
			displayName: 'Include Inline',
			name: 'includeInline',
			type: 'boolean',
			default: true,
			description:
				"Whether to include files that the HTML displays, such as images (those with a Content-ID that aren't marked as attachments). Without this filter, they are included.",
		},
		{
			displayName: 'Include Inside Attached Messages',
			name: 'includeNested',
			type: 'boolean',
			default: true,
			description:
				'Whether to include the attachments of attached messages. "Get Many" lists them without this filter; "Download" downloads the attached message as one file.',
		},
		list(
			'Part Numbers',
			'parts',
			'e.g. {{ $json.part }}',
			'Part numbers such as 2 or 3.1, separated by commas. The operation "Get Many" returns them.',
		),
	],
};

export interface AttachmentChoice {
	parts?: string[];
	mediaTypes?: string[];
	names?: string[];
	/** Bytes, encoded. */
	larger?: number;
	smaller?: number;
	inline: boolean;
	/** The attachments of attached messages. */
	nested: boolean;
}

/**
 * A filter that is there but empty is an error, not "any".
 * @param nested whether attachments of attached messages are meant where the filters do not say
 * @throws UserError, naming the filter
 */
export function readAttachmentChoice(
	execution: Execution,
	item: number,
	nested: boolean,
): AttachmentChoice {
	const given = execution.parameter<IDataObject>('attachmentFilters', item, {});
	return {
		inline: optionalSwitch(given, 'includeInline', 'Include Inline') ?? true,
		nested: optionalSwitch(given, 'includeNested', 'Include Inside Attached Messages') ?? nested,
		...('parts' in given ? { parts: words(given.parts, 'Part Numbers', PART) } : {}),
		...('mediaTypes' in given
			? { mediaTypes: words(given.mediaTypes, 'Media Types', MEDIA_TYPE) }
			: {}),
		...('names' in given ? { names: words(given.names, 'Names', /./) } : {}),
		...('larger' in given ? { larger: size(given.larger, 'Larger Than (Bytes)') } : {}),
		...('smaller' in given ? { smaller: size(given.smaller, 'Smaller Than (Bytes)') } : {}),
	};
}

const PART = /^[1-9]\d*(?:\.[1-9]\d*)*$/;

function words(value: unknown, filter: string, form: RegExp): string[] {
	const found = (isEmptyValue(value) ? '' : strictText(value, filter))
		.split(',')
		.map((word) => word.trim())
		.filter((word) => word !== '');
	if (found.length === 0) {
		throw new UserError(
			`The filter "${filter}" is empty`,
			"Enter a value, or remove the filter. An empty filter doesn't match everything.",
		);
	}
	const wrong = found.find((word) => !form.test(word));
	if (wrong === undefined) return [...new Set(found)];
	throw new UserError(`"${wrong.slice(0, 80)}" in the filter "${filter}" is not a valid value`);
}

function size(value: unknown, filter: string): number {
	return strictWholeNumber(value, filter);
}

/** The attachments that are meant; any part by its number. */
export function chosenAttachments(parts: MessageParts, choice: AttachmentChoice): MimePart[] {
	return candidates(parts, choice).filter((part) => {
		const { mediaTypes, names, larger = -1, smaller = Infinity, inline } = choice;
		return (
			(inline || !isInline(part)) &&
			part.size > larger &&
			part.size < smaller &&
			(mediaTypes?.some((one) => matchesGlob(mimeType(part), one)) ?? true) &&
			(names?.some((one) => matchesGlob(fileName(part), one)) ?? true)
		);
	});
}

function candidates(
	{ root, body, attachments }: MessageParts,
	{ parts: numbers, nested }: AttachmentChoice,
): MimePart[] {
	if (!numbers) return nested ? [...attachments, ...nestedAttachments(attachments)] : attachments;
	const texts = bodyTexts(body).map(({ part }) => part);
	return numbers.flatMap((number) => {
		const part = partAt(root, attachments, number);
		return part && !isMultipart(part) && !texts.includes(part) ? [part] : [];
	});
}

/** Files that were taken out of a text are in no tree. */
function partAt(
	root: MimePart,
	attachments: readonly MimePart[],
	number: string,
): MimePart | undefined {
	return partOfNumber(root, number) ?? attachments.find(({ part }) => part === number);
}

/**
 * Why none of the parts that were asked for by number is an attachment of the message.
 * @returns undefined if one of them is, or none was asked for
 */
export function whyNoAttachment(
	parts: MessageParts,
	choice: AttachmentChoice,
): UserError | undefined {
	const [number] = choice.parts ?? [];
	if (number === undefined || candidates(parts, choice).length > 0) return undefined;
	const advice =
		'See which there are with "Get Many" of Attachment. Texts and other sections are read with Part, operation "Get".';
	const part = partAt(parts.root, parts.attachments, number);
	if (!part) return new UserError(`The message has no part ${number}`, advice);
	const what = isMultipart(part) ? `holds other parts (multipart/${part.subtype})` : 'is its text';
	return new UserError(`Part ${number} of the message is not an attachment: it ${what}`, advice);
}
