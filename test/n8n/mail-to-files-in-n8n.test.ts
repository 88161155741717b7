/**
 * The workflows of workflows/ that carry mail elsewhere, into folders and into another account, in a full
 * n8n, on fresh accounts of real servers.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { wholeLetter } from './letters';
import {
	contents,
	fill,
	loggedIn,
	messageIds,
	onCyrus,
	onDovecot,
	targetCredential,
} from './mail-accounts';
import { WorkflowRuns, workflowOn } from './workflow-runs';

const allowed = mkdtempSync(join(tmpdir(), 'n8n-files-'));
afterAll(() => rmSync(allowed, { recursive: true, force: true }));

const runs = WorkflowRuns.ofThisFile({
	settings: { N8N_RESTRICT_FILE_ACCESS_TO: allowed },
});

function folder(name: string): string {
	const path = join(allowed, name);
	mkdirSync(path);
	return path;
}

workflowOn('Dovecot')('save-invoice-attachments', () => {
	const account = onDovecot();
	const logIn = loggedIn(account);
	const into = folder('invoices');
	const asShipped = runs.add('save-invoice-attachments', { logIn, settings: { folder: into } });
	const real = runs.add('save-invoice-attachments', {
		logIn,
		settings: { folder: into, dryRun: false },
	});
	const nowhere = runs.add('save-invoice-attachments', {
		logIn,
		settings: { folder: join(tmpdir(), 'not-allowed'), dryRun: false },
	});

	test('writes each matching file once, within the folder, and marks the messages', async () => {
		const pdf = (name: string, content: string) => ({ name, type: 'application/pdf', content });
		await fill(account, {
			INBOX: [
				{
					subject: '',
					raw: wholeLetter({
						subject: 'Two',
						files: [
							pdf('Invoice 4711.pdf', 'the first'),
							{ name: 'logo.png', type: 'image/png', content: 'no invoice' },
							pdf('Rechnung.pdf', 'the second'),
						],
					}),
				},
				{
					subject: '',
					raw: wholeLetter({
						subject: 'Outwards',
						files: [pdf('../../../../tmp/invoice.pdf', 'stays within')],
					}),
				},
				{ subject: '', raw: wholeLetter({ subject: 'Other', files: [pdf('plan.pdf', 'a plan')] }) },
				{ subject: 'An invoice without a file' },
			],
		});
		const before = await contents(account);
		const uidValidity = before.INBOX?.length === 4 ? '\\d+' : 'no account was filled';
		const looked = await asShipped();
		expect(looked.error).toBeUndefined();
		expect(looked.items('What Would Be Saved')).toHaveLength(3);
		expect(readdirSync(into)).toEqual([]);
		expect((await nowhere()).error).toMatch(/^Write the File: /);
		expect(await contents(account)).toEqual(before);

		expect((await real()).error).toBeUndefined();
		const files = Object.fromEntries(
			readdirSync(into).map((name) => [name, readFileSync(join(into, name), 'utf8')]),
		);
		const name = (uid: number, part: number, file: string) =>
			expect.stringMatching(
				new RegExp(`^\\d{4}-\\d\\d-\\d\\d_${uidValidity}-${uid}-${part}_${file}$`),
			) as string;
		expect(Object.keys(files).sort()).toEqual([
			name(1, 2, 'Invoice_4711\\.pdf'),
			name(1, 4, 'Rechnung\\.pdf'),
			name(2, 2, '[\\w._-]*invoice\\.pdf'),
		]);
		expect(Object.values(files).sort()).toEqual(['stays within', 'the first', 'the second']);
		const after = await contents(account);
		expect(after.INBOX?.map(({ flags }) => flags.includes('invoice-saved'))).toEqual([
			true,
			true,
			false,
			false,
		]);
		expect(after.INBOX?.some(({ flags }) => flags.includes('\\Seen'))).toBe(false);

		const again = await real();
		expect(again.error).toBeUndefined();
		expect(again.hasRun('Write the File')).toBe(false);
	});
});

workflowOn('Dovecot')('mail-to-markdown', () => {
	const account = onDovecot();
	const logIn = loggedIn(account);
	const into = folder('notes');
	const settings = { folder: into, mailbox: 'Knowledge Base' };
	const asShipped = runs.add('mail-to-markdown', { logIn, settings });
	const real = runs.add('mail-to-markdown', { logIn, settings: { ...settings, dryRun: false } });

	test('writes a note for each message, and no subject breaks out of its line or the folder', async () => {
		await fill(account, {
			INBOX: [{ subject: 'not kept' }],
			'Knowledge Base': [
				{
					subject: '',
					raw: wholeLetter({
						subject: 'How we deploy',
						html: '<h1>Deploy</h1><ul><li>build</li><li><a href="https://wiki.example/d">ship</a></li></ul>',
						files: [{ name: 'a.txt', type: 'text/plain', content: 'a' }],
					}),
				},
				{
					subject: '',
					raw: wholeLetter({
						subject: '=?utf-8?q?=22=0Aevil:_yes=0A---_/../../etc/passwd?=',
						text: 'New words.\r\n\r\nOn Mon, 2 Mar 2026 at 09:30, Bert <bert@mail.example> wrote:\r\n> old words\r\n\r\n-- \r\nAnna',
					}),
				},
			],
		});
		const before = await contents(account);
		const looked = await asShipped();
		expect(looked.error).toBeUndefined();
		expect(looked.items('What Would Be Written')).toHaveLength(2);
		expect(readdirSync(into)).toEqual([]);
		expect(await contents(account)).toEqual(before);

		expect((await real()).error).toBeUndefined();
		const names = readdirSync(into);
		expect(names).toHaveLength(2);
		const noteNamed = (pattern: RegExp) =>
			readFileSync(join(into, names.find((name) => pattern.test(name)) ?? 'none'), 'utf8').split(
				'\n',
			);
		const first = noteNamed(/^\d{4}-\d\d-\d\d How we deploy \d+-1\.md$/);
		const other = noteNamed(/^\d{4}-\d\d-\d\d evil yes --- \.\. \.\. etc passwd \d+-2\.md$/);
		expect(first).toEqual([
			'---',
			'title: "How we deploy"',
			'from: "Anna <anna@mail.example>"',
			'to: "Bert <bert@mail.example>"',
			'date: "2026-03-04T09:30:00.000Z"',
			'messageId: "<How-we-deploy@mail.example>"',
			'attachments: true',
			'---',
			'',
			'# Deploy',
			'',
			'- build',
			'- [ship](https://wiki.example/d)',
			'',
		]);
		expect(other.filter((line) => line === '---')).toHaveLength(2);
		expect(other.slice(8)).toEqual(['', 'New words.', '']);
		const after = await contents(account);
		const marked = after['Knowledge Base']?.map(({ flags }) => flags);
		expect(marked).toEqual([['in-knowledge-base'], ['in-knowledge-base']]);

		const again = await real();
		expect(again.error).toBeUndefined();
		expect(again.hasRun('Write the File')).toBe(false);
	});
});

workflowOn('Dovecot', 'Cyrus')('archive-to-another-account', () => {
	const [account, archive] = [onDovecot(), onCyrus()];
	const logIn = loggedIn(account);
	const others = { 'Move to the Archive Account': targetCredential(archive) };
	const settings = { mailboxes: ['INBOX', 'Projects'], olderThanDays: 100, dryRun: false };
	const asShipped = runs.add('archive-to-another-account', {
		logIn,
		others,
		settings: { ...settings, dryRun: true },
	});
	const tooMany = runs.add('archive-to-another-account', {
		logIn,
		others,
		settings: { ...settings, stopIfMoreThan: 1 },
	});
	const withoutAge = runs.add('archive-to-another-account', {
		logIn,
		others,
		settings: { ...settings, olderThanDays: null },
	});
	const real = runs.add('archive-to-another-account', { logIn, others, settings });

	test('moves what is old, with flags and dates, only with an age and within the limit', async () => {
		await fill(account, {
			INBOX: [
				{ subject: 'old', age: 800, flags: ['\\Seen', 'kept'] },
				{ subject: 'there', age: 900 },
				{ subject: 'new', age: 3 },
			],
			Projects: [{ subject: 'old plan', age: 800 }],
			Other: [{ subject: 'old other', age: 800 }],
		});
		await fill(archive, { INBOX: [{ subject: 'there', age: 900 }] });
		const before = await contents(account);
		const archived = await contents(archive);
		const looked = await asShipped();
		expect(looked.error).toBeUndefined();
		expect(looked.items('Move to the Archive Account')).toMatchObject([
			{ dryRun: true, count: 2, alreadyThere: 1 },
			{ dryRun: true, count: 1, missing: true },
		]);
		expect((await tooMany()).error).toContain('Stop If More Than');
		expect((await withoutAge()).error).toMatch(/Received Before/);
		expect(await contents(account)).toEqual(before);
		expect(await contents(archive)).toEqual(archived);

		expect((await real()).error).toBeUndefined();
		expect(await messageIds(account)).toEqual({ INBOX: ['new'], Other: ['old-other'] });
		expect(await messageIds(archive)).toEqual({ INBOX: ['there', 'old'], Projects: ['old-plan'] });
		const [, moved] = (await contents(archive)).INBOX ?? [];
		const [{ digest, flags, internalDate } = {}] = before.INBOX ?? [];
		expect(moved).toMatchObject({ digest, flags, internalDate });

		const again = await real();
		expect(again.error).toBeUndefined();
		expect(await messageIds(archive)).toEqual({ INBOX: ['there', 'old'], Projects: ['old-plan'] });
	});
});
