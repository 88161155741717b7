import { describe, expect, test } from 'vitest';
import {
	box,
	commandNames,
	errorOf,
	jsonOf,
	startServer,
	USER,
	type NodeRunOptions,
} from './run-node';

const node = 'imap4Annotation';

describe.each([
	['METADATA', ['ANNOTATEMORE']],
	['ANNOTATEMORE', ['METADATA', 'METADATA-SERVER']],
])('by %s', (via, remove) => {
	async function annotating() {
		const server = await startServer({ capabilities: { remove } });
		server.account(USER).create('Köln');
		const run = (operation: string, parameters: NodeRunOptions['parameters'] = {}) =>
			jsonOf({ node, operation, server, parameters: { mailbox: box('Köln'), ...parameters } });
		return { server, run };
	}

	test('set, get, delete', async () => {
		const { run } = await annotating();
		const entry = '/private/comment';
		expect(await run('get', { entry })).toMatchObject([{ value: null, exists: false, via }]);
		await run('set', { entry, value: 'Grüße "aus"\r\nKöln' });
		expect(await run('get', { entry })).toEqual([
			{ mailbox: 'Köln', entry, value: 'Grüße "aus"\r\nKöln', exists: true, via },
		]);
		expect(await run('delete', { entry, dryRun: true })).toMatchObject([{ dryRun: true }]);
		expect(await run('get', { entry })).toMatchObject([{ exists: true }]);
		expect(await run('delete', { entry })).toMatchObject([{ deleted: true, via }]);
		expect(await run('get', { entry })).toMatchObject([{ exists: false }]);
	});

	test('Get Many lists what is below a name', async () => {
		const { run } = await annotating();
		await run('set', { entry: '/private/vendor/example/a', value: '1' });
		await run('set', { entry: '/private/vendor/example/b', value: '2' });
		await run('set', { entry: '/private/comment', value: 'elsewhere' });
		const found = await run('getMany', { below: '/vendor/example' });
		expect(found.map(({ entry, value }) => [entry, value]).sort()).toEqual([
			['/private/vendor/example/a', '1'],
			['/private/vendor/example/b', '2'],
		]);
	});
});

test.each(['comment', '/comment', '/private/', '/private/a*', '/private/a\r\nb', '={{ "" }}'])(
	'the entry %j is refused before anything is sent',
	async (entry) => {
		const server = await startServer();
		const parameters = { mailbox: box('INBOX'), entry, value: 'x' };
		const { message } = await errorOf({ node, operation: 'set', server, parameters });
		expect(message).toMatch(/not a valid annotation name|no entry/);
		expect(commandNames(server)).toEqual([]);
	},
);

test('a server that has neither is named', async () => {
	const server = await startServer({
		capabilities: { remove: ['METADATA', 'METADATA-SERVER', 'ANNOTATEMORE'] },
	});
	const parameters = { mailbox: box('INBOX'), entry: '/private/comment' };
	const { message } = await errorOf({ node, operation: 'get', server, parameters });
	expect(message).toContain('METADATA');
});
