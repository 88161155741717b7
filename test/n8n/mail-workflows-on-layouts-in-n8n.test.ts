/**
 * The workflows of workflows/ as they are imported, in a full n8n, on servers that name mailboxes otherwise:
 * Courier keeps all of them below INBOX, with dots between the levels.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { bounce, bouncedRecipient, wholeLetter } from './letters';
import { fill, freshName, loggedIn, messageIds, onCourier, onCyrus } from './mail-accounts';
import { WorkflowRuns, workflowOn } from './workflow-runs';

const allowed = mkdtempSync(join(tmpdir(), 'n8n-files-'));
afterAll(() => rmSync(allowed, { recursive: true, force: true }));

const runs = WorkflowRuns.ofThisFile({
	settings: { N8N_RESTRICT_FILE_ACCESS_TO: allowed },
});

const raw = (text: string) => ({ subject: '', raw: text });

const layouts = [
	{ server: 'Cyrus', fresh: onCyrus, path: (name: string) => name },
	{
		server: 'Courier',
		fresh: onCourier,
		path: (name: string) => `INBOX.${name.replaceAll('/', '.')}`,
	},
] as const;

for (const { server, fresh, path } of layouts) {
	workflowOn(server)(`on ${server}`, () => {
		const account = fresh();
		const logIn = loggedIn(account);
		const folder = join(allowed, server);
		mkdirSync(folder);
		const bounces = runs.add('handle-bounces', {
			logIn,
			settings: { table: `Bounces ${freshName()}`, dryRun: false },
		});
		const invoices = runs.add('save-invoice-attachments', {
			logIn,
			settings: { folder, dryRun: false },
		});
		const notes = runs.add('mail-to-markdown', { logIn, settings: { folder, dryRun: false } });
		const newsletters = runs.add('unsubscribe-newsletters', { logIn });
		const triage = runs.add('shared-mailbox-triage', { logIn });

		test('each finds and makes its mailboxes under their usual names', async () => {
			await fill(account, {
				[path('Knowledge Base')]: [{ subject: 'Worth keeping' }],
				[path('Unsubscribe')]: [{ subject: 'News' }],
				INBOX: [
					raw(bounce('Gone', [bouncedRecipient('nobody@there.example', 'failed', '5.1.1')])),
					raw(
						wholeLetter({
							subject: 'An invoice',
							files: [{ name: 'invoice.pdf', type: 'application/pdf', content: 'a file' }],
						}),
					),
				],
			});
			for (const run of [bounces, invoices, notes, newsletters, triage]) {
				expect((await run()).error).toBeUndefined();
			}
			expect(await messageIds(account)).toEqual({
				[path('Bounces')]: ['Gone'],
				[path('Knowledge Base')]: ['Worth-keeping'],
				[path('Triage/Billing')]: ['An-invoice'],
				[path('Unsubscribe')]: ['News'],
			});
			expect(readdirSync(folder).sort()).toEqual([
				expect.stringMatching(/Worth keeping \d+-1\.md$/) as string,
				expect.stringMatching(/_invoice\.pdf$/) as string,
			]);
			for (const run of [invoices, notes]) {
				expect((await run()).hasRun('Write the File')).toBe(false);
			}
		});
	});
}
