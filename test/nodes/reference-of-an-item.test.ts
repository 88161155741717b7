/** The reference of an item that other nodes, or people, have changed on its way. */
import type { IDataObject } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { box, errorOf, jsonOf, mail, startServer, USER } from './run-node';

async function start() {
	const server = await startServer();
	const account = server.account(USER);
	const inbox = account.mailbox('INBOX');
	inbox.append(mail('one'));
	const { uidValidity } = inbox;
	return { server, account, inbox, item: { mailbox: 'INBOX', uidValidity, uid: 1 } };
}

const permanently = {
	...({ node: 'imap4Message', operation: 'delete' } as const),
	parameters: { deleteMode: 'permanent' },
};

describe('without UIDVALIDITY', () => {
	test.each([undefined, null])(
		'no message is read or deleted: the mailbox could be another one by now (%j)',
		async (uidValidity) => {
			const { server, account } = await start();
			const work = account.create('Work');
			work.append(mail('of a mailbox that was created again'));
			const items = [{ mailbox: 'Work', uid: 1, uidValidity } as IDataObject];
			for (const operation of ['delete', 'get'] as const) {
				const { message, description } = await errorOf({
					...permanently,
					operation,
					server,
					items,
				});
				expect(message).toContain('The message reference has no uidValidity');
				expect(description).toContain('"Include Other Input Fields"');
			}
			expect(work.messages).toHaveLength(1);
		},
	);

	test('no message By Reference either', async () => {
		const { server, inbox } = await start();
		const reference = { messages: 'reference', mailbox: box('INBOX'), referenceUid: 1 };
		const { message } = await errorOf({
			...{ node: 'imap4Message', operation: 'delete', server },
			parameters: { ...reference, deleteMode: 'permanent', referenceUidValidity: '={{ null }}' },
		});
		expect(message).toContain('no uidValidity');
		expect(inbox.messages).toHaveLength(1);
	});

	test('a message is found where the server has none', async () => {
		const { server, inbox } = await start();
		server.faults.rewrite = (octets) =>
			Buffer.from(
				octets.toString('latin1').replace(/\* OK \[UIDVALIDITY \d+\][^\r]*\r\n/, ''),
				'latin1',
			);
		await jsonOf({
			...permanently,
			server,
			items: [{ mailbox: 'INBOX', uid: 1, uidValidity: null }],
		});
		expect(inbox.messages).toHaveLength(0);
	});
});

test.each<[string, IDataObject, string]>([
	['a UID with a space', { uid: '1 ' }, '"1 " in the field "uid" of the item is not a UID'],
	['a UID that is not a whole number', { uid: 1.5 }, '1.5 in the field "uid"'],
	['a negative UID', { uid: -1 }, '-1 in the field "uid"'],
	['a UID that is too large', { uid: 2 ** 32 }, '4294967296 in the field "uid"'],
	['several UIDs', { uid: [1, 2] }, '[1,2] in the field "uid"'],
	['a mailbox that is an object', { mailbox: { name: 'INBOX' } }, 'in the field "mailbox"'],
	['a UIDVALIDITY that is text', { uidValidity: 'x' }, '"x" in the field "uidValidity"'],
	['a UID that no server reported', { uid: null }, 'The UID of this message is not known'],
	['no UID', { uid: undefined }, 'The item has no message reference'],
	['no mailbox', { mailbox: undefined }, 'The item has no message reference'],
])('%s is an error that names it, and nothing is deleted', async (_what, changed, says) => {
	const { server, inbox, item } = await start();
	const { message } = await errorOf({ ...permanently, server, items: [{ ...item, ...changed }] });
	expect(message).toContain(says);
	expect(inbox.messages).toHaveLength(1);
});

test('lists of an item that Aggregate made of several are to be split again', async () => {
	const { server, item } = await start();
	const lists = { mailbox: [item.mailbox], uidValidity: [item.uidValidity], uid: [item.uid] };
	const { description } = await errorOf({ ...permanently, server, items: [lists] });
	expect(description).toContain('Split Out');
});

test.each<[string, IDataObject, string, string]>([
	[
		'the report of a dry run',
		{ dryRun: true, mailbox: 'INBOX', uids: '1' },
		'a dry run',
		'"Dry Run"',
	],
	['the error of an earlier node', { error: 'no', details: 'x' }, 'error of an', '"On Error"'],
	['what Always Output Data adds', {}, 'The item is empty', '"Always Output Data"'],
])('%s in the place of a message has an error of its own', async (_what, item, says, advises) => {
	const { server, inbox } = await start();
	const { message, description } = await errorOf({ ...permanently, server, items: [item] });
	expect(message).toContain(says);
	expect(description).toContain(advises);
	expect(inbox.messages).toHaveLength(1);
});

test('numbers that became text are the same reference', async () => {
	const { server, inbox, item } = await start();
	const items = [{ ...item, uid: '1', uidValidity: String(item.uidValidity) }];
	await jsonOf({ ...permanently, server, items });
	expect(inbox.messages).toHaveLength(0);
});
