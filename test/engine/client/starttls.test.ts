import { describe, expect, test } from 'vitest';
import { Imap4 } from '../../../engine/index';
import { FakeTransport, greeted, nothingUnhandled, turns } from './fake-transport';
import { sessionOf } from '../../../engine/client/imap4';

nothingUnhandled();

/** A server in clear text, and the same one behind TLS. */
function upgradable(): { clear: FakeTransport; secured: FakeTransport; handshakes: () => number } {
	const clear = new FakeTransport();
	const secured = new FakeTransport({ secure: true });
	let handshakes = 0;
	clear.upgrade = () => {
		handshakes++;
		return Promise.resolve(secured);
	};
	return { clear, secured, handshakes: () => handshakes };
}

const GREETING = '* OK [CAPABILITY IMAP4rev1 STARTTLS ENABLE IDLE COMPRESS=DEFLATE] hello';

describe('bytes behind the OK of STARTTLS in clear text (CVE-2021-33515 and its like)', () => {
	test.each([
		['in the same chunk', ['TAG OK go\r\n* CAPABILITY IMAP4rev1 AUTH=EVIL\r\n']],
		['one octet', ['TAG OK go\r\n*']],
		['an OK to a command not sent yet', ['TAG OK go\r\nTAG2 OK logged in\r\n']],
		['the OK itself in pieces', ['TAG O', 'K go\r', '\n* PREAUTH hi\r\n']],
	])(
		'%s: the session ends before the handshake, and nothing more is sent',
		async (_name, chunks) => {
			const { clear, handshakes } = upgradable();
			const connecting = Imap4.connect({
				transport: clear,
				security: 'starttls',
				auth: { user: 'bob', password: 'secret' },
			});
			const refused = expect(connecting).rejects.toMatchObject({ code: 'STARTTLS' });
			clear.say(GREETING);
			const tag = await clear.command('STARTTLS');
			clear.deliver(...chunks.map((chunk) => chunk.replace('TAG', tag)));
			await refused;
			await clear.nothingMore();
			expect(clear.destroyed).toBe(true);
			expect(handshakes()).toBe(0);
		},
	);
});

describe('commands issued while STARTTLS is under way', () => {
	test('are not sent in clear text after its OK', async () => {
		const { clear, secured } = upgradable();
		const { imap } = await greeted({}, GREETING, clear);
		const upgrade = imap.startTls();
		const login = imap.login('bob', 'secret');
		clear.say(`${await clear.command('STARTTLS')} OK go`);
		await clear.nothingMore();
		expect(clear.sent).not.toContain('LOGIN');
		secured.say(`${await secured.command('LOGIN bob "secret"')} OK [CAPABILITY IMAP4rev1] in`);
		await login;
		await secured.answer('CAPABILITY', '* CAPABILITY IMAP4rev1');
		await upgrade;
		expect(imap.state).toBe('authenticated');
	});

	test('fail with it', async () => {
		const { clear } = upgradable();
		const { imap } = await greeted({}, GREETING, clear);
		const upgrade = expect(imap.startTls()).rejects.toMatchObject({ code: 'STARTTLS' });
		const noop = expect(imap.noop()).rejects.toMatchObject({ code: 'STARTTLS' });
		clear.say(`${await clear.command('STARTTLS')} NO not now`);
		await Promise.all([upgrade, noop]);
		await clear.nothingMore();
	});

	test('are not sent uncompressed after the OK of COMPRESS either', async () => {
		const { imap, server } = await greeted({}, GREETING.replace('OK', 'PREAUTH'));
		const compress = imap.compress();
		const noop = imap.noop();
		server.say(`${await server.command('COMPRESS DEFLATE')} OK go`);
		await compress;
		await turns();
		expect(server.sent).not.toContain('NOOP');
		imap.destroy();
		await expect(noop).rejects.toMatchObject({ code: 'CLOSED' });
	});

	test('go on after COMPRESS was refused', async () => {
		const { imap, server } = await greeted({}, GREETING.replace('OK', 'PREAUTH'));
		const compress = imap.compress();
		const noop = imap.noop();
		server.say(`${await server.command('COMPRESS DEFLATE')} NO [COMPRESSIONACTIVE] no`);
		await expect(compress).rejects.toMatchObject({ code: 'NO' });
		await server.answer('NOOP');
		await noop;
	});
});

