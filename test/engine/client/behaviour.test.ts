import { describe, expect, it, onTestFinished } from 'vitest';
import type { ConnectOptions, UntaggedResponse } from '../../../engine/index';
import { Imap4, UidSet, SequenceSet } from '../../../engine/index';
import { FakeTransport, loggedIn, selected } from './fake-transport';

interface Spoken {
	capabilities?: string;
	/** Messages in the selected mailbox; none is selected if not given. */
	exists?: number;
}

/** A session, and `answer`, which says a text with `TAG` replaced by that of the last command sent. */
async function spoken({
	capabilities = 'IMAP4rev1 LITERAL+ UIDPLUS MOVE UNSELECT ENABLE IDLE SASL-IR ID',
	exists,
	...options
}: Spoken & Partial<ConnectOptions> = {}) {
	const { imap, server } = await (exists === undefined
		? loggedIn(options, capabilities)
		: selected(options, { exists, capabilities }));
	await server.written();
	const answer = async (text: string): Promise<void> => {
		const tags = [...(await server.written()).matchAll(/^([A-P]{4}\d+) /gm)].map(([, tag]) => tag);
		server.deliver(text.replaceAll('TAG', tags.at(-1) ?? 'NONE'));
	};
	return { imap, server, answer };
}

/** Whether a promise has come to something by now. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
	let done = false;
	promise.then(
		() => (done = true),
		() => (done = true),
	);
	await new Promise((resolve) => setImmediate(resolve));
	return done;
}

const code = (name: string): unknown => expect.objectContaining({ code: name });

describe('greeting', () => {
	it.each<[string, string]>([
		['* BYE too busy\r\n', 'BYE'],
		['220 smtp.example ESMTP\r\n', 'PROTOCOL'],
		['+OK pop3 ready\r\n', 'PROTOCOL'],
		['* NO thanks\r\n', 'PROTOCOL'],
		['HTTP/1.1 400 Bad Request\r\n', 'PROTOCOL'],
		['* OK\n', 'PROTOCOL'],
	])('%j is refused', async (text, expected) => {
		const server = new FakeTransport({ secure: true });
		server.deliver(text);
		await expect(Imap4.connect({ transport: server })).rejects.toThrow(code(expected));
		expect(server.destroyed).toBe(true);
	});

	it('must be whole before the connection ends', async () => {
		const server = new FakeTransport({ secure: true });
		server.deliver('* OK hel');
		const connected = Imap4.connect({ transport: server });
		server.close();
		await expect(connected).rejects.toThrow(code('CONNECTION_LOST'));
	});

	it('must come in time, however it trickles in', async () => {
		const server = new FakeTransport({ secure: true });
		const connected = Imap4.connect({ transport: server, timeouts: { greeting: 40 } });
		server.deliver('\r\n', '* O');
		await expect(connected).rejects.toThrow(code('TIMEOUT'));
	});

	it.each([0, -1, NaN])('a timeout of %s is refused', async (greeting) => {
		const connected = Imap4.connect({
			transport: new FakeTransport({ secure: true }),
			timeouts: { greeting },
		});
		await expect(connected).rejects.toThrow(code('ARGUMENT'));
	});
});

describe('pipelining (RFC 9051 §5.5)', () => {
	it('sends what was issued together in one piece, and answers each for itself', async () => {
		const { imap, server } = await spoken({ exists: 3 });
		const stores = [1, 2, 3].map((uid) =>
			imap.selected.store(UidSet.from(uid), '+FLAGS', ['\\Seen'], { silent: true }),
		);
		const tags = [...(await server.written()).matchAll(/^(\w+) UID STORE/gm)].map(
			(match) => match[1],
		);
		expect(tags).toHaveLength(3);
		server.deliver(`${tags[0]} OK\r\n${tags[1]} NO [NOPERM] no\r\n${tags[2]} OK\r\n`);
		const results = await Promise.allSettled(stores);
		expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
	});

	it('holds a command by sequence number back while messages may be renumbered', async () => {
		const { imap, server, answer } = await spoken({ exists: 3 });
		const noop = imap.noop();
		const store = imap.selected.bySequenceNumber.store(SequenceSet.from(3), '+FLAGS', ['\\Seen']);
		expect(await server.written()).toMatch(/^\w+ NOOP\r\n$/);
		server.deliver('* 1 EXPUNGE\r\n');
		expect(await settled(store)).toBe(false);
		server.deliver(`${lastTag(server, 'NOOP')} OK\r\n`);
		await noop;
		await answer('TAG OK\r\n');
		await store;
	});

	it('sends nothing behind a SELECT before it has ended', async () => {
		const { imap, server, answer } = await spoken();
		const select = imap.open();
		const noop = imap.noop();
		expect(await server.written()).toMatch(/^\w+ SELECT INBOX\r\n$/);
		server.deliver(`${lastTag(server, 'SELECT')} OK\r\n`);
		await select;
		await answer('TAG OK\r\n');
		await noop;
	});
});

/** Tags count up, so the last one is known from what was written. */
function lastTag(server: FakeTransport, command: string): string {
	const all = [...server.sent.matchAll(new RegExp(`^(\\w+) ${command}`, 'gm'))];
	return all.at(-1)?.[1] ?? 'NONE';
}

