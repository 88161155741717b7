/** Get Threads in several mailboxes: what came and what was answered is one conversation. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { beforeAll, describe, expect, test } from 'vitest';
import { Imap4 } from '../../../engine/index';
import { servers } from '../../conformance/servers';
import type { MemoryServerOptions } from '../../server';
import { commandNames, errorOf, jsonOf, startServer, USER } from '../run-node';

const getThreads = { node: 'imap4Message', operation: 'getThreads' } as const;
const hour = (n: number): Date => new Date(Date.UTC(2026, 10, 3, n));

interface Letter {
	id: string;
	subject: string;
	from: string;
	hour: number;
	answers?: string;
	text?: string;
}

const letter = ({ id, subject, from, hour: at, answers, text = 'text' }: Letter): string =>
	[
		`From: ${from}@example.org`,
		'To: all@example.org',
		`Subject: ${subject}`,
		`Date: Tue, 03 Nov 2026 ${String(at).padStart(2, '0')}:00:00 +0000`,
		`Message-ID: <${id}@x>`,
		...(answers === undefined ? [] : [`In-Reply-To: <${answers}@x>`]),
		'',
		text,
		'',
	].join('\r\n');

/** By mailbox. "note" was sent to oneself. */
const note: Letter = { id: 'note', subject: 'Note', from: 'me', hour: 6 };
const LETTERS: Record<string, Letter[]> = {
	INBOX: [
		{ id: 'a', subject: 'Plans', from: 'anna', hour: 1 },
		{ id: 'c', subject: 'Re: Plans', from: 'anna', hour: 3, answers: 'b' },
		note,
	],
	Sent: [
		{ id: 'b', subject: 'Re: Plans', from: 'me', hour: 2, answers: 'a', text: 'My answer' },
		{ id: 'd', subject: 'Re: Plans', from: 'me', hour: 5, answers: 'c' },
		note,
	],
	Projects: [{ id: 'p', subject: 'Roof', from: 'bert', hour: 4 }],
};

async function filled(options: MemoryServerOptions = {}) {
	const server = await startServer(options);
	const account = server.account(USER);
	for (const [name, letters] of Object.entries(LETTERS)) {
		const mailbox =
			name === 'INBOX'
				? account.mailbox(name)
				: account.create(name, ...(name === 'Sent' ? ['\\Sent'] : []));
		for (const one of letters) mailbox.append(letter(one), { internalDate: hour(one.hour) });
	}
	account.create('Empty');
	return server;
}

/** uid in mailbox (depth, parent) of each message of each thread. */
const shape = (items: readonly IDataObject[]): string[][] =>
	items.map(({ messages }) =>
		(messages as IDataObject[]).map(({ uid, mailbox, depth, parent }) => {
			const above = parent as IDataObject | null;
			const named = above ? `${String(above.uid)} in ${String(above.mailbox)}` : 'none';
			return `${String(uid)} in ${String(mailbox)} (${String(depth)}, ${named})`;
		}),
	);

const PLANS = [
	'1 in INBOX (0, none)',
	'1 in Sent (1, 1 in INBOX)',
	'2 in INBOX (2, 1 in Sent)',
	'2 in Sent (3, 2 in INBOX)',
];
const BY_ROLE = { searchIn: 'roles', mailboxRoles: ['inbox', 'sent'] };

describe.each<[string, MemoryServerOptions]>([
	['one mailbox after the other', {}],
	['with MULTISEARCH', { capabilities: { add: ['MULTISEARCH'] } }],
])('%s', (_way, options) => {
	const threads = async (parameters: INodeParameters) =>
		jsonOf({ ...getThreads, server: await filled(options), parameters });

	test('a message and its answer in another mailbox are one thread', async () => {
		const [newest, plans, ...others] = await threads(BY_ROLE);
		expect(others).toEqual([]);
		expect(shape([plans as IDataObject])).toEqual([PLANS]);
		expect(plans).toMatchObject({
			threadId: '<a@x>',
			mailboxes: ['INBOX', 'Sent'],
			count: 4,
			subject: 'Plans',
			participants: ['anna@example.org', 'all@example.org', 'me@example.org'],
			firstDate: '2026-11-03T01:00:00.000Z',
			lastDate: '2026-11-03T05:00:00.000Z',
			via: 'FETCH',
		});
		expect(newest).toMatchObject({ threadId: '<note@x>', count: 1 });
	});

	test('a message that is in two mailboxes counts once, and names the other place', async () => {
		const [found] = await threads({ ...BY_ROLE, filters: { subject: 'Note' } });
		expect(found?.messages).toEqual([
			expect.objectContaining({
				mailbox: 'INBOX',
				uid: 3,
				copies: [expect.objectContaining({ mailbox: 'Sent', uid: 3 })],
			}),
		]);
	});

	test('the limit counts threads of all mailboxes, the one with the newest message first', async () => {
		const all = await threads({ searchIn: 'paths' });
		expect(all.map(({ subject }) => subject)).toEqual(['Note', 'Plans', 'Roof']);
		const some = await threads({ searchIn: 'paths', limit: 2 });
		expect(some.map(({ subject }) => subject)).toEqual(['Note', 'Plans']);
	});

	test('filters, text and raw data are as in one mailbox', async () => {
		const parameters = { filters: { subject: 'plans' }, body: 'text', simplify: false };
		const [plans] = await threads({ ...BY_ROLE, ...parameters });
		expect((plans?.messages as IDataObject[])[1]).toMatchObject({
			mailbox: 'Sent',
			text: 'My answer\n',
			size: expect.any(Number) as number,
			envelope: { subject: 'Re: Plans', messageId: '<b@x>' },
		});
		expect(await threads({ ...BY_ROLE, filters: { subject: 'nothing' } })).toEqual([]);
	});
});

