/** Pages of a large mailbox: by UID, so that mail that comes or goes in between moves nothing (RFC 9051 §2.3.1.1). */
import type { INodeProperties } from 'n8n-workflow';
import type { SearchQuery, SelectedMailbox } from '../../../engine/index';
import { UserError } from '../../shared/errors/user-error';
import type { Execution } from '../../shared/execution/execution';
import { isEmptyValue } from '../../shared/fields/strict-values';

export const pageProperties: INodeProperties[] = [
	{
		displayName: 'Return Page Cursor',
		name: 'returnCursor',
		type: 'boolean',
		displayOptions: { show: { returnAll: [false] } },
		default: false,
		description:
			'Whether to return a cursor for the next page with each item (nextCursor); it is null on the last page',
	},
	{
		displayName: 'Page Cursor',
		name: 'cursor',
		type: 'string',
		displayOptions: { show: { returnAll: [false], returnCursor: [true] } },
		default: '',
		placeholder: 'e.g. {{ $json.nextCursor }}',
		description:
			'The nextCursor field of the previous page. Leave empty for the first page; null returns nothing. In a loop, the field must reach this node again.',
	},
];

type Order = 'newest' | 'oldest';

export interface Page {
	/** Where the page before ended; undefined for the first page, null behind the last one. */
	after: { uidValidity: string; uid: number } | undefined | null;
	order: Order;
}

/** @returns undefined where no cursor is wanted. @throws UserError */
export function readPage(
	execution: Execution,
	item: number,
	{ order, sorted }: { order: Order; sorted: boolean },
): Page | undefined {
	if (execution.toggle('returnAll', 'Return All', item)) return undefined;
	if (!execution.toggle('returnCursor', 'Return Page Cursor', item)) return undefined;
	if (sorted) {
		throw new UserError(
			'"Sort" and "Return Page Cursor" cannot be used together: pages follow the order of arrival',
			'Remove the sort keys, or turn off "Return Page Cursor".',
		);
	}
	const given = execution.parameter<unknown>('cursor', item, '');
	if (given === null) return { after: null, order };
	if (given === '') return { after: undefined, order };
	if (isEmptyValue(given)) {
		// In a loop this would be the first page for ever.
		if (execution.context.evaluateExpression('{{ $runIndex }}', item) !== 0) throw lostCursor();
		return { after: undefined, order };
	}
	const [, uidValidity, uid, of] = /^(\d+|none):(\d+):(newest|oldest)$/.exec(String(given)) ?? [];
	if (uidValidity === undefined || of !== order) {
		throw new UserError(
			of === undefined
				? `"${String(given).slice(0, 80)}" in the field "Page Cursor" is not a cursor`
				: `The cursor is for the order "${of}", but the field "Order" is "${order}"`,
			'Use the field nextCursor of the page before, with the same settings.',
		);
	}
	return { after: { uidValidity, uid: Number(uid) }, order };
}

const lostCursor = (): UserError =>
	new UserError(
		'The expression in the field "Page Cursor" returned nothing although this node has run before, so every page would be the first one',
		'A node in between has probably dropped the field nextCursor: turn on "Keep Input Fields" there, or refer to the page by the name of this node, as in {{ $("Get Many").last().json.nextCursor }}. To begin with the first page on purpose, return an empty text.',
	);

/**
 * The messages of this page and of those behind it.
 * @returns undefined if there is none; an empty query for the first page
 * @throws UserError if the UIDs have changed since the page before
 */
export function pageQuery(page: Page, mailbox: SelectedMailbox): SearchQuery | undefined {
	const { after, order } = page;
	if (after === undefined) return {};
	if (after === null) return undefined;
	if (after.uidValidity !== validityOf(mailbox)) {
		throw new UserError(
			`The UIDs of the mailbox "${mailbox.name}" changed since the page before (UIDVALIDITY)`,
			'Begin with the first page: leave "Page Cursor" empty.',
		);
	}
	if (order === 'newest') return after.uid > 1 ? { uid: `1:${after.uid - 1}` } : undefined;
	// Without those up to it, since `n:*` always has the last message in it.
	return { not: { uid: `1:${after.uid}` } };
}

/** @param uids of this page and of those behind it */
export function nextCursor(
	{ order }: Page,
	mailbox: SelectedMailbox,
	uids: readonly number[],
	limit: number,
): string | null {
	return uids.length > limit ? `${validityOf(mailbox)}:${uids[limit - 1]}:${order}` : null;
}

const validityOf = ({ uidValidity }: SelectedMailbox): string => String(uidValidity ?? 'none');