describe('literals', () => {
	it('wait for + where LITERAL+ is not offered', async () => {
		const { imap, server } = await spoken({ capabilities: 'IMAP4rev1' });
		const append = imap.append('INBOX', 'a\nb');
		expect(await server.written()).toMatch(/APPEND INBOX \{4\}\r\n$/);
		server.deliver('+ go\r\n');
		expect(await server.written()).toBe('a\r\nb\r\n');
		server.deliver(`${lastTag(server, 'APPEND')} OK\r\n`);
		expect(await append).toBeUndefined();
	});

	it('are not sent after a refusal, and the next command is', async () => {
		const { imap, server, answer } = await spoken({ capabilities: 'IMAP4rev1' });
		const append = imap.append('Nowhere', 'text');
		const noop = imap.noop();
		await server.written();
		server.deliver(`${lastTag(server, 'APPEND')} NO [TRYCREATE] no such mailbox\r\n`);
		await expect(append).rejects.toThrow(
			expect.objectContaining({ code: 'NO', responseCode: 'TRYCREATE' }),
		);
		await answer('TAG OK\r\n');
		await noop;
		expect(server.sent).not.toContain('text');
	});

	it('accepted before they were sent end the session', async () => {
		const { imap, server } = await spoken({ capabilities: 'IMAP4rev1' });
		const append = imap.append('INBOX', 'text');
		await server.written();
		server.deliver(`${lastTag(server, 'APPEND')} OK\r\n`);
		await expect(append).rejects.toThrow(code('PROTOCOL'));
	});

	it('of a stream end the session if they are not as long as was announced', async () => {
		const { imap } = await spoken();
		async function* short(): AsyncGenerator<Uint8Array> {
			yield Buffer.from('abc');
		}
		await expect(
			imap.append('INBOX', short(), { size: 5, lineEndings: 'unchanged' }),
		).rejects.toThrow(/fewer/);
		expect(imap.closedBy).toBeDefined();
	});
});

describe('protocol confusion ends the session', () => {
	it.each([
		['a tag that was not sent', 'ZZZZ99 OK done\r\n'],
		['a + nobody waits for', '+ more\r\n'],
		['a response cut off by LF', '* 1 EXISTS\n'],
	])('%s', async (_name, text) => {
		const { imap, server } = await spoken({ exists: 1 });
		const noop = imap.noop();
		await server.written();
		server.deliver(text);
		await expect(noop).rejects.toThrow(code('PROTOCOL'));
		expect(server.destroyed).toBe(true);
		await expect(imap.noop()).rejects.toThrow(code('PROTOCOL'));
	});

	it('a BYE, with its reason', async () => {
		const { imap, server } = await spoken({ exists: 1 });
		const noop = imap.noop();
		await server.written();
		server.deliver('* BYE [UNAVAILABLE] going down\r\n');
		await expect(noop).rejects.toThrow(
			expect.objectContaining({ code: 'BYE', serverText: 'going down' }),
		);
	});

	it('a flood of unsolicited responses', async () => {
		const { imap, server } = await spoken({
			exists: 1,
			limits: { unclaimedResponses: 100 },
		});
		server.deliver('* 1 EXPUNGE\r\n'.repeat(101));
		expect(imap.closedBy?.code).toBe('LIMIT');
	});
});

