/** Which cursor belongs to which mailbox, after mailboxes were renamed, deleted and created. */
import { describe, expect, test } from 'vitest';
import type { MailboxStatus } from '../../../engine/index';
import type { MailboxCursor, TriggerState } from '../../../nodes/Imap4MessageTrigger/cursor';
import {
	findFormerMailbox,
	followMailboxes,
	mailboxIdOf,
	type Listed,
} from '../../../nodes/Imap4MessageTrigger/follow-mailboxes';
import { startServer, USER } from '../start-server';
import { connected } from './one-mailbox';

const DAY = 24 * 60 * 60_000;

const cursor = (uidValidity: number | null, more: Partial<MailboxCursor> = {}): MailboxCursor => ({
	uidValidity,
	lastUid: 10,
	...more,
});

const listed = (name: string, uidValidity: number, more: object = {}): Listed => ({
	name,
	status: { uidValidity, uidNext: 11, ...more } as MailboxStatus,
});

function follow(
	mailboxes: Record<string, MailboxCursor>,
	list: Listed[],
	{ all = true, createdAreNew = true, now = 100 * DAY, failing = {} } = {},
): { mailboxes: Record<string, MailboxCursor>; fresh: string[]; failing: object } {
	const state: TriggerState = { purpose: 'p', failing, mailboxes: structuredClone(mailboxes) };
	followMailboxes(state, list, { all, createdAreNew, now });
	const fresh = list.filter(({ isNew }) => isNew).map(({ name }) => name);
	return { mailboxes: state.mailboxes, fresh, failing };
}

const gone = (name: string, one: MailboxCursor): Record<string, MailboxCursor> => ({
	[name]: { ...one, goneSince: 100 * DAY },
});

describe('a mailbox', () => {
	test('that stays keeps its cursor, and is not new', () => {
		const same = { A: cursor(1) };
		expect(follow(same, [listed('A', 1)])).toMatchObject({ mailboxes: same, fresh: [] });
	});

	test('that appears is new, unless the trigger only begins to watch it', () => {
		expect(follow({}, [listed('A', 1)]).fresh).toEqual(['A']);
		expect(follow({}, [listed('A', 1)], { createdAreNew: false }).fresh).toEqual([]);
	});

	test('that is renamed takes its cursor with it', () => {
		expect(follow({ A: cursor(1) }, [listed('B', 1)])).toMatchObject({
			mailboxes: { B: cursor(1) },
			fresh: [],
		});
	});

	test('that takes the name of a renamed one is new, even where created ones are not', () => {
		const { mailboxes, fresh } = follow({ A: cursor(1) }, [listed('A', 2), listed('B', 1)], {
			createdAreNew: false,
		});
		expect(mailboxes).toEqual({ B: cursor(1) });
		expect(fresh).toEqual(['A']);
	});

	test('whose UIDVALIDITY changed stays under its name if no other can be it', () => {
		const old = { A: cursor(1) };
		expect(follow(old, [listed('A', 2)])).toMatchObject({ mailboxes: old, fresh: [] });
	});

	test('whose names go round: each cursor follows its mailbox', () => {
		const { mailboxes, fresh } = follow({ A: cursor(1), B: cursor(2) }, [
			listed('A', 2),
			listed('B', 1),
		]);
		expect(mailboxes).toEqual({ A: cursor(2), B: cursor(1) });
		expect(fresh).toEqual([]);
	});

	test('is not taken for a renamed one if its UIDNEXT is too low or unknown', () => {
		for (const uidNext of [10, undefined]) {
			const { mailboxes, fresh } = follow({ A: cursor(1) }, [listed('B', 1, { uidNext })]);
			expect(mailboxes).toEqual(gone('A', cursor(1)));
			expect(fresh).toEqual(['B']);
		}
	});

	test('whose UIDs start over under the same UIDVALIDITY is another one, if the former one is there', () => {
		const { mailboxes, fresh } = follow({ A: cursor(1) }, [
			listed('A', 1, { uidNext: 2 }),
			listed('B', 1),
		]);
		expect(mailboxes).toEqual({ B: cursor(1) });
		expect(fresh).toEqual(['A']);
	});

	test.each<[string, Partial<MailboxCursor>, object]>([
		['UIDNEXT is missing', {}, { uidNext: undefined }],
		['UIDNEXT is 0', {}, { uidNext: 0 }],
		['UIDNEXT was wrong before', { wrongUidNext: true }, { uidNext: 2 }],
		['it was never opened', { baseline: true }, { uidNext: 2 }],
		['its MAILBOXID is the same', { mailboxId: 'F1' }, { uidNext: 2, mailboxId: 'F1' }],
	])('is still the same one where %s', (_title, old, now) => {
		const { mailboxes, fresh } = follow({ A: cursor(1, old) }, [
			listed('A', 1, now),
			listed('B', 1),
		]);
		expect(mailboxes).toEqual({ A: cursor(1, old) });
		expect(fresh).toEqual(['B']);
	});

	test('is known by its MAILBOXID whatever its UIDVALIDITY and UIDNEXT', () => {
		const old = cursor(1, { mailboxId: 'F1' });
		expect(follow({ A: old }, [listed('B', 9, { mailboxId: 'F1', uidNext: 1 })]).mailboxes).toEqual(
			{ B: old },
		);
		expect(follow({ A: old }, [listed('B', 1, { mailboxId: 'F2' })]).mailboxes).toEqual(
			gone('A', old),
		);
	});

	test('without MAILBOXID now or then is known by its UIDVALIDITY', () => {
		const old = cursor(1, { mailboxId: 'F1' });
		expect(follow({ A: old }, [listed('B', 1)]).mailboxes).toEqual({ B: old });
		expect(follow({ A: cursor(1) }, [listed('B', 1, { mailboxId: 'F1' })]).mailboxes).toEqual({
			B: cursor(1),
		});
	});

	test.each<[string, MailboxCursor, Listed]>([
		['a cursor without UIDVALIDITY', cursor(null), listed('B', 1)],
		['a mailbox without UIDVALIDITY', cursor(1), listed('B', 0)],
		['both without', cursor(null), listed('B', 0)],
		['a mailbox whose STATUS is refused', cursor(1), { name: 'B' }],
		['a cursor of a mailbox that was never opened', cursor(1, { baseline: true }), listed('B', 1)],
	])('is not guessed from %s', (_title, old, now) => {
		const { mailboxes, fresh } = follow({ A: old }, [now]);
		expect(mailboxes).toEqual(gone('A', old));
		expect(fresh).toEqual(['B']);
	});

	test('of several that it can be is the one that was read furthest', () => {
		const [less, more] = [cursor(1, { lastUid: 3 }), cursor(1, { lastUid: 8 })];
		for (const mailboxes of [
			{ A: less, B: more },
			{ B: more, A: less },
		])
			expect(follow(mailboxes, [listed('C', 1)]).mailboxes).toEqual({
				C: more,
				...gone('A', less),
			});
	});

	test('takes one cursor only, and a cursor goes to one mailbox only', () => {
		const { mailboxes, fresh } = follow({ A: cursor(1) }, [listed('B', 1), listed('C', 1)]);
		expect(mailboxes).toEqual({ B: cursor(1) });
		expect(fresh).toEqual(['C']);
	});

	test('whose STATUS is refused may have been renamed: its cursor goes where the mailbox is', () => {
		const { mailboxes, fresh } = follow({ A: cursor(1) }, [{ name: 'A' }, listed('B', 1)], {
			createdAreNew: false,
		});
		expect(mailboxes).toEqual({ B: cursor(1) });
		expect(fresh).toEqual(['A']);
		expect(follow({ A: cursor(1) }, [{ name: 'A' }, listed('B', 2)]).mailboxes).toEqual({
			A: cursor(1),
		});
	});

	test('whose STATUS is refused gives its cursor away once', () => {
		const { mailboxes } = follow({ A: cursor(1) }, [{ name: 'A' }, listed('B', 1), listed('C', 1)]);
		expect(mailboxes).toEqual({ B: cursor(1) });
	});
});

