/**
 * A path in which an expression returned nothing for a level is that of another mailbox: `Projects/` is `Projects`,
 * and some servers take `A//B` for `A/B`.
 */
import type { INodeParameters } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import type { MemoryServer } from '../server';
import { box, commandNames, errorOf, jsonOf, mail, startServer, USER } from './run-node';
import { Poller } from './trigger/poller';

async function account(): Promise<MemoryServer> {
	const server = await startServer();
	server.account(USER).mailbox('INBOX').append(mail('new'));
	server.account(USER).create('Projects').append(mail('to keep'));
	return server;
}

const from = { messages: 'uids', mailbox: box('INBOX'), uids: '1:*' };
const draft = {
	text: 'a',
	from: 'anna@example.com',
	to: 'bert@example.org',
	createIfMissing: true,
};

const OPERATIONS: [
	node: 'imap4Mailbox' | 'imap4Message' | 'imap4Acl',
	operation: string,
	label: string,
	parameters: (path: string) => INodeParameters,
][] = [
	['imap4Mailbox', 'delete', 'Mailbox', (path) => ({ mailbox: box(path) })],
	['imap4Mailbox', 'empty', 'Mailbox', (path) => ({ mailbox: box(path) })],
	['imap4Mailbox', 'create', 'Path', (path) => ({ path })],
	['imap4Mailbox', 'rename', 'New Path', (path) => ({ mailbox: box('Projects'), newPath: path })],
	['imap4Acl', 'set', 'Mailbox', (path) => ({ mailbox: box(path), identifier: 'bert' })],
	[
		'imap4Message',
		'delete',
		'Mailbox',
		(path) => ({ ...from, mailbox: box(path), deleteMode: 'permanent' }),
	],
	[
		'imap4Message',
		'move',
		'Destination Mailbox',
		(path) => ({ ...from, destination: box(path), createIfMissing: true }),
	],
	['imap4Message', 'copy', 'Destination Mailbox', (path) => ({ ...from, destination: path })],
	['imap4Message', 'create', 'Mailbox', (path) => ({ ...draft, mailbox: box(path) })],
	['imap4Message', 'reply', 'Drafts Mailbox', (path) => ({ ...from, draftsMailbox: box(path) })],
];

describe.each(OPERATIONS)('%s %s', (node, operation, label, parameters) => {
	test.each([
		'=Projects/{{ $json.nothing }}',
		'=Projects/{{ $json.nothing }}/2026',
		'={{ $json.nothing }}/Projects',
	])('refuses %s', async (path) => {
		const server = await account();
		const { message, description } = await errorOf({
			...{ node, operation, server },
			parameters: parameters(path),
		});
		expect(message).toMatch(/"(?:Projects\/|Projects\/\/2026|\/Projects)" in the field "/);
		expect(message).toContain(`"${label}"`);
		expect(description).toContain('expression');
		expect(commandNames(server)).toEqual([]);
	});
});

test('the trigger moves nothing to the parent of a mailbox that is not named', async () => {
	const server = await account();
	const poller = new Poller({
		server,
		parameters: { after: 'move', afterMailbox: box('=Projects/{{ "" }}') },
	});
	await expect(poller.poll()).rejects.toThrow('"Projects/" in the field "Move Into"');
});

test.each([
	['undefined', "={{ 'Archive/' + $json.nothing }}"],
	['NaN', "={{ 'Archive/' + Number($json.words) }}"],
	['[object Object]', "={{ 'Archive/' + $json }}"],
	['Invalid DateTime', "=Archive/{{ DateTime.fromISO($json.words).toFormat('yyyy') }}"],
])('no mailbox is created for a missing value: %s', async (level, path) => {
	const server = await account();
	const run = { server, items: [{ words: 'a year' }] };
	const [moved, created] = [
		await errorOf({
			...{ ...run, node: 'imap4Message', operation: 'move' },
			parameters: { ...from, destination: box(path), createIfMissing: true },
		}),
		await errorOf({
			...{ ...run, node: 'imap4Mailbox', operation: 'create' },
			parameters: { path },
		}),
	];
	for (const { message, description } of [moved, created]) {
		expect(message).toContain(`No mailbox "Archive/${level}" was created`);
		expect(description).toContain('expression');
	}
	expect(commandNames(server)).not.toContain('CREATE');
	expect(server.account(USER).mailbox('INBOX').messages).toHaveLength(1);
});

test('a mailbox that exists may be called so', async () => {
	const server = await account();
	server.account(USER).create('Archive/undefined');
	const [moved] = await jsonOf({
		...{ node: 'imap4Message', operation: 'move', server },
		parameters: {
			...from,
			destination: box("={{ 'Archive/' + $json.nothing }}"),
			createIfMissing: true,
		},
	});
	expect(moved).toMatchObject({ mailbox: 'Archive/undefined' });
});

test('a delimiter that a person wrote at the end adds no level', async () => {
	const server = await account();
	const [status] = await jsonOf({
		...{ node: 'imap4Mailbox', operation: 'getStatus', server },
		parameters: { mailbox: box('Projects/'), figures: ['messages'] },
	});
	expect(status).toMatchObject({ mailbox: 'Projects', messages: 1 });
});
