/** One pass over the mailboxes, without n8n: connections that are kept, that break, and that are out of time. */
import { describe, expect, test, vi } from 'vitest';
import type { TriggerState } from '../../../nodes/Imap4MessageTrigger/cursor';
import { pollAgain, pollMailboxes } from '../../../nodes/Imap4MessageTrigger/mailbox-round';
import { PollClock } from '../../../nodes/Imap4MessageTrigger/poll-clock';
import { hurryTime, IN_EVENT_LOOP } from './hurried-time';
import { connected, settingsOf } from './one-mailbox';
import { choicesOf, NAMES, roundAt, start, subjects } from './one-round';

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

	test('and cannot be replaced ends the round of two mailboxes too', async () => {
		const { server, state, append } = await start();
		const settings = settingsOf({ watched: choicesOf(['a', 'b']) });
		append('a', 'b');
		server.faults.on = ({ line }) => {
			if (line.startsWith('EXAMINE a')) server.faults.on = () => '* BYE no more\r\n';
			return line.startsWith('EXAMINE a') ? '* BYE enough\r\n' : undefined;
		};
		const result = await pollMailboxes(roundAt(server, { state, settings }));
		expect(result.ended).toMatchObject({ code: 'BYE' });
		expect(state.beginWith).toBe('b');
	});

	test('at the fetch of a message whose flags changed: the change is found by the next round', async () => {
		const { server, account, append } = await start();
		const settings = settingsOf({ watched: choicesOf(NAMES), event: 'flagsChanged' });
		const state: TriggerState = { purpose: '', mailboxes: {} };
		append('a');
		const next = () => pollMailboxes(roundAt(server, { state, settings }));
		await next();
		await next();
		const a = account.mailbox('a');
		const [, newest] = a.messages;
		if (newest) a.setFlags(newest, ['\\Flagged']);
		server.faults.on = ({ line }) => (line.includes('ENVELOPE') ? '* BYE x\r\n' : undefined);
		expect([...(await next()).failures.keys()]).toEqual(['a']);
		server.faults.on = undefined;
		expect(subjects(await next())).toEqual(['in a']);
	});

	test('before the mailbox to move into is known is the error of the round', async () => {
		const { server, state } = await start();
		const settings = settingsOf({
			watched: choicesOf(NAMES),
			after: { do: 'move', to: { by: 'role', role: 'archive' } },
		});
		server.faults.on = ({ line }) => (line.startsWith('LIST') ? '* BYE x\r\n' : undefined);
		await expect(pollMailboxes(roundAt(server, { state, settings }))).rejects.toMatchObject({
			code: 'BYE',
		});
	});

	test('before the mailboxes are known is the error of the round', async () => {
		const { server, state } = await start();
		server.faults.on = ({ line }) => (line.startsWith('STATUS') ? '* BYE x\r\n' : undefined);
		await expect(pollMailboxes(roundAt(server, { state }))).rejects.toMatchObject({ code: 'BYE' });
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

describe('what is done on a connection', () => {
	/** Keeps two connections idle, and returns what was sent since. */
	async function startKept(count: number) {
		const started = await start();
		const rounds = Array.from({ length: count }, () =>
			pollMailboxes(roundAt(started.server, { state: structuredClone(started.state), keep: true })),
		);
		await Promise.all(rounds);
		return started;
	}

	test('goes on over the one that was kept', async () => {
		const { server, state } = await startKept(1);
		const before = server.connections.total;
		const from = server.commands.length;
		await pollMailboxes(roundAt(server, { state, keep: true }));
		expect(server.connections.total).toBe(before);
		// The answer to STATUS shows that it is alive.
		expect(server.commands.slice(from).map(({ name }) => name)).not.toContain('NOOP');
	});

	test('is followed by the logout where none is to be kept', async () => {
		const { server } = await start();
		await expect.poll(() => server.connections.open).toBe(0);
	});

	test('that was kept and has died meanwhile costs no mailbox its turn', async () => {
		const { server, state, append } = await startKept(2);
		append('a', 'b', 'c');
		let broken = 0;
		server.faults.on = ({ line }) => {
			if (line.startsWith('EXAMINE a')) broken = 1;
			// The other kept connection has died too; one that is new lives. CHECK is sent together with EXAMINE.
			else if (broken === 1 && line !== 'CHECK') broken = 2;
			else return undefined;
			return '* BYE x\r\n';
		};
		const result = await pollMailboxes(roundAt(server, { state, keep: true }));
		expect([...result.failures.keys()]).toEqual(['a']);
		expect(subjects(result)).toEqual(['in b', 'in c']);
		expect(broken).toBe(2);
	});

	test.each(['quotaAbove', 'messageReceived'] as const)(
		'that was kept and has died meanwhile is replaced where the names are all that is known: %s',
		async (event) => {
			const { server, state } = await startKept(1);
			const settings = settingsOf({ watched: choicesOf(['a']), event });
			let lines = 0;
			server.faults.on = () => (lines++ === 0 ? '* BYE x\r\n' : undefined);
			const result = await pollMailboxes(roundAt(server, { state, settings, keep: true }));
			expect(result.failures.size).toBe(0);
		},
	);
});

describe('afterwards comes nothing', () => {
	test('where the connection broke at the last mailbox', async () => {
		const { server, state, append } = await start();
		append('c');
		server.faults.on = ({ line }) => (line.startsWith('EXAMINE c') ? '* BYE x\r\n' : undefined);
		const afterwards = vi.fn();
		const result = await pollMailboxes(roundAt(server, { state }), afterwards);
		expect([...result.failures.keys()]).toEqual(['c']);
		expect(afterwards).not.toHaveBeenCalled();
		expect(state).not.toHaveProperty('beginWith');
	});

	test('on a connection that broke with mailboxes left; on the next, once', async () => {
		const { server, state, append } = await start();
		append('a', 'b');
		server.faults.on = ({ line }) => (line.startsWith('EXAMINE a') ? '* BYE x\r\n' : undefined);
		const afterwards = vi.fn(async () => undefined);
		const result = await pollMailboxes(roundAt(server, { state }), afterwards);
		expect(subjects(result)).toEqual(['in b']);
		expect(afterwards).toHaveBeenCalledTimes(1);
	});
});

test('at the deadline the round ends, and the next begins with the mailbox behind the one that held it up', async () => {
	hurryTime(60_000);
	const { server, state, append } = await start({ capabilities: { remove: IN_EVENT_LOOP } });
	append('a', 'b', 'c');
	let isStuck = false;
	server.faults.on = ({ line }) => {
		isStuck ||= line.startsWith('EXAMINE b');
		return isStuck ? '' : undefined;
	};
	const clock = new PollClock(60_000);
	const before = server.connections.total;
	const result = await clock.limit(() => pollMailboxes(roundAt(server, { state, clock })));
	expect(subjects(result)).toEqual(['in a']);
	expect(result.failures.get('b')).toBe(clock.signal.reason);
	expect(result.failures.get('b')).toMatchObject({ code: 'TIMEOUT' });
	expect(result.ended).toBeUndefined();
	expect(state.beginWith).toBe('c');
	expect(server.connections.total - before).toBe(1);
});

test('a connection that ends behind the last answer of a mailbox costs it nothing', async () => {
	const { server, state, append } = await start();
	append('a', 'b');
	let fetched = '';
	server.faults.on = ({ tag, line }) => {
		if (line.startsWith('UID FETCH')) fetched ||= `${tag} OK`;
		return undefined;
	};
	server.faults.rewrite = (octets) => {
		const isLast = fetched !== '' && octets.includes(fetched);
		return isLast ? Buffer.concat([octets, Buffer.from('* BYE x\r\n')]) : octets;
	};
	const before = server.connections.total;
	const result = await pollMailboxes(roundAt(server, { state }));
	expect(subjects(result)).toEqual(['in a', 'in b']);
	expect(result.failures.size).toBe(0);
	expect(server.connections.total - before).toBe(2);
});

describe('once more on an open connection, which breaks', () => {
	test('the next poll begins with the mailboxes that are left', async () => {
		const { server, state, append } = await start();
		const imap = await connected(server);
		append('a', 'b', 'c');
		server.faults.on = ({ line }) => (line.startsWith('EXAMINE b') ? '* BYE x\r\n' : undefined);
		const result = await pollAgain(roundAt(server, { state }), imap);
		expect(subjects(result)).toEqual(['in a']);
		expect([...result.failures.keys()]).toEqual(['b']);
		expect(state.beginWith).toBe('c');
	});
});
