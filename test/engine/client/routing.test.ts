/** Where each response goes: to a command, to the listener, or into an error. */
import { describe, expect, test } from 'vitest';
import { Session } from '../../../engine/client/session';
import type { Command } from '../../../engine/commands/command';
import { ANY_STATE, plainCommand } from '../../../engine/commands/command';
import type { UntaggedResponse } from '../../../engine/index';
import { Imap4, Imap4Error } from '../../../engine/index';
import type { Limits } from '../../../engine/wire/limits';
import { defaultLimits } from '../../../engine/wire/limits';
import type { Connected } from './fake-transport';
import {
	FakeTransport,
	greeted,
	loggedIn,
	nothingUnhandled,
	selected,
	turns,
} from './fake-transport';

nothingUnhandled();

const noticing = async (): Promise<Connected & { seen: UntaggedResponse[] }> => {
	const seen: UntaggedResponse[] = [];
	return { ...(await selected({ onUnsolicited: (one) => seen.push(one) })), seen };
};

describe('a line that cannot be read', () => {
	test.each([
		['* STATUS x', { type: 'malformed', name: 'STATUS', text: '* STATUS x' }],
		['* status x', { type: 'malformed', name: 'STATUS', text: '* status x' }],
		['* 2 FETCH', { type: 'malformed', name: 'FETCH', text: '* 2 FETCH' }],
		['*  2  FETCH', { type: 'malformed', name: 'FETCH', text: '*  2  FETCH' }],
		['Hello there', { type: 'stray', text: 'Hello there' }],
		['OKAY then', { type: 'stray', text: 'OKAY then' }],
		['All is OK', { type: 'stray', text: 'All is OK' }],
		['see * STATUS x', { type: 'stray', text: 'see * STATUS x' }],
		[`Words ${'x'.repeat(500)}`, { type: 'stray', text: `Words ${'x'.repeat(194)}` }],
	])('%s is reported as what it seems to be', async (line, expected) => {
		const { imap, server, seen } = await noticing();
		server.say(line);
		expect(seen).toEqual([expected]);
		expect(imap.closedBy).toBeUndefined();
	});

	test.each(['OK', 'no way', 'BAD x', 'BYE', 'PREAUTH x'])(
		'and begins with a status, as in “%s”, may be the end of a command',
		async (line) => {
			const { imap, server } = await noticing();
			server.say(line);
			expect(imap.closedBy).toMatchObject({ code: 'PROTOCOL' });
		},
	);

	test('fails all the commands whose result it may have been, and only those', async () => {
		const { imap, server } = await selected(
			{},
			{ capabilities: 'IMAP4rev1 SORT THREAD=REFERENCES' },
		);
		const { bySequenceNumber } = imap.selected;
		for (const [line, run, command, fails] of [
			['* SORT 1 x', () => bySequenceNumber.sort(['DATE']), /SORT/, true],
			['* THREAD (1', () => bySequenceNumber.thread('REFERENCES'), /THREAD/, true],
			['* SEARCH 1 x', () => bySequenceNumber.search({ seen: true }), /SEARCH/, true],
			['* SORT 1 x', () => bySequenceNumber.search({ seen: true }), /SEARCH/, false],
			['* SEARCH 1 x', () => imap.noop(), /NOOP/, false],
			['* SEARCH 1 x', () => imap.status('SEARCH', ['messages']), /STATUS/, false],
		] as const) {
			const result = run().then(
				() => undefined,
				(error: unknown) => error as Imap4Error,
			);
			const tag = await server.command(command);
			server.say(line, `${tag} OK`);
			const error = await result;
			if (fails) {
				expect(error).toMatchObject({ code: 'MALFORMED' });
				expect(error?.message).toBe(
					`The server answered ${error?.command} with a response that cannot be read: ${line}`,
				);
			} else expect(error?.message ?? '').not.toContain('cannot be read');
			expect(imap.closedBy).toBeUndefined();
		}
	});

	test('is named by the first of several', async () => {
		const { imap, server } = await selected();
		const searched = imap.selected.bySequenceNumber.search({ seen: true });
		const tag = await server.command(/SEARCH/);
		server.say('* SEARCH 1 x', '* SEARCH 2 y', `${tag} OK`);
		await expect(searched).rejects.toThrow(/cannot be read: \* SEARCH 1 x$/);
	});

	test('is no failure to a command that is refused all the same', async () => {
		const { imap, server } = await selected();
		const searched = imap.selected.bySequenceNumber.search({ seen: true });
		const tag = await server.command(/SEARCH/);
		server.say('* SEARCH 1 x', `${tag} NO no`);
		await expect(searched).rejects.toMatchObject({ code: 'NO' });
	});
});

