import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type { IExecuteFunctions } from 'n8n-workflow';
import { describe, expect, test, vi } from 'vitest';
import { Execution } from '../../../../nodes/shared/execution/execution';
import { checkNotStopped, stopSignal } from '../../../../nodes/shared/execution/stop';
import type { MemoryServerOptions } from '../../../server';
import { box, mail, runToEnd, startServer, USER, type NodeRunOptions } from '../../run-node';

const DELETE: Pick<NodeRunOptions, 'node' | 'operation' | 'parameters'> = {
	node: 'imap4Message',
	operation: 'delete',
	parameters: {
		messages: 'search',
		mailbox: box('INBOX'),
		filters: { subject: 'one' },
		deleteMode: 'permanent',
	},
};

/** Stops the execution when the command comes, which is never answered. */
function stopAt(command: string): { stop: AbortController; options: MemoryServerOptions } {
	const stop = new AbortController();
	const on = ({ line }: { line: string }): string | undefined => {
		if (!line.startsWith(command)) return undefined;
		stop.abort();
		return '';
	};
	return { stop, options: { faults: { on } } };
}

describe('Stop ends the node at once while the server does not answer', () => {
	test.each(['AUTHENTICATE', 'SELECT', 'UID SEARCH', 'UID STORE'])('%s', async (command) => {
		const { stop, options } = stopAt(command);
		const server = await startServer(options);
		const inbox = server.account(USER).mailbox('INBOX');
		inbox.append(mail('one'));
		const run = await runToEnd({ ...DELETE, server, signal: stop.signal });
		expect(stop.signal.aborted).toBe(true);
		expect(run.status).toBe('canceled');
		expect(inbox.messages).toHaveLength(1);
		await vi.waitFor(() => expect(server.connections).toEqual({ open: 0, total: 1 }));
	});

	test('the greeting', async () => {
		const stop = new AbortController();
		const silent = createServer((socket) => {
			socket.on('error', () => undefined);
			closed = once(socket, 'close');
			stop.abort();
		});
		let closed: Promise<unknown> = Promise.resolve();
		silent.listen(0, '127.0.0.1');
		await once(silent, 'listening');
		const { port } = silent.address() as AddressInfo;
		const run = await runToEnd({
			...DELETE,
			server: { host: '127.0.0.1', port },
			signal: stop.signal,
		});
		expect(run.status).toBe('canceled');
		await closed;
		silent.close();
	});
});

test('with Continue On Fail, what fails after Stop is not reported as failed items', async () => {
	const stop = new AbortController();
	const context = {
		getInputData: () => [{ json: {} }, { json: {} }],
		getNode: () => ({ name: 'Node', type: 'n8n-nodes-imap4.imap4Flags', typeVersion: 1 }),
		getExecutionCancelSignal: () => stop.signal,
		continueOnFail: () => true,
	} as unknown as IExecuteFunctions;
	const execution = new Execution(context, 'Add flags');
	const failing = (): Promise<never> => Promise.reject(new Error('The connection is lost'));
	await execution.guarded([0], 'INBOX', failing);
	expect(execution.isSettled(0)).toBe(true);
	stop.abort();
	await expect(execution.guarded([1], 'INBOX', failing)).rejects.toThrow(
		'The execution was canceled',
	);
	expect(execution.isSettled(1)).toBe(false);
});

test('an n8n without cancel signals stops nothing between commands', () => {
	const context = { getNode: () => ({}) } as unknown as IExecuteFunctions;
	expect(stopSignal(context)).toBeUndefined();
	expect(() => checkNotStopped(context)).not.toThrow();
});

test('a stopped execution is known by the word that n8n looks for', () => {
	const context = {
		getNode: () => ({ name: 'Node', type: 'x', parameters: {} }),
		getExecutionCancelSignal: () => AbortSignal.abort(),
	} as unknown as IExecuteFunctions;
	expect(() => checkNotStopped(context)).toThrow('canceled');
});
