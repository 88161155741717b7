/** Keep Input Fields: what an item returns of the item that came in. */
import type { IBinaryKeyData, IDataObject } from 'n8n-workflow';
import { describe, expect, test, vi } from 'vitest';
import { emitWithInput, keepsInput } from '../../../../nodes/shared/execution/keep-input';

const OUTCOMES = [
	...['alreadyThere', 'changedMeanwhile', 'createdMailbox', 'dryRun', 'gone', 'notFound'],
	'nothingChanged',
];

function emitted(input: Array<{ json: IDataObject; binary?: IBinaryKeyData }>, json: IDataObject) {
	const emit = vi.fn();
	emitWithInput({ items: input, emit } as never, 0, json);
	expect(emit).toHaveBeenCalledTimes(1);
	return emit.mock.calls[0] as unknown[];
}

describe('an item', () => {
	test('has the fields and files that came in, and what the node returns', () => {
		const binary = { file: { data: 'eA==', mimeType: 'text/plain' } };
		expect(emitted([{ json: { from: 'a', uid: 1 }, binary }], { via: 'MOVE' })).toEqual([
			...[0, { from: 'a', uid: 1, via: 'MOVE' }, binary],
		]);
	});

	test('has what the node returns where both have a field of that name', () => {
		expect(emitted([{ json: { uid: 1 } }], { uid: 2 })[1]).toEqual({ uid: 2 });
	});

	test.each(OUTCOMES)('has "%s" of this node, not of an earlier one', (name) => {
		expect(emitted([{ json: { [name]: true, own: 1 } }], {})[1]).toEqual({ own: 1 });
		expect(emitted([{ json: {} }], { [name]: true })[1]).toEqual({ [name]: true });
	});

	test('has what the node returns where nothing came in', () => {
		expect(emitted([], { uid: 2 })).toEqual([0, { uid: 2 }, undefined]);
	});
});

test('the field decides for each item, and is called by its label in an error', () => {
	const toggle = vi.fn(() => true);
	expect(keepsInput({ toggle } as never, 3)).toBe(true);
	expect(toggle).toHaveBeenCalledExactlyOnceWith('keepInputFields', 'Keep Input Fields', 3);
});
