/** Pages of Get Many: by UID, whatever comes and goes in between. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { box, errorOf, jsonOf, mail, runFlow, startServer, USER } from '../run-node';

async function mailboxOf(count: number) {
	const server = await startServer();
	const inbox = server.account(USER).mailbox('INBOX');
	for (let n = 1; n <= count; n++) inbox.append(mail(`${n}`));
	const run = (parameters: INodeParameters = {}) => ({
		node: 'imap4Message' as const,
		operation: 'getMany',
		server,
		parameters: { limit: 3, returnCursor: true, ...parameters },
	});
	const page = (cursor: unknown, parameters: INodeParameters = {}): Promise<IDataObject[]> =>
		jsonOf({
			...run({ cursor: '={{ $json.cursor }}', ...parameters }),
			items: [{ cursor } as IDataObject],
		});
	return { server, inbox, run, page };
}

const uidsOf = (items: readonly IDataObject[]) => items.map(({ uid }) => uid);

describe.each([
	['newest', [[7, 6, 5], [4, 3, 2], [1]]],
	['oldest', [[1, 2, 3], [4, 5, 6], [7]]],
])('%s first', (order, pages) => {
	test('each message is on one page', async () => {
		const { page } = await mailboxOf(7);
		let cursor: unknown = '';
		for (const uids of pages) {
			const items = await page(cursor, { order });
			expect(uidsOf(items)).toEqual(uids);
			expect(new Set(items.map(({ nextCursor }) => nextCursor)).size).toBe(1);
			cursor = items[0]?.nextCursor;
		}
		expect(cursor).toBeNull();
		// A loop that continues does not start again.
		expect(await page(cursor, { order })).toEqual([]);
	});

	test('filters hold on every page', async () => {
		const { page, inbox } = await mailboxOf(7);
		for (const message of inbox.messages) if (message.uid % 2) message.flags.add('\\Seen');
		const parameters = { order, limit: 2, filters: { readStatus: 'read' } };
		const [first] = await page('', parameters);
		const rest = await page(first?.nextCursor, parameters);
		expect(uidsOf(rest)).toEqual(order === 'newest' ? [3, 1] : [5, 7]);
	});
});

test('what arrives or is deleted in between moves nothing', async () => {
	const { page, inbox } = await mailboxOf(7);
	const [first] = await page('');
	inbox.append(mail('new'));
	inbox.messages.splice(4, 1);
	expect(uidsOf(await page(first?.nextCursor))).toEqual([4, 3, 2]);
});

describe('in a loop that moves the messages of each page', () => {
	async function loop(cursor: string, move: INodeParameters) {
		const { server } = await mailboxOf(3);
		const archive = server.account(USER).create('Archive');
		const { error } = await runFlow(
			[
				{
					...{ name: 'Page', node: 'imap4Message', operation: 'getMany' },
					parameters: { limit: 1, returnCursor: true, cursor },
				},
				{
					...{ name: 'Move', node: 'imap4Message', operation: 'move', backTo: 'Page' },
					parameters: { destination: box('Archive'), ...move },
				},
			],
			{ server },
		);
		return { error, moved: archive.messages.length };
	}

	test.each([
		['the field comes with the messages', '={{ $json.nextCursor }}', { keepInputFields: true }],
		['the first page is asked for each time', '={{ $json.nextCursor ?? "" }}', {}],
	])('every page comes: %s', async (_how, cursor, move) => {
		expect(await loop(cursor, move)).toEqual({ error: undefined, moved: 3 });
	});

	test('a cursor that a node in between dropped is an error, and not the first page for ever', async () => {
		const { error, moved } = await loop('={{ $json.nextCursor }}', {});
		expect(error?.message).toContain('"Page Cursor" returned nothing');
		expect(moved).toBe(1);
	});
});

test('no cursor is returned unless it is wanted', async () => {
	const { run } = await mailboxOf(4);
	const [item] = await jsonOf(run({ returnCursor: false }));
	expect(item).not.toHaveProperty('nextCursor');
});

test.each<[string, INodeParameters, string]>([
	['text that is no cursor', { cursor: '7' }, 'not a cursor'],
	['the other order', { cursor: '1:5:oldest' }, 'order "oldest"'],
	['other UIDs', { cursor: '1:5:newest' }, 'UIDVALIDITY'],
	['sort keys', { sort: { key: [{ by: 'size' }] } }, 'order of arrival'],
	['an empty switch', { returnCursor: '={{ "" }}' }, '"Return Page Cursor"'],
])('refuses %s', async (_what, parameters, said) => {
	const { run } = await mailboxOf(4);
	const { message } = await errorOf(run(parameters));
	expect(message).toContain(said);
});