describe('a tagged response of nobody’s', () => {
	test('that refuses what some other client sent is reported', async () => {
		const { imap, server, seen } = await noticing();
		server.say('a7 NO go away', 'b8 BAD what');
		expect(seen).toEqual([
			{ type: 'stray', text: 'a7 NO go away' },
			{ type: 'stray', text: 'b8 BAD what' },
		]);
		expect(imap.closedBy).toBeUndefined();
	});

	test.each(['a7 OK done', 'b8 OK'])('that accepts it ends the session: %s', async (line) => {
		const { imap, server } = await noticing();
		server.say(line);
		expect(imap.closedBy).toMatchObject({ code: 'PROTOCOL' });
	});
});

/** A session that is greeted, for commands made by hand. */
async function session(limits: Partial<Limits> = {}) {
	const server = new FakeTransport({ secure: true });
	const seen: UntaggedResponse[] = [];
	const one = new Session(server, {
		limits: { ...defaultLimits, ...limits },
		timeouts: { greeting: 1000, command: 1000 },
		unsolicited: (response) => seen.push(response),
	});
	const started = one.start();
	server.say('* PREAUTH [CAPABILITY IMAP4rev1] hi');
	await started;
	return { session: one, server, seen };
}

const command = (properties: Partial<Command<unknown>> = {}): Command<unknown> => ({
	...plainCommand('X', [], ANY_STATE),
	...properties,
});

describe('an untagged response', () => {
	test('goes to the command that accepts it, and nowhere else', async () => {
		const { session: one, server, seen } = await session();
		const taken: string[] = [];
		const accepts = ({ type }: UntaggedResponse): boolean =>
			type === 'EXISTS' && taken.push(type) > 0;
		const running = one.run(command({ accepts }));
		const tag = await server.command('X');
		server.say('* 3 EXISTS', '* 1 EXPUNGE', `${tag} OK`);
		await running;
		expect(taken).toEqual(['EXISTS']);
		expect(seen.map(({ type }) => type)).toEqual(['EXPUNGE']);
	});

	test('that no command accepts goes to listeners in place of the session’s own, while they listen', async () => {
		const { session: one, server, seen } = await session();
		const [first, second]: [string[], string[]] = [[], []];
		const endFirst = one.listen(({ type }) => first.push(type));
		const endSecond = one.listen(({ type }) => second.push(type));
		server.say('* 1 EXISTS');
		endFirst();
		server.say('* 1 EXPUNGE');
		endSecond();
		server.say('* 2 EXISTS');
		expect([first, second, seen.map(({ type }) => type)]).toEqual([
			['EXISTS'],
			['EXISTS', 'EXPUNGE'],
			['EXISTS'],
		]);
	});

	test('is shown as it came to the command that wants to see it, without its line end', async () => {
		const { session: one, server } = await session();
		const raw: string[] = [];
		const running = one.run(command({ onRawLine: (octets) => raw.push(octets.toString()) }));
		const tag = await server.command('X');
		server.say('* 3 EXISTS', '* x-new {3}\r\na\r\n (b)', `${tag} OK`);
		await running;
		expect(raw).toEqual(['* 3 EXISTS', '* x-new {3}\r\na\r\n (b)']);
	});

	test('that a command keeps counts to its limit, until the next tagged one', async () => {
		const { session: one, server } = await session({ answerResponses: 2 });
		const accepts = (): boolean => true;
		for (let time = 0; time < 2; time++) {
			const running = one.run(command({ accepts }));
			server.say('* 1 EXISTS', '* 2 EXISTS', `${await server.command('X')} OK`);
			await running;
		}
		const running = expect(one.run(command({ accepts }))).rejects.toMatchObject({ code: 'LIMIT' });
		await server.command('X');
		server.say('* 1 EXISTS', '* 2 EXISTS', '* 3 EXISTS');
		await running;
	});

	test('that a consumer takes one by one does not count', async () => {
		const { session: one, server } = await session({ answerResponses: 2 });
		const running = one.run(command({ accepts: () => true, consumer: {} }));
		server.say(...Array<string>(10).fill('* 1 EXISTS'), `${await server.command('X')} OK`);
		await running;
	});

	test('of any number of bytes counts by its bytes', async () => {
		const { session: one, server } = await session({ answerOctets: 20 });
		const running = expect(one.run(command({ accepts: () => true }))).rejects.toMatchObject({
			code: 'LIMIT',
			message: expect.stringContaining('2 responses of 21 octets') as string,
		});
		await server.command('X');
		server.say('* 1 EXISTS', '* 22 EXISTS');
		await running;
	});
});

