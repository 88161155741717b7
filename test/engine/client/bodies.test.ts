import { describe, expect, test } from 'vitest';
import type {
	FetchedMessage,
	FetchItems,
	Imap4,
	MessageBody,
	UntaggedResponse,
} from '../../../engine/index';
import type { FakeTransport } from './fake-transport';
import { nothingUnhandled, selected, turns } from './fake-transport';

nothingUnhandled();

const BODY = { body: [{ section: '' }] };
const TWO = { body: [{ section: 'HEADER' }, { section: 'TEXT' }] };
const large = 'x'.repeat(300_000);
/** Small bodies are streamed too, so that a few octets will do. */
const limits = { streamThreshold: 10 };

interface Fetching {
	imap: Imap4;
	server: FakeTransport;
	next: () => Promise<FetchedMessage>;
	ended: () => Promise<void>;
	iterator: AsyncIterator<FetchedMessage>;
	tag: string;
}

/** A session in which messages are being fetched. */
async function fetching(
	items: FetchItems = BODY,
	options: Parameters<typeof selected>[0] = { limits },
	uid = false,
): Promise<Fetching> {
	const { imap, server } = await selected(options);
	const messages = uid ? imap.selected : imap.selected.bySequenceNumber;
	const iterator = messages.fetch('1:5', items)[Symbol.asyncIterator]();
	let first: Promise<IteratorResult<FetchedMessage>> | undefined = iterator.next();
	// Whoever asks for it is told; a test that ends before that is no loss.
	first.catch(() => undefined);
	const tag = await server.command(/^(UID )?FETCH 1:5 /);
	const step = async (): Promise<IteratorResult<FetchedMessage>> => {
		const result = first ?? iterator.next();
		first = undefined;
		return result;
	};
	return {
		imap,
		server,
		iterator,
		tag,
		next: async () => {
			const { done, value } = await step();
			if (done) throw new Error('There are no more messages');
			return value;
		},
		ended: async () => expect((await step()).done).toBe(true),
	};
}

const only = (message: FetchedMessage): MessageBody => {
	expect(message.body).toHaveLength(1);
	return message.body[0] as MessageBody;
};

