/** The connections of an execution: what becomes of them where they break, and on Stop. */
import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';
import { describe, expect, test, vi } from 'vitest';
import { Imap4AbortError, InterruptedFetchError, type Uid } from '../../../../engine/index';
import { accountOf } from '../../../../nodes/shared/account/account';
import { Execution } from '../../../../nodes/shared/execution/execution';
import { box, errorOf, jsonOf, mail, PASSWORD, startServer, USER } from '../../run-node';

async function start() {
	const server = await startServer();
	const { host, port } = server;
	const stop = new AbortController();
	const context = {
		getInputData: () => [{ json: {} }],
		getNode: () => ({ name: 'Node', type: 'n8n-nodes-imap4.imap4Flags', typeVersion: 1 }),
		getExecutionCancelSignal: () => stop.signal,
	} as unknown as IExecuteFunctions;
	const account = accountOf('imap4PlainApi', { host, port, user: USER, password: PASSWORD });
	return { server, stop, account, execution: new Execution(context, 'Get messages') };
}

const nothing = (): Promise<void> => Promise.resolve();

describe('a connection that breaks while messages are read', () => {
	const cause = new Imap4AbortError('CONNECTION_LOST', 'The line is cut');

	test('is replaced by another one as long as the reading gets on', async () => {
		const { server, account, execution } = await start();
		const opened = vi.fn(nothing);
		let broken = 0;
		const work = async (): Promise<string> => {
			if (broken++ < 2) throw new InterruptedFetchError([5 as Uid], cause, true);
			return 'read';
		};
		expect(await execution.connection(account, opened, work)).toBe('read');
		expect(opened).toHaveBeenCalledTimes(3);
		expect(server.connections.total).toBe(3);
	});

	test('ends it with the cause where it does not', async () => {
		const { server, account, execution } = await start();
		const work = vi.fn(() => {
			return Promise.reject(new InterruptedFetchError([5 as Uid], cause, false));
		});
		await expect(execution.connection(account, nothing, work)).rejects.toBe(cause);
		expect(work).toHaveBeenCalledOnce();
		expect(server.connections.total).toBe(1);
	});
});

describe('after Stop', () => {
	test('none is made', async () => {
		const { server, stop, account, execution } = await start();
		stop.abort();
		const ended = vi.fn();
		await expect(execution.connection(account, nothing, nothing)).rejects.toThrow();
		await expect(
			execution.connectionToTheEnd(account, nothing, nothing, ended),
		).rejects.toBeInstanceOf(NodeOperationError);
		expect(ended).not.toHaveBeenCalled();
		expect(server.connections.total).toBe(0);
	});

	test('nothing is waited for but by who comes next: what a server carries out goes on', async () => {
		const { server, stop, account, execution } = await start();
		let whole: Promise<unknown> = Promise.resolve();
		const done: string[] = [];
		const run = execution.connectionToTheEnd(
			account,
			nothing,
			async (imap) => {
				stop.abort();
				await imap.append('INBOX', 'Subject: a\r\n\r\n');
				done.push('stored');
			},
			(ends) => {
				whole = ends;
			},
		);
		await expect(run).rejects.toMatchObject({ name: 'AbortError' });
		expect(done).toEqual([]);
		await whole;
		expect(done).toEqual(['stored']);
		expect(server.account(USER).mailbox('INBOX').messages).toHaveLength(1);
	});

	test('waiting ends', async () => {
		const { stop, execution } = await start();
		const waiting = execution.waitFor(new Promise(() => undefined));
		stop.abort();
		await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
	});
});

test('an error names the mailbox as it was written and as it is on the server', async () => {
	const server = await startServer();
	const { message } = await errorOf({
		node: 'imap4Message',
		operation: 'getMany',
		server,
		parameters: { mailbox: box('inbox/New') },
	});
	expect(message).toContain('(mailbox "inbox/New", on the server "INBOX/New")');
	const other = await errorOf({
		node: 'imap4Message',
		operation: 'getMany',
		server,
		parameters: { mailbox: box('New') },
	});
	expect(other.message).toContain('(mailbox "New")');
});

test('a message is put out with the account that its item ran on', async () => {
	const server = await startServer();
	server.account(USER).mailbox('INBOX').append(mail('one'));
	const [got] = await jsonOf({ node: 'imap4Message', operation: 'getMany', server });
	expect(got).toHaveProperty('account', 'imap://anna%40example.com@127.0.0.1');
});
