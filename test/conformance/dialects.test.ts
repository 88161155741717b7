/**
 * The nodes on servers whose IMAP is their own: WildDuck's imap-core and hoodiecrow, which Node programs
 * are tested with, and GNU Mailutils' imap4d. What a server gets wrong by itself is left out by name.
 */
import { setTimeout } from 'node:timers/promises';
import { Container } from '@n8n/di';
import { BinaryDataService } from 'n8n-core';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { closeIdleConnections } from '../../nodes/shared/account/connection-pool';
import { STREAM_COMMANDS } from '../../nodes/shared/account/stream-commands';
import { box, errorOf, jsonOf, mail, runNode, type NodeRunOptions } from '../nodes/run-node';
import { Poller, type PollerOptions } from '../nodes/trigger/poller';
import { findImap4d } from '../real/imap4d';
import { npmServers, startHoodiecrow, startWildDuck, type NpmServer } from '../real/npm-servers';
import { leaveOut } from './needs';

type Where = Pick<PollerOptions, 'authentication' | 'credential'> & {
	server: { host: string; port: number };
};

interface Running extends Where {
	stop(): Promise<void>;
}

interface Dialect {
	name: string;
	/** What is needed to start it. @throws Error that says why it is not there */
	find: () => Promise<() => Promise<Running>>;
	/** By title of the test. */
	faults: Readonly<Record<string, string>>;
}

const overNetwork = ({ host, port, user, password, stop }: NpmServer): Running => ({
	server: { host, port },
	authentication: 'plain',
	credential: { user, password },
	stop,
});

const dialects: readonly Dialect[] = [
	{
		name: 'WildDuck imap-core',
		find: async () => {
			const require = await npmServers();
			return async () => overNetwork(await startWildDuck(require));
		},
		faults: {
			'move reaches the messages that were named': 'the handlers of its own tests have no MOVE',
		},
	},
	{
		name: 'hoodiecrow',
		find: async () => {
			const require = await npmServers();
			return async () => overNetwork(await startHoodiecrow(require));
		},
		faults: {},
	},
	{
		name: 'GNU imap4d',
		find: async () => {
			const prepare = await findImap4d();
			return async () => {
				const { command, stop } = await prepare();
				vi.stubEnv(STREAM_COMMANDS, JSON.stringify({ imap4d: command }));
				return {
					server: { host: 'localhost', port: 1 },
					authentication: 'stream' as const,
					credential: { command: 'imap4d' },
					stop,
				};
			};
		},
		faults: {
			'finds by date': 'it gives what is stored without a date the one of 1970',
		},
	},
];

