/**
 * What CPython tests of imaplib (Lib/test/test_imaplib.py), as tests of ours. Several of these rules
 * have more tests elsewhere; here each of them stands once, so that none gets lost.
 */
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { formatInternalDate, Imap4, parseInternalDate } from '../../engine/index';
import { ParseFlags } from '../../engine/imaplib';
import type { ConnectOptions } from '../../engine/index';
import { MemoryServer } from '../server';
import {
	FakeTransport,
	greeted,
	loggedIn,
	nothingUnhandled,
	selected,
	turns,
} from './client/fake-transport';

nothingUnhandled();

const abort = (code: string) => ({ name: 'Imap4AbortError', code });

function connect(server: FakeTransport, options: Partial<ConnectOptions> = {}): Promise<Imap4> {
	return Imap4.connect({ security: 'none', transport: server, ...options });
}

describe('connection', () => {
	test('EOF before a complete greeting aborts', async () => {
		for (const said of ['', '* O', '* OK']) {
			const server = new FakeTransport();
			const connecting = connect(server);
			server.deliver(said);
			server.close();
			await expect(connecting).rejects.toMatchObject(abort('CONNECTION_LOST'));
		}
	});

	test('a line that ends with LF only aborts', async () => {
		const { imap, server } = await loggedIn();
		const noop = imap.noop();
		server.deliver(`${await server.command('NOOP')} OK done\n`);
		await expect(noop).rejects.toMatchObject(abort('PROTOCOL'));
	});

	test('an over-long line aborts', async () => {
		const { imap, server } = await loggedIn({ limits: { lineLength: 10_000 } });
		const noop = imap.noop();
		await server.command('NOOP');
		server.deliver(`* OK ${'x'.repeat(20_000)}\r\n`);
		await expect(noop).rejects.toMatchObject(abort('LIMIT'));
	});

	test('a timeout of 0 is refused, Infinity is none, and another one bites on a silent server', async () => {
		await expect(connect(new FakeTransport(), { timeouts: { command: 0 } })).rejects.toMatchObject({
			code: 'ARGUMENT',
		});
		const silent = connect(new FakeTransport(), { timeouts: { greeting: 20 } });
		await expect(silent).rejects.toMatchObject(abort('TIMEOUT'));
		const { imap, server } = await loggedIn({ timeouts: { command: Infinity } });
		const noop = imap.noop();
		await new Promise((resolve) => setTimeout(resolve, 40));
		await server.answer('NOOP');
		await noop;
	});

	test('a certificate for another host is refused, a good one is not', async () => {
		const { ca, server: good, otherHost } = inject('certificates');
		for (const identity of [good, otherHost]) {
			const server = await MemoryServer.start({ tls: identity });
			onTestFinished(() => server.stop());
			const connecting = Imap4.connect({
				host: 'localhost',
				port: server.port,
				tls: { ca },
				lookup: (_host, _options, found) => found(null, [{ address: server.host, family: 4 }]),
			});
			if (identity === otherHost) {
				await expect(connecting).rejects.toMatchObject(abort('TLS_CERTIFICATE'));
				continue;
			}
			const imap = await connecting;
			expect(imap.secure).toBe(true);
			await imap.logout();
		}
	});
});

describe('login and logout', () => {
	test('LOGIN, and the state it leads to', async () => {
		const { imap, server } = await greeted();
		const login = imap.login('user', 'p"\\w');
		await server.answer('LOGIN user "p\\"\\\\w"');
		await server.answer('CAPABILITY', '* CAPABILITY IMAP4rev1');
		await login;
		expect(imap.state).toBe('authenticated');
	});

	test('LOGOUT returns the words of BYE, and the state', async () => {
		const { imap, server } = await loggedIn();
		const logout = imap.logout();
		await server.answer('LOGOUT', '* BYE IMAP4ref1 Server logging out');
		expect(await logout).toBe('IMAP4ref1 Server logging out');
		expect(imap.state).toBe('logout');
	});

	test('await using logs out once, also after a logout by hand', async () => {
		for (const byHand of [false, true]) {
			const { imap, server } = await loggedIn();
			const used = (async (): Promise<void> => {
				await using session = imap;
				if (byHand) await session.logout();
			})();
			await server.answer('LOGOUT', '* BYE bye');
			await used;
			expect(server.sent.match(/LOGOUT/g)).toHaveLength(1);
		}
	});

	test('await using is quiet if the connection is gone', async () => {
		const { imap, server } = await loggedIn();
		server.close();
		await (async (): Promise<void> => {
			await using session = imap;
			await expect(session.noop()).rejects.toMatchObject(abort('CONNECTION_LOST'));
		})();
		expect(server.sent).not.toContain('LOGOUT');
	});
});

