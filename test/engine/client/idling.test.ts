/** IDLE on servers that do not idle as RFC 2177 says. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Idler, UntaggedResponse } from '../../../engine/index';
import type { Connected } from './fake-transport';
import { loggedIn, nothingUnhandled, turns } from './fake-transport';

nothingUnhandled();

beforeEach(() => {
	vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
	vi.useRealTimers();
});

const pass = async (ms: number): Promise<void> => {
	await vi.advanceTimersByTimeAsync(ms);
	await turns();
};

const session = (onUnsolicited?: (response: UntaggedResponse) => void): Promise<Connected> =>
	loggedIn({ timeouts: { command: 5000 }, onUnsolicited }, 'IMAP4rev1 IDLE');

/** Answers every command at once, IDLE with `OK` and no `+`. @returns the names of the commands */
async function answerAll({ server }: Connected, forMs: number): Promise<string[]> {
	const names: string[] = [];
	for (let time = 0; time < forMs; time += 500) {
		for (const line of (await server.written()).split('\r\n').filter((one) => one !== '')) {
			const [tag = '', name = ''] = line.split(' ');
			names.push(name);
			server.say(`${tag} OK done`);
		}
		await pass(500);
	}
	return names;
}

describe('a server that ends IDLE at once', () => {
	test('is asked again twice, a little later, and then polled by NOOP', async () => {
		const connected = await session();
		const idler = connected.imap.idle();
		const first = idler[Symbol.asyncIterator]().next();
		const names = await answerAll(connected, 100_000);
		expect(names.slice(0, 6)).toEqual(['IDLE', 'IDLE', 'IDLE', 'NOOP', 'NOOP', 'NOOP']);
		expect(names.length).toBeLessThanOrEqual(8);
		connected.server.say('* 4 EXISTS');
		expect(await first).toEqual({ done: false, value: { type: 'EXISTS', number: 4 } });
		await idler.leave();
		expect(connected.imap.closedBy).toBeUndefined();
	});

	test('even after it said that it idles', async () => {
		const { imap, server } = await session();
		const idler = imap.idle().start();
		for (const wait of [1000, 5000, 0]) {
			const tag = await server.command('IDLE');
			server.say('+ idling', `${tag} OK enough`);
			await pass(wait);
		}
		await server.answer('NOOP');
		await idler.leave();
	});

	test('loses nothing that it sends in between, nor during the polls', async () => {
		const told: UntaggedResponse[] = [];
		const connected = await session((response) => told.push(response));
		const { imap, server } = connected;
		const idler = imap.idle().start();
		server.say('* 1 EXISTS', `${await server.command('IDLE')} OK no`, '* 2 EXISTS');
		await pass(500);
		server.say('* 3 EXISTS');
		await pass(1000);
		server.say(`${await server.command('IDLE')} OK no`);
		await pass(5000);
		server.say(`${await server.command('IDLE')} OK no`);
		await turns();
		const tag = await server.command('NOOP');
		server.say('* 4 EXISTS', `${tag} OK`, '* 5 EXISTS');
		const numbers: number[] = [];
		for await (const response of idler) {
			if (response.type === 'EXISTS') numbers.push(response.number);
			if (numbers.length === 5) break;
		}
		expect(numbers).toEqual([1, 2, 3, 4, 5]);
		expect(told).toEqual([]);
		// Once it is over the session's own listener is told again.
		server.say('* 6 EXISTS');
		await turns();
		expect(told).toEqual([{ type: 'EXISTS', number: 6 }]);
	});

	test('lets other commands run in between', async () => {
		const { imap, server } = await session();
		const idler = imap.idle().start();
		server.say(`${await server.command('IDLE')} OK no`);
		await turns();
		const noop = imap.noop();
		await server.answer('NOOP');
		await noop;
		await idler.leave();
	});

	test('the iteration ends at its duration, while it waits and while it polls', async () => {
		for (const duration of [800, 40_000]) {
			const connected = await session();
			const ended = (async () => {
				for await (const response of connected.imap.idle({ duration })) return response;
				return 'over';
			})();
			await answerAll(connected, duration + 1000);
			expect(await ended).toBe('over');
			expect(connected.imap.closedBy).toBeUndefined();
		}
	});

	test('leaving takes back a NOOP that is not answered', async () => {
		const { imap, server } = await session();
		const idler = imap.idle().start();
		for (const wait of [1000, 5000, 0]) {
			server.say(`${await server.command('IDLE')} OK no`);
			await pass(wait);
		}
		const tag = await server.command('NOOP');
		await idler.leave();
		expect(await idler[Symbol.asyncIterator]().next()).toEqual({ done: true, value: undefined });
		server.say(`${tag} OK`);
		const noop = imap.noop();
		await server.answer('NOOP');
		await noop;
	});

	test('and then refuses NOOP: that is the result', async () => {
		const { imap, server } = await session();
		const next = imap.idle()[Symbol.asyncIterator]().next();
		const refused = expect(next).rejects.toMatchObject({ code: 'BAD', command: 'NOOP' });
		for (const wait of [1000, 5000, 0]) {
			server.say(`${await server.command('IDLE')} OK no`);
			await pass(wait);
		}
		server.say(`${await server.command('NOOP')} BAD what?`);
		await refused;
	});
});