describe('deadlines and ends', () => {
	it('a command without an answer', async () => {
		const { imap, server } = await spoken({ timeouts: { command: 40 } });
		await expect(imap.noop()).rejects.toThrow(
			expect.objectContaining({ code: 'TIMEOUT', command: 'NOOP' }),
		);
		expect(server.destroyed).toBe(true);
	});

	it('destroy() fails all that waits', async () => {
		const { imap } = await spoken({ exists: 1 });
		const waiting = [
			imap.noop(),
			imap.open(),
			imap.selected.bySequenceNumber.fetch('1', { flags: true }).all(),
		];
		await new Promise((resolve) => setImmediate(resolve));
		imap.destroy();
		for (const one of await Promise.allSettled(waiting))
			expect(one).toMatchObject({ reason: { code: 'CLOSED' } });
	});

	it('logout() returns though only BYE comes, and once is enough', async () => {
		const { imap, server } = await spoken();
		const over = imap.logout();
		await server.written();
		server.deliver('* BYE see you\r\n');
		server.close();
		expect(await over).toBe('see you');
		expect(imap.state).toBe('logout');
		expect(await imap.logout()).toBe('');
		expect(server.sent.match(/LOGOUT/g)).toHaveLength(1);
	});
});

describe('responses and the commands they belong to', () => {
	it('keeps unsolicited data of other messages out of a fetch, and reports it', async () => {
		const news: UntaggedResponse[] = [];
		const { imap, answer } = await spoken({
			exists: 9,
			onUnsolicited: (response) => news.push(response),
		});
		const messages = imap.selected.bySequenceNumber.fetch('1:2', { uid: true, size: true }).all();
		await answer(
			'* 1 FETCH (UID 11 RFC822.SIZE 5)\r\n* 7 FETCH (FLAGS (\\Seen))\r\n* 2 FETCH (FLAGS (\\Deleted))\r\n* 10 EXISTS\r\n* 2 FETCH (RFC822.SIZE 6 UID 12)\r\nTAG OK\r\n',
		);
		expect((await messages).map(({ seq, size }) => [seq, size])).toEqual([
			[1, 5],
			[2, 6],
		]);
		expect(news.map(({ type }) => type)).toEqual(['FETCH', 'FETCH', 'EXISTS']);
		expect(imap.mailbox?.exists).toBe(10);
	});

	it('refuses a login under LOGINDISABLED before anything is sent', async () => {
		const server = new FakeTransport({ secure: true });
		server.deliver('* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] hi\r\n');
		const imap = await Imap4.connect({ transport: server });
		await expect(imap.login('bob', 'hush')).rejects.toThrow(code('LOGIN_DISABLED'));
		expect(server.sent).toBe('');
	});

	it('needs a capability before it sends a command of that extension', async () => {
		const { imap, server } = await spoken({ capabilities: 'IMAP4rev1', exists: 1 });
		const before = server.sent;
		for (const refused of [
			imap.enable('CONDSTORE'),
			imap.selected.bySequenceNumber.sort(['DATE']),
			imap.getAcl('INBOX'),
		]) {
			await expect(refused).rejects.toThrow(code('CAPABILITY'));
		}
		expect(server.sent).toBe(before);
	});

	it('reports a state that does not fit', async () => {
		const { imap, server } = await spoken();
		expect(() => imap.selected).toThrow(code('STATE'));
		await expect(imap.logIn({ user: 'ann', password: 'x' })).rejects.toThrow(code('STATE'));
		expect(server.sent).toBe('');
	});

	it('shows no secret in trace or error', async () => {
		const lines: string[] = [];
		const server = new FakeTransport({ secure: true });
		server.deliver('* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=LOGIN SASL-IR LITERAL+] hi\r\n');
		const connected = Imap4.connect({
			transport: server,
			auth: { user: 'bob', password: 'h"u\\sh' },
			trace: ({ text }) => lines.push(text),
		});
		await server.written();
		server.deliver(`${lastTag(server, 'AUTHENTICATE')} NO wrong\r\n`);
		const error = await connected.catch((reason: unknown) => reason as Error);
		const all = JSON.stringify(lines) + String(error) + JSON.stringify(error);
		expect(all).toContain('AUTHENTICATE PLAIN');
		for (const secret of ['h\\"u', 'sh"', Buffer.from('\0bob\0h"u\\sh').toString('base64')]) {
			expect(all).not.toContain(secret);
		}
	});
});

