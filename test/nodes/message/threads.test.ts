import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
	ACCOUNT,
	commandNames,
	errorOf,
	jsonOf,
	startServer,
	USER,
	type NodeRunOptions,
} from '../run-node';

const getThreads = { node: 'imap4Message', operation: 'getThreads' } as const;
const UNABLE = ['THREAD=REFERENCES', 'THREAD=ORDEREDSUBJECT'];

interface Letter {
	id?: string;
	subject?: string;
	references?: string[];
	inReplyTo?: string;
	from?: string;
	hour?: number;
	text?: string;
}

const ids = (names: readonly string[]): string => names.map((name) => `<${name}@x>`).join(' ');

function letter({
	id,
	subject = 'x',
	references,
	inReplyTo,
	from = 'Bert',
	hour = 0,
	text = 'text',
}: Letter) {
	return [
		`From: ${from} <${from.toLowerCase()}@example.org>`,
		`To: ${USER}`,
		`Subject: ${subject}`,
		`Date: Tue, 03 Nov 2026 ${String(hour).padStart(2, '0')}:00:00 +0000`,
		...(id === undefined ? [] : [`Message-ID: ${ids([id])}`]),
		...(references ? [`References: ${ids(references)}`] : []),
		...(inReplyTo === undefined ? [] : [`In-Reply-To: ${ids([inReplyTo])}`]),
		'',
		text,
	].join('\r\n');
}

async function serverWith(letters: readonly Letter[], remove: readonly string[] = []) {
	const server = await startServer({ capabilities: { remove } });
	const inbox = server.account(USER).mailbox('INBOX');
	for (const one of letters) {
		inbox.append(letter(one), { internalDate: new Date(Date.UTC(2026, 10, 3, one.hour ?? 0)) });
	}
	const threads = (parameters: NodeRunOptions['parameters'] = {}) =>
		jsonOf({ ...getThreads, server, parameters });
	return { server, inbox, threads };
}

const commands = (server: Parameters<typeof commandNames>[0]): string[] =>
	commandNames(server).filter((name) => name !== 'UNSELECT');

/** uid(depth, parent) of each message. */
const shape = (threads: Awaited<ReturnType<typeof jsonOf>>) =>
	threads.map(({ messages }) =>
		(messages as Array<Record<string, number | null>>).map(
			({ uid, depth, parent }) => `${uid}(${depth},${parent})`,
		),
	);

const CONVERSATION: Letter[] = [
	{ id: 'a', subject: 'Plans', from: 'Anna', hour: 1 },
	{ id: 'z', subject: 'Other', hour: 2 },
	{ id: 'b', subject: 'Re: Plans', references: ['a'], hour: 3 },
	{ id: 'c', subject: 'Re: Plans', inReplyTo: 'b', from: 'Clara', hour: 4 },
	{ id: 'd', subject: 'Re: Plans', references: ['a'], hour: 5 },
];

describe.each([
	['the server', [], 'THREAD=REFERENCES'],
	['here', UNABLE, 'FETCH'],
])('threads made by %s', (_where, remove, via) => {
	test('one item per thread, the one with the newest message first', async () => {
		const { inbox, threads } = await serverWith(CONVERSATION, remove);
		expect(await threads()).toEqual([
			{
				mailbox: 'INBOX',
				uidValidity: inbox.uidValidity,
				threadId: 1,
				count: 4,
				uids: [1, 3, 4, 5],
				subject: 'Plans',
				participants: [
					'Anna <anna@example.org>',
					USER,
					'Bert <bert@example.org>',
					'Clara <clara@example.org>',
				],
				firstDate: '2026-11-03T01:00:00.000Z',
				lastDate: '2026-11-03T05:00:00.000Z',
				messages: [
					expect.objectContaining({ uid: 1, depth: 0, parent: null, subject: 'Plans' }),
					expect.objectContaining({ uid: 3, depth: 1, parent: 1 }),
					// What other operations need to find it, as Split Out leaves nothing else.
					{
						mailbox: 'INBOX',
						uidValidity: inbox.uidValidity,
						uid: 4,
						account: ACCOUNT,
						depth: 2,
						parent: 3,
						date: '2026-11-03T04:00:00.000Z',
						from: 'Clara <clara@example.org>',
						subject: 'Re: Plans',
					},
					expect.objectContaining({ uid: 5, depth: 1, parent: 1 }),
				],
				via,
			},
			expect.objectContaining({ threadId: 2, count: 1, uids: [2] }),
		]);
		expect(inbox.messages.some(({ flags }) => flags.has('\\Seen'))).toBe(false);
	});

	test('Limit, filters, and the raw data', async () => {
		const { threads } = await serverWith(CONVERSATION, remove);
		expect(shape(await threads({ limit: 1 }))).toEqual([
			['1(0,null)', '3(1,1)', '4(2,3)', '5(1,1)'],
		]);
		const [found] = await threads({ filters: { subject: 'other' }, simplify: false });
		expect(found).toMatchObject({
			threadId: 2,
			messages: [
				{ uid: 2, flags: ['\\Recent'], envelope: { subject: 'Other', messageId: '<z@x>' } },
			],
		});
		expect(await threads({ filters: { subject: 'nothing' } })).toEqual([]);
	});

	test('circles, missing parents, and one Message-ID twice', async () => {
		const letters: Letter[] = [
			{ id: 'a', subject: '1', references: ['c'], hour: 1 },
			{ id: 'b', subject: '2', references: ['a'], hour: 2 },
			{ id: 'c', subject: '3', references: ['b'], hour: 3 },
			{ id: 'self', subject: '4', references: ['self'], hour: 4 },
			{ id: 'k', subject: '5', references: ['missing', 'gone'], hour: 5 },
			{ id: 'l', subject: '6', references: ['missing', 'lost'], hour: 6 },
			{ id: 'l', subject: '7', references: ['k'], hour: 7 },
			{ subject: '8', hour: 8 },
		];
		const { threads } = await serverWith(letters, remove);
		const all = shape(await threads());
		expect(
			all
				.flat()
				.map((one) => Number.parseInt(one, 10))
				.sort(),
		).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
		// Whose parent is missing is a root; those with the same missing one belong together.
		expect(all).toContainEqual(['5(0,null)', '7(1,5)', '6(0,null)']);
		expect(all).toContainEqual(['4(0,null)']);
	});
});

