/** What becomes of the items of one run: outputs, failures, hints, and what a person watching sees. */
import {
	NodeOperationError,
	type IExecuteFunctions,
	type INode,
	type NodeExecutionHint,
} from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Imap4AbortError, InterruptedFetchError, type Uid } from '../../../../engine/index';
import { Execution } from '../../../../nodes/shared/execution/execution';

interface Run {
	items?: number;
	continues?: boolean;
	onError?: INode['onError'];
	isTool?: boolean;
	showsHints?: boolean;
}

function start({ items = 2, continues = false, onError, isTool, showsHints = true }: Run = {}) {
	const hints: string[] = [];
	const shown: string[] = [];
	const context = {
		getInputData: () => Array.from({ length: items }, () => ({ json: {} })),
		getNode: () => ({ name: 'Node', type: 'n8n-nodes-imap4.imap4Flags', typeVersion: 1, onError }),
		isToolExecution: () => isTool,
		continueOnFail: () => continues,
		sendMessageToUI: (text: string) => shown.push(text),
		getNodeParameter: (_name: string, _item: number, fallback: unknown) => fallback,
		...(showsHints && {
			addExecutionHints: ({ message, location }: NodeExecutionHint) => {
				expect(location).toBe('outputPane');
				hints.push(message);
			},
		}),
	} as unknown as IExecuteFunctions;
	return { execution: new Execution(context, 'Add flags'), hints, shown };
}

const broken = (resumable: boolean): InterruptedFetchError =>
	new InterruptedFetchError(
		[5 as Uid],
		new Imap4AbortError('CONNECTION_LOST', 'The line is cut'),
		resumable,
	);

describe('what is put out', () => {
	test('comes in the order of the items, whatever the order of the work, and names them', () => {
		const { execution } = start({ items: 3 });
		execution.emit(2, { n: 'third' });
		execution.emit([1, 2], { n: 'of two' });
		execution.emit(1, { n: 'more' });
		expect(execution.output()).toEqual([
			{ json: { n: 'of two' }, pairedItem: [{ item: 1 }, { item: 2 }] },
			{ json: { n: 'more' }, pairedItem: { item: 1 } },
			{ json: { n: 'third' }, pairedItem: { item: 2 } },
		]);
		expect([0, 1, 2].map((item) => execution.isSettled(item))).toEqual([false, true, true]);
	});

	test('of no item, or of one that there is not, is nothing', () => {
		const { execution } = start();
		execution.emit([], { n: 1 });
		execution.emit(2, { n: 1 });
		expect(execution.output()).toEqual([]);
	});

	test('names the account beside a UID, and only there, unless it does so already', () => {
		const { execution } = start();
		execution.emit(0, { uid: 5 }, undefined, 'imap://one');
		execution.emit(0, { uid: 6 });
		execution.emit(0, { name: 'INBOX' }, undefined, 'imap://one');
		execution.emit(0, { uid: 7, account: 'imap://two' }, undefined, 'imap://two');
		execution.emit(0, { uid: 8, account: 'imap://two' });
		const json = execution.output().map((output) => output.json);
		expect(json).toStrictEqual([
			{ uid: 5, account: 'imap://one' },
			{ uid: 6 },
			{ name: 'INBOX' },
			{ uid: 7, account: 'imap://two' },
			{ uid: 8, account: 'imap://two' },
		]);
	});

	test('has files where there are some', () => {
		const { execution } = start();
		const file = { data: { data: '', mimeType: 'text/plain' } };
		execution.emit(0, {}, file);
		execution.emit(1, {});
		const [one, other] = execution.output();
		expect(one?.binary).toBe(file);
		expect(other).not.toHaveProperty('binary');
	});

	test('by a dry run comes with a hint that nothing was changed', () => {
		const { execution, hints } = start();
		execution.emit(0, { count: 1 });
		execution.output();
		expect(hints).toEqual([]);
		execution.emit(0, { dryRun: true });
		execution.output();
		expect(hints).toEqual(['This was a dry run: nothing was changed']);
	});
});

describe('a message that cannot be read', () => {
	const unreadable = { uid: 5, unreadable: 'damaged' };

	test('is put out with a hint', () => {
		const { execution, hints } = start();
		execution.emitUnreadable(0, unreadable, 'damaged');
		const [output] = execution.output();
		expect(output).toEqual({ json: unreadable, pairedItem: { item: 0 } });
		expect(output).not.toHaveProperty('error');
		expect(hints).toEqual([
			'Some messages could not be read in whole: their items say why in the field "unreadable"',
		]);
	});

	test('goes to the error output where there is one, by an error that is in no copy of it', () => {
		const { execution } = start({ onError: 'continueErrorOutput' });
		execution.emit(0, { uid: 4 });
		execution.emitUnreadable(0, unreadable, 'damaged');
		const [readable, output] = execution.output();
		expect(readable).not.toHaveProperty('error');
		expect(output?.error).toBeInstanceOf(NodeOperationError);
		expect(output?.error).toMatchObject({ message: 'damaged', context: { itemIndex: 0 } });
		expect({ ...output }).not.toHaveProperty('error');
	});

	test('of an item that there is not goes nowhere', () => {
		const { execution } = start({ onError: 'continueErrorOutput' });
		execution.emitUnreadable(9, unreadable, 'damaged');
		expect(execution.output()).toEqual([]);
	});
});

