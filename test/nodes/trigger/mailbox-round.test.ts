/** One pass over the mailboxes, without n8n: order, room, and what is reported. */
import { describe, expect, test, vi } from 'vitest';
import type { TriggerState } from '../../../nodes/Imap4MessageTrigger/cursor';
import {
	pollAgain,
	pollMailboxes,
	type Round,
	type RoundResult,
} from '../../../nodes/Imap4MessageTrigger/mailbox-round';
import type { MailboxChoice } from '../../../nodes/shared/mailbox/mailbox-choice';
import type { MemoryServer } from '../../server';
import { PollClock } from '../../../nodes/Imap4MessageTrigger/poll-clock';
import { USER } from '../start-server';
import { connected, settingsOf } from './one-mailbox';
import { choicesOf, examined, NAMES, roundAt, start, subjects } from './one-round';

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
			rounds.push(subjects(await pollMailboxes(roundAt(server, { state, clock }))));
		}
		expect(rounds).toEqual([['in a'], ['in b'], ['in c']]);
	});

	test('that is the first, where the one to begin with is no longer watched', async () => {
		const { server, state, append } = await start();
		append('a', 'b');
		state.beginWith = 'gone';
		expect(subjects(await pollMailboxes(roundAt(server, { state })))).toEqual(['in a', 'in b']);
		expect(state).not.toHaveProperty('beginWith');
	});
});