test('with MULTISEARCH only mailboxes in which something is found are opened', async () => {
	const server = await filled({ capabilities: { add: ['MULTISEARCH'] } });
	const parameters = { searchIn: 'paths', filters: { subject: 'roof' } };
	expect(await jsonOf({ ...getThreads, server, parameters })).toHaveLength(1);
	expect(commandNames(server).filter((name) => name === 'EXAMINE')).toHaveLength(1);
});

test('by subject, and by replies alone', async () => {
	const parameters = { ...BY_ROLE, filters: { subject: 'plans' } };
	const run = async (algorithm: string) =>
		jsonOf({ ...getThreads, server: await filled(), parameters: { ...parameters, algorithm } });
	expect(shape(await run('refs'))).toEqual([PLANS]);
	expect(shape(await run('orderedSubject'))).toEqual([
		[
			'1 in INBOX (0, none)',
			'1 in Sent (1, 1 in INBOX)',
			'2 in INBOX (1, 1 in INBOX)',
			'2 in Sent (1, 1 in INBOX)',
		],
	]);
});

test('another message with the same Message-ID is not left out', async () => {
	const server = await filled();
	const forged: Letter = { id: 'b', subject: 'Re: Plans', from: 'mallory', hour: 2, answers: 'a' };
	server
		.account(USER)
		.mailbox('INBOX')
		.append(letter(forged), { internalDate: hour(2) });
	const found = await jsonOf({ ...getThreads, server, parameters: BY_ROLE });
	const plans = found.find(({ threadId }) => threadId === '<a@x>');
	expect(plans?.count).toBe(5);
});

test('each message is a reference that leads back to it', async () => {
	const server = await filled();
	const found = await jsonOf({ ...getThreads, server, parameters: BY_ROLE });
	const messages = found.flatMap(({ messages }) => messages as IDataObject[]);
	const items = messages.map((json) => ({ json }));
	const again = await jsonOf({ node: 'imap4Message', operation: 'get', server, items });
	expect(again.map(({ subject }) => subject)).toEqual(messages.map(({ subject }) => subject));
});

test('a mailbox that cannot be opened is an item that says why', async () => {
	const server = await filled({
		faults: {
			on: ({ tag, line }) =>
				line.startsWith('EXAMINE Sent') ? `${tag} NO [NOPERM] Not for you\r\n` : undefined,
		},
	});
	const items = await jsonOf({ ...getThreads, server, parameters: BY_ROLE });
	expect(items.at(-1)).toMatchObject({
		mailbox: 'Sent',
		unreadable: 'The mailbox was not searched: EXAMINE was refused: Not for you',
	});
	expect(items).toHaveLength(3);
});

test('a connection that breaks while messages are read is continued by another one', async () => {
	let cut = false;
	const server = await filled({
		faults: {
			on: ({ line }) => {
				if (cut || !/UID FETCH \S+ .*BODYSTRUCTURE/.test(line)) return undefined;
				cut = true;
				return '* BYE Later\r\n';
			},
		},
	});
	const parameters = { ...BY_ROLE, body: 'text', filters: { subject: 'plans' } };
	const [plans] = await jsonOf({ ...getThreads, server, parameters });
	expect(cut).toBe(true);
	expect(plans).toMatchObject({ count: 4 });
});

test.each<[INodeParameters, RegExp]>([
	[{ searchIn: 'paths', mailboxPaths: '={{ $json.nothing }}' }, /"Mailbox Paths"/],
	[{ searchIn: 'roles', mailboxRoles: '={{ [] }}' }, /"Mailbox Roles" is empty/],
	[{ searchIn: '={{ "all" }}' }, /"Search In"/],
])('%j is refused', async (parameters, message) => {
	const error = await errorOf({ ...getThreads, server: await filled(), parameters });
	expect(error.message).toMatch(message);
});

const real = servers.filter(({ name, missing }) => name !== 'in-memory' && missing === undefined);

describe.each(real)('on $name', ({ start }) => {
	let account: object;

	beforeAll(async () => {
		const server = await start();
		const credential = server.freshAccount();
		const address = { host: server.host, port: server.port('none') };
		account = { server: address, credential };
		const imap = await Imap4.connect({ ...address, security: 'none', auth: credential });
		const { personal } = await imap.namespace();
		const prefix = personal[0]?.prefix ?? '';
		for (const [name, letters] of Object.entries(LETTERS)) {
			const path = name === 'INBOX' ? name : prefix + name;
			if (name !== 'INBOX') await imap.createMailbox(path).catch(() => undefined);
			for (const one of letters) await imap.append(path, letter(one), { date: hour(one.hour) });
		}
		await imap.logout();
	});

	test('a message and its answer in another mailbox are one thread', async () => {
		const found = await jsonOf({ ...getThreads, ...account, parameters: BY_ROLE });
		expect(found.map(({ subject, count }) => [subject, count])).toEqual([
			['Note', 1],
			['Plans', 4],
		]);
		const messages = found[1]?.messages as IDataObject[];
		expect(messages.map(({ depth }) => depth)).toEqual([0, 1, 2, 3]);
	});
});
