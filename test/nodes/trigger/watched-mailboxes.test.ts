/** Which mailboxes a poll looks at, without n8n: what is asked of the server, and what becomes of its answers. */
import { describe, expect, test } from 'vitest';
import type { TriggerState } from '../../../nodes/Imap4MessageTrigger/cursor';
import type { EventName, Settings } from '../../../nodes/Imap4MessageTrigger/settings';
import {
	watchedMailboxes,
	type WatchedMailbox,
} from '../../../nodes/Imap4MessageTrigger/watched-mailboxes';
import type { MemoryServer, MemoryServerOptions } from '../../server';
import { startServer, USER } from '../start-server';
import { accountAt, connected, settingsOf } from './one-mailbox';

const named = (...names: string[]): Settings['watched'] => ({
	choices: names.map((name) => ({ by: 'name', name })),
});
const SEVERAL = named('a', 'b');
const ALL: Settings['watched'] = { pattern: '*' };

async function start(options: MemoryServerOptions = {}) {
	const server = await startServer(options);
	for (const name of ['a', 'b']) server.account(USER).create(name);
	const imap = await connected(server);
	const look = async (
		watched: Settings['watched'],
		event: EventName = 'messageReceived',
		mailboxes: TriggerState['mailboxes'] = {},
	): Promise<{ found: WatchedMailbox[]; sent: string[] }> => {
		const from = server.commands.length;
		const state = { purpose: '', mailboxes };
		const settings = settingsOf({ watched, event });
		const found = await watchedMailboxes(imap, accountAt(server), settings, state);
		return { found, sent: server.commands.slice(from).map(({ line }) => line) };
	};
	return { server, imap, look };
}

const without = (...remove: string[]): MemoryServerOptions => ({ capabilities: { remove } });
const namesOf = (found: readonly WatchedMailbox[]): string[] => found.map(({ name }) => name);
/** The server answers the command that begins so with this. */
const answer = (server: MemoryServer, command: string, text: (tag: string) => string): void => {
	server.faults.on = ({ tag, line }) => (line.startsWith(command) ? text(tag) : undefined);
};

describe('named mailboxes', () => {
	test('are each watched once, and INBOX is one in any spelling', async () => {
		const { look } = await start();
		const { found } = await look(named('a', 'inbox', 'a', 'INBOX', 'A'));
		expect(namesOf(found)).toEqual(['a', 'INBOX', 'A']);
	});

	test('a single one is asked for nothing', async () => {
		const { look } = await start();
		expect(await look(named('a'))).toEqual({ found: [{ name: 'a' }], sent: [] });
	});

	test('several are asked for STATUS at once', async () => {
		const { look } = await start(without('OBJECTID'));
		const { found, sent } = await look(SEVERAL);
		expect(sent).toEqual([
			'STATUS a (UIDNEXT UIDVALIDITY MESSAGES)',
			'STATUS b (UIDNEXT UIDVALIDITY MESSAGES)',
		]);
		expect(found).toMatchObject([
			{ name: 'a', status: { uidNext: 1, messages: 0 } },
			{ name: 'b', status: { uidNext: 1, messages: 0 } },
		]);
	});
});

describe('a pattern', () => {
	test('takes one round trip, where LIST reports the STATUS', async () => {
		const { look } = await start(without('OBJECTID'));
		const { found, sent } = await look(ALL);
		expect(sent).toHaveLength(1);
		expect(sent[0]).toMatch(/^LIST .* STATUS \(UIDNEXT UIDVALIDITY MESSAGES\)\)$/);
		expect(namesOf(found)).toEqual(['INBOX', 'a', 'b']);
		for (const { status } of found) expect(status).toMatchObject({ uidNext: 1, messages: 0 });
	});

	test('takes two, where it does not', async () => {
		const { look } = await start(without('LIST-STATUS', 'OBJECTID'));
		const { found, sent } = await look(ALL);
		expect(sent[0]).toBe('LIST "" "*"');
		expect(sent.slice(1).map((line) => line.slice(0, 8))).toEqual([
			...['STATUS I', 'STATUS a', 'STATUS b'],
		]);
		for (const { status } of found) expect(status).toMatchObject({ uidNext: 1 });
	});

	test('asks for STATUS by itself where LIST left it out', async () => {
		const { server, look } = await start(without('OBJECTID'));
		answer(
			...[server, 'LIST'],
			(tag) => `* LIST () "/" a\r\n* STATUS a (UIDNEXT 7)\r\n* LIST () "/" b\r\n${tag} OK\r\n`,
		);
		const { found, sent } = await look(ALL);
		expect(sent).toHaveLength(2);
		expect(found).toMatchObject([
			{ name: 'a', status: { uidNext: 7 } },
			{ name: 'b', status: { uidNext: 1 } },
		]);
	});

	test('asks for the STATUS of a single match too, by which a renamed mailbox is known', async () => {
		const { look } = await start(without('LIST-STATUS', 'OBJECTID'));
		const { found } = await look({ pattern: 'a' });
		expect(found).toMatchObject([{ name: 'a', status: { uidNext: 1 } }]);
	});

	test('leaves out what cannot be opened, and has INBOX once in any spelling', async () => {
		const { server, look } = await start(without('OBJECTID'));
		const lines = ['() "/" Inbox', '(\\Noselect) "/" x', '(\\NonExistent) "/" y', '() "/" INBOX'];
		answer(
			...[server, 'LIST'],
			(tag) => `${lines.map((line) => `* LIST ${line}\r\n`).join('')}${tag} OK\r\n`,
		);
		expect(namesOf((await look(ALL)).found)).toEqual(['INBOX']);
	});
});

