import { expect, test } from 'vitest';
import { Imap4AbortError, Imap4Error } from '../../engine/index';
import { onEachServer } from './on-each-server';

const MECHANISMS = ['LOGIN command', 'PLAIN', 'LOGIN'] as const;

onEachServer((bench) => {
	test.each(MECHANISMS)('logs in by %s', async (mechanism) => {
		const account = bench.running.freshAccount();
		const { imap, sent } = await bench.logIn({ ...account, mechanism });
		expect(imap.state).toBe('authenticated');
		const how = mechanism === 'LOGIN command' ? /^LOGIN / : RegExp(`^AUTHENTICATE ${mechanism}`);
		expect(sent.filter((line) => how.test(line))).toHaveLength(1);
		// Whatever was offered before the login, what is offered after it is known.
		expect(imap.capabilities.has('UIDPLUS')).toBe(true);
		expect(sent.join('\n')).not.toContain(account.password);
		expect(sent.join('\n')).not.toContain(Buffer.from(account.password).toString('base64'));
		await imap.open();
	});

	test('a wrong password is refused, however it comes, with the words of the server', async () => {
		const { user } = bench.running.freshAccount();
		// Courier and Cyrus have no response code for it.
		const untold = bench.name === 'Courier' || bench.name === 'Cyrus';
		const words = bench.name === 'Courier' ? /login failed/i : /authentication fail/i;
		const refused = async (mechanism: (typeof MECHANISMS)[number]): Promise<void> => {
			const { imap } = await bench.connect();
			const wrong = { user, password: 'not "this" \\ one', mechanism };
			const error = await imap.logIn(wrong).catch((reason: unknown) => reason);
			expect(error, mechanism).toBeInstanceOf(Imap4Error);
			expect(error, mechanism).not.toBeInstanceOf(Imap4AbortError);
			expect(error, mechanism).toMatchObject({
				code: 'AUTHENTICATION_FAILED',
				responseCode: untold ? undefined : 'AUTHENTICATIONFAILED',
				serverText: expect.stringMatching(words) as string,
			});
			expect((error as Error).message).not.toContain('not "this"');
			expect(imap.state).toBe('not authenticated');
		};
		// At once: Courier takes five seconds to refuse a login.
		await Promise.all(MECHANISMS.map(refused));
	});

	test('after a refused or cancelled login the session can try again; connect() gives up', async () => {
		const { user, password } = bench.running.freshAccount();
		const failed = { code: 'AUTHENTICATION_FAILED' };
		const refused = async (): Promise<void> => {
			const { imap } = await bench.connect();
			await expect(imap.login(user, 'wrong')).rejects.toMatchObject(failed);
			await imap.login(user, password);
			expect(imap.state).toBe('authenticated');
		};
		/** A SASL exchange is cancelled by answering nothing. */
		const cancelled = async (): Promise<void> => {
			const { imap } = await bench.connect();
			let challenges = 0;
			const login = imap.authenticate('LOGIN', () =>
				++challenges === 1 ? Buffer.from(user) : undefined,
			);
			await expect(login).rejects.toMatchObject(failed);
			expect(challenges).toBe(2);
			await imap.login(user, password);
			expect(imap.state).toBe('authenticated');
		};
		const givenUp = async (): Promise<void> =>
			expect(bench.logIn({ user, password: 'wrong' })).rejects.toMatchObject(failed);
		await Promise.all([refused(), cancelled(), givenUp()]);
	});

	test('a mechanism that is not offered is not tried', async () => {
		const { imap, sent } = await bench.connect();
		const before = sent.length;
		await expect(imap.authenticate('X-UNHEARD-OF', () => Buffer.from('x'))).rejects.toMatchObject({
			code: 'CAPABILITY',
		});
		expect(sent).toHaveLength(before);
	});

	test('a responder is given decoded bytes, and may answer text', async () => {
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
