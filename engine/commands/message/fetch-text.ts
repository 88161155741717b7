import { Imap4Error } from '../../errors';
import type { BodyRequest } from '../../grammar/section';
import { sectionName } from '../../grammar/section';
import { FETCH_ITEMS, type FetchItems } from './fetch-items';

/** RFC 9051 §6.4.5 */
const MACROS: Readonly<Record<string, string>> = {
	FAST: 'FLAGS INTERNALDATE RFC822.SIZE',
	ALL: 'FLAGS INTERNALDATE RFC822.SIZE ENVELOPE',
	FULL: 'FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE',
};
/** RFC 3501 §6.4.5: former names of sections. */
const FORMER: Readonly<Record<string, BodyRequest>> = {
	RFC822: { section: '', peek: false },
	'RFC822.HEADER': { section: 'HEADER' },
	'RFC822.TEXT': { section: 'TEXT', peek: false },
};

const BODY = /^(BODY|BINARY)(\.PEEK)?\[([^\]]*)\](?:<(\d+)\.(\d+)>)?$/i;
const FIELDS = /^(.*HEADER\.FIELDS(?:\.NOT)?)\s*\(([^)]*)\)$/i;
/** An item, whose section may hold spaces. */
const ITEM = /\S*?\[[^\]]*\]\S*|\S+/g;

/**
 * What to fetch, written as RFC 9051 §6.4.5 does: `(UID FLAGS BODY.PEEK[HEADER.FIELDS (Subject)])`.
 * @throws Imap4Error ARGUMENT
 */
export function fetchItemsOf(text: string | FetchItems): FetchItems {
	if (typeof text !== 'string') return text;
	const inner = text.trim().replace(/^\((.*)\)$/s, '$1');
	const written = MACROS[inner.toUpperCase()] ?? inner;
	const items: Record<string, unknown> = {};
	const body: BodyRequest[] = [];
	for (const [item] of written.matchAll(ITEM)) {
		const name = item.toUpperCase();
		const known = FETCH_ITEMS.find(
			(one) => one.name === name || (name === 'BODY' && one.name === 'BODYSTRUCTURE'),
		);
		const former = Object.hasOwn(FORMER, name) ? FORMER[name] : undefined;
		if (known) items[known.item] = true;
		else body.push(former ?? bodyRequest(item));
	}
	if (body.length === 0 && Object.keys(items).length === 0)
		throw new Imap4Error('ARGUMENT', 'There is nothing to fetch');
	return { ...items, ...(body.length > 0 ? { body } : {}) };
}

function bodyRequest(item: string): BodyRequest {
	const [, kind, peek, inner = '', start, length] = BODY.exec(item) ?? [];
	if (kind === undefined) {
		throw new Imap4Error('ARGUMENT', `"${item.slice(0, 80)}" is not an item of FETCH`);
	}
	const [, section = inner, fields] = FIELDS.exec(inner) ?? [];
	const request: BodyRequest = {
		section,
		peek: peek !== undefined,
		...(fields === undefined ? {} : { fields: fields.split(/\s+/).filter(Boolean) }),
		...(start === undefined ? {} : { partial: { start: Number(start), length: Number(length) } }),
		...(kind.toUpperCase() === 'BINARY' ? { binary: true } : {}),
	};
	sectionName(request);
	return request;
}
