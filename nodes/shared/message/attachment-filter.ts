/**
 * Filters by attachments, which no search key of IMAP knows: the server searches by the other filters,
 * and the parts of what it found (BODYSTRUCTURE) are compared here.
 */
import type { BodyStructure, OpenMailbox, SearchQuery, Uid } from '../../../engine/index';
import { bodyParts } from '../../../mail/body-parts';
import { fileName, mimeType } from '../../../mail/file-name';
import { isInline } from '../../../mail/reading/body';
import { matchesGlob } from '../fields/glob';
import { NOTHING } from './ascii-search';
import { fetchAccounted } from './fetch-accounted';

/** A media type, or a pattern of media types such as `image/*`. */
export const MEDIA_TYPE = /^[^\s/]+\/[^\s/]+$/;

export interface AttachmentFilter {
	/** Whether there is an attachment, what the HTML shows left out. */
	has?: boolean;
	/** One attachment matches all of the following, of each list one pattern. */
	names?: readonly string[];
	types?: readonly string[];
	/** Bytes, as it is sent. */
	larger?: number;
}

/**
 * The messages that a search finds and whose attachments match, as a search.
 * @param undecided what to do with those whose parts the server does not describe, or in a way that
 * cannot be read
 * @param first the caller takes no more than so many of them, so that no more need be found
 */
export async function withAttachments(
	mailbox: OpenMailbox,
	query: SearchQuery,
	filter: AttachmentFilter,
	undecided: 'include' | 'exclude',
	first?: FirstMessages,
): Promise<SearchQuery> {
	const { larger } = filter;
	// A message is larger than what is in it, so the server can leave out the small ones.
	const asked = larger === undefined ? query : { and: [query, { larger }].filter(isNotEmpty) };
	const candidates = await mailbox.search(asked);
	if (first) candidates.sort((a, b) => (first.newestFirst ? b - a : a - b));
	const matching: Uid[] = [];
	const wanted = first?.count ?? Infinity;
	let size = first ? Math.max(LEAST_AT_ONCE, first.count) : candidates.length;
	let at = 0;
	while (at < candidates.length && matching.length < wanted) {
		const some = candidates.slice(at, at + size);
		for (const uid of await matches(mailbox, some, filter, undecided)) matching.push(uid);
		at += size;
		size *= 2;
	}
	return matching.length === 0 ? NOTHING : { and: [query, { uid: matching }].filter(isNotEmpty) };
}

/** The first messages by arrival in the mailbox. */
export interface FirstMessages {
	count: number;
	newestFirst: boolean;
}

/** Messages whose parts are asked for in one command; the next one asks for twice as many. */
const LEAST_AT_ONCE = 100;

async function matches(
	mailbox: OpenMailbox,
	candidates: readonly Uid[],
	filter: AttachmentFilter,
	undecided: 'include' | 'exclude',
): Promise<Uid[]> {
	const matching: Uid[] = [];
	const items = { bodyStructure: true };
	const { unreadable } = await fetchAccounted(
		mailbox,
		candidates,
		items,
		(uid, { bodyStructure }) => {
			const fits = bodyStructure
				? matchesAttachments(bodyStructure, filter)
				: undecided === 'include';
			if (fits) matching.push(uid);
		},
	);
	return undecided === 'include' ? [...matching, ...unreadable.keys()] : matching;
}

const isNotEmpty = (query: SearchQuery): boolean => Object.keys(query).length > 0;

function matchesAttachments(
	structure: BodyStructure,
	{ has, names, types, larger }: AttachmentFilter,
): boolean {
	const { attachments } = bodyParts(structure);
	if (has !== undefined && attachments.some((part) => !isInline(part)) !== has) return false;
	if (!names && !types && larger === undefined) return true;
	return attachments.some(
		(part) =>
			(names?.some((name) => matchesGlob(fileName(part), name)) ?? true) &&
			(types?.some((type) => matchesGlob(mimeType(part), type)) ?? true) &&
			part.size > (larger ?? -1),
	);
}
