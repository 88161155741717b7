/** imaplib's table: every method and attribute under its own name, on every server. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import type { ConnectOptions, TraceEvent } from '../../engine/index';
import type { Answer } from '../../engine/imaplib';
import {
	abort,
	error,
	IMAP4,
	IMAP4_SSL,
	IMAP4_stream,
	ParseFlags,
	readonly,
} from '../../engine/imaplib';
import { MemoryServer } from '../server';
import { message } from './messages';
import { leaveOut, needs } from './needs';
import type { Bench, Client } from './on-each-server';
import { onEachServer } from './on-each-server';

interface Session extends Client {
	M: IMAP4;
}

/** A session of a fresh account, under imaplib's names. */
async function loggedIn(bench: Bench): Promise<Session> {
	const client = await bench.logIn();
	return { ...client, M: IMAP4.over(client.imap) };
}

/** The same with INBOX selected, which holds these messages. */
async function inbox(bench: Bench, ...messages: string[]): Promise<Session> {
	const client = await bench.inbox(messages);
	return { ...client, M: IMAP4.over(client.imap) };
}

function ok<Data>([type, data]: Answer<Data>): Data {
	expect([type, type === 'OK' || data]).toEqual(['OK', true]);
	return data as Data;
}

const mails = ['a', 'b', 'a'].map((Subject) => message({ Subject }, 'text'));