describe('all that clear text said is forgotten', () => {
	test('capabilities, greeting, what was enabled, news, alerts', async () => {
		const { clear, secured } = upgradable();
		const { imap } = await greeted({}, GREETING, clear);
		clear.say(
			'* ENABLED UTF8=ACCEPT IMAP4rev2',
			'* OK [ALERT] call this number',
			'* LIST () "/" &AOQ-&APY-',
			'* 5 EXISTS',
		);
		const upgrade = imap.startTls();
		clear.say(`${await clear.command('STARTTLS')} OK [CAPABILITY IMAP4rev1 AUTH=EVIL] go`);
		await secured.answer('CAPABILITY', '* CAPABILITY IMAP4rev1 AUTH=PLAIN');
		await upgrade;
		expect(imap.secure).toBe(true);
		expect(imap.greeting).toBeUndefined();
		expect([...imap.capabilities]).toEqual(['IMAP4REV1', 'AUTH=PLAIN']);
		expect(imap.utf8Enabled).toBe(false);
		expect(sessionOf(imap).responses.take('ALERT')).toEqual([]);
		expect(sessionOf(imap).responses.take('EXISTS')).toEqual([]);
		const login = imap.login('bob', 'secret');
		await secured.answer(/^LOGIN/, '* CAPABILITY IMAP4rev1');
		await login;
		const made = imap.createMailbox('äö');
		await secured.answer('CREATE &AOQA9g-');
		await made;
	});
});

describe('STARTTLS', () => {
	test.each([
		['is not offered', '* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\r\n', ''],
		['is refused', '* OK [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n', 'TAG NO not now\r\n'],
		['is not understood', '* OK [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n', 'TAG BAD what\r\n'],
		['comes too late: PREAUTH', '* PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n', ''],
	])('that %s: no password is sent', async (_name, greeting, reply) => {
		const server = new FakeTransport();
		server.deliver(greeting);
		server.upgrade = () => Promise.reject(new Error('no handshake was asked for'));
		const connected = Imap4.connect({
			transport: server,
			security: 'starttls',
			auth: { user: 'bob', password: 'hush' },
		});
		connected.catch(() => undefined);
		const [tag = ''] = (await server.written()).split(' ');
		if (reply) server.deliver(reply.replace('TAG', tag));
		await expect(connected).rejects.toMatchObject({ code: 'STARTTLS' });
		expect(server.sent).not.toMatch(/LOGIN|AUTHENTICATE/);
	});

	test('a handshake that fails ends the session and fails what waits', async () => {
		const { clear } = upgradable();
		clear.upgrade = () => Promise.reject(new Error('handshake'));
		const { imap } = await greeted({}, GREETING, clear);
		const upgrade = expect(imap.startTls()).rejects.toMatchObject({ code: 'STARTTLS' });
		clear.say(`${await clear.command('STARTTLS')} OK go`);
		await upgrade;
		expect(imap.closedBy).toMatchObject({ code: 'STARTTLS' });
	});

	test('a session that is closed during the handshake closes the new transport', async () => {
		const { clear, secured } = upgradable();
		let finish: (() => void) | undefined;
		clear.upgrade = () => new Promise((resolve) => (finish = () => resolve(secured)));
		const { imap } = await greeted({}, GREETING, clear);
		const upgrade = expect(imap.startTls()).rejects.toMatchObject({ code: 'CLOSED' });
		clear.say(`${await clear.command('STARTTLS')} OK go`);
		await turns();
		imap.destroy();
		finish?.();
		await upgrade;
		expect(secured.destroyed).toBe(true);
	});
});
