/** How the trigger goes on when the UIDs of a mailbox mean other messages. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Envelope } from '../../../engine/index';
import type { MailboxCursor } from '../../../nodes/Imap4MessageTrigger/cursor';
import { pollAgain, pollMailboxes } from '../../../nodes/Imap4MessageTrigger/mailbox-round';
import type { Settings } from '../../../nodes/Imap4MessageTrigger/settings';
import {
	fingerprint,
	newestFingerprints,
	remembering,
	renumberedCursor,
	renumberedError,
} from '../../../nodes/Imap4MessageTrigger/uidvalidity-change';
import { mail } from '../run-node';
import { startServer, USER } from '../start-server';
import { logger, mailboxPoll, settingsOf } from './one-mailbox';
import { NAMES, roundAt, start } from './one-round';
import { Poller } from './poller';

beforeEach(() => {
	logger.info.mockClear();
	logger.warn.mockClear();
});

const message = (id: string): string => `Message-ID: <${id}@example.com>\r\nSubject: x\r\n\r\n`;

async function serverWith(...ids: string[]) {
	const server = await startServer();
	const inbox = server.account(USER).mailbox('INBOX');
	for (const id of ids) inbox.append(message(id));
	return { server, inbox };
}

describe('a message is recognized', () => {
	const envelope = (more: object): Envelope =>
		({ date: new Date(0), subject: 's', from: [{ address: 'a@b' }], ...more }) as never;

	test('by its Message-ID, whatever else changed', () => {
		const one = fingerprint(envelope({ messageId: '<1>' }));
		expect(fingerprint(envelope({ messageId: '<1>', subject: 'other' }))).toBe(one);
		expect(fingerprint(envelope({ messageId: '<2>' }))).not.toBe(one);
		expect(one).toMatch(/^[\w-]{16}$/);
	});

	test('without one, by date, subject and sender together', () => {
		const all = [
			envelope({}),
			envelope({ subject: 'other' }),
			envelope({ date: new Date(1) }),
			envelope({ from: [{ address: 'c@d' }] }),
			envelope({ from: undefined }),
		].map(fingerprint);
		expect(new Set(all).size).toBe(5);
		expect(fingerprint(envelope({ messageId: undefined }))).toBe(all[0]);
		expect(fingerprint(undefined)).toBe(fingerprint(undefined));
	});
});

test('the newest thousand fingerprints are remembered, each once', () => {
	const many = Array.from({ length: 999 }, (_, n) => `m${n}`);
	expect(remembering(['a', 'b', ...many], ['m0', 'c'])).toEqual(['b', ...many, 'c'].slice(-1000));
	expect(remembering(undefined, ['a', 'a'])).toEqual(['a']);
});

test('fingerprints are taken of the newest thousand messages', async () => {
	const { server, inbox } = await serverWith();
	expect(await newestFingerprints(await mailboxPoll(server))).toEqual(new Map());
	for (let n = 1; n <= 1001; n++) inbox.append(message(`${n}`));
	const found = await newestFingerprints(await mailboxPoll(server));
	expect([...found.keys()].sort((a, b) => a - b)).toEqual(
		Array.from({ length: 1000 }, (_, n) => n + 2),
	);
	expect(new Set(found.values()).size).toBe(1000);
});

describe('when UIDVALIDITY has changed', () => {
	const old: MailboxCursor = { uidValidity: 1, lastUid: 50 };

	async function go(
		{ server }: Awaited<ReturnType<typeof serverWith>>,
		onRenumbered: Settings['onRenumbered'],
		more: Partial<MailboxCursor> = {},
	): Promise<MailboxCursor> {
		const poll = await mailboxPoll(server, { settings: settingsOf({ onRenumbered }) });
		return renumberedCursor(poll, { ...old, ...more }, 3);
	}

	test('the trigger continues with what arrives from now on, and reports it', async () => {
		const world = await serverWith('a', 'b', 'c');
		const { uidValidity, id } = world.inbox;
		expect(
			await go(world, 'baseline', { inFlight: { 4: { given: 1, times: 1, seen: false } } }),
		).toEqual({ uidValidity, mailboxId: id, lastUid: 3, renumbered: 1 });
		expect(logger.warn).toHaveBeenCalledExactlyOnceWith(
			`The UIDVALIDITY of the mailbox "INBOX" changed from 1 to ${uidValidity}, so its UIDs mean other messages now. The trigger continues with messages that arrive from now on.`,
			{ unacknowledged: 1 },
		);
		expect(logger.info).not.toHaveBeenCalled();
	});

	test('it fails if that is set, and says what to do', async () => {
		const world = await serverWith('a');
		await expect(go(world, 'fail')).rejects.toMatchObject({
			message: expect.stringContaining('so its UIDs mean other messages now') as string,
			advice: expect.stringContaining('choose in "When UIDVALIDITY Changes"') as string,
		});
	});

	test('it delivers the messages that it does not know, if that is set', async () => {
		const world = await serverWith('a', 'b', 'c');
		const known = await newestFingerprints(await mailboxPoll(world.server));
		const [a = '', b = '', c = ''] = known.values();
		const next = await go(world, 'rescan', { fingerprints: [a, c] });
		expect(next).toMatchObject({ lastUid: 3, queue: '2', fingerprints: [a, c] });
		expect(logger.warn).toHaveBeenCalledWith(
			expect.stringContaining('continues with messages it does not know'),
			{ unacknowledged: 0 },
		);
		expect(await go(world, 'rescan', { fingerprints: [a, b, c] })).not.toHaveProperty('queue');
	});

	test('it delivers none of them where it was set to compare only now', async () => {
		const world = await serverWith('a', 'b');
		const known = await newestFingerprints(await mailboxPoll(world.server));
		const next = await go(world, 'rescan');
		expect(next).not.toHaveProperty('queue');
		expect(next.fingerprints).toEqual([...known.values()]);
		expect(logger.warn).toHaveBeenCalledWith(
			expect.stringContaining('continues with messages that arrive from now on'),
			{ unacknowledged: 0 },
		);
	});

	test('it delivers all of them where nothing was handled before', async () => {
		const world = await serverWith('a', 'b');
		expect((await go(world, 'rescan', { lastUid: 0 })).queue).toBe('1:2');
	});

	test('it says what changed, where that is not UIDVALIDITY', async () => {
		const world = await serverWith('a');
		const { uidValidity, id } = world.inbox;
		await go(world, 'baseline', { uidValidity });
		expect(logger.warn).toHaveBeenLastCalledWith(
			'The next UID of the mailbox "INBOX" went back from above 50 to 2, though its UIDVALIDITY is the same, so its UIDs mean other messages now. The trigger continues with messages that arrive from now on.',
			{ unacknowledged: 0 },
		);
		await go(world, 'baseline', { uidValidity, mailboxId: 'F9' });
		expect(logger.warn).toHaveBeenLastCalledWith(
			expect.stringContaining(`its MAILBOXID changed from F9 to ${id}`),
			{ unacknowledged: 0 },
		);
	});

	test('what was delivered and not acknowledged is delivered again', async () => {
		const world = await serverWith('a', 'b', 'c');
		const [a = '', b = '', c = ''] = (
			await newestFingerprints(await mailboxPoll(world.server))
		).values();
		const next = await go(world, 'rescan', {
			fingerprints: [a, b, c],
			inFlight: {
				7: { given: 1, times: 1, seen: false, who: b },
				8: { given: 1, times: 1, seen: false },
			},
		});
		expect(next.queue).toBe('2');
	});

	test('because the mailbox was renamed, all of the one that has its name now is new', async () => {
		const world = await serverWith('a');
		const { uidValidity } = world.server.account(USER).create('Moved');
		const next = await go(world, 'fail', { uidValidity, lastUid: 0 });
		expect(next).toEqual({
			uidValidity: world.inbox.uidValidity,
			mailboxId: world.inbox.id,
			lastUid: 0,
		});
		expect(logger.info).toHaveBeenCalledExactlyOnceWith(
			'The mailbox "INBOX" was renamed to "Moved", and another one has its name now. All messages in it are new.',
		);
		expect(logger.warn).not.toHaveBeenCalled();
	});
});

describe('a mailbox that was empty, and has another UIDVALIDITY now', () => {
	test.each(['baseline', 'fail'] as const)('has only new messages (%s)', async (onRenumbered) => {
		const { server, inbox } = await serverWith('a', 'b', 'c');
		const { uidValidity, id } = inbox;
		const poll = await mailboxPoll(server, { settings: settingsOf({ onRenumbered }) });
		for (const old of [{}, { mailboxId: id }]) {
			const cursor: MailboxCursor = { uidValidity: 1, lastUid: 50, exists: 0, ...old };
			expect(await renumberedCursor(poll, cursor, 3)).toEqual({
				...{ uidValidity, mailboxId: id, lastUid: 0 },
			});
		}
		expect(logger.warn).not.toHaveBeenCalled();
	});

	test.each<Partial<MailboxCursor>>([
		{ exists: 1 },
		{ exists: undefined },
		{ keptEmpty: true },
		{ fromNow: true },
		{ mailboxId: 'F9' },
	])('may be another one: %j', async (more) => {
		const { server } = await serverWith('a', 'b', 'c');
		const poll = await mailboxPoll(server, { settings: settingsOf({ onRenumbered: 'baseline' }) });
		const cursor: MailboxCursor = { uidValidity: 1, lastUid: 50, exists: 0, ...more };
		expect(await renumberedCursor(poll, cursor, 3)).toMatchObject({ lastUid: 3, renumbered: 1 });
	});

	describe.each([
		['one mailbox', {}],
		['a pattern', { watch: 'pattern', pattern: 'INBOX' }],
	])('%s', (_, parameters) => {
		test('whose UIDVALIDITY changes whenever it is empty gives all that arrives', async () => {
			const { server, inbox } = await serverWith();
			const poller = new Poller({ server, parameters });
			for (let poll = 0; poll < 5; poll++) {
				expect(await poller.poll()).toEqual([]);
				inbox.uidValidity++;
			}
			inbox.append(mail('one'));
			expect(await poller.subjects()).toEqual(['one']);
			expect(await poller.subjects()).toEqual([]);
		});

		test('whose UIDVALIDITY stayed while it was empty was recreated or restored', async () => {
			const { server, inbox } = await serverWith();
			const poller = new Poller({ server, parameters });
			expect(await poller.poll()).toEqual([]);
			expect(await poller.poll()).toEqual([]);
			inbox.uidValidity++;
			inbox.append(mail('restored'));
			expect(await poller.subjects()).toEqual([]);
			inbox.append(mail('new'));
			expect(await poller.subjects()).toEqual(['new']);
		});
	});

	test('keeps its UIDVALIDITY from poll to poll, not from look to look', async () => {
		const { server, account, state } = await start();
		const mailboxes = NAMES.map((name) => account.mailbox(name));
		for (const mailbox of mailboxes) mailbox.remove(new Set(mailbox.messages));
		await pollMailboxes(roundAt(server, { state }));
		const later = async (): Promise<Array<true | undefined>> => {
			const round = roundAt(server, { state });
			await pollMailboxes(round, async (imap) => void (await pollAgain(round, imap)));
			return NAMES.map((name) => state.mailboxes[name]?.keptEmpty);
		};
		for (const mailbox of mailboxes) mailbox.uidValidity++;
		expect(await later()).toEqual([undefined, undefined, undefined]);
		expect(await later()).toEqual([true, true, true]);
	});
});

test('a UIDVALIDITY that changes in every poll is an error from the third time on', async () => {
	const { server } = await serverWith('a');
	const poll = await mailboxPoll(server);
	const cursorOf = (renumbered?: number): MailboxCursor => ({
		uidValidity: 1,
		lastUid: 1,
		...(renumbered === undefined ? {} : { renumbered }),
	});
	expect((await renumberedCursor(poll, cursorOf(1), 1)).renumbered).toBe(2);
	expect(renumberedError(poll, cursorOf())).toBeUndefined();
	expect(renumberedError(poll, cursorOf(2))).toBeUndefined();
	const error = renumberedError(poll, cursorOf(3));
	expect(error?.message).toMatch(/"INBOX" changes in every poll/);
	expect(error?.advice).toContain('Choose "Compare by Message-ID"');
	const rescan = { ...poll, settings: settingsOf({ onRenumbered: 'rescan' }) };
	expect(renumberedError(rescan, cursorOf(3))).toBeUndefined();
});