describe('what a command makes of its answer', () => {
	test('is its result', async () => {
		const { session: one, server } = await session();
		const running = one.run(command({ done: ({ text }) => text }));
		server.say(`${await server.command('X')} OK all well`);
		expect(await running).toBe('all well');
	});

	test('may be an error of its own, in either case; the session goes on', async () => {
		const { session: one, server } = await session();
		const mine = new Imap4Error('MALFORMED', 'mine');
		for (const [status, properties] of [
			['OK', { done: () => Promise.reject(mine) }],
			['NO', { refused: () => mine }],
		] as const) {
			const running = one.run(command(properties));
			server.say(`${await server.command('X')} ${status} x`);
			await expect(running).rejects.toBe(mine);
		}
		const throwing = one.run(
			command({
				done: () => {
					throw mine;
				},
			}),
		);
		server.say(`${await server.command('X')} OK x`);
		await expect(throwing).rejects.toBe(mine);
		expect(one.closedBy).toBeUndefined();
	});

	test('is a result where the end of the connection is what it was for', async () => {
		const { session: one, server } = await session();
		const running = one.run(command({ aborted: ({ code }) => ({ result: code }) }));
		const other = expect(one.run(command())).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
		await server.command('X');
		server.close();
		expect(await running).toBe('CONNECTION_LOST');
		await other;
	});

	test('is an error where it cannot be encoded or must not be sent, and nothing is sent', async () => {
		const { session: one, server } = await session();
		const refused = new Imap4Error('STATE', 'not now');
		const beforeSend = (): never => {
			throw refused;
		};
		await expect(one.run(command({ beforeSend }))).rejects.toBe(refused);
		const args = [{ kind: 'astring', value: 'a\0' }] as const;
		await expect(one.run(command({ args }))).rejects.toMatchObject({ code: 'ARGUMENT' });
		await server.nothingMore();
		const running = one.run(command());
		await server.answer('X');
		await running;
		expect(one.idle).toBe(true);
	});
});

describe('a + from the server', () => {
	const challenge = (text: string): string => `+ ${Buffer.from(text).toString('base64')}`;

	test('is decoded for the command, and its answer encoded', async () => {
		const { session: one, server } = await session();
		const asked: string[] = [];
		const running = one.run(
			command({ onChallenge: (data) => Buffer.from(`re:${asked.push(data.toString())}`) }),
		);
		const tag = await server.command('X');
		server.say(challenge('one'));
		expect(await server.line()).toBe(Buffer.from('re:1').toString('base64'));
		server.say('+ ');
		expect(await server.line()).toBe(Buffer.from('re:2').toString('base64'));
		server.say(`${tag} OK`);
		await running;
		expect(asked).toEqual(['one', '']);
	});

	test('that the command does not answer is cancelled', async () => {
		const { session: one, server } = await session();
		const running = one.run(command({ onChallenge: () => undefined }));
		const tag = await server.command('X');
		server.say('+ ');
		expect(await server.line()).toBe('*');
		server.say(`${tag} BAD cancelled`);
		await expect(running).rejects.toMatchObject({ code: 'BAD' });
	});

	test('whose answer fails is cancelled, and the failure is the result', async () => {
		const { session: one, server } = await session();
		const mine = new Error('mine');
		const running = one.run(command({ onChallenge: () => Promise.reject(mine) }));
		const tag = await server.command('X');
		server.say('+ ');
		await expect(running).rejects.toBe(mine);
		expect(await server.line()).toBe('*');
		server.say(`${tag} BAD cancelled`);
		await turns();
		expect(one.closedBy).toBeUndefined();
	});

	test('lets a command send one more line, while it is not answered', async () => {
		const { session: one, server } = await session();
		let say: (text: string) => void = () => undefined;
		const running = one.run(command({ noTimeout: true, onContinuation: (line) => (say = line) }));
		const tag = await server.command('X');
		server.say('+ idling');
		say('DONE');
		expect(await server.line()).toBe('DONE');
		server.say(`${tag} OK`);
		await running;
		say('DONE');
		await server.nothingMore();
	});
});

