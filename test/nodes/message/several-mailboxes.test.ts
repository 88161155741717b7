/** Get Many in several mailboxes: one order and one limit, each message with its own mailbox. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { beforeAll, describe, expect, test } from 'vitest';
import { Imap4 } from '../../../engine/index';
import { servers } from '../../conformance/servers';
import type { MemoryServerOptions } from '../../server';
import { commandNames, errorOf, jsonOf, mail, runNode, startServer, USER } from '../run-node';

const getMany = { node: 'imap4Message', operation: 'getMany' } as const;
const hour = (n: number): Date => new Date(Date.UTC(2026, 10, 3, n));

/** Messages by mailbox, with the hour in which each arrived. */
const ARRIVED: Record<string, Array<[subject: string, hour: number]>> = {
	INBOX: [
		['in 1', 1],
		['in 5', 5],
	],
	'Projects/A': [
		['a 2', 2],
		['a 6', 6],
	],
	'Projects/Bücher': [['b 4', 4]],
	Sent: [['sent 3', 3]],
	Trash: [['trash 7', 7]],
	Junk: [['junk 8', 8]],
};

async function filled(options: MemoryServerOptions = {}) {
	const server = await startServer(options);
	const account = server.account(USER);
	for (const [name, messages] of Object.entries(ARRIVED)) {
		const uses: Record<string, string> = { Trash: '\\Trash', Junk: '\\Junk', Sent: '\\Sent' };
		const mailbox = name === 'INBOX' ? account.mailbox(name) : account.create(name, uses[name]);
		for (const [subject, at] of messages) {
			mailbox.append(mail(subject), { internalDate: hour(at) });
		}
	}
	account.create('Empty');
	return server;
}

const found = (items: readonly IDataObject[]) =>
	items.map(({ subject, mailbox }) => `${String(subject)} in ${String(mailbox)}`);

describe.each<[string, MemoryServerOptions]>([
	['one mailbox after the other', {}],
	['without SORT', { capabilities: { remove: ['SORT', 'SORT=DISPLAY', 'ESORT'] } }],
	['with MULTISEARCH', { capabilities: { add: ['MULTISEARCH'] } }],
])('%s', (_way, options) => {
	const search = async (parameters: INodeParameters) =>
		found(await jsonOf({ ...getMany, server: await filled(options), parameters }));

	test('all mailboxes are searched, Junk and Trash left out, the newest first', async () => {
		expect(await search({ searchIn: 'paths' })).toEqual([
			'a 6 in Projects/A',
			'in 5 in INBOX',
			'b 4 in Projects/Bücher',
			'sent 3 in Sent',
			'a 2 in Projects/A',
			'in 1 in INBOX',
		]);
	});

	test('the limit counts over all mailboxes, in the order chosen', async () => {
		expect(await search({ searchIn: 'paths', limit: 3, order: 'oldest' })).toEqual([
			'in 1 in INBOX',
			'a 2 in Projects/A',
			'sent 3 in Sent',
		]);
		const sort = { key: [{ by: 'subject', direction: 'descending' }] };
		expect(await search({ searchIn: 'paths', limit: 2, sort })).toEqual([
			'sent 3 in Sent',
			'in 5 in INBOX',
		]);
	});

	test('paths may be patterns, and filters hold everywhere', async () => {
		expect(await search({ searchIn: 'paths', mailboxPaths: 'projects/*, inbox' })).toHaveLength(5);
		const filters = { subject: '6', since: '2026-11-03T06:00:00Z' };
		expect(await search({ searchIn: 'paths', mailboxPaths: 'Projects/?', filters })).toEqual([
			'a 6 in Projects/A',
		]);
	});

	test('Junk and Trash are searched where they are named or asked for', async () => {
		expect(await search({ searchIn: 'paths', mailboxPaths: 'Trash' })).toEqual([
			'trash 7 in Trash',
		]);
		expect(await search({ searchIn: 'paths', includeJunkAndTrash: true, limit: 2 })).toEqual([
			'junk 8 in Junk',
			'trash 7 in Trash',
		]);
	});

	test('by role', async () => {
		expect(await search({ searchIn: 'roles', mailboxRoles: ['sent', 'inbox', 'archive'] })).toEqual(
			['in 5 in INBOX', 'sent 3 in Sent', 'in 1 in INBOX'],
		);
	});
});

test('with MULTISEARCH only mailboxes in which something is found are opened', async () => {
	const server = await filled({ capabilities: { add: ['MULTISEARCH'] } });
	const parameters = { searchIn: 'paths', filters: { subject: 'sent' } };
	expect(await jsonOf({ ...getMany, server, parameters })).toHaveLength(1);
	expect(commandNames(server)).toEqual([
		'LIST',
		'ESEARCH',
		'EXAMINE',
		'UID SORT',
		'UID FETCH',
		'UID FETCH',
	]);
});

test('a connection that breaks in a later mailbox: another one brings the rest, each once', async () => {
	const server = await filled();
	let fetches = 0;
	server.faults.on = ({ line }) => {
		if (!line.includes('ENVELOPE') || ++fetches !== 2) return undefined;
		server.cutAll();
		return '';
	};
	const items = await jsonOf({ ...getMany, server, parameters: { searchIn: 'paths' } });
	expect(fetches).toBeGreaterThan(2);
	expect(found(items)).toEqual([
		'a 6 in Projects/A',
		'in 5 in INBOX',
		'b 4 in Projects/Bücher',
		'sent 3 in Sent',
		'a 2 in Projects/A',
		'in 1 in INBOX',
	]);
});