onEachServer((bench) => {
	const where = (options: ConnectOptions = {}): ConnectOptions => ({
		host: bench.running.host,
		port: bench.running.port(options.security ?? 'none'),
		tls: { ca: inject('certificates').ca },
		...options,
	});

	describe('the session', () => {
		test('the constructor connects in clear text and reads the greeting [parity: IMAP4, welcome, state, capabilities, PROTOCOL_VERSION]', async () => {
			await using M = await IMAP4.connect(where());
			expect(M.state).toBe('NONAUTH');
			expect(M.welcome).toBe(M.imap.greeting?.text);
			expect(M.capabilities).toContain(M.PROTOCOL_VERSION.toUpperCase());
			expect(ok(await M.capability())).toEqual(M.capabilities);
		});

		test('TLS from the first byte, with a certificate that is verified [parity: IMAP4_SSL]', async () => {
			const at = where({ security: 'tls' });
			await using M = await IMAP4_SSL.connect(at);
			expect(M.imap.secure).toBe(true);
			const refused = IMAP4_SSL.connect({ ...at, tls: {} });
			await expect(refused).rejects.toBeInstanceOf(abort);
		});

		test('STARTTLS, then LOGIN [parity: starttls, login]', async () => {
			const { user, password } = bench.running.freshAccount();
			await using M = await IMAP4.connect(where());
			ok(await M.starttls());
			expect(M.imap.secure).toBe(true);
			ok(await M.login(user, password));
			expect(M.state).toBe('AUTH');
		});

		test('a login that is refused is an error, and the session lives on [parity: error]', async () => {
			const { user } = bench.running.freshAccount();
			await using M = await IMAP4.connect(where());
			const refused: unknown = await M.login(user, 'wrong').catch((one: unknown) => one);
			expect(refused).toBeInstanceOf(error);
			expect(refused).not.toBeInstanceOf(abort);
			expect(M.state).toBe('NONAUTH');
		});

		test('AUTHENTICATE gives the callback decoded bytes [parity: authenticate]', async (context) => {
			const { user, password } = bench.running.freshAccount();
			await using M = await IMAP4.connect(where());
			needs(context, M.imap, 'AUTH=PLAIN');
			ok(await M.authenticate('PLAIN', () => Buffer.from(`\0${user}\0${password}`)));
			expect(M.state).toBe('AUTH');
		});

		test('AUTHENTICATE CRAM-MD5 [parity: login_cram_md5]', async (context) => {
			const { account, port } = bench.running.hashedAccount();
			await using M = await IMAP4.connect(where({ port }));
			needs(context, M.imap, 'AUTH=CRAM-MD5');
			ok(await M.login_cram_md5(account.user, account.password));
			expect(M.state).toBe('AUTH');
		});

		test('CAPABILITY, NOOP and LOGOUT, which gives the text of BYE [parity: capability, noop, logout]', async () => {
			const { M } = await loggedIn(bench);
			expect(ok(await M.capability())).toEqual(M.capabilities);
			ok(await M.noop());
			const [type, [text]] = await M.logout();
			expect(type).toBe('BYE');
			expect(text).not.toBe('');
			expect(M.state).toBe('LOGOUT');
		});

		test('the end of a block logs out once [parity: with]', async () => {
			const sent: string[] = [];
			const trace = ({ direction, text }: TraceEvent): void => {
				if (direction === 'send') sent.push(text);
			};
			{
				await using M = await IMAP4.connect(where({ trace }));
				await M.logout();
			}
			expect(sent.filter((line) => line.endsWith(' LOGOUT'))).toHaveLength(1);
		});

		test('shutdown() ends the connection, and what was under way is an abort [parity: shutdown, abort]', async () => {
			const { M } = await loggedIn(bench);
			const noop = M.noop();
			M.shutdown();
			await expect(noop).rejects.toBeInstanceOf(abort);
			expect(M.state).toBe('LOGOUT');
		});

		test('every line is traced, without the password [parity: debug]', async () => {
			const { user, password } = bench.running.freshAccount();
			const lines: string[] = [];
			await using M = await IMAP4.connect(where({ trace: ({ text }) => lines.push(text) }));
			await M.login(user, password);
			expect(lines.join('\n')).toContain('LOGIN');
			expect(lines.join('\n')).not.toContain(password);
		});

		test('the connection can be the caller’s [parity: open, read, readline, send, socket]', async () => {
			const { host } = bench.running;
			let connected = '';
			await using M = await IMAP4.connect(
				where({
					connectSocket: async ({ port }) => {
						const socket = connect({ host, port });
						await once(socket, 'connect');
						connected = `${host}:${port}`;
						return socket;
					},
				}),
			);
			expect(connected).toBe(`${host}:${bench.running.port('none')}`);
			ok(await M.noop());
		});

		test('ENABLE gives what the server confirmed [parity: enable, utf8_enabled]', async (context) => {
			const { M } = await loggedIn(bench);
			needs(context, M.imap, 'ENABLE', 'UTF8=ACCEPT');
			expect(M.utf8_enabled).toBe(false);
			expect(ok(await M.enable('UTF8=ACCEPT'))).toContain('UTF8=ACCEPT');
			expect(M.utf8_enabled).toBe(true);
			ok(await M.select());
			// RFC 6855 §3: no charset in UTF8 mode.
			await expect(M.search('UTF-8', 'ALL')).rejects.toBeInstanceOf(error);
		});

		test('any command, with its arguments as values [parity: xatom]', async () => {
			const { M } = await inbox(bench, ...mails);
			const lines = ok(await M.xatom('STATUS', Buffer.from('INBOX'), ['MESSAGES']));
			expect(lines.map(String).join('\n')).toMatch(/^\* STATUS "?INBOX"? \(MESSAGES 3\)/m);
		});

		test('IDLE reports a new message [parity: idle]', async (context) => {
			const { M, imap, sent, account } = await inbox(bench, ...mails);
			needs(context, imap, 'IDLE');
			const { imap: other } = await bench.logIn(account);
			const idler = M.idle().start();
			while (!sent.includes('IDLE')) await new Promise((resolve) => setImmediate(resolve));
			await other.append('INBOX', message());
			for await (const response of idler) if (response.type === 'EXISTS') break;
			expect(imap.selected.exists).toBe(4);
		});
	});

	describe('mailboxes', () => {
		test('CREATE, LIST, RENAME, STATUS, DELETE [parity: create, list, rename, status, delete]', async () => {
			const { M } = await loggedIn(bench);
			const [first, second] = [bench.mailbox('Grüße & so'), bench.mailbox('Second')];
			const names = async (): Promise<string[]> => ok(await M.list()).map(({ name }) => name);
			ok(await M.create(first));
			expect(await names()).toContain(first);
			ok(await M.rename(first, second));
			expect(await names()).not.toContain(first);
			expect(ok(await M.status(second, '(MESSAGES UIDNEXT)'))).toMatchObject({
				messages: 0,
				uidNext: 1,
			});
			ok(await M.delete(second));
			expect((await M.status(second, '(MESSAGES)'))[0]).toBe('NO');
		});

		test('SUBSCRIBE, LSUB, UNSUBSCRIBE [parity: subscribe, lsub, unsubscribe]', async () => {
			const { M } = await loggedIn(bench);
			const box = bench.mailbox('Followed');
			const names = async (): Promise<string[]> => ok(await M.lsub()).map(({ name }) => name);
			ok(await M.create(box));
			ok(await M.subscribe(box));
			expect(await names()).toContain(box);
			ok(await M.unsubscribe(box));
			expect(await names()).not.toContain(box);
		});

		test('SELECT and EXAMINE; after NO none is selected [parity: select]', async () => {
			const { M } = await inbox(bench, ...mails);
			expect(ok(await M.select('INBOX', true))).toMatchObject({ exists: 3, readOnly: true });
			expect(ok(await M.select())).toMatchObject({ name: 'INBOX', exists: 3, readOnly: false });
			expect(M.state).toBe('SELECTED');
			expect((await M.select('No such mailbox'))[0]).toBe('NO');
			expect(M.state).toBe('AUTH');
		});

		test('SELECT of a mailbox that can only be read throws; it is selected then [parity: readonly]', async (context) => {
			const { M, imap, account } = await loggedIn(bench);
			needs(context, imap, 'ACL');
			if (bench.name === 'in-memory') return leaveOut(context, 'not enforced');
			const box = bench.mailbox('To read');
			ok(await M.create(box));
			const reader = bench.name === 'Cyrus' ? await bench.logIn() : { imap, account };
			const identifier = bench.name === 'Courier' ? 'owner' : reader.account.user;
			ok(await M.setacl(box, identifier, 'lra'));
			const seen = bench.name === 'Cyrus' ? `Other Users/${account.user}/${box}` : box;
			const other = IMAP4.over(reader.imap);
			await expect(other.select(seen)).rejects.toBeInstanceOf(readonly);
			expect(other.state).toBe('SELECTED');
			ok(await other.select(seen, true));
		});

		test('CHECK, CLOSE [parity: check, close]', async () => {
			const { M } = await inbox(bench, ...mails);
			ok(await M.check());
			ok(await M.store('2', '+FLAGS', '(\\Deleted)'));
			ok(await M.close());
			expect(M.state).toBe('AUTH');
			expect(ok(await M.select()).exists).toBe(2);
		});

		test('UNSELECT removes nothing [parity: unselect]', async (context) => {
			const { M } = await inbox(bench, ...mails);
			needs(context, M.imap, 'UNSELECT');
			ok(await M.store('2', '+FLAGS', '(\\Deleted)'));
			ok(await M.unselect());
			expect(ok(await M.select()).exists).toBe(3);
		});

		test('NAMESPACE [parity: namespace]', async (context) => {
			const { M } = await loggedIn(bench);
			needs(context, M.imap, 'NAMESPACE');
			expect(ok(await M.namespace()).personal).not.toEqual([]);
		});

		test('SETACL, GETACL, MYRIGHTS, DELETEACL [parity: setacl, getacl, myrights, deleteacl]', async (context) => {
			const { M } = await loggedIn(bench);
			needs(context, M.imap, 'ACL');
			const { user: other } = (await bench.logIn()).account;
			const box = bench.mailbox('Shared');
			ok(await M.create(box));
			expect(ok(await M.myrights(box))).toContain('r');
			const rights = async (): Promise<string | undefined> =>
				ok(await M.getacl(box)).find(({ identifier }) => identifier === other)?.rights;
			ok(await M.setacl(box, other, 'lr'));
			expect(await rights()).toMatch(/^(lr|rl)$/);
			ok(await M.deleteacl(box, other));
			expect(await rights()).toBeUndefined();
		});

		test('GETQUOTAROOT and GETQUOTA [parity: getquotaroot, getquota]', async (context) => {
			const { M, account } = await loggedIn(bench);
			needs(context, M.imap, 'QUOTA');
			const { roots, quotas } = ok(await M.getquotaroot('INBOX'));
			expect(quotas.map(({ root }) => root)).toEqual(roots);
			// On Cyrus GETQUOTA is the administrator's.
			const cyrus = bench.name === 'Cyrus';
			const asked = cyrus ? IMAP4.over((await bench.logIn(bench.running.admin?.())).imap) : M;
			const root = cyrus ? `user/${account.user}` : (roots[0] ?? 'none');
			expect(ok(await asked.getquota(root))).toMatchObject({ root });
		});

		test('SETQUOTA by an administrator [parity: setquota]', async (context) => {
			const { admin } = bench.running;
			if (!admin) return leaveOut(context, 'no administrator');
			const { account } = await bench.inbox();
			const M = IMAP4.over((await bench.logIn(admin())).imap);
			needs(context, M.imap, 'QUOTA');
			const root =
				bench.name === 'Cyrus'
					? `user/${account.user}`
					: (ok(await M.getquotaroot('INBOX')).roots[0] ?? 'none');
			ok(await M.setquota(root, { STORAGE: 512 }));
			const { resources } = ok(await M.getquota(root));
			// Dovecot keeps the limit; its tests' configuration does not look it up at a login.
			const limit = bench.name === 'Dovecot' ? (expect.any(Number) as number) : 512;
			expect(resources).toContainEqual({ name: 'STORAGE', usage: 0, limit });
		});

		test('SETANNOTATION and GETANNOTATION [parity: setannotation, getannotation]', async (context) => {
			const { M } = await loggedIn(bench);
			needs(context, M.imap, 'ANNOTATEMORE');
			const box = bench.mailbox('Noted');
			ok(await M.create(box));
			ok(await M.setannotation(box, '/comment', { 'value.priv': 'mine' }));
			expect(ok(await M.getannotation(box, '/comment', 'value.priv'))).toEqual([
				{ mailbox: box, entry: '/comment', attributes: { 'value.priv': 'mine' } },
			]);
		});
	});

	describe('messages', () => {
		test('APPEND, by default to INBOX [parity: append]', async () => {
			const { M } = await loggedIn(bench);
			const date = new Date('2020-01-02T03:04:05Z');
			const appended = ok(await M.append(null, '(\\Seen \\Flagged)', date, 'Subject: x\n\ny\n'));
			if (M.imap.capabilities.has('UIDPLUS')) expect(appended?.uid).toBe(1);
			ok(await M.select());
			const [found] = ok(await M.fetch('1', '(FLAGS INTERNALDATE BODY.PEEK[])'));
			expect(found?.flags).toEqual(expect.arrayContaining(['\\Seen', '\\Flagged']));
			expect(found?.internalDate).toEqual(date);
			expect(String(found?.body[0]?.content)).toBe('Subject: x\r\n\r\ny\r\n');
			expect((await M.append('No such', null, null, 'Subject: x\r\n\r\n'))[0]).toBe('NO');
		});

		test('FETCH takes items as text and as values [parity: fetch]', async () => {
			const { M, sent } = await inbox(bench, ...mails);
			const found = ok(
				await M.fetch('1:2', '(UID RFC822.SIZE BODY.PEEK[HEADER.FIELDS (SUBJECT)]<0.8>)'),
			);
			expect(sent).toEqual(['FETCH 1:2 (UID RFC822.SIZE BODY.PEEK[HEADER.FIELDS (SUBJECT)]<0.8>)']);
			expect(found.map(({ seq, uid }) => [seq, uid])).toEqual([
				[1, 1],
				[2, 2],
			]);
			expect(String(found[1]?.body[0]?.content)).toBe('Subject:');
			expect(ok(await M.fetch('2', { envelope: true }))[0]?.envelope?.subject).toBe('b');
			expect(ok(await M.fetch(1, 'FAST'))[0]?.size).toBe(mails[0]?.length);
			await expect(M.fetch('1', '(NO-SUCH-ITEM)')).rejects.toBeInstanceOf(error);
		});

		test('a piece of a message, also where there is no PARTIAL [parity: partial]', async () => {
			const { M } = await inbox(bench, message({ Subject: 'x' }, '0123456789'));
			expect(ok(await M.partial(1, 'RFC822.TEXT', 4, 3))?.toString()).toBe('456');
			expect(ok(await M.partial(1, 'RFC822', 0, 5))?.toString()).toBe('From:');
		});

		test('STORE [parity: store]', async () => {
			const { M } = await inbox(bench, ...mails);
			const stored = ok(await M.store('1:2', '+FLAGS', '(\\Deleted)'));
			expect(stored.map(({ seq }) => seq)).toEqual([1, 2]);
			for (const { flags } of stored) expect(flags).toContain('\\Deleted');
			ok(await M.store('1', '-flags.silent', ['\\Deleted']));
			expect(ok(await M.search(null, 'DELETED'))).toEqual([2]);
		});

		test('SEARCH, with and without a charset [parity: search]', async () => {
			const { M } = await inbox(bench, ...mails);
			expect(ok(await M.search(null, 'SUBJECT', '"a"'))).toEqual([1, 3]);
			expect(ok(await M.search('UTF-8', 'NOT (SUBJECT b) UID 2:*'))).toEqual([3]);
			expect(ok(await M.search(null, { subject: 'nothing' }))).toEqual([]);
			await expect(M.search('KOI8-R', 'ALL')).rejects.toBeInstanceOf(error);
		});

		test('SORT [parity: sort]', async (context) => {
			const { M } = await inbox(bench, ...mails);
			needs(context, M.imap, 'SORT');
			expect(ok(await M.sort('(REVERSE SUBJECT)', 'UTF-8', 'ALL'))[0]).toBe(2);
		});

		test('THREAD [parity: thread]', async (context) => {
			const { M } = await inbox(bench, ...mails);
			needs(context, M.imap, 'THREAD=REFERENCES');
			expect(ok(await M.thread('REFERENCES', 'UTF-8', 'SUBJECT b'))).toEqual([
				{ number: 2, children: [] },
			]);
		});

		test('COPY, MOVE and EXPUNGE [parity: copy, move, expunge]', async () => {
			const { M } = await inbox(bench, ...mails);
			const box = bench.mailbox('Copies');
			ok(await M.create(box));
			ok(await M.copy('1:2', box));
			ok(await M.move('3', box));
			expect(ok(await M.status(box, '(MESSAGES)')).messages).toBe(3);
			ok(await M.store('1:2', '+FLAGS', '(\\Deleted)'));
			const numbers = ok(await M.expunge());
			expect(numbers).toHaveLength(2);
			expect((await M.copy('1:2', bench.mailbox('No such')).catch(() => ['NO']))[0]).toBe('NO');
		});

		test('uid(): the UID form of a command by its name [parity: uid]', async () => {
			const { M } = await inbox(bench, ...mails);
			ok(await M.store('1', '+FLAGS.SILENT', '(\\Deleted)'));
			ok(await M.expunge());
			expect(ok(await M.uid('SEARCH', 'CHARSET', 'UTF-8', 'ALL'))).toEqual([2, 3]);
			expect(ok(await M.uid('STORE', '3', '+FLAGS', '(\\Flagged)'))).toMatchObject([{ seq: 2 }]);
			expect(ok(await M.uid('FETCH', '3', '(UID FLAGS)'))).toMatchObject([{ seq: 2, uid: 3 }]);
			const box = bench.mailbox('Copies');
			ok(await M.create(box));
			ok(await M.uid('COPY', '2:3', box));
			expect(ok(await M.status(box, '(MESSAGES)')).messages).toBe(2);
			for (const name of ['NOOP', 'SELECT', 'uid', 'constructor', ''])
				expect(() => M.uid(name, '1')).toThrow(error);
		});

		test('response() gives what came since last asked [parity: response]', async () => {
			const { M } = await inbox(bench, ...mails);
			expect(M.response('EXISTS')[1].at(-1)).toBe(3);
			expect(M.response('EXISTS')).toEqual(['EXISTS', []]);
			expect(M.response('UIDVALIDITY')[1].length).toBeGreaterThan(0);
		});

		test('recent() asks where the server did not say [parity: recent]', async () => {
			const { M, account } = await loggedIn(bench);
			expect(await M.recent()).toEqual(['OK', undefined]);
			ok(await M.append(null, null, null, message()));
			const { imap } = await bench.logIn(account);
			const other = IMAP4.over(imap);
			ok(await other.select());
			// Courier takes what was appended as seen by whoever did.
			expect(await other.recent()).toEqual(['OK', bench.name === 'Courier' ? 0 : 1]);
		});

		test('ParseFlags() finds the flags in a line of the server [parity: ParseFlags]', async () => {
			const { M } = await inbox(bench, ...mails);
			ok(await M.store('1', 'FLAGS.SILENT', '(\\Answered my-keyword)'));
			const lines = ok(await M.xatom('FETCH', '1', ['UID', 'FLAGS']));
			const flags = ParseFlags(lines.map(String).join('\r\n'));
			expect(flags.filter((flag) => flag !== '\\Recent').sort()).toEqual([
				'\\Answered',
				'my-keyword',
			]);
		});
	});
});

