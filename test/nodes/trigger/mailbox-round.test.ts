/** One pass over the mailboxes, without n8n: order, room, connections that break, and what is reported. */
import type { IPollFunctions } from 'n8n-workflow';
import { expect, test, describe, vi } from 'vitest';
import type { TriggerState } from '../../../nodes/Imap4MessageTrigger/cursor';
import {
	pollAgain,
	pollMailboxes,
	type Round,
	type RoundResult,
} from '../../../nodes/Imap4MessageTrigger/mailbox-round';
import { PollClock } from '../../../nodes/Imap4MessageTrigger/poll-clock';
import type { MemoryServer, MemoryServerOptions } from '../../server';
import { startServer, USER } from '../start-server';
import { accountAt, connected, logger, settingsOf } from './one-mailbox';

const NAMES = ['a', 'b', 'c'];
const choicesOf = (names: readonly string[]) => ({
	choices: names.map((path) => ({ by: 'path' as const, path })),
});

function roundAt(server: MemoryServer, more: Partial<Round> = {}): Round {
	return {
		context: {
			logger,
			helpers: { prepareBinaryData: vi.fn() },
		} as unknown as IPollFunctions,
		settings: settingsOf({ watched: choicesOf(NAMES) }),
		account: accountAt(server),
		clock: new PollClock(60_000),
		state: { purpose: '', mailboxes: {} },
		createdAreNew: false,
		keep: false,
		...more,
	};
}

/** A server with the mailboxes a, b and c, which have been looked at once. */
async function start(options: MemoryServerOptions = {}) {
	const server = await startServer(options);
	const account = server.account(USER);
	for (const name of NAMES) account.create(name).append('Subject: old\r\n\r\n');
	const state: TriggerState = { purpose: '', mailboxes: {} };
	await pollMailboxes(roundAt(server, { state }));
	const append = (...names: string[]): void => {
		for (const name of names) account.mailbox(name).append(`Subject: in ${name}\r\n\r\n`);
	};
	return { server, account, state, append };
}

const subjects = ({ items }: RoundResult): unknown[] => items.map(({ json }) => json.subject);
const examined = (server: MemoryServer, from = 0): string[] =>
	server.commands
		.slice(from)
		.filter(({ name }) => name === 'EXAMINE' || name === 'SELECT')
		.map(({ line }) => line.split(' ')[1] ?? '');

test('the first round only remembers; the next delivers what came, and opens only where it came', async () => {
	const { server, state, append } = await start();
	expect(Object.keys(state.mailboxes)).toEqual(NAMES);
	append('c', 'a');
	const from = server.commands.length;
	const result = await pollMailboxes(roundAt(server, { state }));
	expect(subjects(result)).toEqual(['in a', 'in c']);
	expect(result.names).toEqual(NAMES);
	expect([...result.statuses.keys()]).toEqual(NAMES);
	expect(examined(server, from)).toEqual(['a', 'c']);
	expect(subjects(await pollMailboxes(roundAt(server, { state })))).toEqual([]);
});

describe('the next round begins with the mailbox', () => {
	test('that this one had no room for', async () => {
		const { server, state, append } = await start();
		append('a', 'b', 'c');
		const settings = settingsOf({ watched: choicesOf(NAMES), most: 1 });
		const rounds: unknown[] = [];
		for (let n = 0; n < 3; n++) {
			append('a');
			rounds.push(...subjects(await pollMailboxes(roundAt(server, { state, settings }))));
		}
		expect(rounds).toEqual(['in a', 'in b', 'in c']);
		expect(state.beginWith).toBe('a');
	});

	test('that this one had no time for; one is looked at in any case', async () => {
		const { server, state, append } = await start();
		append('a', 'b', 'c');
		const rounds: unknown[] = [];
		for (let n = 0; n < 3; n++) {
			const clock = new PollClock(60_000);
			vi.spyOn(clock, 'hasTime', 'get').mockReturnValue(false);
			rounds.push(...subjects(await pollMailboxes(roundAt(server, { state, clock }))));
		}
		expect(rounds).toEqual(['in a', 'in b', 'in c']);
	});

	test('that is the first, where the one to begin with is no longer watched', async () => {
		const { server, state, append } = await start();
		append('a', 'b');
		state.beginWith = 'gone';
		expect(subjects(await pollMailboxes(roundAt(server, { state })))).toEqual(['in a', 'in b']);
		expect(state).not.toHaveProperty('beginWith');
	});
});