test('the reference of each message leads back to it', async () => {
	const server = await filled();
	const items = await runNode({ ...getMany, server, parameters: { searchIn: 'paths' } });
	const again = await jsonOf({ node: 'imap4Message', operation: 'get', server, items });
	expect(found(again)).toEqual(found(items.map(({ json }) => json)));
});

describe('a mailbox that cannot be opened', () => {
	const forbidden = () =>
		filled({
			faults: {
				on: ({ tag, line }) =>
					line.startsWith('EXAMINE Sent') ? `${tag} NO [NOPERM] Not for you\r\n` : undefined,
			},
		});

	test('is an item that says why, beside what the others hold', async () => {
		const server = await forbidden();
		const items = await jsonOf({ ...getMany, server, parameters: { searchIn: 'paths' } });
		expect(items).toHaveLength(6);
		expect(items.at(-1)).toMatchObject({
			mailbox: 'Sent',
			unreadable: 'The mailbox was not searched: EXAMINE was refused: Not for you',
		});
		expect(items.at(-1)).not.toHaveProperty('uid');
	});

	test('ends the node if there is no other', async () => {
		const parameters = { searchIn: 'paths', mailboxPaths: 'Sent' };
		const { message } = await errorOf({ ...getMany, server: await forbidden(), parameters });
		expect(message).toContain('Not for you [NOPERM]');
	});
});

describe('at Gmail', () => {
	const options = { capabilities: { add: ['X-GM-EXT-1'] } };

	test('All Mail is searched in place of the labels, so that nothing is found twice', async () => {
		const server = await startServer(options);
		const account = server.account(USER);
		account.mailbox('INBOX').append(mail('both'));
		account.create('[Gmail]/All Mail', '\\All').append(mail('both'));
		account.create('[Gmail]/Starred', '\\Flagged').append(mail('both'));
		const search = async (parameters: INodeParameters) =>
			found(await jsonOf({ ...getMany, server, parameters }));
		expect(await search({ searchIn: 'paths' })).toEqual(['both in [Gmail]/All Mail']);
		expect(await search({ searchIn: 'roles', mailboxRoles: ['inbox', 'flagged'] })).toHaveLength(2);
	});
});

describe('bad input', () => {
	test.each<[INodeParameters, RegExp]>([
		[{ searchIn: 'paths', mailboxPaths: '={{ $json.nothing }}' }, /"Mailbox Paths"/],
		[{ searchIn: 'paths', mailboxPaths: ' , ' }, /"Mailbox Paths" is empty/],
		[{ searchIn: 'paths', mailboxPaths: 'Nowhere/*' }, /No mailbox .* matches "Nowhere\/\*"/],
		[{ searchIn: 'roles', mailboxRoles: '={{ [] }}' }, /"Mailbox Roles" is empty/],
		[{ searchIn: 'roles', mailboxRoles: ['outbox'] }, /"Mailbox Roles"/],
		[{ searchIn: 'roles', mailboxRoles: ['archive'] }, /no mailbox with this role: archive/],
		[{ searchIn: '={{ "all" }}' }, /"Search In"/],
		[{ searchIn: 'paths', includeJunkAndTrash: '={{ null }}' }, /"Include Junk and Trash"/],
		[{ searchIn: 'paths', returnCursor: true }, /"Return Page Cursor" works in one mailbox only/],
	])('%j', async (parameters, message) => {
		expect((await errorOf({ ...getMany, server: await filled(), parameters })).message).toMatch(
			message,
		);
	});
});

const real = servers.filter(({ name, missing }) => name !== 'in-memory' && missing === undefined);

describe.each(real)('on $name', ({ start }) => {
	let account: object;
	let delimiter = '/';

	beforeAll(async () => {
		const server = await start();
		const credential = server.freshAccount();
		account = { server: { host: server.host, port: server.port('none') }, credential };
		const imap = await Imap4.connect({
			host: server.host,
			port: server.port('none'),
			security: 'none',
			auth: credential,
		});
		const [root] = await imap.list('', '');
		delimiter = root?.delimiter ?? '/';
		const { personal } = await imap.namespace();
		const prefix = personal[0]?.prefix ?? '';
		for (const [name, messages] of Object.entries(ARRIVED)) {
			const path = name === 'INBOX' ? name : prefix + name.split('/').join(delimiter);
			if (name !== 'INBOX') await imap.createMailbox(path).catch(() => undefined);
			for (const [subject, at] of messages) {
				await imap.append(path, mail(subject), { date: hour(at) });
			}
		}
		await imap.logout();
	});

	test('all mailboxes, one order, one limit', async () => {
		const parameters = { searchIn: 'paths', limit: 4 };
		const items = await jsonOf({ ...getMany, ...account, parameters });
		expect(items.map(({ subject }) => subject)).toEqual(['a 6', 'in 5', 'b 4', 'sent 3']);
		expect(new Set(items.map(({ mailbox }) => mailbox)).size).toBe(4);
	});

	test('a path as people write it', async () => {
		const parameters = { searchIn: 'paths', mailboxPaths: 'Projects/*' };
		const items = await jsonOf({ ...getMany, ...account, parameters });
		expect(items.map(({ subject }) => subject)).toEqual(['a 6', 'b 4', 'a 2']);
	});
});
