/**
 * Messages that a server does not remove or mark: to an account without the right, some say OK and do nothing (RFC 4314 §4),
 * and others can only remove all that is marked. No item may say that they are gone, and no run may copy them again.
 */
import { randomBytes } from 'node:crypto';
import type { INodeParameters } from 'n8n-workflow';
import { describe, expect, inject, test } from 'vitest';
import { outputOf } from '../../demo/run-workflow';
import type { MemoryServerOptions } from '../server';
import {
	box,
	commandNames,
	errorOf,
	jsonOf,
	mail,
	runToEnd,
	startServer,
	USER,
	type NodeRunOptions,
} from './run-node';

const all = { messages: 'uids', mailbox: box('INBOX'), uids: '1:2' };
const permanent = { ...all, deleteMode: 'permanent' };
const RIGHTS = /rights Delete Messages \(t\) and Expunge \(e\)/;

type Removal = [string, Pick<NodeRunOptions, 'node' | 'operation'>, INodeParameters];
const REMOVALS: Removal[] = [
	['Delete permanently', { node: 'imap4Message', operation: 'delete' }, permanent],
	['Empty', { node: 'imap4Mailbox', operation: 'empty' }, { mailbox: box('INBOX') }],
];
const MOVES: Removal[] = [
	['Move', { node: 'imap4Message', operation: 'move' }, { ...all, destination: box('Archive') }],
	['Delete to the trash', { node: 'imap4Message', operation: 'delete' }, all],
];

async function start(options: MemoryServerOptions = {}) {
	const server = await startServer(options);
	const account = server.account(USER);
	const inbox = account.mailbox('INBOX');
	for (const subject of ['one', 'two', 'three']) inbox.append(mail(subject));
	return { server, inbox, stored: ['Archive', 'Trash'].map((name) => account.create(name)) };
}

/** Says OK to STORE and EXPUNGE, and does nothing. */
const withoutRights: MemoryServerOptions = {
	faults: {
		on: ({ tag, line }) =>
			/UID (?:STORE|EXPUNGE)|^\S+ EXPUNGE/.test(line) ? `${tag} OK done\r\n` : undefined,
	},
};

test.each(REMOVALS)(
	'%s fails where the server says OK and removes nothing',
	async (_name, operation, parameters) => {
		const { server, inbox } = await start(withoutRights);
		const { message, description } = await errorOf({ ...operation, server, parameters });
		expect(message).toMatch(/did not remove [23] messages/);
		expect(description).toMatch(RIGHTS);
		expect(inbox.messages).toHaveLength(3);
	},
);

test('Expunge fails where the server says OK and removes nothing', async () => {
	const { server, inbox } = await start(withoutRights);
	inbox.messages[0]?.flags.add('\\Deleted');
	const { message } = await errorOf({
		...{ node: 'imap4Mailbox', operation: 'expunge', server },
		parameters: { mailbox: box('INBOX') },
	});
	expect(message).toContain('did not remove a message');
});

test('with Continue On Fail, only the items whose messages are still there have failed', async () => {
	const { server, inbox } = await start();
	server.faults.on = ({ tag, line }) => {
		if (!line.includes('UID EXPUNGE')) return undefined;
		inbox.remove(new Set(inbox.messages.filter(({ uid }) => uid === 1)));
		return `* 1 EXPUNGE\r\n${tag} OK done\r\n`;
	};
	const { uidValidity } = inbox;
	const outputs = await jsonOf({
		...{ node: 'imap4Message', operation: 'delete', server, continueOnFail: true },
		parameters: { deleteMode: 'permanent' },
		items: [1, 2].map((uid) => ({ mailbox: 'INBOX', uidValidity, uid })),
	});
	expect(outputs).toMatchObject([
		{ deleted: true, uid: 1 },
		{ error: expect.stringContaining('did not remove a message') as string },
	]);
});