describe('a server that refuses IDLE', () => {
	test.each(['NO', 'BAD'])('with %s: that is the result', async (status) => {
		const { imap, server } = await session();
		const next = imap.idle()[Symbol.asyncIterator]().next();
		const refused = expect(next).rejects.toMatchObject({ code: status, command: 'IDLE' });
		server.say(`${await server.command('IDLE')} ${status} not now`);
		await refused;
	});
});

describe('a server that does not answer IDLE', () => {
	test('is given up after the timeout of a command', async () => {
		const { imap, server } = await session();
		const late = expect(imap.idle()[Symbol.asyncIterator]().next()).rejects.toMatchObject({
			code: 'TIMEOUT',
			command: 'IDLE',
		});
		await server.command('IDLE');
		await pass(4999);
		expect(imap.closedBy).toBeUndefined();
		await pass(2);
		await late;
		expect(server.destroyed).toBe(true);
	});

	test('the iteration ends at its duration all the same', async () => {
		const { imap, server } = await session();
		const next = imap.idle({ duration: 800 })[Symbol.asyncIterator]().next();
		await server.command('IDLE');
		await pass(801);
		expect(await next).toEqual({ done: true, value: undefined });
	});

	test('it can be left, and DONE goes out if it idles after all', async () => {
		const { imap, server } = await session();
		const idler = imap.idle().start();
		const tag = await server.command('IDLE');
		await idler.leave();
		const noop = imap.noop();
		await server.nothingMore();
		server.say('* 9 EXISTS', '+ idling');
		expect(await server.line()).toBe('DONE');
		server.say(`${tag} OK`);
		await server.answer('NOOP');
		await noop;
		expect(idler.leftOver).toEqual([{ type: 'EXISTS', number: 9 }]);
	});

	test('what waits behind it fails when it is given up', async () => {
		const { imap, server } = await session();
		const idler = imap.idle().start();
		await server.command('IDLE');
		await idler.leave();
		const noop = expect(imap.noop()).rejects.toMatchObject({ code: 'TIMEOUT' });
		await pass(5001);
		await noop;
	});
});

describe('a server that idles', () => {
	test('has all the time it needs, and IDLE is renewed', async () => {
		const { imap, server } = await session();
		const idler = imap.idle().start();
		for (let count = 0; count < 4; count++) {
			const tag = await server.command('IDLE');
			server.say('+ idling');
			await pass(9 * 60_000 - 1);
			await server.nothingMore();
			await pass(1);
			expect(await server.line()).toBe('DONE');
			server.say(`${tag} OK`);
		}
		expect(imap.closedBy).toBeUndefined();
		const tag = await server.command('IDLE');
		server.say('+ idling');
		const left = idler.leave();
		expect(await server.line()).toBe('DONE');
		server.say(`${tag} OK`);
		await left;
	});

	test('confirms the end before the iteration ends, and what it sends until then is not lost', async () => {
		const { imap, server } = await session();
		const iterator = imap.idle({ duration: 800 })[Symbol.asyncIterator]();
		const tag = await server.command('IDLE');
		server.say('+ idling');
		const next = iterator.next();
		await pass(801);
		expect(await server.line()).toBe('DONE');
		server.say('* 5 EXISTS', `${tag} OK`);
		expect(await next).toEqual({ done: false, value: { type: 'EXISTS', number: 5 } });
		expect(await iterator.next()).toEqual({ done: true, value: undefined });
	});

	test('confirms the end before leaving resolves', async () => {
		const { imap, server } = await session();
		const idler = imap.idle().start();
		const tag = await server.command('IDLE');
		server.say('+ idling');
		await turns();
		let isLeft = false;
		const left = idler.leave().then(() => (isLeft = true));
		expect(await server.line()).toBe('DONE');
		await turns();
		expect(isLeft).toBe(false);
		server.say(`${tag} OK`);
		await left;
	});

	test.each<[string, (idler: Idler) => PromiseLike<unknown> | undefined]>([
		['the end of its block', (idler) => idler[Symbol.asyncDispose]()],
		['the end of a loop', (idler) => idler[Symbol.asyncIterator]().return?.()],
	])('is left at %s', async (_when, leave) => {
		const { imap, server } = await session();
		const idler = imap.idle().start();
		const tag = await server.command('IDLE');
		server.say('+ idling');
		await turns();
		const left = leave(idler);
		expect(await server.line()).toBe('DONE');
		server.say(`${tag} OK`);
		await left;
		expect(await idler[Symbol.asyncIterator]().next()).toEqual({ done: true, value: undefined });
	});

	test('and then does not answer DONE is given up', async () => {
		const { imap, server } = await session();
		const idler = imap.idle().start();
		await server.command('IDLE');
		server.say('+ idling');
		await pass(60_000);
		const left = idler.leave();
		expect(await server.line()).toBe('DONE');
		await pass(5001);
		await left;
		expect(imap.closedBy).toMatchObject({ code: 'TIMEOUT', command: 'IDLE' });
	});

	test('two iterations at once share what comes', async () => {
		const { imap, server } = await session();
		const idler = imap.idle();
		const iterator = idler[Symbol.asyncIterator]();
		const both = Promise.all([iterator.next(), iterator.next()]);
		await server.command('IDLE');
		server.say('+ idling', '* 1 EXISTS');
		await turns();
		server.say('* 2 EXISTS');
		expect((await both).map(({ value }) => (value as { number: number }).number)).toEqual([1, 2]);
		imap.destroy();
	});
});

