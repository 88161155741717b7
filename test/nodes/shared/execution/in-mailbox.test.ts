/** Searches of several items: which share one EXAMINE, and what becomes of the others where one fails. */
import type { IDataObject } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../../../nodes/shared/errors/user-error';
import { sameMailbox } from '../../../../nodes/shared/execution/in-mailbox';
import {
	box,
	commandNames,
	errorOf,
	jsonOf,
	mail,
	runNode,
	runToEnd,
	startServer,
	USER,
	type NodeRunOptions,
} from '../../run-node';

async function start() {
	const server = await startServer();
	const account = server.account(USER);
	account.mailbox('INBOX').append(mail('in'));
	account.create('Other').append(mail('other'));
	const search = (items: IDataObject[], parameters: NodeRunOptions['parameters'] = {}) => ({
		node: 'imap4Message' as const,
		operation: 'getMany',
		server,
		items,
		parameters: { mailbox: box('={{ $json.in }}'), ...parameters },
	});
	return { server, account, search };
}

const opened = (names: string[]): string[] => names.filter((name) => name === 'EXAMINE');

test('items of one mailbox share one EXAMINE, and each output names its item', async () => {
	const { server, search } = await start();
	const output = await runNode(search([{ in: 'INBOX' }, { in: 'Other' }, { in: 'INBOX' }]));
	expect(output.map(({ json, pairedItem }) => [json.subject, pairedItem])).toEqual([
		['in', { item: 0 }],
		['other', { item: 1 }],
		['in', { item: 2 }],
	]);
	expect(opened(commandNames(server))).toHaveLength(2);
});

test('a hint says where every item searches for the same', async () => {
	const { search } = await start();
	const hintsOf = async (items: IDataObject[], mailbox: string) =>
		((await runToEnd(search(items, { mailbox: box(mailbox) }))).nodes.at(-1)?.task.hints ?? []).map(
			({ message }) => message,
		);
	const two = [{ in: 'INBOX' }, { in: 'Other' }];
	expect(await hintsOf(two, 'INBOX')).toEqual([expect.stringContaining('"Execute Once"')]);
	expect(await hintsOf(two, '={{ $json.in }}')).toEqual([]);
	expect(await hintsOf([{}], 'INBOX')).toEqual([]);
});

test('a mailbox that is missing fails its items, and the error names it', async () => {
	const { search } = await start();
	const run = search([{ in: 'None' }, { in: 'INBOX' }, { in: 'None' }]);
	const json = await jsonOf({ ...run, continueOnFail: true });
	const failed = expect.stringContaining('(mailbox "None")') as string;
	expect(json.map(({ error, subject }) => error ?? subject)).toEqual([failed, 'in', failed]);
});

test('one search that is refused fails its item alone, and the error names the mailbox', async () => {
	const { server, search } = await start();
	server.faults.on = ({ tag, line }) =>
		line.includes('refused') ? `${tag} NO not this one\r\n` : undefined;
	const run = search(
		[
			{ in: 'INBOX', subject: 'in' },
			{ in: 'INBOX', subject: 'refused' },
			{ in: 'INBOX', subject: 'in' },
		],
		{ filters: { subject: '={{ $json.subject }}' } },
	);
	const failed = expect.stringContaining(
		'(mailbox "INBOX"): the server says: not this one',
	) as string;
	const json = await jsonOf({ ...run, continueOnFail: true });
	expect(json.map(({ error, subject }) => error ?? subject)).toEqual(['in', failed, 'in']);
	server.commands.length = 0;
	expect((await errorOf(run)).message).toEqual(failed);
	// Nothing after the first failure.
	expect(server.commands.filter(({ name }) => name === 'UID FETCH')).toHaveLength(1);
});

describe('where several mailboxes are searched', () => {
	const across = { searchIn: '={{ $json.range }}', mailboxPaths: '={{ $json.paths }}' };
	const items = [
		{ in: 'INBOX', range: 'mailbox' },
		{ in: 'INBOX', range: 'paths', paths: 'Other' },
		{ in: 'INBOX', range: 'paths', paths: 'INBOX' },
	];

	test('each item does so by itself, and items of one mailbox are beside it', async () => {
		const { search } = await start();
		const output = await runNode(search(items, across));
		expect(output.map(({ json, pairedItem }) => [json.subject, pairedItem])).toEqual([
			['in', { item: 0 }],
			['other', { item: 1 }],
			['in', { item: 2 }],
		]);
	});

	test('one that fails leaves the others', async () => {
		const { server, search } = await start();
		let lists = 0;
		server.faults.on = ({ tag, line }) =>
			line.startsWith('LIST') && lists++ === 0 ? `${tag} NO not these\r\n` : undefined;
		const json = await jsonOf({ ...search(items, across), continueOnFail: true });
		expect(json.map(({ error, subject }) => typeof error === 'string' || subject)).toEqual([
			'in',
			true,
			'in',
		]);
	});

	test('a kept connection that is dead is replaced before anything is done', async () => {
		const { server, search } = await start();
		const run = search(items.slice(1, 2), across);
		await jsonOf(run);
		let cuts = 0;
		server.faults.on = ({ line }) => {
			if (line !== 'NOOP' || cuts++ > 0) return undefined;
			server.cutAll();
			return '';
		};
		expect(await jsonOf(run)).toMatchObject([{ subject: 'other' }]);
		expect(cuts).toBe(1);
	});
});

describe('a mailbox that is opened again where a connection broke', () => {
	test('is the same by its UIDVALIDITY, if it had one', () => {
		const of = (uidValidity: number | undefined) => ({ name: 'INBOX', uidValidity });
		expect(sameMailbox(of(1), undefined)).toBe(1);
		expect(sameMailbox(of(1), 1)).toBe(1);
		expect(sameMailbox(of(undefined), undefined)).toBeUndefined();
		expect(() => sameMailbox(of(2), 1)).toThrow(UserError);
		expect(() => sameMailbox(of(2), 1)).toThrow('"INBOX" was replaced by another one');
	});

	test('and was replaced meanwhile, ends the search', async () => {
		const { server, account, search } = await start();
		let cuts = 0;
		server.faults.on = ({ line }) => {
			if (!line.startsWith('UID FETCH') || cuts++ > 0) return undefined;
			account.delete('Other');
			account.create('Other').append(mail('another'));
			server.cutAll();
			return '';
		};
		const { message, description } = await errorOf(search([{ in: 'Other' }], { body: 'text' }));
		expect(message).toContain('"Other" was replaced by another one');
		expect(description).toBe('Run the node again.');
	});
});