describe('AUTHENTICATE', () => {
	const OFFERING = '* OK [CAPABILITY IMAP4rev1 AUTH=MYAUTH AUTH=CRAM-MD5] ready';

	test('of a mechanism that is not offered is refused here', async () => {
		const { imap, server } = await greeted({}, OFFERING);
		await expect(imap.authenticate('METHOD', () => 'x')).rejects.toMatchObject({
			code: 'CAPABILITY',
		});
		expect(server.sent).toBe('');
	});

	test('that fails carries the text of the server', async () => {
		const { imap, server } = await greeted({}, OFFERING);
		const failing = imap.authenticate('MYAUTH', () => Buffer.from('fake'));
		const tag = await server.command('AUTHENTICATE MYAUTH');
		server.say('+ ');
		expect(await server.line()).toBe('ZmFrZQ==');
		server.say(`${tag} NO [AUTHENTICATIONFAILED] invalid`);
		await expect(failing).rejects.toMatchObject({
			code: 'AUTHENTICATION_FAILED',
			serverText: 'invalid',
		});
	});

	test('is cancelled with * by a responder that answers nothing', async () => {
		const { imap, server } = await greeted({}, OFFERING);
		const cancelled = imap.authenticate('MYAUTH', () => undefined);
		const tag = await server.command('AUTHENTICATE MYAUTH');
		server.say('+ ');
		expect(await server.line()).toBe('*');
		server.say(`${tag} BAD cancelled`);
		await expect(cancelled).rejects.toMatchObject({ code: 'AUTHENTICATION_FAILED' });
	});

	test.each([
		['octets', Buffer.from([0xb2])],
		['text', '²'],
	])('answers with %s, and is given decoded bytes', async (_kind, answer) => {
		const { imap, server } = await greeted({}, OFFERING);
		let challenge: Buffer | undefined;
		const authenticated = imap.authenticate('MYAUTH', (given) => {
			challenge = given;
			return answer;
		});
		const tag = await server.command('AUTHENTICATE MYAUTH');
		server.say(`+ ${Buffer.from('test').toString('base64')}`);
		expect(await server.line()).toBe(Buffer.from(answer as string).toString('base64'));
		server.say(`${tag} OK [CAPABILITY IMAP4rev1] done`);
		await authenticated;
		expect(challenge?.toString()).toBe('test');
	});

	test('CRAM-MD5: the example of RFC 2195', async () => {
		const { imap, server } = await greeted({}, OFFERING);
		const authenticated = imap.logIn({
			user: 'tim',
			password: 'tanstaaftanstaaf',
			mechanism: 'CRAM-MD5',
		});
		const tag = await server.command('AUTHENTICATE CRAM-MD5');
		const challenge = '<1896.697170952@postoffice.reston.mci.net>';
		server.say(`+ ${Buffer.from(challenge).toString('base64')}`);
		expect(Buffer.from(await server.line(), 'base64').toString()).toBe(
			'tim b913a602c7eda7a495b4e6e7334d3890',
		);
		server.say(`${tag} OK [CAPABILITY IMAP4rev1] done`);
		await authenticated;
	});

	test('CRAM-MD5 that is not offered is refused here', async () => {
		const { imap } = await greeted();
		await expect(
			imap.logIn({ user: 'tim', password: 'x', mechanism: 'CRAM-MD5' }),
		).rejects.toMatchObject({ code: 'CAPABILITY' });
	});
});

