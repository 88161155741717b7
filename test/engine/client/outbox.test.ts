/** How a command goes out: in which pieces, and what stops it. */
import { describe, expect, test, vi } from 'vitest';
import { Outbox } from '../../../engine/client/outbox';
import type { Imap4AbortError } from '../../../engine/index';
import type { LiteralStream, Segment } from '../../../engine/wire/writer';
import { FakeTransport, nothingUnhandled, turns } from './fake-transport';

nothingUnhandled();

const KIB = 1024;

function setUp() {
	const transport = new FakeTransport();
	const failures: Imap4AbortError[] = [];
	const progressed = vi.fn<() => void>();
	const trace: string[] = [];
	const one: Outbox = new Outbox(
		transport,
		(error) => {
			failures.push(error);
			one.stop();
		},
		progressed,
		({ direction, text }) => trace.push(`${direction} ${text}`),
	);
	return { outbox: one, transport, failures, progressed, trace };
}

const line = (text: string): Segment[] => [{ text: `${text}\r\n`, wait: false }];
const literal = (octets: Buffer | LiteralStream, wait = false): Segment[] => [
	{ text: 'X {n}\r\n', literal: octets, wait },
	{ text: ' end\r\n', wait: false },
];
const sizes = (transport: FakeTransport): number[] => transport.writes.map(({ length }) => length);
const nothing = (): void => undefined;

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
	for (const text of texts) yield new Uint8Array(Buffer.from(text));
}

describe('what is written within one turn goes out in one piece', () => {
	test('lines and small literals', async () => {
		const { outbox, transport } = setUp();
		const written = vi.fn<() => void>();
		outbox.command('A1', line('NOOP'), written);
		outbox.command('A2', literal(Buffer.from('abc')), written);
		outbox.line('DONE', false);
		expect(transport.writes).toEqual([]);
		await turns();
		expect(transport.writes.map(String)).toEqual(['A1 NOOP\r\nA2 X {n}\r\nabc end\r\nDONE\r\n']);
		// It was written at once, so nothing has to be reported later.
		expect(written).not.toHaveBeenCalled();
		expect(outbox.waiting).toBe(false);
	});

	test('in the next turn there is a piece of its own', async () => {
		const { outbox, transport } = setUp();
		outbox.line('a', false);
		await turns();
		outbox.line('b', false);
		await turns();
		expect(transport.writes.map(String)).toEqual(['a\r\n', 'b\r\n']);
	});

	test('64 KiB at most are put together', async () => {
		const { outbox, transport } = setUp();
		outbox.command('A1', literal(Buffer.alloc(32 * KIB)), nothing);
		outbox.command('A2', literal(Buffer.alloc(32 * KIB - 42)), nothing);
		outbox.command('A3', literal(Buffer.alloc(100)), nothing);
		await turns();
		// The lines around them have 42 bytes: the first piece is full to the last byte.
		expect(sizes(transport)).toEqual([64 * KIB, 106]);
	});

	test('what is larger goes by itself, uncopied, and in order', async () => {
		const { outbox, transport } = setUp();
		outbox.command('A1', literal(Buffer.alloc(200 * KIB, 'x')), nothing);
		await turns();
		expect(sizes(transport)).toEqual([10, 200 * KIB, 6]);
	});

	test('nothing goes out once the connection is given up', async () => {
		const { outbox, transport } = setUp();
		outbox.line('a', false);
		outbox.stop();
		await turns();
		outbox.line('b', false);
		await turns();
		expect(transport.writes).toEqual([]);
	});

	test('over the transport that the connection has changed to', async () => {
		const { outbox, transport } = setUp();
		const other = new FakeTransport();
		outbox.attach(other);
		outbox.line('a', false);
		await turns();
		expect([transport.sent, other.sent]).toEqual(['', 'a\r\n']);
	});
});

