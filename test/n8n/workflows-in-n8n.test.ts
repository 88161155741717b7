/**
 * The workflows of workflows/ that look after messages, in a full n8n, each on fresh accounts of
 * Dovecot; what they did is looked at over a connection of the tests' own.
 */
import { expect, test } from 'vitest';
import type { MessageSnapshot } from '../../demo/snapshot';
import {
	connection,
	contents,
	fill,
	loggedIn,
	messageIds,
	onCourier,
	onCyrus,
	onDovecot,
	targetCredential,
} from './mail-accounts';
import { withoutDryRun } from '../../demo/workflows';
import { WorkflowRuns, workflowOn } from './workflow-runs';

const runs = WorkflowRuns.ofThisFile();

workflowOn('Dovecot')('archive-by-year', () => {
	const account = onDovecot();
	const run = runs.add('archive-by-year', { logIn: loggedIn(account), change: withoutDryRun });

	test('archives old mail by its year, purges old junk, and then has nothing to do', async () => {
		await fill(account, {
			INBOX: [
				{ subject: 'two years', age: 800, flags: ['\\Seen', '\\Flagged', 'kept'] },
				{ subject: 'new', age: 3 },
			],
			Junk: [
				{ subject: 'old junk', age: 40 },
				{ subject: 'new junk', age: 4 },
			],
		});
		const [old] = (await contents(account)).INBOX ?? [];
		expect((await run()).error).toBeUndefined();
		const after = await contents(account);
		const archive = `Archive/${new Date(Date.now() - 800 * 86_400_000).getUTCFullYear()}`;
		expect(after[archive]).toMatchObject([{ ...old, uid: expect.any(Number) as number }]);
		expect(await messageIds(account)).toEqual({
			INBOX: ['new'],
			Junk: ['new-junk'],
			[archive]: ['two-years'],
		});

		expect((await run()).error).toBeUndefined();
		expect(await contents(account)).toEqual(after);
	});
});

workflowOn('Dovecot')('purge-junk-and-trash', () => {
	const account = onDovecot();
	const logIn = loggedIn(account);
	const asShipped = runs.add('purge-junk-and-trash', { logIn });
	const tooMany = runs.add('purge-junk-and-trash', {
		logIn,
		settings: { dryRun: false, stopIfMoreThan: 1 },
	});
	const withoutDays = runs.add('purge-junk-and-trash', {
		logIn,
		settings: { dryRun: false, mailboxes: [{ mailbox: 'Junk', olderThanDays: null }] },
	});
	const real = runs.add('purge-junk-and-trash', { logIn, settings: { dryRun: false } });

	test('looks, stops above the limit, purges, and then has nothing to do', async () => {
		await fill(account, {
			INBOX: [{ subject: 'kept', age: 400 }],
			Junk: [
				{ subject: 'old 1', age: 40 },
				{ subject: 'old 2', age: 50 },
				{ subject: 'young junk', age: 5 },
			],
			Trash: [
				{ subject: 'old 3', age: 400 },
				{ subject: 'young trash', age: 5 },
			],
		});
		const before = await contents(account);

		const looked = await asShipped();
		expect(looked.error).toBeUndefined();
		expect(looked.items('Dry Run')).toMatchObject([
			{ mailbox: 'Junk', count: 2, uids: '1:2' },
			{ mailbox: 'Trash', count: 1, uids: '1' },
		]);
		expect(looked.items('Purge')).toMatchObject([{ dryRun: true }, { dryRun: true }]);
		expect(await contents(account)).toEqual(before);

		const stopped = await tooMany();
		expect(stopped.error).toMatch(/^Stop Before Anything Is Deleted: .*2 in Junk/);
		expect(await contents(account)).toEqual(before);
		expect((await withoutDays()).error).toMatch(/must be a whole number, [01]/);
		expect(await contents(account)).toEqual(before);

		expect((await real()).error).toBeUndefined();
		const after = await contents(account);
		expect(await messageIds(account)).toEqual({
			INBOX: ['kept'],
			Junk: ['young-junk'],
			Trash: ['young-trash'],
		});
		expect((await real()).items('Purge')).toMatchObject([{ count: 0 }, { count: 0 }]);
		expect(await contents(account)).toEqual(after);
	});
});