describe('a body that is streamed', () => {
	test('comes whole in any chunks, and the next message after it', async () => {
		for (const size of [1, 3, 7, 1000]) {
			const { server, next, ended, tag } = await fetching();
			const bytes = `* 1 FETCH (BODY[] {12}\r\n(\r\n){3}\r\n* 1 UID 4)\r\n* 2 FETCH (BODY[] {3}\r\nabc)\r\n${tag} OK\r\n`;
			for (let at = 0; at < bytes.length; at += size) server.deliver(bytes.slice(at, at + size));
			const first = await next();
			expect(first.seq).toBe(1);
			expect((await only(first).bytes())?.toString()).toBe('(\r\n){3}\r\n* 1');
			expect(first.uid).toBe(4);
			expect(first.malformed).toBeUndefined();
			expect((await only(await next()).bytes())?.toString()).toBe('abc');
			await ended();
		}
	});

	test('slows the server down while nobody reads it, and is read to its end', async () => {
		const { server, next, ended, tag } = await fetching();
		server.deliver('* 1 FETCH (BODY[] {900000}\r\n');
		const body = only(await next());
		server.deliver(large, large, large, `)\r\n${tag} OK\r\n`);
		await turns();
		expect(server.paused).toBe(true);
		expect(server.waiting).toBeGreaterThan(500_000);
		expect((await body.bytes())?.length).toBe(900_000);
		await ended();
		expect(server.paused).toBe(false);
	});

	test.each([
		['not taken yet', false],
		['taken and slow', true],
	])(
		'lets go of the connection at its end, though it paused it with its last bytes (%s)',
		async (_name, taken) => {
			const { server, next, ended, tag } = await fetching();
			server.deliver('* 1 FETCH (BODY[] {300000}\r\n');
			const body = only(await next());
			const stream = taken ? body.stream() : undefined;
			stream?.read(0);
			// The chunk that makes the body whole ends with it.
			server.deliver(large);
			await turns();
			server.say(')', '* 2 FETCH (BODY[] {10}', `0123456789)`, `${tag} OK done`);
			let octets = 0;
			for await (const chunk of stream ?? body.stream()) octets += (chunk as Buffer).length;
			expect(octets).toBe(300_000);
			expect((await only(await next()).bytes())?.toString()).toBe('0123456789');
			await ended();
		},
	);

	test('may be left half-way, even when all of it has come', async () => {
		const { server, next, ended, tag } = await fetching();
		server.deliver('* 1 FETCH (BODY[] {300000}\r\n');
		const stream = only(await next()).stream();
		server.deliver(large);
		for await (const chunk of stream) {
			expect((chunk as Buffer).length).toBeGreaterThan(0);
			break;
		}
		server.say(')', `${tag} OK done`);
		await ended();
	});

	test('its UID behind it is known when it has been read', async () => {
		const { server, next, ended, tag } = await fetching(BODY, { limits }, true);
		server.say('* 3 FETCH (BODY[] {12}', '0123456789ab UID 5 FLAGS (\\Seen))', `${tag} OK`);
		const message = await next();
		await only(message).bytes();
		expect(message).toMatchObject({ seq: 3, uid: 5, flags: ['\\Seen'] });
		await ended();
	});

	test('two of them in one response, read one after the other', async () => {
		const { server, next, ended, tag } = await fetching(TWO);
		server.deliver(
			'* 1 FETCH (UID 9 BODY[HEADER] {12}\r\n',
			'0123456789',
			'AB BODY[TEXT] {11}\r\n',
		);
		server.deliver('abcdefghijk', ' FLAGS ())\r\n', `${tag} OK done\r\n`);
		const message = await next();
		expect(message.uid).toBe(9);
		const texts = [];
		for (const body of message.body) texts.push((await body.bytes())?.toString());
		expect(texts).toEqual(['0123456789AB', 'abcdefghijk']);
		await ended();
	});

	test('two of them, both asked for at once', async () => {
		const { server, next, ended, tag } = await fetching(TWO);
		server.deliver('* 1 FETCH (BODY[HEADER] {12}\r\n012345');
		const message = await next();
		const both = Promise.all(message.body.map((body) => body.bytes()));
		server.deliver('6789AB BODY[TEXT] {11}\r\nabc', 'defghijk)\r\n', `${tag} OK\r\n`);
		expect((await both).map(String)).toEqual(['0123456789AB', 'abcdefghijk']);
		await ended();
	});

	test('two of them, the second alone: the first goes by, however large', async () => {
		const { server, next, ended, tag } = await fetching(TWO);
		server.deliver('* 1 FETCH (BODY[HEADER] {600000}\r\n', large);
		const message = await next();
		await turns();
		expect(server.paused).toBe(true);
		const second = message.body[1]?.bytes();
		server.deliver(large, ' BODY[TEXT] {11}\r\nabc', 'defghijk)\r\n', `${tag} OK\r\n`);
		expect((await second)?.toString()).toBe('abcdefghijk');
		await expect(message.body[0]?.bytes()).rejects.toMatchObject({ code: 'BODY_DISCARDED' });
		await ended();
	});

	test('the second is small, or is not there', async () => {
		for (const [wire, text] of [
			['BODY[TEXT] {3}\r\nabc', 'abc'],
			['BODY[TEXT] "abc"', 'abc'],
			['BODY[TEXT] ""', ''],
			['BODY[TEXT] NIL', null],
			['', null],
		] as const) {
			const { server, next, ended, tag } = await fetching(TWO);
			server.deliver('* 1 FETCH (BODY[HEADER] {12}\r\n012345');
			const message = await next();
			const stream = message.body[1]?.stream();
			server.deliver(`6789AB ${wire})\r\n${tag} OK\r\n`);
			expect((await message.body[0]?.bytes())?.toString()).toBe('0123456789AB');
			const chunks: Buffer[] = [];
			for await (const chunk of stream ?? []) chunks.push(chunk as Buffer);
			expect(Buffer.concat(chunks).toString()).toBe(text ?? '');
			expect((await message.body[1]?.bytes())?.toString() ?? null).toBe(text);
			await ended();
		}
	});

	test('a long literal that is no body is held: a subject, an address, an unknown item', async () => {
		const { server, next, ended, tag } = await fetching({ envelope: true, ...BODY });
		const subject = 'a subject that is long';
		server.say(
			`* 1 FETCH (ENVELOPE (NIL {${subject.length}}`,
			`${subject} NIL NIL NIL NIL NIL NIL NIL NIL) BODY[] {12}`,
			`0123456789ab X-NEW {11}`,
			`abcdefghijk)`,
			`${tag} OK`,
		);
		const message = await next();
		expect((await only(message).bytes())?.toString()).toBe('0123456789ab');
		expect(message.envelope?.subject).toBe(subject);
		expect(message.other).toEqual({ 'X-NEW': 'abcdefghijk' });
		await ended();
	});

	test.each([
		['where the name of a response should be', '* 1 {12}', 'stray'],
		['where its number should be', '* {12}', 'stray'],
		['of another response', '* LIST () "/" {12}', 'LIST'],
	])('a long literal %s is held, and the fetch goes on', async (_what, line, type) => {
		const told: string[] = [];
		const { server, next, ended, tag } = await fetching(BODY, {
			...{ limits, onUnsolicited: (response) => void told.push(response.type) },
		});
		server.say(line, '0123456789ab', '* 1 FETCH (BODY[] {12}', '0123456789ab)', `${tag} OK`);
		expect((await only(await next()).bytes())?.toString()).toBe('0123456789ab');
		await ended();
		expect(told).toEqual([type]);
	});

	test('all() reads them all', async () => {
		const { imap, server } = await selected({ limits });
		const all = imap.selected.bySequenceNumber.fetch('1:2', TWO).all();
		const tag = await server.command(/^FETCH/);
		for (const seq of [1, 2]) {
			server.deliver(`* ${seq} FETCH (BODY[HEADER] {12}\r\n0123456789AB BODY[TEXT] {11}\r\nabc`);
			server.deliver('defghijk)\r\n');
		}
		server.say(`${tag} OK`);
		const messages = await all;
		expect(messages.map(({ body }) => body.map(({ content }) => content?.toString()))).toEqual([
			['0123456789AB', 'abcdefghijk'],
			['0123456789AB', 'abcdefghijk'],
		]);
	});

	test('it can be taken once', async () => {
		const { server, next, tag } = await fetching();
		server.say('* 1 FETCH (BODY[] {12}', `0123456789ab)`, `${tag} OK`);
		const body = only(await next());
		body.stream().resume();
		expect(() => body.stream()).toThrow(expect.objectContaining({ code: 'STATE' }));
	});
});

