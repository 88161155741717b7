/** One administrator's credential, many users: each item sees its own user's mailboxes and no other's. */
import { describe, expect, test } from 'vitest';
import type { MemoryServer, MemoryServerOptions } from '../server';
import { errorOf, jsonOf, mail, runNode, startServer } from './run-node';

const ADMIN = { user: 'admin', password: 'adm1n-secret' };
const METHODS = ['sasl', 'proxyauth'] as const;

async function serverOf(users: string[], options: MemoryServerOptions = {}): Promise<MemoryServer> {
	const server = await startServer({
		mayActAs: (user, other) => user === ADMIN.user && other !== 'boss',
		...options,
	});
	server.addAccount(ADMIN.user, ADMIN.password);
	for (const user of users) {
		server
			.addAccount(user, `${user}-password`)
			.mailbox('INBOX')
			.append(mail(`Mail of ${user}`));
	}
	return server;
}

const asUsers = (server: MemoryServer, method: (typeof METHODS)[number], more: object = {}) =>
	({
		node: 'imap4Message',
		operation: 'getMany',
		server,
		authentication: 'proxyAuth',
		credential: { ...ADMIN, security: 'none', method, ...more },
	}) as const;

describe.each(METHODS)('by the method %s', (method) => {
	test('50 items as 50 users, in any order: each gets the mail of its own user', async () => {
		const users = Array.from({ length: 50 }, (_, index) => `user${index}`);
		const server = await serverOf(users);
		const items = [...users, ...users]
			.map((user, index) => ({ user, key: (index * 37) % 101 }))
			.sort((a, b) => a.key - b.key);
		for (let run = 0; run < 2; run++) {
			const outputs = await runNode({
				...asUsers(server, method),
				items,
				parameters: { actAsUser: '={{ $json.user }}', returnAll: true },
			});
			expect(outputs.map(({ json }) => json.subject)).toEqual(
				items.map(({ user }) => `Mail of ${user}`),
			);
			expect(outputs.map(({ pairedItem }) => pairedItem)).toEqual(
				items.map((_, item) => ({ item })),
			);
		}
		// Each user has a connection, and the second run takes those of the first.
		expect(server.connections.total).toBe(50);
	});

	test('what one item does to its mailbox is done there only', async () => {
		const server = await serverOf(['ann', 'bob', 'cid']);
		const inboxes = ['ann', 'bob', 'cid'].map((user) => server.account(user).mailbox('INBOX'));
		await runNode({
			...asUsers(server, method),
			operation: 'delete',
			items: ['ann', 'cid'].map((user, index) => ({
				user,
				mailbox: 'INBOX',
				uidValidity: inboxes[index * 2]?.uidValidity,
				uid: 1,
			})),
			parameters: { actAsUser: '={{ $json.user }}', deleteMode: 'permanent' },
		});
		expect(inboxes.map(({ messages }) => messages.length)).toEqual([0, 1, 0]);
	});

	test('a user that may not be acted as fails alone; nothing is done as the administrator', async () => {
		const server = await serverOf(['ann', 'boss', 'bob']);
		const outputs = await jsonOf({
			...asUsers(server, method),
			items: [{ user: 'ann' }, { user: 'boss' }, { user: 'nobody' }, { user: 'bob' }],
			parameters: { actAsUser: '={{ $json.user }}' },
			continueOnFail: true,
		});
		expect(outputs).toMatchObject([
			{ subject: 'Mail of ann' },
			{ error: expect.stringContaining('failed') as string },
			{ error: expect.stringContaining('failed') as string },
			{ subject: 'Mail of bob' },
		]);
		const selected = server.commands.filter(({ name }) => /^(SELECT|EXAMINE)$/.test(name));
		expect(selected).toHaveLength(2);
	});

	test('an empty name is refused, unless the credential names a default', async () => {
		const server = await serverOf(['ann', 'bob']);
		const { message } = await errorOf({
			...asUsers(server, method),
			parameters: { actAsUser: '' },
		});
		expect(message).toContain('"Act As User" is empty');
		expect(server.connections.total).toBe(0);
		const outputs = await jsonOf({
			...asUsers(server, method, { defaultActAsUser: 'bob' }),
			items: [{ user: 'ann' }, { user: '' }],
			parameters: { actAsUser: '={{ $json.user }}' },
		});
		expect(outputs).toMatchObject([{ subject: 'Mail of ann' }, { subject: 'Mail of bob' }]);
	});

	test('Get Info says who acts as whom', async () => {
		const server = await serverOf(['ann']);
		const [info] = await jsonOf({
			...asUsers(server, method),
			node: 'imap4Server',
			operation: 'getInfo',
			parameters: { actAsUser: 'ann' },
		});
		expect(info).toMatchObject({ user: 'admin', actsAs: 'ann' });
	});
});

test('a kept connection is never taken for another user, method or secret', async () => {
	const server = await serverOf(['ann', 'bob']);
	const mails = async (method: (typeof METHODS)[number], actAsUser: string, more = {}) =>
		(await jsonOf({ ...asUsers(server, method, more), parameters: { actAsUser } }))[0]?.subject;
	expect(await mails('sasl', 'ann')).toBe('Mail of ann');
	expect(await mails('sasl', 'bob')).toBe('Mail of bob');
	expect(await mails('proxyauth', 'ann')).toBe('Mail of ann');
	expect(server.connections.total).toBe(3);
	// The stored credential was edited, so what logged in with it before is gone.
	expect(await mails('sasl', 'ann')).toBe('Mail of ann');
	expect(server.connections.total).toBe(4);
	await expect(mails('sasl', 'ann', { password: 'wrong' })).rejects.toThrow(/AUTHENTICATIONFAILED/);
	await expect(
		mails('proxyauth', 'ann', { user: 'bob', password: 'bob-password' }),
	).rejects.toThrow(/PROXYAUTH|act|refus|denied|permi/i);
});

test('acting as very many users leaves no more than 100 idle connections', async () => {
	const users = Array.from({ length: 130 }, (_, index) => `user${index}`);
	const server = await serverOf(users);
	await jsonOf({
		...asUsers(server, 'sasl'),
		items: users.map((user) => ({ user })),
		parameters: { actAsUser: '={{ $json.user }}' },
	});
	await expect.poll(() => server.connections.open).toBe(100);
	expect(server.connections.total).toBe(130);
});

test('the administrator password is in no error', async () => {
	const server = await serverOf(['ann']);
	for (const method of METHODS) {
		const { text } = await errorOf({
			...asUsers(server, method),
			parameters: { actAsUser: 'nobody' },
		});
		expect(text).not.toContain(ADMIN.password);
		expect(text).not.toContain(Buffer.from(ADMIN.password).toString('base64').slice(0, 10));
	}
});