describe('what fails', () => {
	const failing = (): Promise<never> => Promise.reject(new Error('Disk full'));

	test('ends the node, with the item and the operation', async () => {
		const { execution } = start();
		await expect(execution.guarded([1], 'INBOX', failing)).rejects.toMatchObject({
			context: { itemIndex: 1 },
		});
		await expect(execution.guarded([], undefined, failing)).rejects.toMatchObject({
			context: { itemIndex: 0 },
		});
	});

	test('with Continue On Fail becomes the output of the items that have given nothing yet', async () => {
		const { execution } = start({ items: 3, continues: true });
		execution.emit(0, { n: 'done' });
		expect(await execution.guarded([0, 1], 'INBOX', failing)).toBeUndefined();
		const [done, failed] = execution.output();
		expect(done?.json).toEqual({ n: 'done' });
		expect(failed?.json).toMatchObject({ error: expect.stringContaining('Disk full') as string });
		expect(failed?.pairedItem).toEqual({ item: 1 });
		expect([0, 1, 2].map((item) => execution.isSettled(item))).toEqual([true, true, false]);
	});

	test('has details only where there are some', () => {
		const { execution } = start({ continues: true });
		execution.fail([0], 'INBOX', new Imap4AbortError('CONNECTION_LOST', 'The line is cut'));
		execution.fail([1], undefined, new NodeOperationError({ name: 'Node' } as INode, 'No advice'));
		const [advised, bare] = execution.output();
		expect(advised?.json.details).toEqual(expect.any(String));
		expect(bare?.json).toEqual({ error: expect.any(String) as string });
	});

	test('because the connection broke is left to the next connection where it can continue', async () => {
		const { execution } = start({ continues: true });
		const error = broken(true);
		await expect(execution.guarded([0], 'INBOX', () => Promise.reject(error))).rejects.toBe(error);
		expect(execution.isSettled(0)).toBe(false);
		await execution.guarded([0], 'INBOX', () => Promise.reject(broken(false)));
		expect(execution.output()[0]?.json.error).toContain('The line is cut');
	});

	test('may have been done all the same, unless the operation can simply run again', () => {
		const { execution } = start();
		const lost = new Imap4AbortError('CONNECTION_LOST', 'The line is cut', { command: 'APPEND' });
		expect(() => execution.fail([0], 'INBOX', lost)).toThrow(
			expect.objectContaining({
				description: expect.stringContaining('may have stored') as string,
			}) as Error,
		);
	});

	test('what succeeds is returned', async () => {
		const { execution } = start();
		expect(await execution.guarded([0], 'INBOX', () => 5)).toBe(5);
	});
});

test('a switch that a workflow does not hold is off', () => {
	expect(start().execution.toggle('dryRun', 'Dry Run', 0)).toBe(false);
});

describe('the error that ends the node', () => {
	const end = (description?: string): NodeOperationError =>
		new NodeOperationError({ name: 'Node' } as INode, 'The end', { description });
	const summary =
		'2 of 3 items succeeded before the error; running again would repeat them. Set "On Error" to "Continue" to keep them separate.';

	test('adds to the error how many items succeeded', () => {
		const { execution } = start({ items: 3, continues: true });
		execution.emit(0, {});
		execution.fail([1], undefined, new Error('x'));
		execution.emit(2, {});
		const errors = [end(), end('Free some space.')];
		for (const error of errors) execution.tellDone(error);
		expect(errors.map(({ description }) => description)).toEqual([
			summary,
			`Free some space. ${summary}`,
		]);
	});

	test('says nothing where none was done', () => {
		const { execution } = start();
		const error = end('Free some space.');
		execution.tellDone(error);
		expect(error.description).toBe('Free some space.');
	});

	test('that is not an error of n8n is left unchanged', () => {
		const { execution } = start();
		execution.emit(0, {});
		const error = new Error('x');
		execution.tellDone(error);
		expect(error).not.toHaveProperty('description');
	});
});

describe('anyone who watches', () => {
	let now = 1_000_000;
	beforeEach(() => void vi.spyOn(Date, 'now').mockImplementation(() => now));
	afterEach(() => void vi.restoreAllMocks());

	test('hears at most once a second how far the work is', () => {
		const { execution, shown } = start();
		execution.progress(1, 9);
		now += 999;
		execution.progress(2, 9);
		now += 1;
		execution.progress(3, 9);
		execution.progress(4, 9, 'messages');
		now += 1000;
		execution.progress(5, 9, 'messages');
		expect(shown).toEqual(['Add flags: 3 of 9 items', 'Add flags: 5 of 9 messages']);
	});

	test('is shown each hint once, where n8n shows hints', () => {
		const { execution, hints } = start();
		for (const hint of ['a', 'b', 'a']) execution.hint(hint);
		expect(hints).toEqual(['a', 'b']);
		expect(() => start({ showsHints: false }).execution.hint('a')).not.toThrow();
	});
});

test('that nothing was selected is a hint, and for an agent, which sees none, an item', () => {
	const hint = 'No message of "INBOX" was selected: nothing was changed';
	const person = start();
	person.execution.nothingFound(0, 'INBOX');
	expect([person.hints, person.execution.output()]).toEqual([[hint], []]);
	const agent = start({ isTool: true });
	agent.execution.nothingFound(0, 'INBOX');
	expect(agent.execution.output().map(({ json }) => json)).toEqual([
		{ mailbox: 'INBOX', count: 0, nothingChanged: true },
	]);
});
