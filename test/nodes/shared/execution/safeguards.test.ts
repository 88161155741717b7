/** Dry Run and Stop If More Than. */
import { describe, expect, test } from 'vitest';
import type { IExecuteFunctions } from 'n8n-workflow';
import type { OpenMailbox } from '../../../../engine/index';
import { Execution } from '../../../../nodes/shared/execution/execution';
import {
	checkCount,
	dryRunReport,
	isDryRun,
	readStopIfMoreThan,
} from '../../../../nodes/shared/execution/safeguards';
import { UserError } from '../../../../nodes/shared/errors/user-error';
import { box, errorOf, jsonOf, mail, startServer, USER } from '../../run-node';

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
