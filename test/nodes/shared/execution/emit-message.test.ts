/** A message that was read becomes an item; one that could not be read in whole is reported as such. */
import { expect, test, vi } from 'vitest';
import type { Uid } from '../../../../engine/index';
import { emitMessage } from '../../../../nodes/shared/execution/emit-message';

const run = () => {
	const execution = { emit: vi.fn(), emitUnreadable: vi.fn() };
	return { execution: execution as typeof execution & never, ...execution };
};
const uid = 1 as Uid;
const json = { uid };
const binary = { file: { data: 'eA==', mimeType: 'text/plain' } };

test('a message is returned with its files, and with what else is known of it', () => {
	const { execution, emit, emitUnreadable } = run();
	emitMessage(execution, 2, { uid, json, binary });
	emitMessage(execution, 3, { uid, json, binary: undefined }, { thread: 7 });
	expect(emit.mock.calls).toEqual([
		[2, json, binary],
		[3, { uid: 1, thread: 7 }, undefined],
	]);
	expect(emitUnreadable).not.toHaveBeenCalled();
});

test('a message that could not be read is reported with the reason, even an empty one', () => {
	for (const unreadable of ['The server left it out', '']) {
		const { execution, emit, emitUnreadable } = run();
		emitMessage(execution, 2, { uid, json, binary: undefined, unreadable }, { thread: 7 });
		expect(emitUnreadable.mock.calls).toEqual([[2, { uid: 1, thread: 7 }, unreadable]]);
		expect(emit).not.toHaveBeenCalled();
	}
});