describe('a literal', () => {
	test('of up to 256 KiB is written at once, a larger one in pieces with backpressure', async () => {
		const { outbox, transport, progressed } = setUp();
		outbox.command('A1', literal(Buffer.alloc(256 * KIB)), nothing);
		expect(outbox.waiting).toBe(false);
		await turns();
		transport.writes.length = 0;
		const written = vi.fn<() => void>();
		outbox.command('A2', literal(Buffer.alloc(600 * KIB)), written);
		expect(outbox.waiting).toBe(true);
		await turns(20);
		expect(sizes(transport)).toEqual([10, 256 * KIB, 256 * KIB, 88 * KIB, 6]);
		expect(progressed).toHaveBeenCalledTimes(3);
		expect(written).toHaveBeenCalledOnce();
		expect(outbox.waiting).toBe(false);
	});

	test('whose size is a multiple of the pieces has no empty one', async () => {
		const { outbox, transport } = setUp();
		outbox.command('A1', literal(Buffer.alloc(512 * KIB)), nothing);
		await turns(20);
		expect(sizes(transport)).toEqual([10, 256 * KIB, 256 * KIB, 6]);
	});

	test('of a stream of any kind of bytes', async () => {
		const { outbox, transport, failures } = setUp();
		const view = new Uint8Array(Buffer.from('xxabcxx')).subarray(2, 5);
		async function* views(): AsyncGenerator<Uint8Array> {
			yield view;
			yield Buffer.from('def');
		}
		outbox.command('A1', literal({ size: 6, octets: views() }), nothing);
		await turns(20);
		expect(transport.sent).toBe('A1 X {n}\r\nabcdef end\r\n');
		expect(failures).toEqual([]);
	});

	test('that waits is written after +, and the next one waits again', async () => {
		const { outbox, transport } = setUp();
		const written = vi.fn<() => void>();
		const [first, ...rest] = literal(Buffer.from('abc'), true) as [Segment, ...Segment[]];
		outbox.command('A1', [first, first, ...rest], written);
		await turns();
		expect(transport.sent).toBe('A1 X {n}\r\n');
		expect(outbox.waiting).toBe(true);
		expect(outbox.proceed()).toBe(true);
		await turns();
		expect(transport.sent).toBe('A1 X {n}\r\nabcX {n}\r\n');
		expect(outbox.waiting).toBe(true);
		expect(outbox.proceed()).toBe(true);
		await turns();
		expect(transport.sent).toBe('A1 X {n}\r\nabcX {n}\r\nabc end\r\n');
		expect(outbox.waiting).toBe(false);
		expect(outbox.proceed()).toBe(false);
	});

	test('of a stream that waits is written after +, and then the rest', async () => {
		const { outbox, transport } = setUp();
		const written = vi.fn<() => void>();
		outbox.command('A1', literal({ size: 3, octets: pieces('ab', 'c') }, true), written);
		await turns();
		expect(transport.sent).toBe('A1 X {n}\r\n');
		expect(outbox.proceed()).toBe(true);
		// It is on its way: another + is not for it.
		expect(outbox.proceed()).toBe(false);
		await turns(20);
		expect(transport.sent).toBe('A1 X {n}\r\nabc end\r\n');
		expect(written).toHaveBeenCalledOnce();
	});

	test('of a stream, and behind it one that waits: the command is not written whole yet', async () => {
		const { outbox, transport } = setUp();
		const written = vi.fn<() => void>();
		const [first] = literal({ size: 3, octets: pieces('abc') }) as [Segment];
		outbox.command('A1', [first, ...literal(Buffer.from('def'), true)], written);
		await turns(20);
		expect(transport.sent).toBe('A1 X {n}\r\nabcX {n}\r\n');
		expect([outbox.waiting, written.mock.calls.length]).toEqual([true, 0]);
		expect(outbox.ends('A1')).toBe('cut short');
		expect(outbox.waiting).toBe(false);
	});

	test.each([
		[0, [], 'A1 X {n}\r\n end\r\n'],
		[3, ['abc', ''], 'A1 X {n}\r\nabc end\r\n'],
	])('of a stream of %d bytes in %j', async (size, texts, sent) => {
		const { outbox, transport, failures } = setUp();
		outbox.command('A1', literal({ size, octets: pieces(...texts) }), nothing);
		await turns(20);
		expect(transport.sent).toBe(sent);
		expect(failures).toEqual([]);
	});

	test.each([
		[4, 'The bytes to send were fewer than the 4 announced'],
		[2, 'The bytes to send were more than the 2 announced'],
	])('of a stream that is not as long as the %d bytes announced', async (size, message) => {
		const { outbox, transport, failures } = setUp();
		const written = vi.fn<() => void>();
		outbox.command('A1', literal({ size, octets: pieces('a', 'bc') }), written);
		await turns(20);
		expect(failures).toMatchObject([{ code: 'CLOSED', message }]);
		// No byte more than announced: it would be taken for a command.
		expect(transport.sent.length).toBeLessThanOrEqual('A1 X {n}\r\n'.length + size);
		expect(transport.sent).not.toContain('end');
		expect(written).not.toHaveBeenCalled();
	});

	test('of a stream that fails is cut, with the reason', async () => {
		const { outbox, failures } = setUp();
		const reason = new Error('disk');
		// eslint-disable-next-line require-yield -- it fails before
		async function* failing(): AsyncGenerator<Uint8Array> {
			throw reason;
		}
		outbox.command('A1', literal({ size: 3, octets: failing() }), nothing);
		await turns();
		expect(failures).toMatchObject([
			{ code: 'CLOSED', message: 'The bytes to send could not be read', cause: reason },
		]);
	});
});

