import { UidSet } from '../../../engine/index';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { loggedIn, nothingUnhandled, selected, turns } from './fake-transport';

nothingUnhandled();
afterEach(() => void vi.useRealTimers());

const SYNC = 'IMAP4rev1';
const PLUS = 'IMAP4rev1 LITERAL+ MULTIAPPEND';

async function* pieces(...texts: string[]): AsyncGenerator<Buffer> {
	for (const text of texts) yield Buffer.from(text);
}

describe('a synchronising literal (RFC 9051 §4.3)', () => {
	test('is sent once the server says +, and the rest of the command behind it', async () => {
		const { imap, server } = await loggedIn({}, SYNC);
		const appended = imap.append('Entwürfe', 'one\ntwo\r', { flags: ['\\Seen'] });
		const tag = await server.command('APPEND Entw&APw-rfe (\\Seen) {10}');
		await server.nothingMore();
		server.say('+ go on');
		expect(await server.octets(12)).toBe('one\r\ntwo\r\n\r\n');
		server.say(`${tag} OK [APPENDUID 7 12] done`);
		expect(await appended).toEqual({ uidValidity: 7, uid: 12 });
	});

	test.each([
		['a message', 'hello'],
		['a stream', pieces('hel', 'lo')],
	])('is not sent when the server refuses before +: %s', async (_name, message) => {
		const { imap, server } = await loggedIn({}, SYNC);
		const appended = imap.append('Nowhere', message, { size: 5, lineEndings: 'unchanged' });
		const tag = await server.command('APPEND Nowhere {5}');
		server.say(`${tag} NO [TRYCREATE] no such mailbox`);
		await expect(appended).rejects.toMatchObject({
			code: 'NO',
			command: 'APPEND',
			responseCode: 'TRYCREATE',
			serverText: 'no such mailbox',
		});
		await server.nothingMore();
		const noop = imap.noop();
		await server.answer('NOOP');
		await noop;
		expect(server.sent).not.toContain('hello');
	});

	test('two in one command are sent one after the other', async () => {
		const { imap, server } = await loggedIn({}, SYNC);
		const renamed = imap.command('X-PAIR', ['ä', ['b\r\nc', 'd']]);
		const tag = await server.command('X-PAIR {2}');
		server.say('+');
		expect(await server.line()).toBe('Ã¤ ({4}');
		await server.nothingMore();
		server.say('+ ');
		expect(await server.octets(9)).toBe('b\r\nc d)\r\n');
		server.say(`${tag} OK`);
		await renamed;
	});

	test('the second is not sent when the server refuses after the first', async () => {
		const { imap, server } = await loggedIn({}, SYNC);
		const refused = imap.command('X-PAIR', ['ä', 'b\r\nc']);
		const noop = imap.noop();
		const tag = await server.command('X-PAIR {2}');
		server.say('+');
		await server.line();
		server.say(`${tag} BAD enough`);
		await expect(refused).rejects.toMatchObject({ code: 'BAD' });
		await server.answer('NOOP');
		await noop;
	});

	test('other commands wait behind it', async () => {
		const { imap, server } = await selected({}, { capabilities: SYNC });
		const appended = imap.append('INBOX', 'hello');
		const stored = imap.selected.store(UidSet.from(1), '+FLAGS', ['a']);
		const tag = await server.command(/^APPEND/);
		await server.nothingMore();
		server.say('+');
		expect(await server.line()).toBe('hello');
		const second = await server.command(/^UID STORE/);
		server.say(`${tag} OK`, `${second} OK`);
		await Promise.all([appended, stored]);
	});

	test('an OK before it was sent is no sound answer: PROTOCOL', async () => {
		const { imap, server } = await loggedIn({}, SYNC);
		const appended = imap.append('INBOX', 'hello');
		server.say(`${await server.command(/^APPEND/)} OK done`);
		await expect(appended).rejects.toMatchObject({ code: 'PROTOCOL' });
	});

	test('a + that nobody waits for: PROTOCOL', async () => {
		const { imap, server } = await loggedIn({}, PLUS);
		const appended = imap.append('INBOX', 'hello');
		await server.command('APPEND INBOX {5+}');
		server.say('+ ', '+ again');
		await expect(appended).rejects.toMatchObject({ code: 'PROTOCOL' });
		expect(imap.closedBy?.code).toBe('PROTOCOL');
	});
});

