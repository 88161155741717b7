import { describe, expect, test } from 'vitest';
import { RIGHTS } from '../../engine/index';
import { namesOf, SHOWN } from '../../nodes/Imap4Acl/access-rights';
import {
	box,
	commandNames,
	errorOf,
	jsonOf,
	startServer,
	USER,
	type NodeRunOptions,
} from './run-node';

const node = 'imap4Acl';

async function accessOf(parameters: NodeRunOptions['parameters'] = {}) {
	const server = await startServer();
	server.account(USER).create('Team/Köln');
	const run = (operation: string, more: NodeRunOptions['parameters'] = {}) =>
		jsonOf({
			node,
			operation,
			server,
			parameters: { mailbox: box('Team/Köln'), identifier: 'bob', ...parameters, ...more },
		});
	return { server, run };
}

describe('Set', () => {
	test.each<[string, NodeRunOptions['parameters'], string]>([
		['a role', { rightsFrom: 'role', role: 'reader' }, 'lrs'],
		['a list', { rightsFrom: 'list', rights: ['i', 'l', 'r', 'l'] }, 'lri'],
		['letters', { rightsFrom: 'letters', letters: ' lrte ' }, 'lrte'],
	])('by %s', async (_how, parameters, letters) => {
		const { run } = await accessOf();
		const [set] = await run('set', parameters);
		expect(set).toMatchObject({
			mailbox: 'Team/Köln',
			identifier: 'bob',
			before: '',
			changed: true,
		});
		// The server may tell the old letters for the same rights besides (RFC 4314 §2.1.1).
		expect(String(set?.rights).replace(/[cd]/g, '').split('').sort()).toEqual([...letters].sort());
		const listed = await run('getMany');
		expect(listed.find(({ identifier }) => identifier === 'bob')?.rights).toBe(set?.rights);
	});

	test('adds to what there is, takes away, and Delete takes all', async () => {
		const { run } = await accessOf({ rightsFrom: 'letters' });
		await run('set', { letters: 'lr' });
		const [added] = await run('set', { mode: 'add', letters: 'is' });
		expect([...String(added?.rights)].sort().join('')).toBe('ilrs');
		expect(added?.rightNames).toEqual(['Lookup', 'Read', 'Keep Seen', 'Insert']);
		const [removed] = await run('set', { mode: 'remove', letters: 'rs' });
		expect([...String(removed?.rights)].sort().join('')).toBe('il');
		expect(await run('delete')).toMatchObject([{ deleted: true, before: removed?.rights }]);
		expect((await run('getMany')).map(({ identifier }) => identifier)).not.toContain('bob');
	});

	test('Dry Run reports what there is and what would be, and changes nothing', async () => {
		const { server, run } = await accessOf({ dryRun: true });
		expect(await run('set', { rightsFrom: 'role', role: 'owner' })).toMatchObject([
			{ dryRun: true, before: '', rights: 'lrswipkxtea', mode: 'replace' },
		]);
		expect(await run('delete')).toMatchObject([{ dryRun: true, before: '' }]);
		expect(commandNames(server)).not.toContain('SETACL');
		expect(commandNames(server)).not.toContain('DELETEACL');
	});

	test.each<[string, NodeRunOptions['parameters'], RegExp]>([
		['no identifier', { identifier: '={{ "" }}' }, /"Identifier" is empty/],
		['no right', { rightsFrom: 'list', rights: [] }, /No right is selected/],
		['a sign among the letters', { rightsFrom: 'letters', letters: '+lr' }, /begins with a sign/],
		['no letters', { rightsFrom: 'letters', letters: 'l r' }, /is not a valid set of rights/],
		[
			'a line end',
			{ rightsFrom: 'letters', letters: 'l\r\nA1 LOGOUT' },
			/is not a valid set of rights/,
		],
		['an unknown mode', { mode: 'swap' }, /"Mode" is "swap"/],
		['an unknown role', { rightsFrom: 'role', role: 'king' }, /"Role" is "king"/],
	])('%s is refused before anything is sent', async (_what, parameters, message) => {
		const { server } = await accessOf();
		const failed = errorOf({
			node,
			operation: 'set',
			server,
			parameters: { mailbox: box('Team/Köln'), identifier: 'bob', ...parameters },
		});
		expect((await failed).message).toMatch(message);
		expect(commandNames(server)).toEqual([]);
	});
});

test('Get My Rights and Get Possible Rights tell letters and names', async () => {
	const { run } = await accessOf();
	const [mine] = await run('getMyRights');
	expect(mine?.rightNames).toEqual(expect.arrayContaining(['Lookup', 'Read', 'Administer']));
	const [possible] = await run('getPossibleRights');
	expect(possible).toMatchObject({ identifier: 'bob', required: expect.any(String) as string });
	expect(possible?.rightNames).toEqual(expect.arrayContaining(['Insert', 'Expunge']));
});

test('a mailbox that is not there fails its own item only', async () => {
	const server = await startServer();
	const output = await jsonOf({
		node,
		operation: 'getMany',
		server,
		continueOnFail: true,
		items: [{ name: 'INBOX' }, { name: 'Nowhere' }],
		parameters: { mailbox: box('={{ $json.name }}') },
	});
	expect(output.filter(({ error }) => error !== undefined)).toHaveLength(1);
	expect(output.some(({ mailbox }) => mailbox === 'INBOX')).toBe(true);
});

test('a server without ACL is named', async () => {
	const server = await startServer({ capabilities: { remove: ['ACL'] } });
	const { message, description } = await errorOf({
		node,
		operation: 'getMyRights',
		server,
		parameters: { mailbox: box('INBOX') },
	});
	expect(message).toContain('ACL');
	expect(description).toContain("doesn't support");
});

test.each([
	['lrtd', ['Lookup', 'Read', 'Delete Messages']],
	['lrd', ['Lookup', 'Read', 'Delete Messages', 'Expunge']],
	['lrkc', ['Lookup', 'Read', 'Create Mailboxes']],
])('%s means %j: the old letters count only where there are no new ones', (rights, names) => {
	expect(namesOf(rights)).toEqual(names);
});

test('rights are named as the engine names them', () => {
	const { c: _create, d: _delete, ...current } = RIGHTS;
	const named = Object.entries(SHOWN).map(([letter, { name }]) => [letter, name.toLowerCase()]);
	expect(Object.fromEntries(named)).toEqual(current);
});
