/** What the trigger uses of n8n beyond its public types, and what it does where that is missing. */
import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
	commitCursor,
	emitItems,
	isActivation,
	nodeKey,
	notePollStart,
} from '../../../nodes/Imap4MessageTrigger/poll-context';

const contextWith = (more: object = {}): IPollFunctions => more as unknown as IPollFunctions;
const ITEMS: INodeExecutionData[] = [{ json: { uid: 1 } }];

test('a node is known by its workflow and its id, and is so in a workflow that was not saved yet', () => {
	const of = (id: string | undefined, node: string): string =>
		nodeKey(contextWith({ getWorkflow: () => ({ id }), getNode: () => ({ id: node }) }));
	expect(new Set([of('w', 't'), of('w', 'u'), of('v', 't'), of(undefined, 't')]).size).toBe(4);
	expect(of(undefined, 't')).toBe(':t');
	expect(of('w', 't')).toBe('w:t');
});

describe('a poll is the one at activation', () => {
	test('if it is the first of its context, which n8n then polls with again', () => {
		const context = contextWith();
		expect(isActivation(context)).toBe(true);
		expect(isActivation(context)).toBe(false);
		expect(isActivation(contextWith())).toBe(true);
	});

	test('unless it has the smaller budget of n8n’s durable scheduler', () => {
		const withBudget = (budget: number) => contextWith({ getPollBudgetMs: () => budget });
		expect(isActivation(withBudget(300_000))).toBe(true);
		expect(isActivation(withBudget(299_999))).toBe(false);
	});
});

describe('the next poll is to be expected within seconds', () => {
	beforeEach(() => {
		vi.useFakeTimers({ toFake: ['performance'] });
	});
	afterEach(() => {
		vi.useRealTimers();
	});

	test('where the last two polls of the node were at most twelve seconds apart', () => {
		expect(notePollStart('soon')).toBe(false);
		vi.advanceTimersByTime(12_000);
		expect(notePollStart('other')).toBe(false);
		expect(notePollStart('soon')).toBe(true);
		vi.advanceTimersByTime(12_001);
		expect(notePollStart('soon')).toBe(false);
		vi.advanceTimersByTime(1_000);
		expect(notePollStart('soon')).toBe(true);
	});
});

describe('the cursor', () => {
	test('is saved by n8n', async () => {
		const commit = vi.fn(async function (this: unknown) {
			expect(this).toBe(context);
		});
		const context = contextWith({ __commitCursor: commit });
		await commitCursor(context);
		expect(commit).toHaveBeenCalledExactlyOnceWith();
	});

	test('is saved later by an n8n that cannot do so within a poll', async () => {
		await expect(commitCursor(contextWith())).resolves.toBeUndefined();
	});

	test('that could not be saved fails no poll, and is logged', async () => {
		const warn = vi.fn();
		const __commitCursor = async (): Promise<void> => {
			throw new Error('no database');
		};
		await commitCursor(contextWith({ __commitCursor, logger: { warn } }));
		expect(warn).toHaveBeenCalledExactlyOnceWith(
			'The cursor could not be saved, so the next poll starts where this one did: no database',
		);
	});
});

describe('items are delivered within the poll', () => {
	test('by n8n', () => {
		const emit = vi.fn(function (this: unknown, _data: unknown) {
			expect(this).toBe(context);
		});
		const context = contextWith({ __emit: emit });
		expect(emitItems(context, ITEMS)).toBe(true);
		expect(emit).toHaveBeenCalledExactlyOnceWith([ITEMS]);
	});

	test.each<[string, object]>([
		['that cannot do so', {}],
		[
			'that refuses to',
			{
				__emit: () => {
					throw new Error('not here');
				},
			},
		],
	])('and not by one %s', (_title, more) => {
		expect(emitItems(contextWith(more), ITEMS)).toBe(false);
	});
});
