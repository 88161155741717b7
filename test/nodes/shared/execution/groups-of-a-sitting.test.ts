/** The groups of one sitting, without a server: see runGroups in nodes/shared/execution/runner.ts. */
import type { IExecuteFunctions } from 'n8n-workflow';
import { expect, test, vi } from 'vitest';
import { Imap4AbortError, InterruptedFetchError } from '../../../../engine/index';
import { Execution } from '../../../../nodes/shared/execution/execution';
import { runGroups, type Group } from '../../../../nodes/shared/execution/runner';

const groupsOf = (count: number): Group[] =>
	Array.from({ length: count }, (_, item) => ({ items: [item] }));

function executionOf(items: number, stop = new AbortController()): Execution {
	return new Execution(
		{
			getInputData: () => Array.from({ length: items }, () => ({ json: {} })),
			getNode: () => ({ name: 'Node', type: 'n8n-nodes-imap4.imap4Flags', typeVersion: 1 }),
			getExecutionCancelSignal: () => stop.signal,
			continueOnFail: () => false,
		} as unknown as IExecuteFunctions,
		'Add flags',
	);
}

test('a sitting that continues over another connection does not repeat what is done', async () => {
	const execution = executionOf(3);
	const groups = groupsOf(3);
	const done: number[] = [];
	let breaks = true;
	const work = async ({ items }: Group): Promise<void> => {
		const [item = -1] = items;
		if (breaks && item === 1) {
			const cause = new Imap4AbortError('BYE', 'The connection is lost');
			throw new InterruptedFetchError([], cause, true);
		}
		done.push(item);
	};
	await expect(runGroups(execution, groups, 1, work)).rejects.toThrow(InterruptedFetchError);
	breaks = false;
	await runGroups(execution, groups, 1, work);
	expect(done).toEqual([0, 1, 2]);
});

test('Stop between two groups: the next does not begin', async () => {
	const stop = new AbortController();
	const done: Group[] = [];
	const run = runGroups(executionOf(2, stop), groupsOf(2), 1, async (group) => {
		done.push(group);
		stop.abort();
	});
	await expect(run).rejects.toThrow('The execution was canceled');
	expect(done).toHaveLength(1);
});

test('Stop after the last group comes too late', async () => {
	const stop = new AbortController();
	await runGroups(executionOf(2, stop), groupsOf(2), 2, async () => stop.abort());
	expect(stop.signal.aborted).toBe(true);
});

test('anyone who watches sees how many groups are done before each portion', async () => {
	const execution = executionOf(4);
	const progress = vi.spyOn(execution, 'progress').mockReturnValue();
	await runGroups(execution, groupsOf(4), 2, async () => undefined);
	expect(progress.mock.calls).toEqual([
		[0, 4],
		[2, 4],
	]);
});

test('of a portion all end before its failure is reported, and nothing after it begins', async () => {
	const ended: number[] = [];
	const run = runGroups(executionOf(3), groupsOf(3), 2, async ({ items: [item = -1] }) => {
		if (item === 0) throw new Error('no');
		await new Promise((resolve) => setImmediate(resolve));
		ended.push(item);
	});
	await expect(run).rejects.toThrow('no');
	expect(ended).toEqual([1]);
});
