/** When the connection is held, and when the server is given up. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Cancellation, untilAborted } from '../../../engine/client/cancellation';
import { FlowControl } from '../../../engine/client/flow-control';
import { Pipeline } from '../../../engine/client/pipeline';
import type { Command } from '../../../engine/commands/command';
import { plainCommand } from '../../../engine/commands/command';
import { FakeTransport } from './fake-transport';

beforeEach(() => {
	vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => void vi.useRealTimers());

const LIMIT = 1000;
const PROGRESS = 64 * 1024;

/** The control of a connection with these commands in flight. */
function control(...commands: Partial<Command<unknown>>[]) {
	const pipeline = new Pipeline();
	for (const command of commands)
		pipeline.sent({
			command: { ...plainCommand('X'), ...command },
			tag: 'a',
			resolve: () => undefined,
			reject: () => undefined,
		});
	const transport = new FakeTransport();
	const expired = vi.fn<() => void>();
	const flow = new FlowControl(pipeline, LIMIT, 77, transport, expired);
	return { flow, transport, expired, pipeline };
}

const pass = (ms: number): void => void vi.advanceTimersByTime(ms);

describe('the timeout', () => {
	test('begins when a command is sent', () => {
		const { flow, expired } = control({});
		flow.progressed();
		pass(LIMIT - 1);
		expect(expired).not.toHaveBeenCalled();
		pass(1);
		expect(expired).toHaveBeenCalledOnce();
	});

	test('begins again with bytes that come with a whole response, however few', () => {
		const { flow, expired } = control({});
		flow.progressed();
		pass(LIMIT - 1);
		flow.responded();
		flow.received(1);
		pass(LIMIT - 1);
		expect(expired).not.toHaveBeenCalled();
		// The next bytes complete nothing.
		flow.received(1);
		pass(1);
		expect(expired).toHaveBeenCalledOnce();
	});

	test('begins again with 64 KiB, together, of what is not whole', () => {
		for (const [octets, late] of [
			[PROGRESS - 1, true],
			[PROGRESS, false],
		] as const) {
			const { flow, expired } = control({});
			flow.progressed();
			pass(LIMIT - 1);
			flow.received(octets - 1000);
			flow.received(1000);
			pass(1);
			expect(expired).toHaveBeenCalledTimes(late ? 1 : 0);
		}
	});

	test('counts those bytes from the last progress on', () => {
		const { flow, expired } = control({});
		flow.received(PROGRESS - 1);
		flow.progressed();
		pass(LIMIT - 1);
		flow.received(1);
		pass(1);
		expect(expired).toHaveBeenCalledOnce();
	});

	test.each(['idle', 'deadline'] as const)(
		'forgets with “%s” that a response was whole',
		(what) => {
			const { flow, expired } = control({});
			flow.responded();
			flow[what]();
			flow.deadline();
			pass(LIMIT - 1);
			flow.received(1);
			pass(1);
			expect(expired).toHaveBeenCalledOnce();
		},
	);

	test('does not run while the server may take any time, or nothing is awaited', () => {
		const { flow, expired } = control({ noTimeout: true });
		flow.deadline();
		flow.progressed();
		pass(10 * LIMIT);
		flow.deadline();
		flow.idle();
		pass(10 * LIMIT);
		expect(expired).not.toHaveBeenCalled();
	});

	test('of a greeting is not put off by what comes', () => {
		const { flow, expired } = control();
		flow.deadline(500);
		pass(499);
		flow.responded();
		flow.received(PROGRESS);
		pass(1);
		expect(expired).toHaveBeenCalledOnce();
	});

	test('does not run once the connection is given up', () => {
		const { flow, transport, expired } = control({});
		flow.deadline();
		flow.stop();
		pass(10 * LIMIT);
		expect(expired).not.toHaveBeenCalled();
		flow.pause();
		expect(transport.pauses).toBe(0);
	});
});