describe('a mailbox that fails', () => {
	test('holds up no other, and is looked at again', async () => {
		const { server, state, append } = await start();
		append('a', 'b');
		server.faults.on = ({ tag, line }) =>
			line.startsWith('EXAMINE a') ? `${tag} NO [INUSE] later\r\n` : undefined;
		const before = server.connections.total;
		const result = await pollMailboxes(roundAt(server, { state }));
		expect(subjects(result)).toEqual(['in b']);
		expect(server.connections.total - before).toBe(1);
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

	test('that cannot be opened is the mailbox that failed', async () => {
		const { server } = await start();
		const state: TriggerState = { purpose: '', mailboxes: {} };
		server.faults.on = ({ tag, line }) =>
			line.startsWith('EXAMINE') ? `${tag} NO [NOPERM] no\r\n` : undefined;
		const result = await pollMailboxes(roundAt(server, { state, settings }));
		expect([...result.failures]).toMatchObject([['a', { responseCode: 'NOPERM' }]]);
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

test('once more on an open connection', async () => {
	const { server, state, append } = await start();
	const imap = await connected(server);
	append('a', 'b');
	const settings = settingsOf({ watched: choicesOf(NAMES), most: 1 });
	expect(subjects(await pollAgain(roundAt(server, { state, settings }), imap))).toEqual(['in a']);
	expect(state.beginWith).toBe('b');
	expect(subjects(await pollAgain(roundAt(server, { state, settings }), imap))).toEqual(['in b']);
});

test('the mailboxes before the one to begin with come last', async () => {
	const { server, state, append } = await start();
	append('a', 'b', 'c');
	state.beginWith = 'b';
	const result = await pollMailboxes(roundAt(server, { state }));
	expect(subjects(result)).toEqual(['in b', 'in c', 'in a']);
	expect(result.names).toEqual(NAMES);
});

test('a mailbox that is named later is not new, even where created ones are', async () => {
	const { server, account, state, append } = await start();
	account.create('d');
	append('d');
	const settings = settingsOf({ watched: choicesOf([...NAMES, 'd']) });
	const round = roundAt(server, { state, settings, createdAreNew: true });
	expect(subjects(await pollMailboxes(round))).toEqual([]);
	append('d');
	expect(subjects(await pollMailboxes(round))).toEqual(['in d']);
});

test('the identifier of each mailbox is remembered, and stays', async () => {
	const { server, state } = await start();
	const ids = NAMES.map((name) => state.mailboxes[name]?.mailboxId);
	expect(new Set(ids).size).toBe(3);
	expect(ids).not.toContain(undefined);
	await pollMailboxes(roundAt(server, { state }));
	expect(NAMES.map((name) => state.mailboxes[name]?.mailboxId)).toEqual(ids);
});

test.each([
	['the only one', 1],
	['one of two', 2],
])(
	'a message that was removed, %s, is noticed, so that one that comes after it is, where UIDNEXT is out of date',
	async (_title, count) => {
		const { server, account, state, append } = await start();
		const a = account.mailbox('a');
		if (count === 2) append('a');
		await pollMailboxes(roundAt(server, { state }));
		server.faults.rewrite = (octets) =>
			Buffer.from(
				octets.toString('latin1').replace(/UIDNEXT \d+/g, `UIDNEXT ${count + 1}`),
				'latin1',
			);
		a.remove(new Set(a.messages.slice(0, 1)));
		expect(subjects(await pollMailboxes(roundAt(server, { state })))).toEqual([]);
		expect(state.mailboxes.a?.exists).toBe(count - 1);
		append('a');
		expect(subjects(await pollMailboxes(roundAt(server, { state })))).toEqual(['in a']);
	},
);

describe('a mailbox is opened as the event needs it', () => {
	const opened = async (
		event: 'messageReceived' | 'flagsChanged' | 'messageRemoved',
		remove: readonly string[] = [],
	) => {
		const { server } = await start({ capabilities: { remove } });
		const settings = settingsOf({ watched: choicesOf(NAMES), event });
		const from = server.commands.length;
		const state: TriggerState = { purpose: '', mailboxes: {} };
		await pollMailboxes(roundAt(server, { state, settings }));
		for (const name of NAMES) server.account(USER).mailbox(name).append('Subject: x\r\n\r\n');
		await pollMailboxes(roundAt(server, { state, settings }));
		const lines = server.commands.slice(from).map(({ line }) => line);
		return lines.filter((line) => /^(?:ENABLE|EXAMINE|SELECT|CHECK)/.test(line));
	};

	test('received messages, and those since then (RFC 3501 §6.4.1)', async () => {
		expect(await opened('messageReceived')).toEqual(
			NAMES.flatMap((name) => [`EXAMINE ${name}`, 'CHECK']),
		);
	});

	test.each(['flagsChanged', 'messageRemoved'] as const)(
		'%s on a server that has neither',
		async (event) => {
			const plain = NAMES.map((name) => `EXAMINE ${name}`);
			expect(await opened(event, ['CONDSTORE', 'QRESYNC'])).toEqual([...plain, ...plain]);
		},
	);

	test('changed flags need mod-sequences', async () => {
		const lines = await opened('flagsChanged');
		expect(lines).toHaveLength(6);
		for (const line of lines) expect(line).toMatch(/^EXAMINE [abc] \(CONDSTORE\)$/);
	});

	test('removed messages need QRESYNC, which is enabled once for each connection', async () => {
		const lines = await opened('messageRemoved');
		const one = ['ENABLE QRESYNC', 'EXAMINE a', 'EXAMINE b', 'EXAMINE c'];
		expect(lines.map((line) => line.replace(/ \(.*/, '')).sort()).toEqual([...one, ...one].sort());
	});
});

test('what fails after delivery is reported beside what was delivered', async () => {
	const { server, state, append } = await start();
	const settings = settingsOf({ watched: choicesOf(NAMES), after: { do: 'markRead' } });
	append('a');
	await pollMailboxes(roundAt(server, { state, settings }));
	append('a', 'b');
	server.faults.on = ({ tag, line }) =>
		line.startsWith('UID STORE') ? `${tag} NO [OVERQUOTA] full\r\n` : undefined;
	const result = await pollMailboxes(roundAt(server, { state, settings }));
	expect(subjects(result)).toEqual(['in a', 'in b']);
	expect([...result.failures]).toMatchObject([['a', { responseCode: 'OVERQUOTA' }]]);
});

describe('the mailbox that messages are moved into after delivery', () => {
	const moving = (names: readonly string[], to: MailboxChoice) =>
		settingsOf({ watched: choicesOf(names), after: { do: 'move', to } });
	const rounds = async (server: MemoryServer, settings: Round['settings']) => {
		const state: TriggerState = { purpose: '', mailboxes: {} };
		const next = async (): Promise<RoundResult> =>
			pollMailboxes(roundAt(server, { state, settings }));
		await next();
		return next;
	};

	test.each([[['a', 'b']], [NAMES]])('is left out of %j', async (names) => {
		const { server, append } = await start();
		const next = await rounds(server, moving(names, { by: 'path', path: 'b' }));
		append('a', 'b');
		const result = await next();
		expect(subjects(result)).toEqual(['in a']);
		expect(result.names).toEqual(names.filter((name) => name !== 'b'));
	});

	test('may be one that is not watched', async () => {
		const { server, account, append } = await start();
		account.create('d');
		const next = await rounds(server, moving(NAMES, { by: 'path', path: 'd' }));
		append('a');
		const result = await next();
		expect(subjects(result)).toEqual(['in a']);
		expect(result.names).toEqual(NAMES);
	});

	test('may be one that is created when it is needed', async () => {
		const { server, append } = await start();
		const next = await rounds(server, moving(NAMES, { by: 'role', role: 'archive' }));
		append('a');
		expect(subjects(await next())).toEqual(['in a']);
	});
});

test('a mailbox that is no longer named is not taken for one that has gone', async () => {
	const { server, state } = await start();
	const settings = settingsOf({ watched: choicesOf(['a', 'c']) });
	await pollMailboxes(roundAt(server, { state, settings }));
	expect(state.mailboxes.b).toBeDefined();
	expect(state.mailboxes.b).not.toHaveProperty('goneSince');
});

describe('a mailbox that was renamed, whose STATUS is refused, while another one has its name', () => {
	/** The mailbox `a` is `z` now, and another one is `a`. @param most times that STATUS is refused */
	async function renamed(most = Infinity) {
		const { server, account } = await start();
		account.mailbox('a').append('Subject: old\r\n\r\n');
		let refused = 0;
		const settings = settingsOf({ watched: { pattern: '*' } });
		const state: TriggerState = { purpose: '', mailboxes: {} };
		let failures: string[] = [];
		const next = async () => {
			const result = await pollMailboxes(roundAt(server, { state, settings, createdAreNew: true }));
			failures = [...result.failures.keys()];
			return subjects(result);
		};
		await next();
		account.mailbox('a').append('Subject: before\r\n\r\n');
		account.rename('a', 'z');
		account.create('a').append('Subject: after\r\n\r\n');
		server.faults.on = ({ tag, line }) =>
			/^STATUS "?z/.test(line) && refused++ < most ? `${tag} NO [INUSE] no\r\n` : undefined;
		server.faults.rewrite = (octets) =>
			refused < most
				? Buffer.from(octets.toString('latin1').replace(/\* STATUS "?z.*\r\n/, ''), 'latin1')
				: octets;
		return { server, next, state, failures: () => failures };
	}

	test('is found at once where STATUS works again', async () => {
		const { next, state } = await renamed(1);
		const { a: before } = structuredClone(state.mailboxes);
		const first = await next();
		expect(state.mailboxes.z).toBeDefined();
		expect(state.mailboxes.z?.uidValidity).toBe(before?.uidValidity);
		expect(state.mailboxes.a?.uidValidity).not.toBe(before?.uidValidity);
		expect([...first, ...(await next())].sort()).toEqual(['after', 'before']);
		expect(await next()).toEqual([]);
	});

	test('keeps its place: nothing is lost, and nothing comes twice', async () => {
		const { server, next, failures } = await renamed();
		expect(await next()).toEqual([]);
		expect(failures()).toEqual(['z']);
		server.faults.on = undefined;
		server.faults.rewrite = undefined;
		const found = [...(await next()), ...(await next())];
		expect(found.sort()).toEqual(['after', 'before']);
		expect(await next()).toEqual([]);
	});
});

test('a mailbox that was renamed to a name that is not watched is not remembered under it', async () => {
	const { server, account, state, append } = await start();
	account.rename('a', 'z');
	account.create('a');
	append('a');
	await pollMailboxes(roundAt(server, { state }));
	account.delete('z');
	account.rename('b', 'y');
	account.delete('y');
	account.create('b');
	append('b');
	await pollMailboxes(roundAt(server, { state }));
	expect(Object.keys(state.mailboxes)).toEqual(NAMES);
});

test('a UIDNEXT that is the UID of the newest message is wrong, and not a sign of new UIDs', async () => {
	const { server, append } = await start();
	const settings = settingsOf({ watched: choicesOf(['a']), onRenumbered: 'fail' });
	const state: TriggerState = { purpose: '', mailboxes: {} };
	const next = async () => {
		const result = await pollMailboxes(roundAt(server, { state, settings }));
		expect([...result.failures]).toEqual([]);
		return subjects(result);
	};
	await next();
	server.faults.rewrite = (octets) =>
		Buffer.from(octets.toString('latin1').replace(/UIDNEXT \d+/, 'UIDNEXT 1'), 'latin1');
	expect(await next()).toEqual([]);
	append('a');
	expect(await next()).toEqual(['in a']);
});

test('a pattern that matches nothing does not fail', async () => {
	const { server } = await start();
	const state: TriggerState = { purpose: '', mailboxes: {} };
	const settings = settingsOf({ watched: { pattern: 'x*' } });
	const result = await pollMailboxes(roundAt(server, { state, settings }));
	expect(result).toMatchObject({ items: [], names: [], ended: undefined });
	expect(result.failures.size).toBe(0);
});

test('where UIDVALIDITY is left out of one answer, the one that is known holds', async () => {
	const { server, append } = await start();
	const state: TriggerState = { purpose: '', mailboxes: {} };
	const settings = settingsOf({ watched: choicesOf(['a']) });
	await pollMailboxes(roundAt(server, { state, settings }));
	const { uidValidity } = state.mailboxes.a ?? {};
	for (const answer of ['UIDVALIDITY 0', 'X-NOTHING 1']) {
		server.faults.rewrite = (octets) =>
			Buffer.from(octets.toString('latin1').replace(/UIDVALIDITY \d+/, answer), 'latin1');
		append('a');
		const result = await pollMailboxes(roundAt(server, { state, settings }));
		expect(subjects(result)).toEqual(['in a']);
		expect(result.items[0]?.json.id).toContain(`/a/${uidValidity}/`);
	}
	expect(state.mailboxes.a).toMatchObject({ uidValidity });
});

describe('quotas', () => {
	const quotas = (names: readonly string[]) =>
		settingsOf({ watched: choicesOf(names), event: 'quotaAbove', quotaAbove: 1 });

	test.each([[NAMES], [['a']]])('are asked for, and no mailbox is opened of %j', async (names) => {
		const { server, state } = await start({ quotaBytes: 100 });
		const from = server.commands.length;
		const settings = quotas(names);
		const result = await pollMailboxes(roundAt(server, { state, settings }));
		expect(result.items).toHaveLength(1);
		expect(result.names).toEqual(names);
		expect(examined(server, from)).toEqual([]);
		expect(subjects(await pollMailboxes(roundAt(server, { state, settings })))).toEqual([]);
	});

	test('are remembered by root: of mailboxes nothing is', async () => {
		const { server } = await start({ quotaBytes: 100 });
		const state: TriggerState = { purpose: '', mailboxes: {} };
		const result = await pollMailboxes(roundAt(server, { state, settings: quotas(NAMES) }));
		expect(result.items).toHaveLength(1);
		expect(state.mailboxes).toEqual({});
		expect(state.above).toHaveLength(1);
	});

	test('that are refused are the failure of their mailbox', async () => {
		const { server, state } = await start({ quotaBytes: 100 });
		server.faults.on = ({ tag, line }) =>
			line.startsWith('GETQUOTAROOT b') ? `${tag} NO [NOPERM] no\r\n` : undefined;
		const result = await pollMailboxes(roundAt(server, { state, settings: quotas(NAMES) }));
		expect([...result.failures]).toMatchObject([['b', { responseCode: 'NOPERM' }]]);
		expect(result.items).toHaveLength(1);
	});
});

test('a pattern with one match opens it only where something happened', async () => {
	const { server, append } = await start();
	const settings = settingsOf({ watched: { pattern: 'a' } });
	const state: TriggerState = { purpose: '', mailboxes: {} };
	await pollMailboxes(roundAt(server, { state, settings }));
	const from = server.commands.length;
	expect(subjects(await pollMailboxes(roundAt(server, { state, settings })))).toEqual([]);
	expect(examined(server, from)).toEqual([]);
	append('a');
	expect(subjects(await pollMailboxes(roundAt(server, { state, settings })))).toEqual(['in a']);
});