describe('a burst', () => {
	const idling = async () => {
		const connected = await session();
		const idler = connected.imap.idle({ duration: 10_000 });
		const burst = idler.burst(100);
		const tag = await connected.server.command('IDLE');
		connected.server.say('+ idling');
		await turns();
		return { ...connected, idler, burst, tag };
	};

	test('begins with the first response and ends when none has followed for the interval', async () => {
		const { server, idler, burst } = await idling();
		await pass(5000);
		server.say('* 1 EXISTS', '* 1 RECENT');
		await pass(99);
		server.say('* 2 EXISTS');
		await pass(100);
		server.say('* 3 EXISTS');
		expect((await burst).map(({ type }) => type)).toEqual(['EXISTS', 'RECENT', 'EXISTS']);
		await turns();
		expect(idler.leftOver).toEqual([{ type: 'EXISTS', number: 3 }]);
	});

	test('ends with the idling, and is empty if nothing came', async () => {
		const { server, idler, burst, tag } = await idling();
		await pass(9_950);
		server.say('* 1 EXISTS');
		await pass(51);
		expect(await burst).toEqual([{ type: 'EXISTS', number: 1 }]);
		expect(await server.line()).toBe('DONE');
		server.say(`${tag} OK`);
		expect(await idler.burst()).toEqual([]);
	});

	test('at the end of the idling takes at once what is left', async () => {
		const { imap, server } = await session();
		const idler = imap.idle({ duration: 500 }).start();
		const tag = await server.command('IDLE');
		server.say('+ idling', '* 1 EXISTS', '* 2 EXISTS');
		await pass(501);
		server.say(`${tag} OK`);
		expect(await idler.burst(Infinity)).toHaveLength(2);
	});
});

describe('a signal', () => {
	const reason = new Error('enough');

	test.each([true, false])('ends the iteration at once (confirmed: %s)', async (confirmed) => {
		const { imap, server } = await session();
		const controller = new AbortController();
		const next = imap.idle({ signal: controller.signal })[Symbol.asyncIterator]().next();
		const tag = await server.command('IDLE');
		if (confirmed) server.say('+ idling');
		await turns();
		controller.abort(reason);
		await expect(next).rejects.toBe(reason);
		if (!confirmed) server.say('+ idling');
		expect(await server.line()).toBe('DONE');
		server.say(`${tag} OK`);
		const noop = imap.noop();
		await server.answer('NOOP');
		await noop;
	});

	test('that is aborted already: IDLE is not sent', async () => {
		const { imap, server } = await session();
		const idler = imap.idle({ signal: AbortSignal.abort(reason) });
		await expect(idler[Symbol.asyncIterator]().next()).rejects.toBe(reason);
		await server.nothingMore();
	});

	test('destroying the session ends it too', async () => {
		const { imap, server } = await session();
		const next = imap.idle()[Symbol.asyncIterator]().next();
		await server.command('IDLE');
		server.say('+ idling');
		await turns();
		imap.destroy();
		await expect(next).rejects.toMatchObject({ code: 'CLOSED' });
	});
});
