import { describe, expect, test } from 'vitest';
import { box, commandNames, errorOf, jsonOf, mail, startServer, USER } from './run-node';

const node = 'imap4Quota';
const administered = { quotaBytes: 100 * 1024, isAdministrator: (user: string) => user === USER };

describe('Get', () => {
	test('usage, limit and percent of each resource, of a mailbox and by root', async () => {
		const server = await startServer({ quotaBytes: 100 * 1024 });
		server
			.account(USER)
			.mailbox('INBOX')
			.append(mail('a', `X-Fill: ${'x'.repeat(50 * 1024)}`));
		const ofMailbox = await jsonOf({
			node,
			operation: 'getMany',
			server,
			parameters: { mailbox: box('INBOX') },
		});
		const storage = ofMailbox.find(({ resource }) => resource === 'STORAGE');
		expect(storage).toMatchObject({ mailbox: 'INBOX', limit: 100, unit: 'KB' });
		expect(storage?.usage).toBeGreaterThanOrEqual(50);
		expect(storage?.percent).toBe(storage?.usage);
		const root = String(storage?.root);
		const byRoot = await jsonOf({ node, operation: 'get', server, parameters: { root } });
		expect(byRoot).toContainEqual({ ...storage, mailbox: undefined });
	});

	test('a root that is not there is an error', async () => {
		const server = await startServer({ quotaBytes: 1024 });
		const { message } = await errorOf({
			node,
			operation: 'get',
			server,
			parameters: { root: 'nothing of the kind' },
		});
		expect(message).toMatch(/Get a quota failed|refused/i);
	});
});

describe('Set', () => {
	const limits = (resource: string, limit: number) => ({
		limits: { limit: [{ resource, limit }] },
	});

	async function rootOf(server: Awaited<ReturnType<typeof startServer>>): Promise<string> {
		const [first] = await jsonOf({
			node,
			operation: 'getMany',
			server,
			parameters: { mailbox: box('INBOX') },
		});
		return String(first?.root);
	}

	test('a limit, and those not named stay', async () => {
		const server = await startServer(administered);
		const root = await rootOf(server);
		await jsonOf({ node, operation: 'set', server, parameters: { root, ...limits('message', 7) } });
		const after = await jsonOf({ node, operation: 'get', server, parameters: { root } });
		expect(after.map(({ resource, limit }) => [resource, limit]).sort()).toEqual([
			['MESSAGE', 7],
			['STORAGE', 100],
		]);
	});

	test.each([
		['kb', 5],
		['mb', 5 * 1024],
		['gb', 5 * 1024 ** 2],
		['resource', 5],
	])('5 %s of storage are %i units of 1,024 bytes', async (unit, stored) => {
		const server = await startServer(administered);
		const root = await rootOf(server);
		const limits = { limit: [{ resource: 'storage', limit: 5, unit }] };
		await jsonOf({ node, operation: 'set', server, parameters: { root, limits } });
		const after = await jsonOf({ node, operation: 'get', server, parameters: { root } });
		expect(after).toContainEqual(expect.objectContaining({ resource: 'STORAGE', limit: stored }));
	});

	test.each([
		[{ resource: 'MESSAGE', limit: 5, unit: 'mb' }, /"MESSAGE" is not counted in MB/],
		[{ resource: 'STORAGE', limit: '', unit: 'gb' }, /"Limit: STORAGE".* empty/],
		[{ resource: 'STORAGE', limit: 5, unit: 'tb' }, /"Unit"/],
	])('%j is refused, and nothing is changed', async (limit, said) => {
		const server = await startServer(administered);
		const root = await rootOf(server);
		const parameters = { root, limits: { limit: [limit] } };
		const { message } = await errorOf({ node, operation: 'set', server, parameters });
		expect(message).toMatch(said);
		expect(server.commands.map(({ name }) => name)).not.toContain('SETQUOTA');
	});

	test('Remove Other Limits lifts them', async () => {
		const server = await startServer(administered);
		const root = await rootOf(server);
		const parameters = { root, removeOthers: true, ...limits('MESSAGE', 7) };
		const [told, ...more] = await jsonOf({ node, operation: 'set', server, parameters });
		expect(told).toMatchObject({ resource: 'MESSAGE', limit: 7 });
		expect(more).toEqual([]);
	});

	test('Dry Run changes nothing', async () => {
		const server = await startServer(administered);
		const root = await rootOf(server);
		const parameters = { root, dryRun: true, ...limits('STORAGE', 5) };
		expect(await jsonOf({ node, operation: 'set', server, parameters })).toEqual([
			{ dryRun: true, root, before: { STORAGE: 100 }, limits: { STORAGE: 5 } },
		]);
		expect(commandNames(server)).not.toContain('SETQUOTA');
	});

	test.each([
		['no limit', { limits: {} }, /No limit is entered/],
		['a negative limit', limits('STORAGE', -1), /whole number/],
		['half a message', limits('MESSAGE', 1.5), /whole number/],
		[
			'a resource twice',
			{
				limits: {
					limit: [
						{ resource: 'A', limit: 1 },
						{ resource: 'a', limit: 2 },
					],
				},
			},
			/two limits/,
		],
		['a resource that is none', limits('A B', 1), /A B/],
	])('%s is refused, and nothing is set', async (_what, parameters, message) => {
		const server = await startServer(administered);
		const failed = await errorOf({
			node,
			operation: 'set',
			server,
			parameters: { root: '', ...parameters },
		});
		expect(failed.message).toMatch(message);
		expect(commandNames(server)).not.toContain('SETQUOTA');
	});

	test('a user without permission gets the error of the server', async () => {
		const server = await startServer({ quotaBytes: 1024 });
		const root = await rootOf(server);
		const failed = await errorOf({
			node,
			operation: 'set',
			server,
			parameters: { root, removeOthers: true, ...limits('STORAGE', 5) },
		});
		expect(failed.message + failed.description).toMatch(/permission|denied|administrator|right/i);
	});
});

test('a quota can be set where there is none yet, which is an error to ask for on some servers', async () => {
	let asked = 0;
	const server = await startServer({
		...administered,
		faults: {
			on: ({ tag, line }) =>
				line.startsWith('GETQUOTA ') && asked++ === 0
					? `${tag} NO Quota root does not exist\r\n`
					: undefined,
		},
	});
	const [set] = await jsonOf({
		node: 'imap4Quota',
		operation: 'set',
		server,
		parameters: { root: '', limits: { limit: [{ resource: 'STORAGE', limit: 512 }] } },
	});
	expect(set).toMatchObject({ resource: 'STORAGE', limit: 512 });
});