describe('a body that is not read', () => {
	test('is passed over when its row is left, whole or not', async () => {
		const { server, next, ended, tag } = await fetching();
		server.deliver('* 1 FETCH (BODY[] {600000}\r\n', large);
		const first = only(await next());
		const second = next();
		server.deliver(large, ')\r\n* 2 FETCH (BODY[] {10}\r\n0123456789)\r\n');
		expect((await second).seq).toBe(2);
		server.say(`${tag} OK`);
		await ended();
		await expect(first.bytes()).rejects.toMatchObject({ code: 'BODY_DISCARDED' });
	});

	test('says BODY_DISCARDED afterwards, though all of it had come', async () => {
		const { server, next, ended, tag } = await fetching();
		server.say('* 1 FETCH (BODY[] {12}', '0123456789ab)', `${tag} OK`);
		const body = only(await next());
		await ended();
		await expect(body.bytes()).rejects.toMatchObject({ code: 'BODY_DISCARDED' });
	});

	test('and that has not begun is passed over too, unless it was asked for before', async () => {
		for (const asked of [false, true]) {
			const { server, next, ended, tag } = await fetching(TWO);
			server.deliver('* 1 FETCH (BODY[HEADER] {12}\r\n0123');
			const message = await next();
			const before = asked ? message.body[1]?.bytes() : undefined;
			const end = ended();
			server.deliver(`456789AB BODY[TEXT] {11}\r\nabcdefghijk)\r\n${tag} OK\r\n`);
			await end;
			if (asked) expect((await before)?.toString()).toBe('abcdefghijk');
			else {
				await expect(message.body[1]?.bytes()).rejects.toMatchObject({ code: 'BODY_DISCARDED' });
			}
		}
	});

	test('of an unsolicited message is discarded, and the message reported', async () => {
		const told: UntaggedResponse[] = [];
		const { imap, server } = await selected({
			...{ limits, onUnsolicited: (response) => void told.push(response) },
		});
		const noop = imap.noop();
		const tag = await server.command('NOOP');
		server.deliver('* 9 FETCH (BODY[] {600000}\r\n', large, large, `)\r\n${tag} OK\r\n`);
		await noop;
		expect(server.paused).toBe(false);
		expect(told).toMatchObject([{ type: 'FETCH', message: { seq: 9 } }]);
	});
});

