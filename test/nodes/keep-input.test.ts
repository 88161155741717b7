/** What came in stays beside what was done with its message. */
import type { IDataObject } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { filledInbox, numberedMail } from './filled-inbox';
import { ACCOUNT, box, errorOf, jsonOf, runNode } from './run-node';

const node = 'imap4Message';

const serverWith = (count: number) => filledInbox(numberedMail(count));

describe('Keep Input Fields', () => {
	const binary = { data: { data: 'eA==', mimeType: 'text/plain', fileName: 'x.txt' } };
	const keepInputFields = true;
	const come = (items: IDataObject[]) =>
		items.map((json) => ({ json: { ...json, from: 'bert@example.org', subject: 's' }, binary }));

	test.each([
		['imap4Message', 'move', { destination: box('Archive') }, 'Archive'],
		['imap4Message', 'copy', { destination: box('Archive') }, 'Archive'],
		['imap4Message', 'delete', { deleteMode: 'permanent' }, 'INBOX'],
		['imap4Flags', 'add', { keywords: 'k' }, 'INBOX'],
		['imap4Flags', 'remove', { keywords: 'k' }, 'INBOX'],
		['imap4Flags', 'set', { keywords: 'k' }, 'INBOX'],
		['imap4Message', 'markAsRead', {}, 'INBOX'],
		['imap4Flags', 'acknowledge', {}, 'INBOX'],
	] as const)('%s %s', async (of, operation, parameters, mailbox) => {
		const { server, account, items } = await serverWith(2);
		account.create('Archive');
		const output = await runNode({
			node: of,
			operation,
			server,
			items: come(items),
			parameters: { ...parameters, keepInputFields },
		});
		expect(output).toHaveLength(2);
		for (const [index, { json, binary: files, pairedItem }] of output.entries()) {
			expect(json).toMatchObject({
				from: 'bert@example.org',
				subject: 's',
				mailbox,
				uid: index + 1,
				account: ACCOUNT,
			});
			expect(files).toEqual(binary);
			expect(pairedItem).toEqual({ item: index });
		}
	});

	test('what was done takes the place of fields of the same name', async () => {
		const { server, account, items } = await serverWith(1);
		account.create('Archive');
		const [moved] = await jsonOf({
			node,
			operation: 'move',
			server,
			items: [{ ...items[0], via: 'mine', own: 1 }],
			parameters: { destination: box('Archive'), keepInputFields },
		});
		expect(moved).toMatchObject({ own: 1, via: 'MOVE', mailbox: 'Archive', previous: items[0] });
	});

	test('what an earlier node says of its own run is not kept, as if this one had done it', async () => {
		const { server, account, items } = await serverWith(1);
		account.create('Archive');
		const earlier = { dryRun: true, notFound: true, alreadyThere: true, createdMailbox: true };
		const [moved] = await jsonOf({
			node,
			operation: 'move',
			server,
			items: [{ ...items[0], ...earlier, own: 1 }],
			parameters: { destination: box('Archive'), keepInputFields },
		});
		expect(moved).toMatchObject({ own: 1, via: 'MOVE' });
		for (const name of Object.keys(earlier)) expect(moved).not.toHaveProperty(name);
	});

	test('is refused where an expression is empty, before anything is changed', async () => {
		const { server, inbox, items } = await serverWith(1);
		const { message } = await errorOf({
			node,
			operation: 'delete',
			server,
			items,
			parameters: { deleteMode: 'permanent', keepInputFields: '={{ undefined }}' },
		});
		expect(message).toContain('"Keep Input Fields"');
		expect(inbox.messages).toHaveLength(1);
	});
});
