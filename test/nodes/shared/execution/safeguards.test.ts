/** Dry Run and Stop If More Than. */
import { describe, expect, test } from 'vitest';
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { OpenMailbox } from '../../../../engine/index';
import { Execution } from '../../../../nodes/shared/execution/execution';
import {
	checkCount,
	dryRunReport,
	isDryRun,
	readStopIfMoreThan,
} from '../../../../nodes/shared/execution/safeguards';
import { UserError } from '../../../../nodes/shared/errors/user-error';
import {
	box,
	commandNames,
	errorOf,
	jsonOf,
	mail,
	runToEnd,
	startServer,
	USER,
} from '../../run-node';

const DELETE = {
	node: 'imap4Message',
	operation: 'delete',
	parameters: {
		messages: 'search',
		mailbox: box('INBOX'),
		filters: { subject: 'old' },
		deleteMode: 'permanent',
	},
} as const;

async function serverWith(...subjects: string[]) {
	const server = await startServer();
	const inbox = server.account(USER).mailbox('INBOX');
	for (const subject of subjects) inbox.append(mail(subject));
	return { server, inbox };
}

const run = (parameters: object) => ({
	...DELETE,
	parameters: { ...DELETE.parameters, ...parameters },
});

test('as many as allowed are allowed, one more is not; 0 allows any number', () => {
	expect(() => checkCount(3, 3)).not.toThrow();
	expect(() => checkCount(1000, 0)).not.toThrow();
	const refusal = (): void => checkCount(4, 3);
	expect(refusal).toThrow(UserError);
	expect(refusal).toThrow('4 messages would be affected, more than the 3');
});

describe('Stop If More Than', () => {
	test('says what to do, and changes nothing', async () => {
		const { server, inbox } = await serverWith('old', 'old', 'old');
		const { message, description } = await errorOf({ ...run({ stopIfMoreThan: 2 }), server });
		expect(message).toContain('"Stop If More Than"');
		expect(description).toContain('Check the selection with "Dry Run", or raise the limit.');
		expect(inbox.messages).toHaveLength(3);
	});

	test('of several mailboxes, says of which, and what was done before', async () => {
		const server = await startServer();
		const items = [1, 3].flatMap((count, index) => {
			const mailbox = server.account(USER).create(`Box ${index}`);
			return Array.from({ length: count }, () => {
				const { uid } = mailbox.append(mail('one'));
				return { mailbox: mailbox.name, uidValidity: mailbox.uidValidity, uid };
			});
		});
		const { message, description } = await errorOf({
			...{ node: 'imap4Message', operation: 'delete', server, items },
			parameters: { deleteMode: 'permanent', stopIfMoreThan: 2 },
		});
		expect(message).toContain('(mailbox "Box 1")');
		expect(message).toContain('Nothing was changed in this mailbox.');
		expect(description).toContain('1 of 4 items succeeded before the error');
		expect(server.account(USER).mailbox('Box 1').messages).toHaveLength(3);
	});

	describe('counts the messages of all items of a mailbox, whatever becomes of each', () => {
		const moveByYear = async (stopIfMoreThan: number, items?: IDataObject[]) => {
			const { server, inbox } = await serverWith('a', 'b', 'c');
			const account = server.account(USER);
			for (const year of ['2024', '2025', '2026']) account.create(year);
			const { uidValidity } = inbox;
			const run = await runToEnd({
				node: 'imap4Message',
				operation: 'move',
				server,
				items:
					items ??
					['2024', '2025', '2026'].map((year, index) => ({
						mailbox: 'INBOX',
						uidValidity,
						uid: index + 1,
						year,
					})),
				parameters: {
					...(items && { messages: 'uids', uids: '={{ $json.uids }}', mailbox: box('INBOX') }),
					destination: box('={{ $json.year }}'),
					stopIfMoreThan,
				},
			});
			return { inbox, server, error: run.error as Error | undefined };
		};

		test('one more than allowed: nothing is changed there', async () => {
			const { inbox, error } = await moveByYear(2);
			expect(error?.message).toContain('3 messages would be affected, more than the 2');
			expect(inbox.messages).toHaveLength(3);
		});

		test('as many as allowed: each is moved, and one search more finds that out', async () => {
			const { inbox, server, error } = await moveByYear(3);
			expect(error).toBeUndefined();
			expect(inbox.messages).toHaveLength(0);
			expect(commandNames(server).filter((name) => name === 'UID SEARCH')).toHaveLength(4);
		});

		test('a message that several items select is one message', async () => {
			const items = [
				{ uids: '1:2', year: '2024' },
				{ uids: '2:*', year: '2025' },
			];
			expect((await moveByYear(3, items)).error).toBeUndefined();
			const { inbox, error } = await moveByYear(2, items);
			expect(error?.message).toContain('3 messages would be affected, more than the 2');
			expect(inbox.messages).toHaveLength(3);
		});

		test('those of another mailbox are counted there', async () => {
			const { server, inbox } = await serverWith('a', 'b', 'c', 'd');
			const other = server.account(USER).create('Other');
			for (const subject of ['a', 'b', 'c', 'd']) other.append(mail(subject));
			await jsonOf({
				node: 'imap4Flags',
				operation: 'add',
				server,
				items: [
					{ in: 'INBOX', uids: '1:2' },
					{ in: 'Other', uids: '3:4' },
				],
				parameters: {
					messages: 'uids',
					uids: '={{ $json.uids }}',
					mailbox: box('={{ $json.in }}'),
					keywords: 'k',
					stopIfMoreThan: 2,
				},
			});
			const marked = [inbox, other].map(({ messages }) =>
				messages.filter(({ flags }) => flags.has('k')).map(({ uid }) => uid),
			);
			expect(marked).toEqual([
				[1, 2],
				[3, 4],
			]);
		});

		test('with Continue On Fail too', async () => {
			const { server, inbox } = await serverWith('a', 'b', 'c');
			const output = await jsonOf({
				node: 'imap4Flags',
				operation: 'add',
				server,
				items: [{ flag: 'x' }, { flag: 'y' }],
				parameters: {
					messages: 'uids',
					uids: '1:*',
					mailbox: box('INBOX'),
					keywords: '={{ $json.flag }}',
					stopIfMoreThan: 2,
				},
				continueOnFail: true,
			});
			expect(output.map(({ error }) => error)).toEqual([
				expect.stringContaining('3 messages would be affected') as string,
				expect.stringContaining('3 messages would be affected') as string,
			]);
			expect(inbox.messages.flatMap(({ flags }) => [...flags])).toEqual([]);
		});

		describe('what the first count did not find', () => {
			/** The second item's search finds one message more, or any at all, from its second time on. */
			const addBySubject = async (answer: (tag: string) => string | undefined) => {
				const { server, inbox } = await serverWith('a', 'a', 'b', 'b');
				let searches = 0;
				server.faults.on = ({ tag, line }) =>
					/^UID SEARCH.*SUBJECT "?b/.test(line) && searches++ === 0 ? answer(tag) : undefined;
				const output = await jsonOf({
					node: 'imap4Flags',
					operation: 'add',
					server,
					items: [{ subject: 'a' }, { subject: 'b' }],
					parameters: {
						messages: 'search',
						filters: { subject: '={{ $json.subject }}' },
						mailbox: box('INBOX'),
						keywords: '=done-{{ $json.subject }}',
						stopIfMoreThan: 3,
					},
					continueOnFail: true,
				});
				expect(searches).toBe(2);
				const marked = inbox.messages.filter(({ flags }) => flags.size > 0);
				return { errors: output.map(({ error }) => error), marked: marked.map(({ uid }) => uid) };
			};

			test.each<[string, (tag: string) => string]>([
				['since it was refused', (tag) => `${tag} NO [INUSE] later\r\n`],
				['since it came later', (tag) => `* ESEARCH (TAG "${tag}") UID\r\n${tag} OK done\r\n`],
			])('%s, is counted with what is done already', async (_title, answer) => {
				const { errors, marked } = await addBySubject(answer);
				expect(marked).toEqual([1, 2]);
				expect(errors.slice(0, -1)).toEqual([undefined, undefined]);
				expect(errors.at(-1)).toMatch(
					/4 messages would be affected, more than the 3 .* Nothing was changed for these items\./,
				);
			});
		});

		test('a message that is gone fails its own item, and counts for nothing', async () => {
			const { server, inbox } = await serverWith('a', 'b');
			const { uidValidity } = inbox;
			const output = await jsonOf({
				node: 'imap4Flags',
				operation: 'add',
				server,
				items: [1, 9, 2].map((uid) => ({ mailbox: 'INBOX', uidValidity, uid, flag: `f${uid}` })),
				parameters: { keywords: '={{ $json.flag }}', stopIfMoreThan: 2 },
				continueOnFail: true,
			});
			expect(output.map(({ error }) => typeof error)).toEqual(['undefined', 'string', 'undefined']);
		});
	});

	test.each(['', null, 'many', 1.5, -1])('refuses %j by its name', async (stopIfMoreThan) => {
		const { server, inbox } = await serverWith('old');
		const { message } = await errorOf({ ...run({ stopIfMoreThan }), server });
		expect(message).toContain('Stop If More Than');
		expect(inbox.messages).toHaveLength(1);
	});
});

