import { expect, test } from 'vitest';
import { Imap4AbortError, Imap4Error } from '../../engine/index';
import { onEachServer } from './on-each-server';

onEachServer((bench) => {
	test('the greeting is kept, and capabilities are known without asking twice', async () => {
		const { imap, sent } = await bench.connect();
		expect(imap.greeting).toMatchObject({ type: 'status', status: 'OK' });
		expect(imap.greeting?.text).not.toBe('');
		expect(imap.state).toBe('not authenticated');
		expect(imap.secure).toBe(false);
		expect(imap.capabilities.has('imap4rev1')).toBe(true);
		expect(imap.protocolVersion).toBe('IMAP4rev1');
		expect(sent.filter((line) => line === 'CAPABILITY').length).toBeLessThanOrEqual(1);
		if (bench.name === 'Dovecot') expect(sent).toEqual([]);
	});

	test('CAPABILITY asks again', async () => {
		const { imap, sent } = await bench.logIn();
		sent.length = 0;
		const capabilities = await imap.capability();
		expect(sent).toEqual(['CAPABILITY']);
		const move = bench.name === 'Courier' ? [] : ['MOVE'];
		expect([...capabilities]).toEqual(expect.arrayContaining(['IMAP4REV1', 'UIDPLUS', ...move]));
		expect(imap.capabilities).toBe(capabilities);
	});

	test('STARTTLS secures the connection and forgets the greeting', async () => {
		const { imap, sent } = await bench.connect({ security: 'starttls' });
		expect(imap.secure).toBe(true);
		expect(imap.greeting).toBeUndefined();
		// What was offered in clear text is asked for again.
		expect(sent.at(-1)).toBe('CAPABILITY');
		expect(imap.capabilities.has('STARTTLS')).toBe(false);
		const { user, password } = bench.running.freshAccount();
		await imap.login(user, password);
		expect(imap.state).toBe('authenticated');
	});

	test('startTls() secures a session that was opened in clear text', async () => {
		const { imap } = await bench.connect();
		await imap.startTls();
		expect(imap.secure).toBe(true);
		await expect(imap.startTls()).rejects.toMatchObject({ code: 'STATE' });
		await imap.noop();
	});

	test('TLS from the first byte', async () => {
		const { imap } = await bench.logIn(undefined, { security: 'tls' });
		expect(imap.secure).toBe(true);
		expect(imap.greeting?.status).toBe('OK');
		// Cyrus says so of every session that is logged in.
		expect(imap.capabilities.has('LOGINDISABLED')).toBe(bench.name === 'Cyrus');
		expect((await imap.open()).exists).toBe(0);
	});

	test('LOGOUT gives the words of BYE and ends the session once', async () => {
		const { imap, sent } = await bench.logIn();
		expect(await imap.logout()).not.toBe('');
		expect(imap.state).toBe('logout');
		expect(await imap.logout()).toBe('');
		expect(sent.filter((line) => line === 'LOGOUT')).toHaveLength(1);
		const late = await imap.noop().catch((error: unknown) => error);
		expect(late).toBeInstanceOf(Imap4AbortError);
		expect(late).toMatchObject({ code: 'CLOSED' });
	});

	test('`await using` logs out at the end of the block', async () => {
		const { imap, sent } = await bench.logIn();
		{
			await using session = imap;
			await session.noop();
		}
		expect(imap.state).toBe('logout');
		expect(sent.at(-1)).toBe('LOGOUT');
	});

	test('destroy() fails what is under way', async () => {
		const { imap } = await bench.logIn();
		const pending = imap.noop();
		imap.destroy();
		await expect(pending).rejects.toMatchObject({ code: 'CLOSED', command: 'NOOP' });
		expect(imap.closedBy).toBeInstanceOf(Imap4AbortError);
	});

	test('commands of another state are refused and not sent', async () => {
		const { imap, sent } = await bench.connect();
		for (const command of [
			() => imap.open(),
			() => imap.list(),
			() => imap.append('INBOX', 'x'),
			() => imap.selected.close({ expunge: true }),
			() => imap.selected.bySequenceNumber.search({ all: true }),
			() => imap.selected.bySequenceNumber.fetch('1', { flags: true }).all(),
		]) {
			const error = await Promise.resolve()
				.then((): Promise<unknown> => command())
				.catch((reason: unknown) => reason);
			expect(error).toBeInstanceOf(Imap4Error);
			expect(error).not.toBeInstanceOf(Imap4AbortError);
			expect(error).toMatchObject({ code: 'STATE' });
		}
		expect(sent.filter((line) => line !== 'CAPABILITY')).toEqual([]);
		const { user, password } = bench.running.freshAccount();
		await imap.login(user, password);
		await expect(imap.login(user, password)).rejects.toMatchObject({ code: 'STATE' });
		expect(() => imap.selected).toThrow(expect.objectContaining({ code: 'STATE' }));
	});

	test('ID is exchanged where it is offered', async () => {
		const { imap } = await bench.logIn();
		const server = await imap.id({ name: 'conformance "suite" \\', version: null });
		if (bench.name === 'Dovecot') expect(server).toMatchObject({ name: 'Dovecot' });
		else if (!imap.capabilities.has('ID')) expect(server).toBeNull();
	});

	test('ENABLE gives what the server confirmed; what is not offered is not sent', async () => {
		const { imap, sent } = await bench.logIn();
		sent.length = 0;
		await expect(imap.enable('X-NO-SUCH-THING')).rejects.toMatchObject({ code: 'CAPABILITY' });
		expect(sent).toEqual([]);
		const name = bench.name === 'Courier' ? 'UTF8=ACCEPT' : 'CONDSTORE';
		if (imap.capabilities.has('ENABLE') && imap.capabilities.has(name)) {
			expect(await imap.enable(name)).toEqual([name]);
		} else expect(bench.name).toBe('in-memory');
		expect(imap.utf8Enabled).toBe(bench.name === 'Courier');
	});

	test('any other command can be sent with xatom()', async () => {
		const { imap } = await bench.logIn();
		const { responses, text } = await imap.command('STATUS', ['INBOX', ['MESSAGES', 'UIDNEXT']]);
		// A server may say something else in between.
		expect(responses.filter(({ type }) => type === 'STATUS')).toEqual([
			{ type: 'STATUS', status: { mailbox: 'INBOX', messages: 0, uidNext: 1 } },
		]);
		expect(text).not.toBe('');
		const unknown = await imap.command('XYZZY').catch((error: unknown) => error);
		// Courier says NO to whatever it does not understand.
		const code = bench.name === 'Courier' ? 'NO' : 'BAD';
		expect(unknown).toMatchObject({ code, command: 'XYZZY' });
		await imap.noop();
	});
});
