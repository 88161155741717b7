/** What becomes of poll times before n8n registers them, without n8n. */
import type { INodeParameters, ITriggerFunctions, TriggerTime } from 'n8n-workflow';
import { afterEach, expect, test, vi } from 'vitest';
import { fixSchedule } from '../../../nodes/Imap4MessageTrigger/schedule';

const contextOf = (node: object | undefined, id?: string): ITriggerFunctions =>
	({ getWorkflow: () => ({ id }), getNode: () => ({ id: 't' }), node }) as never;

/** @returns the poll times of a node after it was registered */
function fixed(times: INodeParameters[], workflow?: string): TriggerTime[] {
	const item = times.map((time) => ({ ...time }) as unknown as TriggerTime);
	fixSchedule(contextOf({ parameters: { pollTimes: { item } } }, workflow));
	return item;
}

afterEach(() => {
	vi.doUnmock('n8n-workflow');
	vi.resetModules();
});

test('a cron expression polls just as it says, also one with seconds', () => {
	const times = [
		{ mode: 'custom', cronExpression: '*/10 * * * *' },
		{ mode: 'custom', cronExpression: '0 */10 * * * *' },
	];
	expect(fixed(times)).toEqual(times);
});

test.each([
	['the second', { mode: 'everyHour', minute: 7 }, /^\d+ 7 \* \* \* \*$/],
	[
		'the minute too, of every so many hours',
		{ mode: 'everyX', value: 2, unit: 'hours' },
		/^\d+ \d+ \*\/2/,
	],
	[
		'only the second, of every so many minutes',
		{ mode: 'everyX', value: 2, unit: 'minutes' },
		/^\d+ \*\/2/,
	],
	[
		'the hour never, although a unit is left over',
		{ mode: 'everyDay', hour: 8, minute: 3, unit: 'hours' },
		/^\d+ 3 8 \*/,
	],
])('%s is the same each time that the node is registered', (_title, time, expression) => {
	const first = fixed([time], 'w');
	expect(first).toEqual([{ mode: 'custom', cronExpression: expect.stringMatching(expression) }]);
	for (let again = 0; again < 8; again++) expect(fixed([time], 'w')).toEqual(first);
});

test('the second and the minute do not depend on one another', () => {
	const times = Array.from({ length: 20 }, (_, n) =>
		fixed([{ mode: 'everyX', value: 2, unit: 'hours' }], `w${n}`),
	);
	const parts = times.map(([time]) =>
		(time as { cronExpression: string }).cronExpression.split(' '),
	);
	expect(new Set(parts.map(([second]) => second)).size).toBeGreaterThan(8);
	expect(new Set(parts.map(([, minute]) => minute)).size).toBeGreaterThan(8);
	expect(parts.filter(([second, minute]) => second !== minute).length).toBeGreaterThan(8);
});

test('a time that makes no expression of six fields is left to n8n, which reports it', () => {
	const times = [{ mode: 'everyX', value: '={{ 5 }}', unit: 'minutes' }];
	expect(fixed(times)).toEqual(times);
});

test.each<[string, object | undefined]>([
	['the node elsewhere', undefined],
	['the parameters elsewhere', {}],
	['no poll times', { parameters: {} }],
	['poll times of another kind', { parameters: { pollTimes: { item: { mode: 'everyMinute' } } } }],
])('a version of n8n that keeps %s registers the node as it does', (_title, node) => {
	expect(() => fixSchedule(contextOf(node))).not.toThrow();
});

test('an older version of n8n, which has no schedule to be fixed, registers the node as it does', async () => {
	vi.resetModules();
	vi.doMock('n8n-workflow', () => ({}));
	const older = await import('../../../nodes/Imap4MessageTrigger/schedule.js');
	const item = [{ mode: 'everyMinute' }];
	older.fixSchedule(contextOf({ parameters: { pollTimes: { item } } }));
	expect(item).toEqual([{ mode: 'everyMinute' }]);
});