test('a trace shows no response of a login, and capabilities are those listed last', async () => {
	const lines: string[] = [];
	const server = new FakeTransport({ secure: true });
	const one = new Session(server, {
		limits: defaultLimits,
		timeouts: { greeting: 1000, command: 1000 },
		trace: ({ text }) => lines.push(text),
	});
	const started = one.start();
	server.say('* OK [CAPABILITY IMAP4rev1] hi');
	await started;
	for (const onChallenge of [
		() => Buffer.from('hush-hush'),
		() => Promise.reject(new Error('mine')),
	]) {
		const running = one.run(command({ onChallenge })).catch(() => undefined);
		const tag = await server.command('X');
		server.say('+ ');
		await server.line();
		server.say(`* OK [CAPABILITY IMAP4rev1 ${tag}] now`, `${tag} OK`);
		await running;
		expect([...one.capabilities]).toEqual(['IMAP4REV1', tag]);
	}
	expect(lines.filter((line) => line === '***')).toHaveLength(2);
	expect(lines.join()).not.toContain(Buffer.from('hush-hush').toString('base64'));
});

test('a login that is asked for more without end ends the session', async () => {
	const { session: one, server } = await session();
	const running = expect(
		one.run(command({ onChallenge: () => Buffer.from('x') })),
	).rejects.toMatchObject({
		code: 'PROTOCOL',
		message: 'The server sent more than 20 challenges in one login',
	});
	await server.command('X');
	for (let time = 0; time < 21; time++) server.say('+ ');
	await running;
});

test('before the login every tag that is not ours ends the session', async () => {
	const { imap, server } = await greeted();
	server.say('a7 NO go away');
	expect(imap.closedBy).toMatchObject({ code: 'PROTOCOL' });
});

test('a limit that is passed before the greeting is not stray text', async () => {
	const server = new FakeTransport({ secure: true });
	const connecting = Imap4.connect({ transport: server, limits: { lineLength: 100 } });
	server.deliver('x'.repeat(101));
	await expect(connecting).rejects.toMatchObject({ code: 'LIMIT' });
});

test('clear text is not passed on where TLS is required', async () => {
	const seen: UntaggedResponse[] = [];
	const server = new FakeTransport();
	const one = new Session(server, {
		limits: defaultLimits,
		timeouts: { greeting: 1000, command: 1000 },
		tlsRequired: true,
		unsolicited: (response) => seen.push(response),
	});
	const started = one.start();
	server.say('* OK [CAPABILITY IMAP4rev1 STARTTLS] hi');
	await started;
	one.listen((response) => seen.push(response));
	server.say('* OK [ALERT] call this number', '* 5 EXISTS');
	expect(seen).toEqual([]);
	expect(one.closedBy).toBeUndefined();
});

test('a message with a streamed body that nobody asked for is reported, its body passed over', async () => {
	const seen: UntaggedResponse[] = [];
	const { imap, server } = await selected({
		limits: { streamThreshold: 10 },
		onUnsolicited: (response) => seen.push(response),
	});
	server.say(`* 3 FETCH (UID 7 BODY[] {20}\r\n${'x'.repeat(20)})`, '* 11 EXISTS');
	expect(seen).toMatchObject([{ type: 'FETCH', message: { seq: 3, uid: 7 } }, { type: 'EXISTS' }]);
	expect(imap.closedBy).toBeUndefined();
});

test('a tagged response’s code says something of the open mailbox, too', async () => {
	const { imap, server } = await selected();
	const noop = imap.noop();
	server.say(`${await server.command('NOOP')} OK [HIGHESTMODSEQ 99] done`);
	await noop;
	expect(imap.mailbox?.highestModSeq).toBe(99n);
});

test('a trace shows both ways, what is received up to 2,000 characters, without secrets', async () => {
	const lines: string[] = [];
	const { imap, server } = await loggedIn({
		trace: ({ direction, text }) => lines.push(`${direction} ${text}`),
	});
	lines.length = 0;
	const noop = imap.noop();
	const tag = await server.command('NOOP');
	server.say(`* OK ${'x'.repeat(3000)}`, '* 1 EXISTS', `${tag} OK`);
	await noop;
	expect(lines).toEqual([
		`send ${tag} NOOP`,
		`receive * OK ${'x'.repeat(1995)}`,
		'receive * 1 EXISTS',
		`receive ${tag} OK`,
	]);
});