describe('bodies', () => {
	const large = 'x'.repeat(300_000);

	it('are streamed, and hold the connection while nobody reads', async () => {
		const { imap, server, answer } = await spoken({
			exists: 1,
			limits: { streamThreshold: 1000 },
		});
		const fetched = imap.selected.bySequenceNumber.fetch('1', { body: [{ section: '' }] });
		const iterator = fetched[Symbol.asyncIterator]();
		const first = iterator.next();
		await answer(`* 1 FETCH (BODY[] {900000}\r\n`);
		const { value: message } = (await first) as {
			value: { body: { size?: number; stream(): AsyncIterable<Buffer> }[] };
		};
		server.deliver(large);
		expect(server.paused).toBe(true);
		server.deliver(large, large, `)\r\n${lastTag(server, 'FETCH')} OK\r\n`);
		let octets = 0;
		for await (const chunk of message.body[0]?.stream() ?? []) octets += chunk.length;
		expect(octets).toBe(900_000);
		expect(await iterator.next()).toMatchObject({ done: true });
	});

	it('left unread are passed over', async () => {
		const { imap, server, answer } = await spoken({
			exists: 2,
			limits: { streamThreshold: 1000 },
		});
		const seen: number[] = [];
		const loop = (async () => {
			for await (const { seq } of imap.selected.bySequenceNumber.fetch('1:2', {
				body: [{ section: '' }],
			}))
				seen.push(seq);
		})();
		await answer(`* 1 FETCH (BODY[] {300000}\r\n`);
		server.deliver(
			large,
			`)\r\n* 2 FETCH (BODY[] {300000}\r\n`,
			large,
			`)\r\n${lastTag(server, 'FETCH')} OK\r\n`,
		);
		await loop;
		expect(seen).toEqual([1, 2]);
	});

	it('do not block a command issued in the loop', async () => {
		const { imap, server, answer } = await spoken({
			exists: 1,
			limits: { streamThreshold: 1000 },
		});
		let status: unknown;
		let octets: number | undefined;
		const loop = (async () => {
			for await (const { body } of imap.selected.bySequenceNumber.fetch('1', {
				body: [{ section: '' }],
			})) {
				status = await imap.status('Other', ['messages']);
				octets = (await body[0]?.bytes())?.length;
			}
		})();
		await answer(`* 1 FETCH (BODY[] {600000}\r\n`);
		server.deliver(large);
		await new Promise((resolve) => setImmediate(resolve));
		server.deliver(large, `)\r\n${lastTag(server, 'FETCH')} OK\r\n`);
		await new Promise((resolve) => setImmediate(resolve));
		server.deliver(`* STATUS Other (MESSAGES 3)\r\n${lastTag(server, 'STATUS')} OK\r\n`);
		await loop;
		expect(status).toEqual({ mailbox: 'Other', messages: 3 });
		expect(octets).toBe(600_000);
	});

	it('too large to keep behind another command say so when read', async () => {
		const { imap, server, answer } = await spoken({
			exists: 1,
			limits: { streamThreshold: 1000, unreadBody: 400_000 },
		});
		const fetched = imap.selected.bySequenceNumber.fetch('1', { body: [{ section: '' }] });
		const iterator = fetched[Symbol.asyncIterator]();
		const first = iterator.next();
		await answer(`* 1 FETCH (BODY[] {900000}\r\n`);
		const { value: message } = (await first) as { value: { body: { bytes(): Promise<Buffer> }[] } };
		const noop = imap.noop();
		server.deliver(large, large, large, `)\r\n${lastTag(server, 'FETCH')} OK\r\n`);
		await new Promise((resolve) => setImmediate(resolve));
		server.deliver(`${lastTag(server, 'NOOP')} OK\r\n`);
		await noop;
		await expect(message.body[0]?.bytes()).rejects.toThrow(code('BODY_DISCARDED'));
	});

	it('fail with the connection, read or unread', async () => {
		const rejections: unknown[] = [];
		const note = (reason: unknown): void => void rejections.push(reason);
		process.on('unhandledRejection', note);
		onTestFinished(() => void process.off('unhandledRejection', note));
		const { imap, server, answer } = await spoken({
			exists: 1,
			limits: { streamThreshold: 1000 },
		});
		const loop = (async () => {
			for await (const { body } of imap.selected.bySequenceNumber.fetch('1', {
				body: [{ section: '' }, { section: 'HEADER' }],
			})) {
				const first = body[0]?.bytes();
				const later = body[1]?.bytes();
				await Promise.all([
					expect(first).rejects.toThrow(code('CONNECTION_LOST')),
					expect(later).rejects.toThrow(code('CONNECTION_LOST')),
				]);
			}
		})();
		await answer(`* 1 FETCH (BODY[] {900000}\r\n`);
		server.deliver('abc');
		server.close();
		await expect(loop).rejects.toThrow(code('CONNECTION_LOST'));
		await new Promise((resolve) => setTimeout(resolve, 10));
		expect(rejections).toEqual([]);
	});

	it('leaving the loop frees the connection', async () => {
		const { imap, server, answer } = await spoken({
			exists: 3,
			limits: { streamThreshold: 1000 },
		});
		const loop = (async () => {
			for await (const { seq } of imap.selected.bySequenceNumber.fetch('1:3', {
				body: [{ section: '' }],
			}))
				return seq;
			return 0;
		})();
		await answer(`* 1 FETCH (BODY[] {300000}\r\n`);
		expect(await loop).toBe(1);
		const noop = imap.noop();
		server.deliver(
			large,
			`)\r\n* 2 FETCH (BODY[] {300000}\r\n`,
			large,
			`)\r\n${lastTag(server, 'FETCH')} OK\r\n`,
		);
		await new Promise((resolve) => setImmediate(resolve));
		server.deliver(`${lastTag(server, 'NOOP')} OK\r\n`);
		await noop;
	});
});

it('a body whose stream was taken before it had come is whole all the same', async () => {
	const { imap, server, answer } = await spoken({
		exists: 1,
		limits: { streamThreshold: 1000 },
	});
	const messages = imap.selected.bySequenceNumber.fetch('1', {
		body: [{ section: '1' }, { section: '2' }],
	});
	const next = messages[Symbol.asyncIterator]().next();
	await answer('* 1 FETCH (BODY[1] {2000}\r\n');
	const { value: message } = await next;
	const stream = message.body[1].stream();
	server.deliver(`${'x'.repeat(2000)} BODY[2] "hello")\r\n${lastTag(server, 'FETCH')} OK\r\n`);
	const chunks: Buffer[] = [];
	for await (const chunk of stream) chunks.push(chunk as Buffer);
	expect(Buffer.concat(chunks).toString()).toBe('hello');
});