describe('Dovecot', () => {
	const dovecot = inject('dovecot');
	test.skipIf('missing' in dovecot)(
		'a child process is a connection [parity: IMAP4_stream]',
		async () => {
			if ('missing' in dovecot) return;
			const { command, args, environment, homes } = dovecot.program;
			const user = `u${process.pid}s${Date.now()}`;
			const env = { ...process.env, ...environment, USER: user, HOME: join(homes, user) };
			await using M = await IMAP4_stream.connect({ command, args, env });
			expect(M.state).toBe('AUTH');
			ok(await M.append(null, null, null, message()));
			expect(ok(await M.select()).exists).toBe(1);
		},
	);
});

describe('without a server', () => {
	test('PROXYAUTH: an administrator acts as another user [parity: proxyauth]', async () => {
		const server = await MemoryServer.start({ mayActAs: (user) => user === 'admin' });
		server.addAccount('admin', 'secret');
		server.addAccount('bob', 'hidden').create('Only Bob');
		try {
			await using M = await IMAP4.connect({ host: server.host, port: server.port });
			ok(await M.login('admin', 'secret'));
			ok(await M.proxyauth('bob'));
			expect(ok(await M.list()).map(({ name }) => name)).toContain('Only Bob');
			expect((await M.proxyauth('nobody'))[0]).toBe('NO');
		} finally {
			await server.stop();
		}
	});
});