workflowOn('Dovecot')('find-and-remove-duplicates', () => {
	const account = onDovecot();
	const logIn = loggedIn(account);
	const asShipped = runs.add('find-and-remove-duplicates', { logIn });
	const tooMany = runs.add('find-and-remove-duplicates', {
		logIn,
		settings: { dryRun: false, stopIfMoreThan: 1 },
	});
	const real = runs.add('find-and-remove-duplicates', { logIn, settings: { dryRun: false } });

	test('keeps the oldest of each group, and what only looks like a copy', async () => {
		const twin = { subject: 'twin', messageId: '<twin@mail.example>' };
		const anonymous = { subject: 'anonymous', messageId: null };
		await fill(account, {
			INBOX: [
				{ ...twin, age: 1 },
				{ ...twin, age: 2 },
				{ ...twin, age: 1, body: 'Another text under the same Message-ID' },
				anonymous,
				anonymous,
				{ subject: 'vanishing', flags: ['\\Deleted'], age: 3 },
				{ subject: 'vanishing' },
				{ subject: 'triple', age: 3 },
				{ subject: 'triple', age: 4 },
				{ subject: 'triple', age: 5 },
				{ subject: 'single' },
			],
			Trash: [],
		});
		const before = await contents(account);
		const looked = await asShipped();
		expect(looked.items('Delete Duplicates')).toMatchObject([
			{ dryRun: true, count: 3, uids: '1,8:9', trash: 'Trash' },
		]);
		expect((await tooMany()).error).toContain('Stop If More Than');
		expect(await contents(account)).toEqual(before);

		expect((await real()).error).toBeUndefined();
		const after = await contents(account);
		expect(after.INBOX?.map(({ uid }) => uid)).toEqual([2, 3, 4, 5, 6, 7, 10, 11]);
		expect(after.Trash).toHaveLength(3);
		const again = await real();
		expect(again.error).toBeUndefined();
		expect(again.hasRun('Delete Duplicates')).toBe(false);
		expect(await contents(account)).toEqual(after);
	});
});

workflowOn('Dovecot')('folder-statistics', () => {
	const account = onDovecot();
	const run = runs.add('folder-statistics', { logIn: loggedIn(account) });

	test('counts every mailbox, adds up, and writes a file', async () => {
		await fill(account, {
			INBOX: [{ subject: 'read', flags: ['\\Seen'] }, { subject: 'unread' }],
			'Büro, "A"': [{ subject: 'large', body: 'x'.repeat(20_000) }],
		});
		const before = await contents(account);
		const bytes = (name: string) => (before[name] ?? []).reduce((sum, { size }) => sum + size, 0);
		const outcome = await run();
		expect(outcome.error).toBeUndefined();
		const table = outcome.items('The Table');
		expect(table[0]).toEqual({
			mailbox: 'Büro, "A"',
			messages: 1,
			unread: 1,
			bytes: bytes('Büro, "A"'),
		});
		expect(table).toContainEqual({
			mailbox: 'INBOX',
			messages: 2,
			unread: 1,
			bytes: bytes('INBOX'),
		});
		expect(table).toContainEqual({ mailbox: 'Sent', messages: 0, unread: 0, bytes: 0 });
		expect(table.at(-1)).toEqual({
			mailbox: 'TOTAL',
			messages: 3,
			unread: 2,
			bytes: bytes('INBOX') + bytes('Büro, "A"'),
		});
		expect(outcome.binary('Write the File')).toMatchObject({
			fileName: 'folder-statistics.csv',
			mimeType: 'text/csv',
		});
		expect(await contents(account)).toEqual(before);
	});
});