test.each([...REMOVALS, ...MOVES])(
	'%s changes nothing where the mailbox does not keep the flag \\Deleted',
	async (_name, operation, parameters) => {
		const { server, stored } = await start({
			capabilities: { remove: ['MOVE'] },
			faults: {
				rewrite: (octets) =>
					Buffer.from(
						octets
							.toString('latin1')
							.replace(/\[PERMANENTFLAGS \([^)]*\)\]/, String.raw`[PERMANENTFLAGS (\Seen)]`),
						'latin1',
					),
			},
		});
		const { message } = await errorOf({ ...operation, server, parameters });
		expect(message).toContain(String.raw`does not keep "\Deleted" for this account`);
		expect(stored.map(({ messages }) => messages.length)).toEqual([0, 0]);
		expect(commandNames(server).filter((name) => /COPY|STORE|EXPUNGE/.test(name))).toEqual([]);
	},
);

describe('without MOVE', () => {
	test.each(MOVES)(
		'%s says what it copied and could not remove',
		async (_name, operation, parameters) => {
			const { server, inbox } = await start({
				...withoutRights,
				capabilities: { remove: ['MOVE'] },
			});
			const { message, description } = await errorOf({ ...operation, server, parameters });
			expect(message).toMatch(/copied 2 messages without removing the original.*copy it again/);
			expect(description).toMatch(RIGHTS);
			expect(inbox.messages).toHaveLength(3);
		},
	);

	test.each(MOVES)(
		'and without UIDPLUS, %s copies nothing while other messages are marked as deleted, however often it runs',
		async (_name, operation, parameters) => {
			const { server, inbox, stored } = await start({
				capabilities: { remove: ['MOVE', 'UIDPLUS'] },
			});
			inbox.messages[2]?.flags.add('\\Deleted');
			for (let run = 0; run < 2; run++) {
				const { message } = await errorOf({ ...operation, server, parameters });
				expect(message).toMatch(/doesn't support UIDPLUS, and 1 other messages/);
			}
			expect(stored.map(({ messages }) => messages.length)).toEqual([0, 0]);
			expect(inbox.messages.map(({ flags }) => flags.has('\\Deleted'))).toEqual([
				...[false, false],
				true,
			]);
			inbox.messages[2]?.flags.delete('\\Deleted');
			const done = await jsonOf({ ...operation, server, parameters });
			expect(done).toMatchObject([{ via: 'COPY+STORE+EXPUNGE' }, { via: 'COPY+STORE+EXPUNGE' }]);
			expect(inbox.messages).toHaveLength(1);
		},
	);
});

describe('a change of flags that the server does not make, although it says OK', () => {
	/** What the mailbox says that it keeps. */
	const keeping = (flags: string): MemoryServerOptions => ({
		faults: {
			on: withoutRights.faults?.on,
			rewrite: (octets) =>
				Buffer.from(
					octets
						.toString('latin1')
						.replace(/\[PERMANENTFLAGS \([^)]*\)\]/, `[PERMANENTFLAGS (${flags})]`),
					'latin1',
				),
		},
	});

	test.each<[string, Pick<NodeRunOptions, 'node' | 'operation'>, INodeParameters]>([
		['Mark as Read', { node: 'imap4Message', operation: 'markAsRead' }, {}],
		[
			'Download with Mark as Read',
			{ node: 'imap4Message', operation: 'download' },
			{ downloadOptions: { markAsRead: true } },
		],
		['Add', { node: 'imap4Flags', operation: 'add' }, { systemFlags: ['\\Deleted'] }],
		['Set', { node: 'imap4Flags', operation: 'set' }, { systemFlags: ['\\Deleted'] }],
	])('%s fails', async (_name, operation, parameters) => {
		for (const flags of ['', String.raw`\Answered \*`]) {
			const { server } = await start(keeping(flags));
			const { message, description } = await errorOf({
				...{ ...operation, server },
				parameters: { ...all, ...parameters },
			});
			expect(message).toMatch(/did not change the flag "\\\w+" of 2 messages/);
			expect(description).toMatch(/lack a right/);
		}
	});

	test('Remove fails, also of a keyword', async () => {
		for (const parameters of [{ systemFlags: ['\\Flagged'] }, { keywords: 'todo' }]) {
			const { server, inbox } = await start(keeping(String.raw`\Seen`));
			for (const { flags } of inbox.messages) flags.add('\\Flagged').add('todo');
			const { message } = await errorOf({
				...{ node: 'imap4Flags', operation: 'remove', server },
				parameters: { ...all, ...parameters },
			});
			expect(message).toContain('did not change the flag');
		}
	});

	test('only the items whose messages are as they were have failed', async () => {
		const { server, inbox } = await start(keeping(''));
		inbox.messages[0]?.flags.add('\\Seen');
		const { uidValidity } = inbox;
		const outputs = await jsonOf({
			...{ node: 'imap4Message', operation: 'markAsRead', server, continueOnFail: true },
			items: [1, 2].map((uid) => ({ mailbox: 'INBOX', uidValidity, uid })),
		});
		expect(outputs).toMatchObject([
			{ added: ['\\Seen'], uid: 1 },
			{ error: expect.stringContaining('of a message') as string },
		]);
	});

	test('a flag that the mailbox says it keeps is not asked for', async () => {
		const { server } = await start();
		await jsonOf({ ...{ node: 'imap4Message', operation: 'markAsRead', server }, parameters: all });
		expect(commandNames(server)).toEqual(['SELECT', 'UID SEARCH', 'UID STORE']);
	});
});