describe('a connection that breaks', () => {
	test('at one mailbox: that one failed, and the others are polled over another connection', async () => {
		const { server, state, append } = await start();
		append('a', 'b', 'c');
		server.faults.on = ({ line }) =>
			line.startsWith('EXAMINE b') ? '* BYE enough\r\n' : undefined;
		const before = server.connections.total;
		const result = await pollMailboxes(roundAt(server, { state }));
		expect(subjects(result)).toEqual(['in a', 'in c']);
		expect([...result.failures.keys()]).toEqual(['b']);
		expect(result.ended).toBeUndefined();
		expect(server.connections.total - before).toBe(2);
		server.faults.on = undefined;
		expect(subjects(await pollMailboxes(roundAt(server, { state })))).toEqual(['in b']);
	});

	test('at the fetch of a message: it is remembered at which', async () => {
		const { server, state, append } = await start();
		append('a', 'b');
		server.faults.on = ({ line }) => (line.startsWith('UID FETCH 2 ') ? '* BYE x\r\n' : undefined);
		const result = await pollMailboxes(roundAt(server, { state }));
		expect([...result.failures.keys()]).toEqual(['a', 'b']);
		expect(result.failures.get('a')).toMatchObject({ code: 'BYE' });
		expect(state.mailboxes.a?.held).toMatchObject({ 2: { tries: 1, broke: true } });
	});

	test('three times ends the round; the next begins where this one ended', async () => {
		const { server, account, state, append } = await start();
		const names = [...NAMES, 'd'];
		account.create('d');
		const settings = settingsOf({ watched: choicesOf(names) });
		await pollMailboxes(roundAt(server, { state, settings }));
		append(...names);
		server.faults.on = ({ line }) => (line.startsWith('EXAMINE') ? '* BYE x\r\n' : undefined);
		const before = server.connections.total;
		const result = await pollMailboxes(roundAt(server, { state, settings }));
		expect([...result.failures.keys()]).toEqual(['a', 'b', 'c']);
		expect(server.connections.total - before).toBe(3);
		expect(state.beginWith).toBe('d');
	});

	test('and cannot be replaced ends the round, with what was found before', async () => {
		const { server, state, append } = await start();
		append('a', 'b', 'c');
		server.faults.on = ({ line }) => {
			if (line.startsWith('EXAMINE b')) {
				server.faults.on = () => '* BYE no more\r\n';
				return '* BYE enough\r\n';
			}
			return undefined;
		};
		const result = await pollMailboxes(roundAt(server, { state }));
		expect(subjects(result)).toEqual(['in a']);
		expect(result.ended).toMatchObject({ code: 'BYE' });
		expect(state.beginWith).toBe('c');
	});

	test('before the mailboxes are known is the error of the round', async () => {
		const { server, state } = await start();
		server.faults.on = ({ line }) => (line.startsWith('STATUS') ? '* BYE x\r\n' : undefined);
		await expect(pollMailboxes(roundAt(server, { state }))).rejects.toMatchObject({ code: 'BYE' });
	});
});

describe('a mailbox that fails', () => {
	test('holds up no other, and is looked at again', async () => {
		const { server, state, append } = await start();
		append('a', 'b');
		server.faults.on = ({ tag, line }) =>
			line.startsWith('EXAMINE a') ? `${tag} NO [INUSE] later\r\n` : undefined;
		const result = await pollMailboxes(roundAt(server, { state }));
		expect(subjects(result)).toEqual(['in b']);
		expect(result.failures.get('a')).toMatchObject({ responseCode: 'INUSE' });
		server.faults.on = undefined;
		expect(subjects(await pollMailboxes(roundAt(server, { state })))).toEqual(['in a']);
	});

	test('whose STATUS is refused is not opened; unclear is only one that is not known', async () => {
		const { server, state, append } = await start();
		append('a', 'b');
		server.faults.on = ({ tag, line }) =>
			line.startsWith('STATUS a') ? `${tag} NO [NOPERM] no\r\n` : undefined;
		const known = await pollMailboxes(roundAt(server, { state }));
		expect(subjects(known)).toEqual(['in b']);
		expect(known.failures.get('a')).toMatchObject({ responseCode: 'NOPERM' });
		expect(known.unclear).toBe(false);
		delete state.mailboxes.a;
		const unknown = await pollMailboxes(roundAt(server, { state }));
		expect(unknown.unclear).toBe(true);
		expect(state.mailboxes).not.toHaveProperty('a');
		state.failing = { a: 'reported' };
		expect((await pollMailboxes(roundAt(server, { state }))).unclear).toBe(false);
	});
});