describe('a slow caller', () => {
	test('holds the connection, and has all the time it needs', () => {
		const { flow, transport, expired } = control({});
		flow.progressed();
		flow.pause();
		flow.pause();
		expect([transport.paused, transport.pauses]).toEqual([true, 1]);
		pass(10 * LIMIT);
		flow.responded();
		flow.received(1);
		pass(10 * LIMIT);
		expect(expired).not.toHaveBeenCalled();
	});

	test('has the timeout again once it goes on', () => {
		const { flow, transport, expired } = control({});
		flow.pause();
		pass(10 * LIMIT);
		flow.resume();
		expect(transport.paused).toBe(false);
		pass(LIMIT - 1);
		expect(expired).not.toHaveBeenCalled();
		// Going on a second time is nothing new.
		flow.resume();
		pass(1);
		expect(expired).toHaveBeenCalledOnce();
	});

	test('does not put off what another command behind it waits for', () => {
		const { flow, expired } = control({}, {});
		flow.progressed();
		pass(LIMIT - 1);
		flow.pause();
		pass(1);
		expect(expired).toHaveBeenCalledOnce();
	});

	test('has no time if another command waits behind it', () => {
		const { flow, expired } = control({}, {});
		expect(flow.contended).toBe(true);
		flow.progressed();
		flow.pause();
		pass(LIMIT - 1);
		flow.progressed();
		pass(LIMIT - 1);
		expect(expired).not.toHaveBeenCalled();
		pass(1);
		expect(expired).toHaveBeenCalledOnce();
	});

	test('holds the transport that the connection has changed to', () => {
		const { flow, transport } = control({});
		const other = new FakeTransport();
		flow.pause();
		flow.attach(other);
		flow.pause();
		expect([transport.pauses, other.pauses]).toEqual([1, 1]);
		flow.resume();
		expect([transport.paused, other.paused]).toEqual([true, false]);
	});
});

describe('a time limit', () => {
	const expired = (): Error => new Error('too late');

	test('ends the work with its own error, when it has passed and not before', async () => {
		const limit = new Cancellation(LIMIT, expired);
		const work = expect(untilAborted(new Promise(() => undefined), limit)).rejects.toThrow(
			'too late',
		);
		pass(LIMIT - 1);
		expect(limit.aborted).toBe(false);
		pass(1);
		await work;
	});

	test('does not count once the work is done', () => {
		const limit = new Cancellation(LIMIT, expired);
		limit.stop();
		pass(10 * LIMIT);
		expect(limit.aborted).toBe(false);
	});

	test('ends early at the caller’s signal, with its reason', async () => {
		for (const before of [true, false]) {
			const caller = new AbortController();
			const reason = new Error('enough');
			if (before) caller.abort(reason);
			const limit = new Cancellation(LIMIT, expired, caller.signal);
			const work = expect(untilAborted(new Promise(() => undefined), limit)).rejects.toBe(reason);
			if (!before) caller.abort(reason);
			await work;
			expect(limit.reason).toBe(reason);
		}
	});

	test('no longer watches the caller’s signal once the work is done', () => {
		const caller = new AbortController();
		const removed = vi.spyOn(caller.signal, 'removeEventListener');
		const limit = new Cancellation(LIMIT, expired, caller.signal);
		limit.stop();
		expect(removed).toHaveBeenCalledOnce();
		caller.abort();
		expect(limit.aborted).toBe(false);
	});
});

describe('work until a signal', () => {
	test('comes to what it comes to, and the signal is not watched any more', async () => {
		const { signal } = new AbortController();
		const added = vi.spyOn(signal, 'addEventListener');
		const removed = vi.spyOn(signal, 'removeEventListener');
		expect(await untilAborted(Promise.resolve(3), signal)).toBe(3);
		const failure = new Error('x');
		await expect(untilAborted(Promise.reject(failure), signal)).rejects.toBe(failure);
		expect(added).toHaveBeenCalledTimes(2);
		await Promise.resolve();
		expect(removed.mock.calls).toEqual(added.mock.calls);
	});

	test('that is aborted already fails at once', async () => {
		const reason = new Error('enough');
		await expect(
			untilAborted(new Promise(() => undefined), AbortSignal.abort(reason)),
		).rejects.toBe(reason);
	});
});