describe('a command that ends', () => {
	test('after all of it was sent is complete, and so is one that is not being written', async () => {
		const { outbox } = setUp();
		outbox.command('A1', line('NOOP'), nothing);
		expect(outbox.ends('A1')).toBe('complete');
		outbox.command('A2', literal(Buffer.from('abc'), true), nothing);
		expect(outbox.isWriting('A1')).toBe(false);
		expect(outbox.isWriting('A2')).toBe(true);
		expect(outbox.ends('A1')).toBe('complete');
		expect(outbox.waiting).toBe(true);
		await turns();
	});

	test('before + is not sent further', async () => {
		const { outbox, transport } = setUp();
		outbox.command('A1', literal(Buffer.from('abc'), true), nothing);
		expect(outbox.ends('A1')).toBe('cut short');
		expect(outbox.waiting).toBe(false);
		expect(outbox.proceed()).toBe(false);
		await turns();
		expect(transport.sent).toBe('A1 X {n}\r\n');
	});

	test('while its literal is on the way: the literal is sent whole, and only its line ended', async () => {
		const { outbox, transport } = setUp();
		const written = vi.fn<() => void>();
		outbox.command('A1', literal({ size: 4, octets: pieces('ab', 'cd') }), written);
		expect(outbox.ends('A1')).toBe('cut short');
		expect(outbox.waiting).toBe(true);
		await turns(20);
		expect(transport.sent).toBe('A1 X {n}\r\nabcd\r\n');
		expect(written).toHaveBeenCalledOnce();
		expect(outbox.waiting).toBe(false);
	});
});

describe('backpressure', () => {
	test('nothing more of a literal is written until there is room', async () => {
		const { outbox, transport, progressed } = setUp();
		transport.full = true;
		outbox.command('A1', literal({ size: 4, octets: pieces('ab', 'cd') }), nothing);
		await turns(20);
		expect(transport.sent).toBe('A1 X {n}\r\nab');
		expect(progressed).not.toHaveBeenCalled();
		transport.full = false;
		outbox.drained();
		await turns(20);
		expect(transport.sent).toBe('A1 X {n}\r\nabcd end\r\n');
		expect(progressed).toHaveBeenCalledTimes(2);
		// Room that nobody waits for is nothing.
		outbox.drained();
	});

	test('when the connection is given up meanwhile the stream is let go, and nothing more is written', async () => {
		const { outbox, transport, progressed, failures } = setUp();
		let left = false;
		async function* source(): AsyncGenerator<Uint8Array> {
			try {
				for (;;) yield Buffer.from('ab');
			} finally {
				left = true;
			}
		}
		transport.full = true;
		outbox.command('A1', literal({ size: 4, octets: source() }), nothing);
		await turns(20);
		outbox.stop();
		await turns(20);
		expect(left).toBe(true);
		expect(transport.sent).toBe('A1 X {n}\r\nab');
		expect(progressed).not.toHaveBeenCalled();
		expect(failures).toEqual([]);
		expect(outbox.waiting).toBe(false);
	});

	test('a stream that yields after the connection is given up has its bytes dropped', async () => {
		const { outbox, transport } = setUp();
		let go = nothing;
		const begun = new Promise<void>((resolve) => (go = resolve));
		async function* source(): AsyncGenerator<Uint8Array> {
			await begun;
			yield Buffer.from('ab');
		}
		outbox.command('A1', literal({ size: 2, octets: source() }), nothing);
		await turns();
		outbox.stop();
		go();
		await turns(20);
		expect(transport.sent).toBe('A1 X {n}\r\n');
	});

	test('a stream that cannot even be let go is nobody’s failure any more', async () => {
		const { outbox } = setUp();
		const iterator = {
			next: () => new Promise<never>(() => undefined),
			return: () => Promise.reject(new Error('no')),
		};
		outbox.command(
			'A1',
			literal({ size: 2, octets: { [Symbol.asyncIterator]: () => iterator } }),
			nothing,
		);
		await turns();
		outbox.stop();
		await turns();
	});

	test('a stream that has been sent is not ended once more', async () => {
		const { outbox } = setUp();
		const ended = vi.fn<() => Promise<never>>();
		let sent = false;
		const iterator = {
			next: async () => {
				const done = sent;
				sent = true;
				return done ? { done, value: undefined } : { done, value: Buffer.from('ab') };
			},
			return: ended,
		};
		outbox.command(
			'A1',
			literal({ size: 2, octets: { [Symbol.asyncIterator]: () => iterator } }),
			nothing,
		);
		await turns(20);
		outbox.stop();
		await turns();
		expect(ended).not.toHaveBeenCalled();
	});
});

describe('a trace', () => {
	test('has each line as it goes out, with the tag before the first', async () => {
		const { outbox, trace } = setUp();
		outbox.command('A1', literal(Buffer.from('abc'), true), nothing);
		expect(trace).toEqual(['send A1 X {n}']);
		outbox.proceed();
		outbox.line('DONE', false);
		expect(trace).toEqual(['send A1 X {n}', 'send  end', 'send DONE']);
		await turns();
	});

	test('has no secrets', async () => {
		const { outbox, transport, trace } = setUp();
		outbox.command(
			'A1',
			[{ text: 'LOGIN "a" "b"\r\n', shown: 'LOGIN "a" "***"', wait: false }],
			nothing,
		);
		outbox.line('c2VjcmV0', true);
		expect(trace).toEqual(['send A1 LOGIN "a" "***"', 'send ***']);
		await turns();
		expect(transport.sent).toBe('A1 LOGIN "a" "b"\r\nc2VjcmV0\r\n');
	});
});