describe('a non-synchronising literal (RFC 7888)', () => {
	test.each([
		['LITERAL-', 4096, '{4096+}'],
		['LITERAL-', 4097, '{4097}'],
		['LITERAL+', 4097, '{4097+}'],
		['LITERAL+ LITERAL-', 4097, '{4097+}'],
		['', 1, '{1}'],
	])('under %s with %d bytes is %s', async (capability, size, announced) => {
		const { imap, server } = await loggedIn({}, `IMAP4rev1 ${capability}`);
		const appended = imap.append('INBOX', 'x'.repeat(size));
		const tag = await server.command(`APPEND INBOX ${announced}`);
		if (!announced.includes('+')) server.say('+');
		await server.octets(size + 2);
		server.say(`${tag} OK`);
		await appended;
	});

	test('and all the commands of one turn go out in one piece', async () => {
		const { imap, server } = await selected({}, { capabilities: PLUS });
		server.writes.length = 0;
		const all = [1, 2, 3].map((uid) => imap.selected.store(UidSet.from(uid), '+FLAGS', ['a']));
		await turns();
		expect(server.writes).toHaveLength(1);
		imap.destroy();
		await Promise.allSettled(all);
	});
});

describe('an upload', () => {
	test('that takes longer than the deadline goes on while bytes go out', async () => {
		vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
		const { imap, server } = await loggedIn({ timeouts: { command: 60 } }, PLUS);
		async function* slow(): AsyncGenerator<Buffer> {
			for (let piece = 0; piece < 6; piece++) {
				await new Promise((resolve) => setTimeout(resolve, 30));
				yield Buffer.from('0123456789');
			}
		}
		const appended = imap.append('INBOX', slow(), { size: 60, lineEndings: 'unchanged' });
		const tag = await server.command('APPEND INBOX {60+}');
		for (let step = 0; step < 7; step++) await vi.advanceTimersByTimeAsync(30);
		expect(await server.octets(62)).toContain('0123456789');
		server.say(`${tag} OK`);
		expect(await appended).toBeUndefined();
	});

	test('whose source stops for longer than the deadline is given up', async () => {
		vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
		const { imap, server } = await loggedIn({ timeouts: { command: 60 } }, PLUS);
		async function* stalled(): AsyncGenerator<Buffer> {
			yield Buffer.from('0123456789');
			await new Promise(() => undefined);
		}
		const late = expect(
			imap.append('INBOX', stalled(), { size: 60, lineEndings: 'unchanged' }),
		).rejects.toMatchObject({
			code: 'TIMEOUT',
			command: 'APPEND',
		});
		await server.command('APPEND INBOX {60+}');
		await vi.advanceTimersByTimeAsync(61);
		await late;
		expect(server.destroyed).toBe(true);
	});

	test('waits for room, and other commands wait behind it', async () => {
		const { imap, server } = await loggedIn({}, PLUS);
		server.full = true;
		const appended = imap.append('INBOX', pieces('abc', 'def', 'ghi'), {
			size: 9,
			lineEndings: 'unchanged',
		});
		const noop = imap.noop();
		const tag = await server.command('APPEND INBOX {9+}');
		expect(await server.octets(3)).toBe('abc');
		await server.nothingMore();
		server.drain();
		expect(await server.octets(8)).toBe('defghi\r\n');
		const second = await server.command('NOOP');
		server.say(`${tag} OK`, `${second} OK`);
		await Promise.all([appended, noop]);
	});

	test('refused half-way is sent to its end, so that the next command is understood', async () => {
		const { imap, server } = await loggedIn({}, PLUS);
		server.full = true;
		const appended = imap.append('INBOX', pieces('abc', 'def'), {
			size: 6,
			lineEndings: 'unchanged',
		});
		const noop = imap.noop();
		const tag = await server.command('APPEND INBOX {6+}');
		await server.octets(3);
		server.say(`${tag} NO [OVERQUOTA] full`);
		await expect(appended).rejects.toMatchObject({ responseCode: 'OVERQUOTA' });
		server.drain();
		expect(await server.octets(5)).toBe('def\r\n');
		await server.answer('NOOP');
		await noop;
	});

	test('of several streams refused half-way in the first does not wait for a + that never comes', async () => {
		const { imap, server } = await loggedIn({}, `${SYNC} MULTIAPPEND`);
		const appended = imap.appendAll('INBOX', [
			{ message: pieces('abc', 'def'), size: 6, lineEndings: 'unchanged' },
			{ message: pieces('ghi'), size: 3, lineEndings: 'unchanged' },
		]);
		const tag = await server.command('APPEND INBOX {6}');
		server.full = true;
		server.say('+');
		await server.octets(3);
		server.say(`${tag} NO [OVERQUOTA] full`);
		await expect(appended).rejects.toMatchObject({ responseCode: 'OVERQUOTA' });
		server.drain();
		expect(await server.octets(5)).toBe('def\r\n');
		const noop = imap.noop();
		await server.answer('NOOP');
		await noop;
		expect(server.sent).not.toContain('ghi');
	});

	test.each([
		['fewer octets', pieces('abc'), /fewer than the 6 announced/],
		['more octets', pieces('abc', 'defg'), /more than the 6 announced/],
		[
			'an error',
			(async function* () {
				yield Buffer.from('abc');
				throw new Error('disk');
			})(),
			/could not be read/,
		],
	])('of a stream with %s ends the session: it is out of step', async (_name, stream, message) => {
		const { imap, server } = await loggedIn({}, PLUS);
		const appended = imap.append('INBOX', stream, { size: 6, lineEndings: 'unchanged' });
		const noop = imap.noop();
		await expect(appended).rejects.toThrow(message);
		await expect(noop).rejects.toMatchObject({ code: 'CLOSED' });
		expect(server.destroyed).toBe(true);
	});

	test('stops when the connection is lost, and the stream is let go', async () => {
		const { imap, server } = await loggedIn({}, PLUS);
		let closed = false;
		async function* source(): AsyncGenerator<Buffer> {
			try {
				for (;;) yield Buffer.from('abc');
			} finally {
				closed = true;
			}
		}
		server.full = true;
		const appended = imap.append('INBOX', source(), {
			size: 1_000_000,
			lineEndings: 'unchanged',
		});
		await server.command(/^APPEND/);
		await server.octets(3);
		server.close();
		await expect(appended).rejects.toMatchObject({ code: 'CONNECTION_LOST', command: 'APPEND' });
		await turns();
		expect(closed).toBe(true);
	});
});

describe('what the server says of an appended message', () => {
	test.each([
		['[APPENDUID 7 12]', { uidValidity: 7, uid: 12 }],
		['[APPENDUID 7 12,13]', undefined],
		['[APPENDUID 7 *]', undefined],
		['[APPENDUID 7 nonsense]', undefined],
		['[APPENDUID 7 0]', undefined],
		['[APPENDUID nonsense]', undefined],
		['[APPENDUID]', undefined],
		['[]', undefined],
		['[ ] fine', undefined],
		['', undefined],
	])('%s: it is appended all the same', async (code, expected) => {
		const { imap, server } = await loggedIn({}, PLUS);
		const appended = imap.append('INBOX', 'hello');
		const tag = await server.command(/^APPEND/);
		await server.line();
		server.say(`${tag} OK ${code} done`);
		expect(await appended).toEqual(expected);
		expect(imap.closedBy).toBeUndefined();
	});
});
