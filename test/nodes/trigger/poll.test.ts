/** One poll as n8n calls it: what it remembers, of which account, and what it hands to n8n. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { mail, PASSWORD, startServer, USER } from '../run-node';
import { Poller, type PollerOptions } from './poller';

async function start(options: Partial<PollerOptions> = {}) {
	const server = await startServer({ mayActAs: () => true });
	const account = server.account(USER);
	const inbox = account.mailbox('INBOX');
	return { server, account, inbox, poller: new Poller({ server, ...options }) };
}

const actingAs = (method: string): Partial<PollerOptions> => ({
	authentication: 'proxyAuth',
	credential: { security: 'none', method },
});

/** What the node remembers, as it is stored. */
const stored = (poller: Poller): IDataObject =>
	(poller.staticData['node:Trigger'] as { imap4: IDataObject }).imap4;

describe('it begins again, with what is there already as set', () => {
	const includeExisting: INodeParameters = { options: { includeExisting: true } };

	test.each<[string, (other: { host: string; port: number }) => Partial<PollerOptions>]>([
		['for another user', () => ({ credential: { user: 'bert', password: 'b' } })],
		['on another server', (other) => ({ server: other })],
		['on another port', ({ port }) => ({ credential: { port } })],
	])('%s', async (_what, change) => {
		const { server, inbox, poller } = await start({ parameters: includeExisting });
		inbox.append(mail('known'));
		expect(await poller.subjects()).toEqual(['known']);
		server.addAccount('bert', 'b').mailbox('INBOX').append(mail('of the other'));
		const elsewhere = await startServer();
		elsewhere.account(USER).mailbox('INBOX').append(mail('of the other'));
		const { staticData } = poller;
		const other = new Poller({ ...poller.options, staticData, ...change(elsewhere) });
		expect(await other.subjects()).toEqual(['of the other']);
		expect(await other.subjects()).toEqual([]);
	});

	test.each(['sasl', 'proxyauth'])('for another user to act as (%s)', async (method) => {
		const { server, inbox, poller } = await start({
			parameters: { ...includeExisting, actAsUser: USER },
			...actingAs(method),
		});
		server.addAccount('bert', 'b').mailbox('INBOX').append(mail('of bert'));
		inbox.append(mail('known'));
		expect(await poller.subjects()).toEqual(['known']);
		const { staticData } = poller;
		const parameters = { ...includeExisting, actAsUser: 'bert' };
		const other = new Poller({ ...poller.options, staticData, parameters });
		expect(await other.subjects()).toEqual(['of bert']);
	});

	test('for another event', async () => {
		const { server, inbox, poller } = await start({ parameters: { event: 'flagsChanged' } });
		inbox.append(mail('old'));
		await poller.poll();
		const { staticData } = poller;
		const other = new Poller({ server, staticData, parameters: includeExisting });
		expect(await other.subjects()).toEqual(['old']);
	});

	test('but not for another password', async () => {
		const { server, inbox, poller } = await start({ parameters: includeExisting });
		inbox.append(mail('known'));
		await poller.poll();
		server.addAccount('carl', PASSWORD);
		const { staticData } = poller;
		const again = new Poller({ ...poller.options, staticData, credential: { password: PASSWORD } });
		expect(await again.subjects()).toEqual([]);
	});
});

describe('a mailbox that a pattern finds for the first time', () => {
	async function started() {
		const all = await start({ parameters: { watch: 'pattern', pattern: 'Lists*' } });
		all.account.create('Lists').append(mail('old'));
		return all;
	}

	test('holds old messages at the first poll, and new ones at each other', async () => {
		const { account, poller } = await started();
		expect(await poller.subjects()).toEqual([]);
		account.create('Lists/a').append(mail('in a'));
		expect(await poller.subjects()).toEqual(['in a']);
	});

	test('holds new ones too where an older version did not remember the pattern', async () => {
		const { account, poller } = await started();
		await poller.poll();
		const { staticData } = poller;
		delete (staticData['node:Trigger'] as { imap4: IDataObject }).imap4.watched;
		account.create('Lists/a').append(mail('in a'));
		expect(await poller.restarted(staticData).subjects()).toEqual(['in a']);
	});
});

describe('what is remembered is saved', () => {
	test('in a poll without items only if it has changed', async () => {
		const saved: IDataObject[] = [];
		const { account, poller } = await start({ commit: (staticData) => saved.push(staticData) });
		account.mailbox('INBOX').append(mail('old'));
		await poller.poll();
		expect(saved).toHaveLength(1);
		await poller.poll();
		expect(saved).toHaveLength(1);
	});

	test('once more of a mailbox that stays empty, for what that says of its UIDVALIDITY', async () => {
		const saved: IDataObject[] = [];
		const { poller } = await start({ commit: (staticData) => saved.push(staticData) });
		for (let polls = 1; polls <= 3; polls++) {
			await poller.poll();
			expect(saved).toHaveLength(Math.min(polls, 2));
		}
	});

	test('with its items by n8n, not by itself', async () => {
		const saved: IDataObject[] = [];
		const { inbox, poller } = await start({ commit: (staticData) => saved.push(staticData) });
		await poller.poll();
		inbox.append(mail('one'));
		expect(await poller.subjects()).toEqual(['one']);
		expect(saved).toHaveLength(1);
		expect(stored(poller)).toMatchObject({ mailboxes: { INBOX: { lastUid: 1 } } });
	});

	test('before the poll fails, for n8n drops what a poll that fails has remembered', async () => {
		const saved: IDataObject[] = [];
		const { server, poller } = await start({
			parameters: { watch: 'several', mailboxes: ['INBOX', 'Gone'] },
			commit: (staticData) => saved.push(staticData),
		});
		await poller.poll();
		const before = saved.length;
		server.faults.on = ({ tag, line }) =>
			line.startsWith('STATUS') ? `${tag} NO [NOPERM] no\r\n` : undefined;
		await expect(poller.poll()).rejects.toThrow('Poll failed');
		expect(saved).toHaveLength(before + 1);
		expect(stored(poller)).toMatchObject({ failing: { INBOX: expect.any(String) as string } });
	});

	test('not of a poll that fails before it has looked', async () => {
		const { server, poller } = await start();
		server.faults.on = ({ tag, line }) =>
			line.startsWith('EXAMINE') ? `${tag} NO later\r\n` : undefined;
		await expect(poller.poll()).rejects.toThrow('Poll failed');
		server.faults.on = undefined;
		server.account(USER).mailbox('INBOX').append(mail('old'));
		expect(await poller.subjects()).toEqual([]);
	});
});

test('polls that follow each other within seconds share a connection', async () => {
	const { server, poller } = await start();
	await poller.poll();
	await poller.poll();
	const before = server.connections.total;
	await poller.poll();
	await poller.poll();
	expect(server.connections.total).toBe(before);
});

test('a poll that failed is over: the next one is not turned away', async () => {
	const { server, inbox, poller } = await start();
	await poller.poll();
	inbox.append(mail('one'));
	server.faults.on = () => '* BYE x\r\n';
	await expect(poller.poll()).rejects.toThrow('Poll failed');
	server.faults.on = undefined;
	expect(await poller.subjects()).toEqual(['one']);
});

test('a user to act as that an expression could not give is an error, not the default user', async () => {
	const { server } = await start();
	const parameters = { actAsUser: '={{ undefined }}' };
	const poller = new Poller({ server, parameters, ...actingAs('sasl') });
	await expect(poller.poll()).rejects.toThrow('Act As User');
	expect(server.connections.total).toBe(0);
});