describe.each(dialects)('$name', ({ name, find: findServer, faults }) => {
	let start: (() => Promise<Running>) | undefined;
	let missing = '';
	let running: Running;
	beforeAll(async () => {
		await closeIdleConnections();
		start = await findServer().catch((error: Error) => {
			missing = error.message;
			console.log(`Left out: ${name}, because ${missing}`);
			return undefined;
		});
	}, 180_000);
	beforeEach(async (context) => {
		if (!start) return leaveOut(context, missing);
		const fault = faults[context.task.name];
		if (fault !== undefined) leaveOut(context, fault);
		running = await start();
		await jsonOf(run('imap4Mailbox', 'create', { path: 'Box' }));
	});
	afterEach(async () => {
		await closeIdleConnections();
		await running?.stop();
	});
	afterAll(() => vi.unstubAllEnvs());

	const run = (
		node: NodeRunOptions['node'],
		operation: string,
		parameters: INodeParameters = {},
		more: Partial<NodeRunOptions> = {},
	): NodeRunOptions => ({
		...{ node, operation, parameters, ...more },
		...{ server: running.server, authentication: running.authentication },
		...(running.credential ? { credential: running.credential } : {}),
	});
	const append = (subject: string, more = '', raw = mail(subject, more)) =>
		jsonOf(run('imap4Message', 'create', { mailbox: box('Box'), source: 'raw', raw }));
	const find = (filters: INodeParameters = {}): Promise<IDataObject[]> =>
		jsonOf(run('imap4Message', 'getMany', { mailbox: box('Box'), returnAll: true, filters }));
	const subjects = async (filters: INodeParameters = {}): Promise<unknown[]> =>
		(await find(filters)).map(({ subject }) => subject);
	const three = async (): Promise<IDataObject[]> => {
		for (const subject of ['apple', 'pear', 'plum']) await append(subject);
		return find();
	};

	test('lists mailboxes, with figures', async () => {
		await append('one');
		const listed = await jsonOf(run('imap4Mailbox', 'getMany', { withStatus: true }));
		expect(listed.map(({ mailbox }) => mailbox)).toEqual(expect.arrayContaining(['INBOX', 'Box']));
		expect(listed.find(({ mailbox }) => mailbox === 'Box')).toMatchObject({ messages: 1 });
	});

	test('lists by a pattern with a wildcard', async () => {
		const listed = await jsonOf(run('imap4Mailbox', 'getMany', { filters: { pattern: 'B%' } }));
		expect(listed.map(({ mailbox }) => mailbox)).toEqual(['Box']);
	});

	test('creates, renames and deletes a mailbox', async () => {
		await jsonOf(run('imap4Mailbox', 'create', { path: 'New one' }));
		await jsonOf(run('imap4Mailbox', 'rename', { mailbox: box('New one'), newPath: 'Newer' }));
		await jsonOf(run('imap4Mailbox', 'delete', { mailbox: box('Newer') }));
		const listed = await jsonOf(run('imap4Mailbox', 'getMany'));
		expect(listed.map(({ mailbox }) => mailbox)).not.toContain('Newer');
		const { message } = await errorOf(run('imap4Mailbox', 'delete', { mailbox: box('Newer') }));
		expect(message).toContain('Newer');
	});

	test('stores messages and lists them, newest first', async () => {
		await three();
		expect(await subjects()).toEqual(['plum', 'pear', 'apple']);
	});

	test('finds by each filter alone, and by several', async () => {
		await three();
		await jsonOf(
			run('imap4Flags', 'add', {
				...{ messages: 'search', mailbox: box('Box'), filters: { subject: 'pear' } },
				systemFlags: ['\\Seen'],
			}),
		);
		expect(await subjects({ readStatus: 'unread' })).toEqual(['plum', 'apple']);
		expect(await subjects({ readStatus: 'read' })).toEqual(['pear']);
		expect(await subjects({ subject: 'apple' })).toEqual(['apple']);
		expect(await subjects({ from: 'bert@example.org', subject: 'plu' })).toEqual(['plum']);
		expect(await subjects({ subject: 'nothing' })).toEqual([]);
	});

	test('finds by text and by header', async () => {
		await three();
		expect(await subjects({ body: 'Text of pear' })).toEqual(['pear']);
		expect(await subjects({ messageId: '<plum@example.org>' })).toEqual(['plum']);
	});

	test('finds by date', async () => {
		await three();
		const yesterday = new Date(Date.now() - 86_400_000).toISOString();
		expect(await subjects({ since: yesterday })).toHaveLength(3);
		expect(await subjects({ before: yesterday })).toEqual([]);
	});

	test('a UID set that ends behind the last message finds nothing else', async () => {
		const [last] = await three();
		expect(await subjects({ uid: `${Number(last?.uid) + 100}:*` })).toEqual([]);
	});

	test('adds, removes and sets flags in the order of the items', async () => {
		const [{ mailbox, uidValidity, uid, account } = {}] = await three();
		const items = [['\\Seen'], ['\\Flagged'], ['\\Seen']].map((flags) => ({
			...{ mailbox, uidValidity, uid, account, flags },
		}));
		await jsonOf(run('imap4Flags', 'set', { systemFlags: '={{ $json.flags }}' }, { items }));
		const [first = {}] = await find();
		expect((first.flags as string[]).filter((flag) => flag !== '\\Recent')).toEqual(['\\Seen']);
		await jsonOf(run('imap4Flags', 'add', { systemFlags: ['\\Flagged'] }, { items: [first] }));
		await jsonOf(run('imap4Flags', 'remove', { systemFlags: ['\\Seen'] }, { items: [first] }));
		const [then] = await find();
		expect((then?.flags as string[]).filter((flag) => flag !== '\\Recent')).toEqual(['\\Flagged']);
	});

	test.each(['copy', 'move'])('%s reaches the messages that were named', async (operation) => {
		const [first = {}] = await three();
		await jsonOf(run('imap4Mailbox', 'create', { path: 'Target' }));
		const destination = box('Target');
		await jsonOf(run('imap4Message', operation, { destination }, { items: [first] }));
		const left = ['pear', 'apple'];
		expect(await subjects()).toEqual(operation === 'move' ? left : ['plum', ...left]);
		const there = await jsonOf(run('imap4Message', 'getMany', { mailbox: destination }));
		expect(there.map(({ subject }) => subject)).toEqual(['plum']);
	});

	test('permanently deletes what was named, and nothing else', async () => {
		const [, second = {}] = await three();
		await jsonOf(run('imap4Message', 'delete', { deleteMode: 'permanent' }, { items: [second] }));
		expect(await subjects()).toEqual(['plum', 'apple']);
	});

	test('reads text, HTML and attachments', async () => {
		await append('', '', MULTIPART);
		const [first = {}] = await find();
		const [got] = await runNode(run('imap4Message', 'get', { body: 'text' }, { items: [first] }));
		expect(JSON.stringify(got?.json)).toContain('Gr\u00fc\u00dfe');
		const files = await jsonOf(
			run('imap4Message', 'getMany', {}, { resource: 'attachment', items: [first] }),
		);
		expect(JSON.stringify(files)).toContain('note.txt');
	});

	test('reads a message that is attached', async () => {
		await append('', '', ATTACHED);
		const [first = {}] = await find();
		const files = await jsonOf(
			run('imap4Message', 'getMany', {}, { resource: 'attachment', items: [first] }),
		);
		expect(JSON.stringify(files)).toMatch(/message\/rfc822/);
	});

	test('downloads a message as it was stored', async () => {
		await append('kept');
		const [first = {}] = await find();
		const [item] = await runNode(run('imap4Message', 'download', {}, { items: [first] }));
		const [binary] = Object.values(item?.binary ?? {});
		if (!binary) throw new Error('There is no file');
		expect((await Container.get(BinaryDataService).getAsBuffer(binary)).toString()).toContain(
			'Text of kept',
		);
	});

	test('sorts and threads what the server does not', async () => {
		await three();
		const sorted = await jsonOf(
			run('imap4Message', 'getMany', {
				...{ mailbox: box('Box'), sortBy: 'subject', sortDirection: 'ascending' },
			}),
		);
		expect(sorted).toHaveLength(3);
		const threads = await jsonOf(run('imap4Message', 'getThreads', { mailbox: box('Box') }));
		expect(threads).toHaveLength(3);
	});

	const trigger = (parameters: INodeParameters): Poller =>
		new Poller({
			server: running.server,
			...(running.authentication ? { authentication: running.authentication } : {}),
			...(running.credential ? { credential: running.credential } : {}),
			parameters: { mailbox: box('Box'), ...parameters },
		});

	test('the trigger gives each message once', async () => {
		await append('old');
		const poller = trigger({});
		expect(await poller.subjects()).toEqual([]);
		await append('one');
		await append('two');
		expect(await poller.subjects()).toEqual(['one', 'two']);
		expect(await poller.subjects()).toEqual([]);
	});

	test('the trigger follows a pattern', async () => {
		const poller = trigger({ watch: 'pattern', pattern: '*' });
		expect(await poller.subjects()).toEqual([]);
		await append('one');
		expect(await poller.subjects()).toEqual(['one']);
		expect(await poller.subjects()).toEqual([]);
	});

	test('the trigger gives what arrives in a mailbox that was empty for some time', async () => {
		const single = trigger({});
		const pattern = trigger({ watch: 'pattern', pattern: 'Bo*' });
		for (const poller of [single, pattern]) expect(await poller.subjects()).toEqual([]);
		// Some servers have another UIDVALIDITY for an empty mailbox in each second.
		for (let second = 0; second < 3; second++) {
			await setTimeout(1100);
			for (const poller of [single, pattern]) expect(await poller.subjects()).toEqual([]);
		}
		await setTimeout(1100);
		await append('one');
		for (const poller of [single, pattern]) {
			expect(await poller.subjects()).toEqual(['one']);
			expect(await poller.subjects()).toEqual([]);
		}
		await append('two');
		for (const poller of [single, pattern]) expect(await poller.subjects()).toEqual(['two']);
	});

	test('the trigger reports flags that change and messages that are removed', async () => {
		const [first = {}] = await three();
		const flags = trigger({ event: 'flagsChanged' });
		const removed = trigger({ event: 'messageRemoved' });
		expect(await flags.poll()).toEqual([]);
		expect(await removed.poll()).toEqual([]);
		await jsonOf(run('imap4Flags', 'add', { systemFlags: ['\\Flagged'] }, { items: [first] }));
		expect(await flags.poll()).toMatchObject([{ uid: first.uid }]);
		expect(await removed.poll()).toEqual([]);
		await jsonOf(run('imap4Message', 'delete', { deleteMode: 'permanent' }, { items: [first] }));
		expect(await removed.poll()).toMatchObject([{ uid: first.uid }]);
	});
});

const MULTIPART = [
	'From: Bert <bert@example.org>',
	'To: Anna <anna@example.com>',
	'Subject: parts',
	'MIME-Version: 1.0',
	'Content-Type: multipart/mixed; boundary="b"',
	'',
	'--b',
	'Content-Type: text/plain; charset=utf-8',
	'Content-Transfer-Encoding: quoted-printable',
	'',
	'Gr=C3=BC=C3=9Fe',
	'--b',
	'Content-Type: text/plain; name="note.txt"',
	'Content-Disposition: attachment; filename="note.txt"',
	'Content-Transfer-Encoding: base64',
	'',
	'aGVsbG8=',
	'--b--',
	'',
].join('\r\n');

const ATTACHED = [
	'From: Bert <bert@example.org>',
	'To: Anna <anna@example.com>',
	'Subject: forwarded',
	'MIME-Version: 1.0',
	'Content-Type: multipart/mixed; boundary="b"',
	'',
	'--b',
	'Content-Type: text/plain',
	'',
	'See below.',
	'--b',
	'Content-Type: message/rfc822',
	'',
	'From: Carl <carl@example.org>',
	'Subject: inner',
	'',
	'The inner text.',
	'--b--',
	'',
].join('\r\n');