const messages = fc.array(
	fc.record({
		id: fc.option(fc.constantFrom(...'abcdefgh'), { nil: undefined }),
		subject: fc.constantFrom('x', 'Re: x', 'y', 'Fwd: [l] y', '', 'Re: '),
		references: fc.option(fc.array(fc.constantFrom(...'abcdefghij'), { maxLength: 4 }), {
			nil: undefined,
		}),
		inReplyTo: fc.option(fc.constantFrom(...'abcdefgh'), { nil: undefined }),
		hour: fc.integer({ min: 0, max: 3 }),
	}),
	{ minLength: 1, maxLength: 10 },
);

test.each(['references', 'orderedSubject'])(
	'%s: threads made here are those of a server',
	async (algorithm) => {
		const able = await serverWith([]);
		const unable = await serverWith([], UNABLE);
		await fc.assert(
			fc.asyncProperty(messages, async (letters) => {
				for (const { inbox } of [able, unable]) {
					inbox.remove(new Set(inbox.messages));
					for (const one of letters) inbox.append(letter(one));
				}
				const wanted = shape(await able.threads({ returnAll: true, algorithm }));
				expect(shape(await unable.threads({ returnAll: true, algorithm }))).toEqual(wanted);
			}),
			{ numRuns: 150 },
		);
	},
);

test('REFS joins no threads by their subject; a server that lacks it is not asked', async () => {
	const { server, threads } = await serverWith([
		{ id: 'a', subject: 'x', hour: 1 },
		{ id: 'b', subject: 'Re: x', hour: 2 },
	]);
	expect(shape(await threads({ algorithm: 'refs' }))).toEqual([['2(0,null)'], ['1(0,null)']]);
	expect(commands(server)).toEqual(['EXAMINE', 'UID SEARCH', 'UID FETCH', 'UID FETCH']);
	expect(shape(await threads({ algorithm: 'references' }))).toEqual([['1(0,null)', '2(1,1)']]);
	expect(commands(server).slice(4)).toEqual(['EXAMINE', 'UID THREAD', 'UID FETCH']);
});

test('a conversation of a thousand messages, each answering the last', async () => {
	const letters = Array.from({ length: 1000 }, (_, n) => ({
		id: `m${n}`,
		references: Array.from({ length: Math.min(n, 20) }, (_one, k) => `m${n - Math.min(n, 20) + k}`),
	}));
	const { threads } = await serverWith(letters, UNABLE);
	const [thread, ...others] = await threads();
	expect(others).toEqual([]);
	expect(thread).toMatchObject({ count: 1000, threadId: 1 });
	expect((thread?.messages as object[]).at(-1)).toMatchObject({ depth: 999, parent: 999 });
});

test('an unknown algorithm is refused before anything is sent', async () => {
	const { server } = await serverWith([]);
	const { message } = await errorOf({
		...getThreads,
		server,
		parameters: { algorithm: '={{ "guess" }}' },
	});
	expect(message).toContain('"Algorithm" is "guess"');
	expect(commandNames(server)).toEqual([]);
});

test('the text of each message on request, without what is quoted', async () => {
	const { threads } = await serverWith([
		{ id: 'a', subject: 'Lunch', text: 'Lunch tomorrow?' },
		{
			id: 'b',
			subject: 'Re: Lunch',
			inReplyTo: 'a',
			hour: 1,
			text: 'Yes.\r\n\r\nOn Mon, 2 Nov 2026, Anna <anna@example.com> wrote:\r\n> Lunch tomorrow?',
		},
	]);
	const texts = async (parameters: NodeRunOptions['parameters']) =>
		(await threads(parameters)).map(({ messages }) =>
			(messages as Array<{ text?: string }>).map(({ text }) => text?.trim()),
		);
	expect(await texts({})).toEqual([[undefined, undefined]]);
	const onlyNew = { body: 'text', contentOptions: { onlyNewText: true } };
	expect(await texts(onlyNew)).toEqual([['Lunch tomorrow?', 'Yes.']]);
	expect((await texts({ body: 'text' }))[0]?.[1]).toContain('> Lunch tomorrow?');
});
