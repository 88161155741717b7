import { Imap4Error, type FetchItems, type UidSet } from '../../../engine/index';
import { onMessages, type MessageBatch } from '../../shared/execution/on-messages';
import { binaryStore } from '../../shared/message/binary-store';
import { fetchEach, type TakeFound } from '../../shared/execution/fetch-each';
import { selectionProperties } from '../../shared/message/message-selection';
import { UserError } from '../../shared/errors/user-error';
import type { Operation } from '../../shared/execution/operation';
import { isHeader } from '../sections/section';
import { readSection, type SectionContent, type SectionRequest } from '../sections/section-content';
import {
	readSectionSettings,
	sectionProperties,
	type SectionSettings,
} from '../sections/section-settings';

/** How the server is asked for it: what it cannot decode or cut is done here. */
function requestFor(
	{ section, decode, range }: SectionSettings,
	binaryOffered: boolean,
): SectionRequest {
	const encoded = decode && !isHeader(section);
	// A range of what is decoded begins at no byte that is known before, but to the server itself.
	const binary = encoded && range !== undefined && section.what === '' && binaryOffered;
	return { section, decode, range, binary, cut: range !== undefined && (!encoded || binary) };
}

type Batch = MessageBatch<SectionSettings>;

async function fetchSections(
	{ execution, mailbox, settings }: Batch,
	uids: UidSet,
	request: SectionRequest,
	found: TakeFound<SectionContent>,
): Promise<void> {
	const { section, binary, cut, range } = request;
	const items: FetchItems = {
		uid: true,
		bodyStructure: true,
		body: [
			{
				section: section.name,
				fields: section.fields,
				peek: true,
				binary,
				partial: cut ? range : undefined,
			},
		],
	};
	const save = settings.asFile ? binaryStore(execution.context) : undefined;
	for await (const message of mailbox.fetch(uids, items)) {
		execution.checkCancelled();
		const result = await readSection(message, request, settings.field, save).catch(
			(error: unknown) => {
				if (error instanceof UserError) return error;
				throw error;
			},
		);
		const { uid } = message;
		if (uid === undefined) continue;
		found(uid, result);
	}
}

export const getPart: Operation = {
	name: 'Get',
	value: 'get',
	description:
		'Read one section of messages, or a range of its bytes, without marking them as read (FETCH BODY.PEEK)',
	forModel:
		'Use it to read one part of a message by its part number, as a list of attachments gives it. Returns the part.',
	action: 'Get a part of a message',
	foreignText: true,
	properties: [...selectionProperties, ...sectionProperties],
	execute: onMessages<SectionSettings>({
		readOnly: true,
		read: readSectionSettings,
		async run(batch) {
			const { execution, mailbox, settings } = batch;
			const { name, uidValidity } = mailbox;
			const request = requestFor(settings, mailbox.capabilities.has('BINARY'));
			const plain = requestFor(settings, false);
			await fetchEach<SectionContent>(batch, {
				async fetch(uids, found) {
					await fetchSections(batch, uids, request, found).catch((error: unknown) => {
						// RFC 3516 §4.3: a server need not know every encoding.
						const refused = error instanceof Imap4Error && error.code === 'NO';
						if (!refused || !request.binary) throw error;
						return fetchSections(batch, uids, plain, found);
					});
				},
				emit(item, uid, { json, data }) {
					const binary = data && { [settings.field]: data };
					execution.emit(item, { mailbox: name, uidValidity, uid, ...json }, binary);
				},
			});
		},
	}),
};
