/** The nodes on Dovecot, over TLS with an authority of the tests' own. */
import { randomBytes } from 'node:crypto';
import type { ILoadOptionsFunctions } from 'n8n-workflow';
import { expect, inject, test } from 'vitest';
import { searchMailboxes } from '../../nodes/shared/mailbox/mailbox-locator';
import { box, jsonOf, runNode, runToEnd, type NodeRunOptions } from './run-node';

const dovecot = inject('dovecot');
const { ca } = inject('certificates');

if ('missing' in dovecot) console.log(`Left out: the nodes on Dovecot, because ${dovecot.missing}`);
const onDovecot = 'missing' in dovecot ? undefined : dovecot;

type OnDovecot = Omit<NodeRunOptions, 'server' | 'authentication' | 'credential'>;

/** Runs of a user who has no mail yet. */
function freshUser() {
	if (!onDovecot) throw new Error('There is no Dovecot');
	const { host, ports, password } = onDovecot;
	const account = {
		server: { host, port: ports.tls },
		authentication: 'ssl',
		credential: { user: `u${randomBytes(6).toString('hex')}`, password, caCertificate: ca },
	} as const;
	return {
		...account,
		json: (options: OnDovecot) => jsonOf({ ...options, ...account }),
		items: (options: OnDovecot) => runNode({ ...options, ...account }),
		end: (options: OnDovecot) => runToEnd({ ...options, ...account }),
	};
}

test.skipIf(!onDovecot)('store, find, flag, move, delete', async () => {
	const { json, items, end } = freshUser();
	const odd = 'Prüfung "1" \\ & [x]';
	await json({ node: 'imap4Mailbox', operation: 'create', parameters: { path: odd } });

	const stored = await json({
		node: 'imap4Message',
		operation: 'create',
		items: Array.from({ length: 60 }, (_, n) => ({ n })),
		parameters: {
			mailbox: box('INBOX'),
			from: 'Änne <a@example.org>',
			to: 'b@example.org',
			subject: '=Größe {{ $json.n }}',
			text: 'Schöner Tag',
			createOptions: {
				date: '={{ DateTime.fromISO("2020-06-15").plus({ months: $json.n }).toISO() }}',
			},
		},
	});
	expect(stored).toHaveLength(60);

	const found = await items({
		node: 'imap4Message',
		operation: 'getMany',
		parameters: {
			returnAll: true,
			filters: { subject: 'größe', before: '2022-06-16' },
			body: 'text',
		},
	});
	expect(found).toHaveLength(25);
	expect(found[0]?.json).toMatchObject({
		subject: 'Größe 24',
		from: 'Änne <a@example.org>',
		date: '2022-06-15T00:00:00.000Z',
		text: expect.stringMatching(/^Schöner Tag/) as string,
	});

	const references = found.map(({ json: { mailbox, uidValidity, uid } }) => ({
		mailbox,
		uidValidity,
		uid,
	}));
	await json({
		node: 'imap4Flags',
		operation: 'add',
		items: references,
		parameters: { systemFlags: ['\\Flagged'], keywords: 'old' },
	});
	const moved = await json({
		node: 'imap4Message',
		operation: 'move',
		items: references,
		parameters: { destination: box(odd) },
	});
	expect(moved.every(({ mailbox, uid, via }) => mailbox === odd && !!uid && via === 'MOVE')).toBe(
		true,
	);
	const there = await json({ node: 'imap4Message', operation: 'get', items: moved });
	expect(there.map(({ subject }) => subject)).toEqual(found.map(({ json }) => json.subject));
	expect(there[0]?.flags).toEqual(expect.arrayContaining(['\\Flagged', 'old']));

	const { error } = await end({
		node: 'imap4Message',
		operation: 'get',
		items: references.slice(0, 1),
	});
	expect(error?.message).toContain('no longer exists');

	const deleted = await json({
		node: 'imap4Message',
		operation: 'delete',
		parameters: {
			messages: 'search',
			mailbox: box(odd),
			filters: { keyword: 'old' },
			deleteMode: 'permanent',
		},
	});
	expect(deleted).toHaveLength(25);
	const listed = await json({
		node: 'imap4Mailbox',
		operation: 'getMany',
		parameters: { withStatus: true, figures: ['messages', 'size', 'highestModSeq'] },
	});
	expect(listed.find(({ mailbox }) => mailbox === 'INBOX')).toMatchObject({ messages: 35 });
	expect(listed.find(({ mailbox }) => mailbox === odd)).toMatchObject({ messages: 0, size: 0 });
});

test.skipIf(!onDovecot)('a missing destination is made where that is wanted', async () => {
	const { json } = freshUser();
	const create = (parameters: object) =>
		json({
			node: 'imap4Message',
			operation: 'create',
			parameters: { mailbox: box('INBOX'), text: 'x', ...parameters },
		});
	const [reference] = await create({});
	const copied = await json({
		node: 'imap4Message',
		operation: 'copy',
		items: [reference ?? {}],
		parameters: { destination: box('Archive/2020'), createIfMissing: true },
	});
	expect(copied).toMatchObject([{ mailbox: 'Archive/2020', uid: 1, createdMailbox: true }]);
	expect(await create({ mailbox: box('New/Box'), createIfMissing: true })).toMatchObject([
		{ mailbox: 'New/Box', uid: 1, createdMailbox: true },
	]);
});

test.skipIf(!onDovecot)('a big attachment comes back as it went', async () => {
	const { items } = freshUser();
	const octets = randomBytes(2_000_000);
	const [stored] = await items({
		node: 'imap4Message',
		operation: 'create',
		items: [
			{
				json: {},
				binary: {
					data: {
						data: octets.toString('base64'),
						mimeType: 'application/zip',
						fileName: 'Übung.zip',
					},
				},
			},
		],
		parameters: {
			mailbox: box('INBOX'),
			text: 'see file',
			composeOptions: { attachments: 'data' },
		},
	});
	const [read] = await items({
		node: 'imap4Message',
		operation: 'get',
		items: [stored?.json ?? {}],
		parameters: { downloadAttachments: true },
	});
	expect(read?.binary?.attachment_0).toMatchObject({
		fileName: 'Übung.zip',
		mimeType: 'application/zip',
		bytes: octets.length,
	});
});

test.skipIf(!onDovecot)('lists of mailboxes have roles and counts, in one LIST', async () => {
	const { json, credential, server } = freshUser();
	await json({
		node: 'imap4Message',
		operation: 'create',
		items: [{}, {}],
		parameters: { mailbox: box('Sent'), source: 'raw', raw: 'Subject: one\r\n\r\nText' },
	});
	const editor = {
		getNodeParameter: (_name: string, standard: string) => standard,
		getCredentials: () => Promise.resolve({ ...server, ...credential }),
		getNode: () => ({ name: 'Node', type: 'x', typeVersion: 1, parameters: {} }),
		helpers: {},
	} as unknown as ILoadOptionsFunctions;
	const { results } = await searchMailboxes.call(editor);
	expect(results).toContainEqual({ name: 'Sent (2 messages)', value: 'Sent' });
	expect(results[0]).toEqual({ name: 'INBOX (0 messages)', value: 'INBOX' });

	const listed = await json({
		node: 'imap4Mailbox',
		operation: 'getMany',
		parameters: { returnAll: true, withStatus: true },
	});
	expect(listed).toContainEqual(
		expect.objectContaining({ mailbox: 'Sent', specialUse: 'Sent', messages: 2 }),
	);
});
