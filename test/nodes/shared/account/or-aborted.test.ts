/** Waiting for work no longer than until Stop. */
import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { orAborted } from '../../../../nodes/shared/account/or-aborted';

const never = new Promise<never>(() => undefined);
const reason = new Error('enough');

test('without a signal the work is waited for', async () => {
	expect(await orAborted(Promise.resolve('done'), undefined)).toBe('done');
});

test('work that ends first returns its result, and no listener stays on the signal', async () => {
	const { signal } = new AbortController();
	expect(await orAborted(Promise.resolve('done'), signal)).toBe('done');
	expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('work that fails first throws its error, and no listener stays on the signal', async () => {
	const { signal } = new AbortController();
	await expect(orAborted(Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
	expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('a signal that comes meanwhile ends the waiting with its reason', async () => {
	const controller = new AbortController();
	const waits = orAborted(never, controller.signal);
	expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
	controller.abort(reason);
	await expect(waits).rejects.toBe(reason);
	expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
});

test('a signal that came before ends it at once', async () => {
	await expect(orAborted(never, AbortSignal.abort(reason))).rejects.toBe(reason);
});