const dovecot = inject('dovecot');
if ('missing' in dovecot) console.log(`Left out: rights on Dovecot, because ${dovecot.missing}`);

test.skipIf('missing' in dovecot).each(['lri', 'lrs', 'lrsw', 'lrswi'])(
	'on Dovecot, a shared mailbox with the rights %s loses no message, and no item says that it did',
	async (letters) => {
		if ('missing' in dovecot) return;
		const { ca } = inject('certificates');
		const account = () => ({
			server: { host: dovecot.host, port: dovecot.ports.tls },
			authentication: 'ssl' as const,
			credential: {
				user: `u${randomBytes(6).toString('hex')}`,
				password: dovecot.password,
				caCertificate: ca,
			},
		});
		const [owner, guest] = [account(), account()];
		const team = { mailbox: box('Team') };
		const run = (options: Omit<NodeRunOptions, 'server'>, as: object) =>
			runToEnd({ ...options, ...as });
		await run({ node: 'imap4Mailbox', operation: 'create', parameters: { path: 'Team' } }, owner);
		await run(
			{
				...{ node: 'imap4Message', operation: 'create' },
				parameters: { ...team, source: 'raw', raw: mail('one') },
			},
			owner,
		);
		await run(
			{
				...{ node: 'imap4Acl', operation: 'set' },
				parameters: {
					...team,
					identifier: guest.credential.user,
					...{ rightsFrom: 'letters', letters },
				},
			},
			owner,
		);
		const shared = box(`shared/${owner.credential.user}/Team`);
		for (const [, operation, parameters] of REMOVALS) {
			const { error } = await run(
				{ ...operation, parameters: { ...parameters, mailbox: shared, uids: '1' } },
				guest,
			);
			expect(error?.message).toMatch(/did not remove a message|does not keep/);
		}
		const flags = { messages: 'uids', uids: '1', systemFlags: ['\\Deleted'] };
		const marking = await run(
			{ node: 'imap4Flags', operation: 'add', parameters: { ...flags, mailbox: shared } },
			guest,
		);
		expect(marking.error?.message).toMatch(/did not change the flag|does not keep/);
		const left = await run(
			{ node: 'imap4Message', operation: 'getMany', parameters: { ...team } },
			owner,
		);
		expect(outputOf(left, 'Node')).toHaveLength(1);
	},
);