describe('ENABLE and UTF-8', () => {
	const UTF8 = 'IMAP4rev1 ENABLE UTF8=ACCEPT';

	async function enabled(): ReturnType<typeof loggedIn> {
		const connected = await selected({}, { capabilities: UTF8 });
		const enabling = connected.imap.enable('UTF8=ACCEPT');
		await connected.server.answer('ENABLE UTF8=ACCEPT', '* ENABLED UTF8=ACCEPT');
		expect(await enabling).toEqual(['UTF8=ACCEPT']);
		expect(connected.imap.utf8Enabled).toBe(true);
		return connected;
	}

	test('in the wrong state', async () => {
		const { imap } = await greeted({}, `* OK [CAPABILITY ${UTF8}] ready`);
		await expect(imap.enable('UTF8=ACCEPT')).rejects.toMatchObject({ code: 'STATE' });
	});

	test('without the capability ENABLE, and of one that is not offered', async () => {
		const { imap: none } = await loggedIn({}, 'IMAP4rev1 UTF8=ACCEPT');
		await expect(none.enable('UTF8=ACCEPT')).rejects.toMatchObject({ code: 'CAPABILITY' });
		const { imap: other } = await loggedIn({}, 'IMAP4rev1 ENABLE');
		await expect(other.enable('UTF8=ACCEPT')).rejects.toMatchObject({ code: 'CAPABILITY' });
	});

	test('counts only once the server has confirmed it', async () => {
		const { imap, server } = await loggedIn({}, UTF8);
		const enabling = imap.enable('UTF8=ACCEPT');
		await server.answer('ENABLE UTF8=ACCEPT');
		expect(await enabling).toEqual([]);
		expect(imap.utf8Enabled).toBe(false);
		await enabled();
	});

	test('APPEND under UTF8=ACCEPT', async () => {
		const { imap, server } = await enabled();
		const appended = imap.append('Entwürfe', 'Subject: ü\n\nx');
		const tag = await server.command(/^APPEND "Entw\xc3\xbcrfe" \(\) UTF8 \(~\{16\}$/);
		server.say('+ go on');
		expect(await server.octets(19)).toBe('Subject: \xc3\xbc\r\n\r\nx)\r\n');
		server.say(`${tag} OK done`);
		await appended;
	});

	test('a search names no charset under UTF8=ACCEPT', async () => {
		const { imap, server } = await enabled();
		const found = imap.selected.bySequenceNumber.search({ subject: 'ü' });
		await server.answer('SEARCH SUBJECT "\xc3\xbc"', '* SEARCH 1');
		expect(await found).toEqual([1]);
	});
});

describe('mailboxes', () => {
	test('LSUB', async () => {
		const { imap, server } = await loggedIn();
		const subscribed = imap.lsub();
		await server.answer('LSUB "" "*"', '* LSUB () "." directoryA');
		expect(await subscribed).toMatchObject([{ name: 'directoryA', delimiter: '.' }]);
	});

	test('UNSELECT', async () => {
		const { imap, server } = await selected();
		const unselected = imap.selected.close();
		await server.answer('UNSELECT');
		await unselected;
		expect(imap.state).toBe('authenticated');
	});

	test('control characters are refused', async () => {
		const { imap, server } = await loggedIn();
		for (const character of '\0\r\n') {
			await expect(imap.open(`a${character}b`)).rejects.toMatchObject({ code: 'ARGUMENT' });
			await expect(imap.command(`X${character}Y`)).rejects.toMatchObject({ code: 'ARGUMENT' });
		}
		expect(server.sent).toBe('');
	});
});

describe('flags', () => {
	test('[test] survives PERMANENTFLAGS and STORE', async () => {
		const { imap, server } = await loggedIn();
		const selecting = imap.open();
		await server.answer(
			'SELECT INBOX',
			'* FLAGS (\\Seen [test])',
			'* OK [PERMANENTFLAGS (\\Seen [test] \\*)] Limited',
			'* 1 EXISTS',
		);
		expect((await selecting).permanentFlags).toEqual(['\\Seen', '[test]', '\\*']);
		const stored = imap.selected.bySequenceNumber.store('1', '+FLAGS', ['[test]']);
		await server.answer('STORE 1 +FLAGS ([test])', '* 1 FETCH (FLAGS (\\Seen [test]))');
		expect((await stored).messages[0]?.flags).toEqual(['\\Seen', '[test]']);
	});

	test('are found in a line', () => {
		expect(ParseFlags('1 (FLAGS (\\Seen foo) UID 3)')).toEqual(['\\Seen', 'foo']);
	});
});

describe('internal dates', () => {
	test('three zones are one instant', () => {
		const moments = [
			'25 (INTERNALDATE "01-Jan-2000 00:00:00 +0000")',
			'25 (INTERNALDATE "01-Jan-2000 11:30:00 +1130")',
			'25 (INTERNALDATE "31-Dec-1999 12:30:00 -1130")',
		].map((line) => parseInternalDate(/"[^"]*"/.exec(line)?.[0] ?? '')?.date.getTime());
		expect(new Set(moments)).toEqual(new Set([946684800_000]));
	});

	test('the two sides of a gap of summer time stay apart', () => {
		const before = parseInternalDate('"31-Mar-2019 01:59:59 +0100"')?.date.getTime() ?? 0;
		const after = parseInternalDate('"31-Mar-2019 03:00:00 +0200"')?.date.getTime() ?? 0;
		const twice = ['"27-Oct-2019 02:30:00 +0200"', '"27-Oct-2019 02:30:00 +0100"'].map(
			(text) => parseInternalDate(text)?.date.getTime() ?? 0,
		);
		expect(after - before).toBe(1000);
		expect((twice[1] ?? 0) - (twice[0] ?? 0)).toBe(3_600_000);
	});

	test('months are English, and the zone is always there', () => {
		const date = new Date(Date.UTC(2033, 4, 18, 3, 33, 20));
		expect(formatInternalDate(date)).toBe('18-May-2033 03:33:20 +0000');
		expect(formatInternalDate(date, 120)).toBe('18-May-2033 05:33:20 +0200');
	});
});

describe('IDLE', () => {
	const IDLE = 'IMAP4rev1 IDLE';

	test('without the capability', async () => {
		const { imap, server } = await loggedIn({}, 'IMAP4rev1');
		await expect(imap.idle()[Symbol.asyncIterator]().next()).rejects.toMatchObject({
			code: 'CAPABILITY',
		});
		expect(server.sent).toBe('');
	});

	test('denied', async () => {
		const { imap, server } = await selected({}, { capabilities: IDLE });
		const next = imap.idle()[Symbol.asyncIterator]().next();
		server.say(`${await server.command('IDLE')} NO not now`);
		await expect(next).rejects.toMatchObject({ code: 'NO', serverText: 'not now' });
		expect(imap.state).toBe('selected');
	});

	test('what came before the continuation, a literal, and what nobody took', async () => {
		const { imap, server } = await selected({}, { capabilities: IDLE });
		const idler = imap.idle();
		const told: string[] = [];
		const loop = (async (): Promise<void> => {
			for await (const response of idler) {
				told.push(response.type);
				if (told.length === 3) break;
			}
		})();
		const tag = await server.command('IDLE');
		server.say('* 2 EXISTS', '+ idling', '* 0 RECENT');
		await turns();
		server.say(
			'* 1 FETCH (BODY[HEADER.FIELDS (DATE)] {41}',
			'Date: Fri, 06 Dec 2024 06:00:00 +0000',
			'',
			')',
		);
		server.say('* 3 EXISTS', '* 1 RECENT');
		expect(await server.line()).toBe('DONE');
		server.say('* 4 EXISTS', `${tag} OK done`);
		await loop;
		expect(told).toEqual(['EXISTS', 'RECENT', 'FETCH']);
		expect(idler.leftOver.map(({ type }) => type)).toEqual(['EXISTS', 'RECENT', 'EXISTS']);
		expect(imap.mailbox?.exists).toBe(4);
	});

	test('a burst of four, one of them delayed half-way', async () => {
		const { imap, server } = await selected({}, { capabilities: IDLE });
		const idler = imap.idle();
		const burst = idler.burst(1000);
		const tag = await server.command('IDLE');
		server.say('+ idling', '* 2 EXISTS', '* 1 RECENT');
		server.deliver('* 1 FET');
		await turns();
		server.deliver('CH (FLAGS ())\r\n* 2 EXPUNGE\r\n');
		await turns();
		const left = idler.leave();
		expect(await server.line()).toBe('DONE');
		server.say(`${tag} OK done`);
		await left;
		expect((await burst).map(({ type }) => type)).toEqual(['EXISTS', 'RECENT', 'FETCH', 'EXPUNGE']);
	});
});
