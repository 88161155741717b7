/** How an account's mailboxes are laid out: NAMESPACE and the hierarchy delimiter (RFC 9051 §5.1, §6.3.10). */
import { Imap4AbortError, Imap4Error, type Imap4, type Namespaces } from '../../../engine/index';

export interface Hierarchy {
	/** Between the levels of a name; null where there is only one level. */
	delimiter: string | null;
	/** What the names of the user's own mailboxes begin with, INBOX apart: `""` or, say, `INBOX.`. */
	personalPrefix: string;
	/** Prefixes of other users' and shared mailboxes, which get no personal prefix. */
	foreignPrefixes: readonly string[];
}

/** Milliseconds for which an account's layout is cached; administrators hardly ever change it. */
const KEPT_FOR = 10 * 60_000;
const MAX_KEPT = 1000;
const kept = new Map<string, { hierarchy: Hierarchy; until: number }>();

/**
 * As {@link readHierarchy}, asked once for all executions of some minutes.
 * @param identity of the account, as in the connection pool
 */
export async function hierarchyOf(identity: string, imap: Imap4): Promise<Hierarchy> {
	const known = kept.get(identity);
	if (known && known.until > Date.now()) return known.hierarchy;
	const hierarchy = await readHierarchy(imap);
	kept.delete(identity);
	kept.set(identity, { hierarchy, until: Date.now() + KEPT_FOR });
	const [oldest] = kept.keys();
	if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
	return hierarchy;
}

/** One round trip, or two where the server has no NAMESPACE. @throws Imap4Error */
export async function readHierarchy(imap: Imap4): Promise<Hierarchy> {
	if (imap.capabilities.has('NAMESPACE')) {
		const namespaces = await orNone(imap.namespace());
		const personal = namespaces && personalNamespace(namespaces);
		if (personal) {
			return {
				delimiter: personal.delimiter,
				personalPrefix: personal.prefix,
				foreignPrefixes: [...namespaces.otherUsers, ...namespaces.shared]
					.map(({ prefix }) => prefix)
					.filter((prefix) => prefix !== ''),
			};
		}
	}
	// An empty pattern asks for the delimiter only (RFC 9051 §6.3.9).
	const [root] = await imap.list('', '');
	return { delimiter: root?.delimiter ?? null, personalPrefix: '', foreignPrefixes: [] };
}

/** @returns undefined if the server refuses to name them, or names none that can be read */
async function orNone(namespaces: Promise<Namespaces>): Promise<Namespaces | undefined> {
	try {
		return await namespaces;
	} catch (error) {
		if (!(error instanceof Imap4Error) || error instanceof Imap4AbortError) throw error;
		return undefined;
	}
}

/** The first is where new mailboxes belong; one without a prefix is the most usual. */
function personalNamespace({ personal }: Namespaces): Namespaces['personal'][number] | undefined {
	return personal.find(({ prefix }) => prefix === '') ?? personal[0];
}

/** INBOX is the same in any spelling (RFC 9051 §5.1); other names are as the server writes them. */
export const canonicalName = (name: string): string =>
	name.toUpperCase() === 'INBOX' ? 'INBOX' : name;

/**
 * A path with `/` between its levels, as the server names that mailbox: with its delimiter, and
 * with its personal prefix unless the path has that prefix, is INBOX, or belongs to someone else.
 * @param path not empty, e.g. `Archive/2026`
 * @returns the same path where the server's own names look like that, e.g. `INBOX.Archive.2026`
 */
export function fitPath(path: string, hierarchy: Hierarchy): string {
	const { delimiter, personalPrefix, foreignPrefixes } = hierarchy;
	const local = delimiter === null || delimiter === '/' ? path : path.split('/').join(delimiter);
	if (delimiter === null) return local;
	const [first = '', ...rest] = local.split(delimiter);
	// INBOX is the same in any spelling (RFC 9051 §5.1), the levels below it are not.
	const name = first.toUpperCase() === 'INBOX' ? ['INBOX', ...rest].join(delimiter) : local;
	if (name === 'INBOX' || personalPrefix === '') return name;
	const belongs = (prefix: string): boolean => prefix !== '' && below(name, prefix, delimiter);
	if (belongs(personalPrefix) || foreignPrefixes.some(belongs)) return name;
	return personalPrefix + name;
}

/**
 * The reverse of {@link fitPath}: a name as a path with `/` between its levels, without the personal prefix,
 * so that another server can fit it. A `/` in a level becomes `_`.
 */
export function pathOf(name: string, { delimiter, personalPrefix }: Hierarchy): string {
	const own =
		personalPrefix !== '' && name.startsWith(personalPrefix)
			? name.slice(personalPrefix.length)
			: name;
	if (delimiter === null || delimiter === '/') return own;
	return own
		.split(delimiter)
		.map((level) => level.replaceAll('/', '_'))
		.join('/');
}

/** Whether a name is that of a namespace's prefix, or of a mailbox in it. */
function below(name: string, prefix: string, delimiter: string): boolean {
	const root = prefix.endsWith(delimiter) ? prefix.slice(0, -delimiter.length) : prefix;
	return name === root || name.startsWith(prefix);
}