describe('a mailbox that is missing', () => {
	test('is remembered from then on, and not only since now', () => {
		const { mailboxes } = follow({ A: cursor(1), B: cursor(2, { goneSince: 99 * DAY }) }, []);
		expect(mailboxes).toEqual({ ...gone('A', cursor(1)), B: cursor(2, { goneSince: 99 * DAY }) });
	});

	test('of those that were named one by one stays as it was', () => {
		const old = { A: cursor(1) };
		expect(follow(old, [listed('B', 1)], { all: false }).mailboxes).toEqual(old);
	});

	test('fails no more, so that its next failure is reported again', () => {
		const { failing } = follow({ A: cursor(1), B: cursor(2) }, [listed('B', 2)], {
			failing: { A: 'no', B: 'no' },
		});
		expect(failing).toEqual({ B: 'no' });
	});

	test('is forgotten after thirty days', () => {
		const mailboxes = {
			A: cursor(1, { goneSince: 70 * DAY }),
			B: cursor(2, { goneSince: 70 * DAY - 1 }),
		};
		expect(Object.keys(follow(mailboxes, []).mailboxes)).toEqual(['A']);
	});

	test('is forgotten where five hundred are missing that went later', () => {
		const many = Object.fromEntries(
			Array.from({ length: 501 }, (_, n) => [`M${n}`, cursor(n + 1, { goneSince: 90 * DAY + n })]),
		);
		const left = Object.keys(follow(many, []).mailboxes);
		expect(left).toHaveLength(500);
		expect(left).not.toContain('M0');
	});

	test('is not forgotten within a day, however many are missing', () => {
		const many = Object.fromEntries(
			Array.from({ length: 600 }, (_, n) => [`M${n}`, cursor(n + 1)]),
		);
		const { mailboxes } = follow(many, [], { now: 90 * DAY });
		expect(Object.keys(mailboxes)).toHaveLength(600);
		expect(Object.keys(follow(mailboxes, [], { now: 91 * DAY + 1 }).mailboxes)).toHaveLength(500);
	});

	test('and comes back goes on where it was', () => {
		const { mailboxes, fresh } = follow({ A: cursor(1, { goneSince: 90 * DAY }) }, [
			listed('A', 1),
		]);
		expect(mailboxes).toEqual({ A: cursor(1) });
		expect(fresh).toEqual([]);
	});

	test('and comes back as another one is new', () => {
		const { mailboxes, fresh } = follow(
			{ A: cursor(1, { goneSince: 90 * DAY }) },
			[listed('A', 2)],
			{ createdAreNew: false },
		);
		expect(mailboxes).toEqual({});
		expect(fresh).toEqual(['A']);
	});
});