describe('a mailbox that was created since the last poll', () => {
	const pattern = { watched: { pattern: '*' } };

	test.each([
		['is new where created ones are', true, ['in d']],
		['is only remembered else', false, []],
	])('%s', async (_what, createdAreNew, found) => {
		const { server, account, append } = await start();
		const state: TriggerState = { purpose: '', mailboxes: {} };
		const settings = settingsOf(pattern);
		await pollMailboxes(roundAt(server, { state, settings }));
		account.create('d');
		append('d');
		const result = await pollMailboxes(roundAt(server, { state, settings, createdAreNew }));
		expect(subjects(result)).toEqual(found);
		append('d');
		expect(subjects(await pollMailboxes(roundAt(server, { state, settings })))).toEqual(['in d']);
	});
});

test('what is to be done after delivery opens the mailbox for changes', async () => {
	const { server, account, state, append } = await start();
	append('a');
	const settings = settingsOf({ watched: choicesOf(NAMES), after: { do: 'markRead' } });
	const from = server.commands.length;
	await pollMailboxes(roundAt(server, { state, settings }));
	await pollMailboxes(roundAt(server, { state, settings }));
	const opened = server.commands.slice(from).filter(({ line }) => / a$/.test(line));
	expect(opened.map(({ name }) => name)).toEqual(['EXAMINE', 'SELECT']);
	expect([...(account.mailbox('a').messages[1]?.flags ?? [])]).toContain('\\Seen');
});

describe('a single mailbox', () => {
	const settings = settingsOf({ watched: choicesOf(['a']) });

	test('is opened without being asked for its STATUS', async () => {
		const { server, append } = await start();
		const state: TriggerState = { purpose: '', mailboxes: {} };
		await pollMailboxes(roundAt(server, { state, settings }));
		append('a');
		const from = server.commands.length;
		const result = await pollMailboxes(roundAt(server, { state, settings }));
		expect(subjects(result)).toEqual(['in a']);
		expect(server.commands.slice(from).map(({ name }) => name)).not.toContain('STATUS');
		expect(result.statuses.size).toBe(0);
	});

	test('whose connection breaks fails; nothing else is left to do', async () => {
		const { server } = await start();
		const state: TriggerState = { purpose: '', mailboxes: {} };
		await pollMailboxes(roundAt(server, { state, settings }));
		server.faults.on = ({ line }) => (line.startsWith('EXAMINE') ? '* BYE x\r\n' : undefined);
		await expect(pollMailboxes(roundAt(server, { state, settings }))).rejects.toMatchObject({
			code: 'BYE',
		});
	});
});

test('afterwards, on the same connection, comes what is to be done where all went well', async () => {
	const { server, state } = await start();
	const before = server.connections.total;
	const afterwards = vi.fn(async (imap: { noop(): Promise<unknown> }) => void (await imap.noop()));
	const result = await pollMailboxes(roundAt(server, { state }), afterwards);
	expect(afterwards).toHaveBeenCalledExactlyOnceWith(expect.anything(), result);
	expect(server.connections.total - before).toBe(1);
});

test('once more on an open connection', async () => {
	const { server, state, append } = await start();
	const imap = await connected(server);
	append('a', 'b');
	const settings = settingsOf({ watched: choicesOf(NAMES), most: 1 });
	expect(subjects(await pollAgain(roundAt(server, { state, settings }), imap))).toEqual(['in a']);
	expect(state.beginWith).toBe('b');
	expect(subjects(await pollAgain(roundAt(server, { state, settings }), imap))).toEqual(['in b']);
});
