/** What the items of an operation on messages ask for: what is the same for many of them is held once. */
import type { IDataObject } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { UidSet } from '../../../../engine/index';
import type { Execution } from '../../../../nodes/shared/execution/execution';
import {
	MessageRequests,
	type Safeguards,
} from '../../../../nodes/shared/execution/requested-messages';

const REFERENCE = { mailbox: 'INBOX', uidValidity: 1, uid: 5, account: 'imap://ann@mail.example' };

/** Reads items, whose fields are those of the node too. */
function requestsOf(items: IDataObject[]) {
	const parameter = (name: string, item: number, fallback?: unknown): unknown =>
		items[item]?.[`=${name}`] ?? fallback;
	const context = {
		getNode: () => ({ parameters: {} }),
		getNodeParameter: parameter,
		getTimezone: () => 'UTC',
	};
	const execution = {
		context,
		items: items.map((json) => ({ json })),
		parameter,
		toggle: (name: string, _label: string, item: number) => parameter(name, item, false),
	};
	const requests = new MessageRequests<unknown, unknown>(execution as unknown as Execution, {
		settings: (item) => items[item]?.settings,
		own: (item) => items[item]?.own,
		safeguards: (item) => items[item]?.safeguards as Safeguards | undefined,
	});
	return items.map((_json, item) => requests.read(item));
}

const way = (messages: string, more: IDataObject): IDataObject => ({
	'=messages': messages,
	'=mailbox': { mode: 'path', value: 'Work' },
	...more,
});
const WORK = { by: 'path', path: 'Work' };

describe('an item selects', () => {
	test('the message that it refers to', () => {
		const [first, second] = requestsOf([REFERENCE, { ...REFERENCE, uid: 6 }]);
		const mailbox = { by: 'name', name: 'INBOX' };
		expect(first?.selection).toEqual({ mailbox, reference: REFERENCE });
		expect(second?.selection).toEqual({ mailbox, reference: { ...REFERENCE, uid: 6 } });
		expect([first?.item, second?.item]).toEqual([0, 1]);
	});

	test('a set of UIDs, or what a search finds', () => {
		const [uids, search] = requestsOf([
			way('uids', { '=uids': '1:3' }),
			way('search', { '=filters': { subject: 'x' } }),
		]);
		expect(uids?.selection).toEqual({ mailbox: WORK, uids: UidSet.from('1:3') });
		expect(search?.selection).toMatchObject({
			mailbox: WORK,
			filters: { query: { subject: 'x' } },
		});
	});

	test('one message by a reference, and any number otherwise', () => {
		const requests = requestsOf([REFERENCE, way('uids', { '=uids': '5' })]);
		expect(requests.map(({ refersToOne }) => refersToOne)).toEqual([true, false]);
	});

	test('messages of different accounts, each by its own', () => {
		const items = [REFERENCE, { ...REFERENCE, account: 'imap://ben@mail.example' }];
		const accounts = requestsOf(items).map(
			({ selection }) => 'reference' in selection && selection.reference.account,
		);
		expect(accounts).toEqual(items.map(({ account }) => account));
	});
});

describe('items share a batch', () => {
	const batches = (items: IDataObject[]): number => {
		const requests = requestsOf(items);
		const keys = new Set(requests.map(({ batch }) => batch.key)).size;
		// The same object, not an equal one for each of many thousand items.
		expect(new Set(requests.map(({ batch }) => batch)).size).toBe(keys);
		return keys;
	};

	test.each<[string, IDataObject]>([
		['of another message', { uid: 6 }],
		['of another account, which fails by itself', { account: 'imap://ben@mail.example' }],
		['that keep their fields', { '=keepInputFields': true }],
		['whose message may be gone', { '=acceptMissing': true }],
		['that ask for something by themselves', { own: 'x' }],
	])('%s', (_title, more) => {
		expect(batches([REFERENCE, { ...REFERENCE, ...more }, REFERENCE])).toBe(1);
	});

	test.each<[string, IDataObject]>([
		['mailbox', { mailbox: 'Work' }],
		['settings', { settings: { flag: 'x' } }],
		['limit', { safeguards: { dryRun: false, stopIfMoreThan: 3 } }],
	])('unless they have another %s', (_title, more) => {
		expect(batches([REFERENCE, { ...REFERENCE, ...more }, REFERENCE])).toBe(2);
	});
});

test('an item has what it asked for, also beside one that asks for the opposite', () => {
	const asked = (kept: boolean, gone: boolean): IDataObject => ({
		...REFERENCE,
		'=keepInputFields': kept,
		'=acceptMissing': gone,
		settings: { flag: 'x' },
		own: `${kept} ${gone}`,
		safeguards: { dryRun: true, stopIfMoreThan: 3 },
	});
	const all = [false, true].flatMap((kept) => [false, true].map((gone) => [kept, gone] as const));
	const requests = requestsOf(all.map(([kept, gone]) => asked(kept, gone)));
	expect(requests.map((one) => [one.keepsInput, one.acceptsGone])).toEqual(all);
	expect(requests.map(({ own }) => own)).toEqual(all.map(([kept, gone]) => `${kept} ${gone}`));
	for (const { batch } of requests) {
		expect(batch).toMatchObject({
			mailbox: { by: 'name', name: 'INBOX' },
			settings: { flag: 'x' },
			safeguards: { dryRun: true, stopIfMoreThan: 3 },
		});
	}
});
