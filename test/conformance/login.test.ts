import { expect, test } from 'vitest';
import { Imap4AbortError, Imap4Error } from '../../engine';
import { onEachServer } from './on-each-server';

onEachServer((bench) => {
	test.each(['LOGIN command', 'PLAIN', 'LOGIN'] as const)('logs in by %s', async (mechanism) => {
		const account = bench.running.freshAccount();
		const { imap, sent } = await bench.logIn({ ...account, mechanism });
		expect(imap.state).toBe('authenticated');
		const how = mechanism === 'LOGIN command' ? /^LOGIN / : RegExp(`^AUTHENTICATE ${mechanism}`);
		expect(sent.filter((line) => how.test(line))).toHaveLength(1);
		// Whatever was offered before the login, what is offered after it is known.
		expect(imap.capabilities.has('UIDPLUS')).toBe(true);
		expect(sent.join('\n')).not.toContain(account.password);
		expect(sent.join('\n')).not.toContain(Buffer.from(account.password).toString('base64'));
		await imap.select();
	});

	test.each(['LOGIN command', 'PLAIN', 'LOGIN'] as const)(
		'a wrong password is refused by %s with the words of the server',
		async (mechanism) => {
			const { user } = bench.running.freshAccount();
			const { imap } = await bench.connect();
			const wrong = { user, password: 'not "this" \\ one', mechanism };
			const error = await imap.logIn(wrong).catch((reason: unknown) => reason);
			expect(error).toBeInstanceOf(Imap4Error);
			expect(error).not.toBeInstanceOf(Imap4AbortError);
			expect(error).toMatchObject({
				code: 'AUTHENTICATION_FAILED',
				// Cyrus has no response code for it.
				responseCode: bench.name === 'Cyrus' ? undefined : 'AUTHENTICATIONFAILED',
				serverText: expect.stringMatching(/authentication fail/i) as string,
			});
			expect((error as Error).message).not.toContain('not "this"');
			expect(imap.state).toBe('not authenticated');
		},
	);

	test('after a refused login the session can try again', async () => {
		const { user, password } = bench.running.freshAccount();
		const { imap } = await bench.connect();
		await expect(imap.login(user, 'wrong')).rejects.toMatchObject({
			code: 'AUTHENTICATION_FAILED',
		});
		await imap.login(user, password);
		expect(imap.state).toBe('authenticated');
	});

	test('connect() with a wrong password fails and leaves nothing open', async () => {
		const { user } = bench.running.freshAccount();
		await expect(bench.logIn({ user, password: 'wrong' })).rejects.toMatchObject({
			code: 'AUTHENTICATION_FAILED',
		});
	});

	test('a mechanism that is not offered is not tried', async () => {
		const { imap, sent } = await bench.connect();
		const before = sent.length;
		await expect(imap.authenticate('X-UNHEARD-OF', () => Buffer.from('x'))).rejects.toMatchObject({
			code: 'CAPABILITY',
		});
		expect(sent).toHaveLength(before);
	});

	test('a SASL exchange is cancelled by answering nothing', async () => {
		const { user, password } = bench.running.freshAccount();
		const { imap } = await bench.connect();
		let challenges = 0;
		const error = await imap
			.authenticate('LOGIN', () => (++challenges === 1 ? Buffer.from(user) : undefined))
			.catch((reason: unknown) => reason);
		expect(challenges).toBe(2);
		expect(error).toMatchObject({ code: 'AUTHENTICATION_FAILED' });
		await imap.login(user, password);
		expect(imap.state).toBe('authenticated');
	});

	test('a responder is given decoded octets, and may answer text', async () => {
		const { user, password } = bench.running.freshAccount();
		const { imap } = await bench.connect();
		const challenges: string[] = [];
		await imap.authenticate('LOGIN', (challenge) => {
			challenges.push(Buffer.from(challenge).toString());
			return challenges.length === 1 ? user : password;
		});
		expect(imap.state).toBe('authenticated');
		expect(challenges[0]).toMatch(/^user ?name:?\0?$/i);
		expect(challenges[1]).toMatch(/^password:?\0?$/i);
	});
});