workflowOn('Dovecot', 'Cyrus')('copy-account', () => {
	const [source, other, target] = [onDovecot(), onDovecot(), onCyrus()];
	const logIn = loggedIn(source);
	const others = { 'Copy to the Other Account': targetCredential(target) };
	const settings = { leaveOut: ['Junk'], dryRun: false };
	const asShipped = runs.add('copy-account', {
		logIn,
		others,
		settings: { ...settings, dryRun: true },
	});
	const breaking = runs.add('copy-account', {
		logIn,
		others,
		settings,
		change({ nodes }) {
			const copy = nodes.find(({ name }) => name === 'Copy to the Other Account');
			const mailbox = copy?.parameters.mailbox as { value: string };
			const last = "$itemIndex === $('Own and Not Left Out').all().length - 1";
			mailbox.value = `={{ ${last} ? 'Not There' : $json.mailbox }}`;
		},
	});
	const whole = runs.add('copy-account', { logIn, others, settings });

	test('copies contents, flags and dates, goes on where it broke, and doubles nothing', async () => {
		const twin = { subject: 'twin', messageId: '<twin@mail.example>' };
		const anonymous = { subject: 'anonymous', messageId: null };
		await fill(source, {
			INBOX: [
				{ subject: 'read', age: 900, flags: ['\\Seen', '\\Answered', '$Forwarded', 'kept'] },
				{ ...twin, age: 4 },
				{ ...twin, age: 3, body: 'Another text under the same Message-ID' },
				{ ...anonymous, age: 8 },
				{ ...anonymous, age: 7 },
			],
			'Work/Größe & mehr': [{ subject: 'umlaut', flags: ['\\Flagged'], body: 'Grüße\n' }],
			Work: [{ subject: 'there', age: 2 }],
			Empty: [],
			Junk: [{ subject: 'junk' }],
		});
		await fill(other, { Box: [{ subject: 'not their own' }] });
		await using owner = await connection(other);
		await owner.setAcl('Box', source.user, 'lr');
		await fill(target, {
			INBOX: [{ ...twin, age: 4 }, { subject: 'of its own' }],
			Work: [{ subject: 'there', age: 2 }],
		});
		const before = await contents(source);
		expect(before).toHaveProperty([`shared/${other.user}/Box`]);
		const own = await contents(target);
		const looked = await asShipped();
		expect(looked.error).toBeUndefined();
		const would = looked.items('Copy to the Other Account');
		expect(would).toHaveLength(3);
		expect(would).toEqual(
			expect.arrayContaining([
				expect.objectContaining({ dryRun: true, destination: 'INBOX', count: 5, alreadyThere: 1 }),
				expect.objectContaining({ destination: 'Work', count: 1, alreadyThere: 1 }),
			]),
		);
		expect(await contents(target)).toEqual(own);

		expect((await breaking()).error).toMatch(/^Copy to the Other Account: .*Not There/);
		const messagesIn = (mailboxes: Record<string, unknown[]>) => Object.values(mailboxes).flat();
		expect(messagesIn(await contents(target)).length).toBeGreaterThan(messagesIn(own).length);

		expect((await whole()).error).toBeUndefined();
		const after = await contents(target);
		// What a message is, whatever its UID: contents, flags, and the second in which it came.
		const essence = (messages: readonly MessageSnapshot[] = []) =>
			messages
				.map(({ digest, flags, internalDate }) =>
					[digest, Math.floor(internalDate.getTime() / 1000), ...flags].join(' '),
				)
				.sort();
		for (const name of ['INBOX', 'Work', 'Work/Größe & mehr']) {
			const added = essence(after[name]);
			for (const copied of essence(before[name])) {
				// The twin was there already, with the second in which it was stored there.
				if (essence(own[name]).some((one) => one.slice(0, 64) === copied.slice(0, 64))) continue;
				expect(added).toContain(copied);
			}
			const extra = name === 'INBOX' ? 1 : 0;
			expect(added).toHaveLength((before[name]?.length ?? 0) + extra);
		}
		expect(Object.keys(after).filter((name) => /Junk|Empty|shared/.test(name))).toEqual([]);
		expect(await contents(source)).toEqual(before);

		const again = await whole();
		expect(again.error).toBeUndefined();
		const copied = again.items('Copy to the Other Account');
		expect(copied.every(({ alreadyThere }) => alreadyThere === true)).toBe(true);
		expect(await contents(target)).toEqual(after);
	});
});

workflowOn('Dovecot', 'Courier')('copy-account to a server that names mailboxes otherwise', () => {
	const [source, target] = [onDovecot(), onCourier()];
	const whole = runs.add('copy-account', {
		logIn: loggedIn(source),
		others: { 'Copy to the Other Account': targetCredential(target) },
		settings: { dryRun: false },
	});

	test('the prefix and the separator are translated', async () => {
		await fill(source, {
			'Work/2.0/Plan': [{ subject: 'one', flags: ['\\Seen'] }],
			Other: [{ subject: 'two' }],
		});
		expect((await whole()).error).toBeUndefined();
		const copied = { 'INBOX.Other': ['two'], 'INBOX.Work.2_0.Plan': ['one'] };
		expect(await messageIds(target)).toEqual(copied);
		expect((await whole()).error).toBeUndefined();
		expect(await messageIds(target)).toEqual(copied);
	});
});

workflowOn('Dovecot')('thread-digest', () => {
	const account = onDovecot();
	const run = runs.add('thread-digest', { logIn: loggedIn(account), settings: { days: 5 } });

	test('writes one text, by conversation, the newest first', async () => {
		const answers = { inReplyTo: '<Plan@mail.example>' };
		await fill(account, {
			INBOX: [
				{ subject: 'Long ago', age: 30 },
				{ subject: 'Lunch', age: 3, body: 'At noon in the canteen.\n' },
				{ subject: 'Plan', age: 2, body: 'Shall we?\n' },
				{ subject: 'Re: Plan', age: 1, ...answers, body: '> Shall we?\nYes,  we\nshall.\n' },
			],
		});
		const before = await contents(account);
		const outcome = await run();
		expect(outcome.error).toBeUndefined();
		const [digest, ...more] = outcome.items('Send the Digest');
		expect(more).toEqual([]);
		expect(digest?.subject).toMatch(/^Conversations in INBOX since \d{4}-\d\d-\d\d: 2$/);
		const minutes = /\d{4}-\d\d-\d\d \d\d:\d\d/g;
		expect(String(digest?.text).replace(minutes, 'then').split('\n')).toEqual([
			'Plan (2)',
			'- then Anna <anna@mail.example>: Shall we?',
			'- then Anna <anna@mail.example>: Yes, we shall.',
			'',
			'Lunch (1)',
			'- then Anna <anna@mail.example>: At noon in the canteen.',
		]);
		expect(await contents(account)).toEqual(before);
	});
});
