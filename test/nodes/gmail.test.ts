/** Gmail's own: labels, and what archiving means there. */
import type { INodeParameters } from 'n8n-workflow';
import { beforeEach, describe, expect, test } from 'vitest';
import type { MemoryServer } from '../server';
import { errorOf, jsonOf, mail, startServer, USER } from './run-node';

let server: MemoryServer;
beforeEach(async () => {
	server = await startServer({ capabilities: { add: ['X-GM-EXT-1'] } });
	const inbox = server.account(USER).mailbox('INBOX');
	for (const subject of ['one', 'two']) inbox.append(mail(subject)).labels.add('\\Inbox');
});

const inbox = () => server.account(USER).mailbox('INBOX');
const labelsOf = (uid: number) => [...(inbox().messages.find((m) => m.uid === uid)?.labels ?? [])];
const reference = (uid: number) => ({ mailbox: 'INBOX', uidValidity: inbox().uidValidity, uid });
const change = (parameters: INodeParameters, more: object = {}) => ({
	node: 'imap4Flags' as const,
	operation: 'changeLabels',
	server,
	items: [reference(1)],
	parameters,
	...more,
});

describe('labels', () => {
	test('are added and removed, named in modified UTF-7, returned in Unicode', async () => {
		const added = await jsonOf(change({ addLabels: 'Rechnungen/März, two words' }));
		expect(added).toMatchObject([
			{ ...reference(1), labels: ['\\Inbox', 'Rechnungen/März', 'two words'] },
		]);
		expect(labelsOf(1)).toEqual(['\\Inbox', 'Rechnungen/M&AOQ-rz', 'two words']);
		const removed = await jsonOf(change({ removeLabels: '={{ ["Rechnungen/März"] }}' }));
		expect(removed).toMatchObject([{ labels: ['\\Inbox', 'two words'] }]);
		const parameters = { simplify: false, fields: ['gmail'], filters: {} };
		const read = await jsonOf({ node: 'imap4Message', operation: 'getMany', server, parameters });
		expect(JSON.stringify(read)).toContain('two words');
	});

	test("Gmail's own are meant by their names, in any case", async () => {
		await jsonOf(change({ addLabels: 'starred, \\Important', removeLabels: 'INBOX' }));
		expect(labelsOf(1)).toEqual(['\\Starred', '\\Important']);
	});

	test('of many messages change by one command each way', async () => {
		const items = [reference(1), reference(2)];
		const before = server.commands.length;
		await jsonOf(change({ addLabels: 'a', removeLabels: 'inbox' }, { items }));
		const stores = server.commands.slice(before).filter(({ name }) => name === 'UID STORE');
		expect(stores).toHaveLength(2);
		expect([labelsOf(1), labelsOf(2)]).toEqual([['a'], ['a']]);
	});

	test('a dry run changes nothing', async () => {
		expect(await jsonOf(change({ addLabels: 'a', dryRun: true }))).toMatchObject([
			{ dryRun: true, added: ['a'] },
		]);
		expect(labelsOf(1)).toEqual(['\\Inbox']);
	});

	test.each<[INodeParameters, RegExp]>([
		[{}, /No label is named/],
		[{ addLabels: ' , ' }, /No label is named/],
		[{ addLabels: '={{ $json.nothing }}', removeLabels: 'a' }, /"Add Labels"/],
		[{ addLabels: '={{ [1] }}' }, /"Add Labels" must be a list of strings/],
		[{ addLabels: 'a, b', removeLabels: 'b' }, /"b" is to be added and removed/],
		[{ addLabels: 'a\r\nb' }, /contains a line break/],
	])('refuses %j', async (parameters, message) => {
		expect((await errorOf(change(parameters))).message).toMatch(message);
		expect(labelsOf(1)).toEqual(['\\Inbox']);
	});
});

describe('archiving', () => {
	const move = (on: MemoryServer) => ({
		node: 'imap4Message' as const,
		operation: 'move',
		server: on,
		items: [reference(1)],
		parameters: { destination: { __rl: true, mode: 'role', value: 'archive' } },
	});

	test('moves to All Mail, also where a label is called Archive', async () => {
		const account = server.account(USER);
		account.create('Archive');
		const all = account.create('[Gmail]/All Mail', '\\All');
		expect(await jsonOf(move(server))).toMatchObject([{ mailbox: '[Gmail]/All Mail' }]);
		expect(all.messages).toHaveLength(1);
	});

	test('moves to the archive on every other server', async () => {
		server = await startServer();
		server.account(USER).mailbox('INBOX').append(mail('one'));
		server.account(USER).create('All', '\\All');
		server.account(USER).create('Archive');
		expect(await jsonOf(move(server))).toMatchObject([{ mailbox: 'Archive' }]);
	});
});