describe('Dry Run', () => {
	test('reports what would change, and changes nothing', async () => {
		const { server, inbox } = await serverWith('old', 'new', 'old');
		const size = inbox.messages.filter((_one, index) => index !== 1).length * mail('old').length;
		expect(await jsonOf({ ...run({ dryRun: true }), server })).toEqual([
			{ dryRun: true, mailbox: 'INBOX', count: 2, uids: '1,3', size },
		]);
		expect(inbox.messages).toHaveLength(3);
	});

	test.each(['', null, 'yes'])('refuses %j by its name', async (dryRun) => {
		const { server, inbox } = await serverWith('old');
		const { message } = await errorOf({ ...run({ dryRun }), server });
		expect(message).toContain('Dry Run');
		expect(inbox.messages).toHaveLength(1);
	});
});

test('a dry run that selects nothing asks the server for nothing', async () => {
	const mailbox = { name: 'INBOX' } as OpenMailbox;
	expect(await dryRunReport(mailbox, [])).toEqual({
		dryRun: true,
		mailbox: 'INBOX',
		count: 0,
		uids: '',
		size: 0,
	});
});

describe('a model of an AI agent decides on no safeguard', () => {
	const executionOf = (parameters: object): Execution => {
		const context = {
			getInputData: () => [{ json: {} }],
			getNode: () => ({ name: 'Node', type: 'n8n-nodes-imap4.imap4MessageTool', parameters }),
			getNodeParameter: () => 0,
		};
		return new Execution(context as unknown as IExecuteFunctions, 'Delete messages');
	};

	test.each([
		['Dry Run', 'dryRun', isDryRun],
		['Stop If More Than', 'stopIfMoreThan', readStopIfMoreThan],
	])('%s', (label, name, read) => {
		const execution = executionOf({ [name]: '={{ $fromAI("x") }}' });
		expect(() => read(execution, 0)).toThrow(`The field "${label}" is an expression`);
	});
});
