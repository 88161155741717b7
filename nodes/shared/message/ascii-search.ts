/**
 * Searches for text beyond ASCII on servers that only search for ASCII, such as Exchange Online
 * (`NO [BADCHARSET (US-ASCII)]`). The server finds the messages that have the words' ASCII parts, and the
 * header fields of those are compared here.
 */
import { Imap4Error, type OpenMailbox, type SearchQuery, type Uid } from '../../../engine/index';
import { decodeWords } from '../../../mail/header/encoded-words';
import { RawHeader } from '../../../mail/header/raw-header';
import { UserError } from '../errors/user-error';
import { fetchAccounted } from './fetch-accounted';

const FIELDS = { from: 'From', to: 'To', cc: 'Cc', bcc: 'Bcc', subject: 'Subject' } as const;

/** Capabilities that come with searches in UTF-8 (RFC 5256 §3, RFC 5255 §4.2, RFC 6855, RFC 9051), and Gmail's. */
const UNICODE = ['SORT', 'I18NLEVEL=1', 'I18NLEVEL=2', 'UTF8=ACCEPT', 'IMAP4rev2', 'X-GM-EXT-1'];

/** Finds nothing, now and later. */
export const NOTHING: SearchQuery = { and: [{ uid: '1' }, { not: { uid: '1' } }] };

export interface AsciiOptions {
	/** The messages that the caller is going to search among. */
	within: readonly SearchQuery[];
	/** What to do with messages whose header the server does not return. */
	undecided: 'include' | 'exclude';
}

/**
 * The same search, as this server takes it. It costs nothing for text in ASCII, and a round trip where the
 * capabilities leave open whether the server takes other text.
 * @throws UserError if a text beyond ASCII is searched for in what only the server can search; Imap4Error
 */
export async function searchable(
	mailbox: OpenMailbox,
	query: SearchQuery,
	options: AsciiOptions,
): Promise<SearchQuery> {
	if (isAscii(query) || (await takesUnicode(mailbox))) return query;
	const { and = [], ...own } = query;
	// All of these hold, so the fewer messages are compared the more of them there are.
	const within = [...options.within, own, ...and].filter((one) => isAscii(one));
	return inAscii(mailbox, query, { ...options, within });
}

async function takesUnicode(mailbox: OpenMailbox): Promise<boolean> {
	if (UNICODE.some((name) => mailbox.capabilities.has(name))) return true;
	try {
		await mailbox.search({ uid: '1', subject: 'é' });
		return true;
	} catch (error) {
		if (error instanceof Imap4Error && (error.code === 'NO' || error.code === 'BAD')) return false;
		throw error;
	}
}

/** Each text beyond ASCII becomes the UIDs of the messages that have it. */
async function inAscii(
	mailbox: OpenMailbox,
	query: SearchQuery,
	options: AsciiOptions,
): Promise<SearchQuery> {
	const all = async (parts: readonly SearchQuery[], how = options): Promise<SearchQuery[]> => {
		const done: SearchQuery[] = [];
		for (const part of parts) done.push(await inAscii(mailbox, part, how));
		return done;
	};
	if (isAscii(query)) return query;
	const { and, or, not, header = {}, ...keys } = query;
	const { body, text } = keys;
	if (!isAscii({ body, text })) throw onlyAscii(isAscii({ body }) ? 'Text' : 'Body');
	const kept: SearchQuery = { ...keys };
	const found: SearchQuery[] = [];
	for (const [key, field] of Object.entries(FIELDS)) {
		const wanted = keys[key as keyof typeof FIELDS];
		if (wanted === undefined || isAscii({ subject: wanted })) continue;
		delete kept[key as keyof typeof FIELDS];
		found.push(await withText(mailbox, field, wanted, (part) => ({ [key]: part }), options));
	}
	for (const [field, wanted] of Object.entries(header)) {
		const asked = (part: string): SearchQuery => ({ header: { [field]: part } });
		found.push(
			isAscii({ subject: wanted })
				? asked(wanted)
				: await withText(mailbox, field, wanted, asked, options),
		);
	}
	return {
		and: [
			kept,
			...found,
			...(and ? await all(and) : []),
			...(or ? [{ or: await all(or) }] : []),
			...(not ? [{ not: await all([not].flat(), opposite(options)) }] : []),
		].filter((part) => Object.keys(part).length > 0),
	};
}

/** Under NOT, what is not known to match must not make the message match. */
const opposite = ({ within, undecided }: AsciiOptions): AsciiOptions => ({
	within,
	undecided: undecided === 'include' ? 'exclude' : 'include',
});

/** The messages that have a text in a header field. @param asked as a search for one part of the text */
async function withText(
	mailbox: OpenMailbox,
	field: string,
	text: string,
	asked: (part: string) => SearchQuery,
	{ within, undecided }: AsciiOptions,
): Promise<SearchQuery> {
	const wanted = comparable(text);
	const parts = text
		.normalize('NFC')
		.split(/[^!-~]+/)
		.filter((part) => part !== '');
	const among = [...within, ...parts.map(asked)].filter((one) => Object.keys(one).length > 0);
	const candidates = await mailbox.search(among.length > 0 ? { and: among } : { all: true });
	const matching: Uid[] = [];
	const items = { body: [{ section: 'HEADER.FIELDS', fields: [field], peek: true }] };
	const { unreadable } = await fetchAccounted(mailbox, candidates, items, async (uid, message) => {
		const bytes = await message.body[0]?.bytes();
		if (!bytes) return false;
		const values = new RawHeader(bytes).all(field.toLowerCase());
		if (values.some((value) => comparable(decodeWords(value)).includes(wanted))) matching.push(uid);
		return true;
	});
	if (undecided === 'include') for (const uid of unreadable.keys()) matching.push(uid);
	return matching.length > 0 ? { uid: matching } : NOTHING;
}

const comparable = (text: string): string =>
	text.normalize('NFC').toLowerCase().replace(/\s+/g, ' ').trim();

function isAscii(query: SearchQuery): boolean {
	const text = JSON.stringify(query, (_key, value: unknown) =>
		typeof value === 'bigint' ? String(value) : value,
	);
	return !/[^\0-\x7f]/.test(text);
}

const onlyAscii = (where: string): UserError =>
	new UserError(
		`The server searches message texts for ASCII characters only, and "${where} Contains" has others`,
		'Search for a part of the text without them, or by "Subject Contains" or "From Contains", which are compared here.',
	);