describe('where the mailbox of a cursor is now', () => {
	test('is asked of the server, by the identity of every other mailbox', async () => {
		const server = await startServer();
		const { uidValidity, id } = server.account(USER).create('Moved');
		const imap = await connected(server);
		const find = (one: MailboxCursor, name = 'INBOX'): Promise<string | undefined> =>
			findFormerMailbox(imap, { name }, one);
		expect(await find(cursor(uidValidity, { lastUid: 0 }))).toBe('Moved');
		expect(await find(cursor(null, { mailboxId: id }))).toBe('Moved');
		expect(await find(cursor(uidValidity + 99, { lastUid: 0 }))).toBeUndefined();
		expect(await find(cursor(uidValidity, { lastUid: 0 }), 'Moved')).toBeUndefined();
	});

	test('is not guessed from a UIDVALIDITY that all mailboxes have, unless its UIDNEXT is the same', async () => {
		const server = await startServer({ capabilities: { remove: ['OBJECTID'] } });
		const { uidValidity } = server.account(USER).create('Moved');
		for (let n = 1; n <= 3; n++) server.account(USER).mailbox('Moved').append('Subject: x\r\n\r\n');
		const imap = await connected(server);
		const find = (more: Partial<MailboxCursor>): Promise<string | undefined> =>
			findFormerMailbox(imap, { name: 'INBOX', uidValidity }, cursor(uidValidity, more));
		expect(await find({ lastUid: 2 })).toBeUndefined();
		expect(await find({ lastUid: 2, uidNext: 3 })).toBeUndefined();
		expect(await find({ lastUid: 2, uidNext: 4 })).toBe('Moved');
		expect(await find({ lastUid: 3 })).toBe('Moved');
	});

	test('is not asked where nothing identifies it', async () => {
		const server = await startServer();
		const imap = await connected(server);
		expect(await findFormerMailbox(imap, { name: 'A' }, cursor(null))).toBeUndefined();
		expect(server.commands.map(({ name }) => name)).not.toContain('LIST');
	});

	test('leaves out mailboxes whose STATUS is refused', async () => {
		const server = await startServer({
			faults: {
				on: ({ tag, line }) => (line.startsWith('STATUS Other') ? `${tag} NO no\r\n` : undefined),
			},
		});
		const account = server.account(USER);
		account.create('Other');
		const { uidValidity } = account.create('Moved');
		const imap = await connected(server);
		expect(
			await findFormerMailbox(imap, { name: 'INBOX' }, cursor(uidValidity, { lastUid: 0 })),
		).toBe('Moved');
	});

	test('is not known if the connection breaks', async () => {
		const server = await startServer({
			faults: { on: ({ line }) => (line.startsWith('STATUS') ? '* BYE\r\n' : undefined) },
		});
		server.account(USER).create('Moved');
		const imap = await connected(server);
		await expect(findFormerMailbox(imap, { name: 'INBOX' }, cursor(1))).rejects.toMatchObject({
			code: 'BYE',
		});
	});
});

describe('MAILBOXID', () => {
	const withAnswer = (answer: (tag: string) => string | undefined) =>
		startServer({
			faults: { on: ({ tag, line }) => (line.startsWith('STATUS') ? answer(tag) : undefined) },
		});

	test('is not asked of a server without OBJECTID', async () => {
		const server = await startServer({ capabilities: { remove: ['OBJECTID'] } });
		expect(await mailboxIdOf(await connected(server), 'INBOX')).toBeUndefined();
		expect(server.commands.map(({ name }) => name)).not.toContain('STATUS');
	});

	test.each([
		['F1_-z', 'F1_-z'],
		['x'.repeat(255), 'x'.repeat(255)],
		['x'.repeat(256), undefined],
		['a.b', undefined],
		['.ab', undefined],
		['ab.', undefined],
	])('%s is %s', async (given, expected) => {
		const server = await withAnswer(
			(tag) => `* STATUS INBOX (MAILBOXID (${given}))\r\n${tag} OK\r\n`,
		);
		expect(await mailboxIdOf(await connected(server), 'INBOX')).toBe(expected);
	});

	test('that is refused is none, but not if the connection breaks', async () => {
		const refused = await withAnswer((tag) => `${tag} NO no\r\n`);
		expect(await mailboxIdOf(await connected(refused), 'INBOX')).toBeUndefined();
		const broken = await withAnswer(() => '* BYE\r\n');
		await expect(mailboxIdOf(await connected(broken), 'INBOX')).rejects.toMatchObject({
			code: 'BYE',
		});
	});
});