describe('the connection is lost during a streamed body', () => {
	test('its stream, the bodies behind it, the loop and other commands fail with the error', async () => {
		const { imap, server, iterator, next } = await fetching(TWO);
		server.deliver('* 1 FETCH (BODY[HEADER] {600000}\r\n', large);
		const message = await next();
		const other = imap.noop();
		const results = Promise.allSettled([
			message.body[0]?.bytes(),
			message.body[1]?.bytes(),
			other,
			iterator.next(),
		]);
		await turns();
		server.close();
		for (const result of await results) {
			expect(result).toMatchObject({ status: 'rejected', reason: { code: 'CONNECTION_LOST' } });
		}
		await expect(message.body[1]?.bytes()).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
	});

	test('a stream that was taken and that nobody listens to yet is no uncaught exception', async () => {
		const { server, next, iterator } = await fetching();
		server.deliver('* 1 FETCH (BODY[] {600000}\r\n', large);
		const stream = only(await next()).stream();
		server.close();
		await turns();
		expect(stream.errored).toMatchObject({ code: 'CONNECTION_LOST' });
		await expect(iterator.next()).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
	});

	test('a body that had arrived whole stays whole', async () => {
		const { server, next, iterator } = await fetching();
		server.deliver('* 1 FETCH (BODY[] {12}\r\n0123456789ab)\r\n* 2 FETCH (BODY[] {20}\r\n0');
		const body = only(await next());
		server.close();
		expect((await body.bytes())?.toString()).toBe('0123456789ab');
		const second = await iterator.next();
		await expect(only(second.value as FetchedMessage).bytes()).rejects.toMatchObject({
			code: 'CONNECTION_LOST',
		});
		await expect(iterator.next()).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
	});

	test('destroy() by the caller is the same with CLOSED', async () => {
		const { imap, server, next, iterator } = await fetching();
		server.deliver('* 1 FETCH (BODY[] {600000}\r\n', large);
		const body = only(await next());
		const bytes = body.bytes();
		imap.destroy();
		await expect(bytes).rejects.toMatchObject({ code: 'CLOSED' });
		await expect(iterator.next()).rejects.toMatchObject({ code: 'CLOSED' });
	});

	test('what is garbled behind a streamed body is noted, and the session goes on', async () => {
		const { imap, server, next, iterator, tag } = await fetching();
		server.deliver('* 1 FETCH (BODY[] {12}\r\n0123456789ab');
		const body = only(await next());
		server.say(' BODY[TEXT] nonsense)');
		expect((await body.bytes())?.toString()).toBe('0123456789ab');
		server.say(`${tag} OK done`);
		expect(await iterator.next()).toMatchObject({ done: true });
		expect(imap.closedBy).toBeUndefined();
	});
});
