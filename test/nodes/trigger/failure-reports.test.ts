/** Which failures a poll reports, and which one it ends with, without n8n. */
import type { INode, INodeExecutionData, IPollFunctions, NodeError } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import type { TriggerState } from '../../../nodes/Imap4MessageTrigger/cursor';
import {
	reportFailures,
	reportUnacknowledged,
} from '../../../nodes/Imap4MessageTrigger/failure-reports';
import { UserError } from '../../../nodes/shared/errors/user-error';

const node: INode = {
	id: 't',
	name: 'Trigger',
	type: 'x',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};
const ITEM: INodeExecutionData = { json: {} };

function start() {
	const errors: NodeError[] = [];
	const context = {
		getNode: () => node,
		__emitError: (error: NodeError) => void errors.push(error),
	} as unknown as IPollFunctions;
	const state: TriggerState = { purpose: '', mailboxes: {} };
	/** @returns what was reported beside the poll, and what the poll ends with */
	const poll = (
		failures: Record<string, string>,
		{
			names = ['a', 'b', 'c'],
			items = [] as INodeExecutionData[],
			ended = undefined as string | undefined,
			isFirst = false,
		} = {},
	): { reported: string[]; failure: string | undefined } => {
		const result = {
			items,
			failures: new Map(
				Object.entries(failures).map(([name, text]) => [name, new UserError(text)] as const),
			),
			names,
			statuses: new Map(),
			ended: ended === undefined ? undefined : new UserError(ended),
		};
		const failure = reportFailures(context, state, result, isFirst);
		return {
			reported: errors.splice(0).map(({ message }) => message),
			failure: failure?.message,
		};
	};
	const unacknowledged = (items: readonly INodeExecutionData[]): NodeError[] => {
		reportUnacknowledged(context, state, items);
		return errors.splice(0);
	};
	return { poll, state, unacknowledged };
}

const NOTHING = { reported: [], failure: undefined };
const failed = (name: string, text: string): string => `Poll failed (mailbox "${name}"): ${text}`;

describe('one of several mailboxes that fails', () => {
	test('is reported when it begins to, when its error changes, and when it fails once more', () => {
		const { poll, state } = start();
		expect(poll({ a: 'x' })).toEqual({ reported: [failed('a', 'x')], failure: undefined });
		expect(state.failing).toEqual({ a: 'x' });
		expect(poll({ a: 'x' })).toEqual(NOTHING);
		expect(poll({ a: 'y', b: 'x' })).toEqual({
			reported: [failed('a', 'y'), failed('b', 'x')],
			failure: undefined,
		});
		expect(poll({ b: 'x' })).toEqual(NOTHING);
		expect(state.failing).toEqual({ b: 'x' });
		expect(poll({})).toEqual(NOTHING);
		expect(state).not.toHaveProperty('failing');
		expect(poll({ b: 'x' }).reported).toEqual([failed('b', 'x')]);
	});

	test('is reported beside what the others delivered', () => {
		const { poll } = start();
		expect(poll({ a: 'x' }, { items: [ITEM] })).toEqual({
			reported: [failed('a', 'x')],
			failure: undefined,
		});
	});
});

describe('where all mailboxes fail', () => {
	test('each poll fails, with the error of the first', () => {
		const { poll } = start();
		for (let n = 0; n < 2; n++) {
			expect(poll({ a: 'x', b: 'y', c: 'z' })).toEqual({
				reported: [],
				failure: failed('a', 'x'),
			});
		}
		expect(poll({ a: 'x' }, { names: ['a'], isFirst: true }).failure).toBe(failed('a', 'x'));
	});

	test('after something was delivered all the same, each poll reports it', () => {
		const { poll } = start();
		for (let n = 0; n < 2; n++) {
			expect(poll({ a: 'x' }, { names: ['a'], items: [ITEM] })).toEqual({
				reported: [failed('a', 'x')],
				failure: undefined,
			});
		}
	});
});

test('a poll without any mailbox fails at nothing', () => {
	expect(start().poll({}, { names: [] })).toEqual(NOTHING);
});

describe('a round that ended before all mailboxes were done', () => {
	test('is what the poll ends with, and not the mailboxes that failed', () => {
		const { poll } = start();
		expect(poll({ a: 'x' }, { ended: 'gone' })).toEqual({
			reported: [],
			failure: 'Poll failed: gone',
		});
	});

	test.each([
		['with items', { items: [ITEM] }],
		['in the first poll, so that what it remembers is kept', { isFirst: true }],
	])('is reported beside %s, with each mailbox that begins to fail', (_title, more) => {
		const { poll } = start();
		expect(poll({ a: 'x' }, { ended: 'gone', ...more })).toEqual({
			reported: ['Poll failed: gone', failed('a', 'x')],
			failure: undefined,
		});
		expect(poll({ a: 'x' }, { ended: 'gone', ...more }).reported).toEqual(['Poll failed: gone']);
	});

	test('is what the first poll ends with where no mailbox was done', () => {
		const all = { a: 'x', b: 'x', c: 'x' };
		expect(start().poll(all, { ended: 'gone', isFirst: true }).failure).toBe('Poll failed: gone');
	});
});

describe('a message that is never acknowledged', () => {
	const never = { json: { neverAcknowledged: true, mailbox: 'INBOX', uid: 7, deliveryCount: 10 } };

	test('is reported once for each trigger, with what to do', () => {
		const { unacknowledged, state } = start();
		expect(unacknowledged([ITEM])).toEqual([]);
		expect(state).not.toHaveProperty('unacknowledgedReported');
		const [error, ...others] = unacknowledged([ITEM, never, never]);
		expect(others).toEqual([]);
		expect(error?.message).toBe(
			'Poll failed: The message with UID 7 in "INBOX" was delivered 10 times and never acknowledged',
		);
		expect(error?.description).toContain('Add IMAP4 Message Flags with the operation Acknowledge');
		expect(unacknowledged([never])).toEqual([]);
	});
});