describe('what STATUS is asked for', () => {
	test.each<[EventName, string]>([
		['messageReceived', 'UIDNEXT UIDVALIDITY MESSAGES'],
		['flagsChanged', 'UIDNEXT UIDVALIDITY HIGHESTMODSEQ'],
		['messageRemoved', 'UIDNEXT UIDVALIDITY MESSAGES HIGHESTMODSEQ'],
	])('%s', async (event, items) => {
		const { look } = await start(without('OBJECTID'));
		expect((await look(SEVERAL, event)).sent[0]).toBe(`STATUS a (${items})`);
	});

	test.each<[EventName, string]>([
		['flagsChanged', 'UIDNEXT UIDVALIDITY'],
		['messageRemoved', 'UIDNEXT UIDVALIDITY MESSAGES'],
	])('%s of a server without mod-sequences', async (event, items) => {
		const { look } = await start(without('OBJECTID', 'CONDSTORE', 'QRESYNC'));
		expect((await look(SEVERAL, event)).sent[0]).toBe(`STATUS a (${items})`);
	});

	test('quotas need none', async () => {
		const { look } = await start();
		expect((await look(SEVERAL, 'quotaAbove')).sent).toEqual([]);
		expect((await look(ALL, 'quotaAbove')).sent).toEqual(['LIST "" "*"']);
	});
});

describe('a STATUS', () => {
	const known = { a: { uidValidity: 1, lastUid: 0 } };

	test('that is refused holds up no other mailbox', async () => {
		const { server, look } = await start(without('OBJECTID'));
		answer(server, 'STATUS a', (tag) => `${tag} NO [NOPERM] no\r\n`);
		const { found } = await look(SEVERAL);
		expect(found[0]?.refusal).toMatchObject({ responseCode: 'NOPERM' });
		expect(found[0]).not.toHaveProperty('status');
		expect(found[1]).toMatchObject({ name: 'b', status: { uidNext: 1 } });
		expect(found[1]).not.toHaveProperty('refusal');
	});

	test('that ends the connection is the error of the poll', async () => {
		const { server, look } = await start(without('OBJECTID'));
		answer(server, 'STATUS a', () => '* BYE x\r\n');
		await expect(look(SEVERAL)).rejects.toMatchObject({ code: 'BYE' });
	});

	describe('that is missing', () => {
		const missing = async (mailboxes?: TriggerState['mailboxes']): Promise<WatchedMailbox[]> => {
			const { server, look } = await start(without('OBJECTID'));
			answer(server, 'STATUS a', (tag) => `${tag} OK done\r\n`);
			return (await look(SEVERAL, 'messageReceived', mailboxes)).found;
		};

		test('lets the mailbox be opened at the first poll, and where it is known', async () => {
			expect((await missing())[0]).toEqual({ name: 'a' });
			expect((await missing(known))[0]).toEqual({ name: 'a' });
		});

		test('leaves out a mailbox that is not known: it might be one that was renamed', async () => {
			const found = await missing({ c: { uidValidity: 1, lastUid: 0 } });
			expect(found[0]?.refusal).toMatchObject({ code: 'MALFORMED' });
		});
	});
});

describe('MAILBOXID', () => {
	const asked = (sent: readonly string[]): string[] =>
		sent.filter((line) => line.includes('MAILBOXID'));

	test('is asked for of mailboxes that are not known', async () => {
		const { look } = await start();
		const { found, sent } = await look(SEVERAL);
		expect(asked(sent)).toEqual(['STATUS a (MAILBOXID)', 'STATUS b (MAILBOXID)']);
		for (const { status } of found) expect(status?.mailboxId).toEqual(expect.any(String));
	});

	test('is asked for again only where UIDVALIDITY is another one', async () => {
		const { look } = await start();
		const { found } = await look(SEVERAL);
		const [a, b] = found.map(({ status }) => ({
			...{ uidValidity: status?.uidValidity ?? 0, lastUid: 0 },
			...{ mailboxId: status?.mailboxId ?? '' },
		}));
		if (!a || !b) throw new Error('Not found');
		expect(asked((await look(SEVERAL, 'messageReceived', { a, b })).sent)).toEqual([]);
		b.uidValidity++;
		const again = await look(SEVERAL, 'messageReceived', { a, b });
		expect(asked(again.sent)).toEqual(['STATUS b (MAILBOXID)']);
	});

	test('is asked for where a cursor of another version has none', async () => {
		const { look } = await start();
		const uidValidity = (await look(SEVERAL)).found[0]?.status?.uidValidity ?? 0;
		const a = { uidValidity, lastUid: 0 };
		const { sent } = await look(SEVERAL, 'messageReceived', { a });
		expect(asked(sent)).toContain('STATUS a (MAILBOXID)');
	});

	test('is not asked for where STATUS was refused', async () => {
		const { server, look } = await start();
		answer(server, 'STATUS a', (tag) => `${tag} NO no\r\n`);
		expect(asked((await look(SEVERAL)).sent)).toEqual(['STATUS b (MAILBOXID)']);
	});

	test('may be refused: the mailbox is watched without', async () => {
		const { server, look } = await start();
		answer(server, 'STATUS a (MAILBOXID)', (tag) => `${tag} NO no\r\n`);
		const [a, b] = (await look(SEVERAL)).found;
		expect(a?.status).not.toHaveProperty('mailboxId');
		expect(b?.status).toHaveProperty('mailboxId');
	});
});
