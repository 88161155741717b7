import { createHmac } from 'node:crypto';
import { describe, expect, inject, test } from 'vitest';
import { CERTIFIED_USER } from '../real/certificates';
import { leaveOut, needsMechanism } from './needs';
import { onEachServer } from './on-each-server';

const WITH_PASSWORD = ['PLAIN', 'LOGIN', 'CRAM-MD5', 'SCRAM-SHA-1', 'SCRAM-SHA-256'] as const;
const WITH_TOKEN = ['XOAUTH2', 'OAUTHBEARER'] as const;

onEachServer((bench) => {
	describe.each(WITH_PASSWORD)('%s', (mechanism) => {
		test('lets in who has the password', async (context) => {
			const { account, port } = bench.running.hashedAccount();
			const { imap, sent } = await bench.connect({ port });
			needsMechanism(context, imap, mechanism);
			await imap.logIn({ ...account, mechanism });
			expect(imap.state).toBe('authenticated');
			expect(sent.filter((line) => line.startsWith(`AUTHENTICATE ${mechanism}`))).toHaveLength(1);
			expect(sent.join('\n')).not.toContain(account.password);
			await imap.open();
		});
	});

	test.for(['SCRAM-SHA-256', 'SCRAM-SHA-1'] as const)(
		'%s over TLS lets in who has the password, whether or not the server could bind it',
		async (mechanism, context) => {
			const { account, port } = bench.running.hashedAccount();
			const { imap } = await bench.connect({ port, security: 'starttls' });
			needsMechanism(context, imap, mechanism);
			await imap.logIn({ ...account, mechanism });
			expect(imap.state).toBe('authenticated');
		},
	);

	test('over TLS the strongest on offer lets in who has the password', async () => {
		const { account, port } = bench.running.hashedAccount();
		const { imap } = await bench.connect({ port, security: 'starttls' });
		await imap.logIn(account);
		expect(imap.state).toBe('authenticated');
	});

	test('each keeps out who has another password, and lets try again', async () => {
		const { account, port } = bench.running.hashedAccount();
		const { imap: asked } = await bench.connect({ port });
		const offered = WITH_PASSWORD.filter((one) => asked.capabilities.mechanisms.includes(one));
		expect(offered).toContain('PLAIN');
		const refused = async (mechanism: (typeof WITH_PASSWORD)[number]): Promise<void> => {
			const { imap } = await bench.connect({ port });
			const wrong = imap.logIn({ ...account, password: 'wrong', mechanism });
			await expect(wrong, mechanism).rejects.toMatchObject({ code: 'AUTHENTICATION_FAILED' });
			expect(imap.state).toBe('not authenticated');
			await imap.logIn({ ...account, mechanism });
			expect(imap.state).toBe('authenticated');
		};
		// At once: Courier takes five seconds to refuse a login.
		await Promise.all(offered.map(refused));
	});

	test('login by CRAM-MD5', async (context) => {
		const { account, port } = bench.running.hashedAccount();
		const { imap, sent } = await bench.connect({ port });
		needsMechanism(context, imap, 'CRAM-MD5');
		await imap.logIn({ user: account.user, password: account.password, mechanism: 'CRAM-MD5' });
		expect(imap.state).toBe('authenticated');
		expect(sent).toContain('AUTHENTICATE CRAM-MD5');
	});

	test('a mechanism that the caller computes', async (context) => {
		const { account, port } = bench.running.hashedAccount();
		const { imap } = await bench.connect({ port });
		needsMechanism(context, imap, 'CRAM-MD5');
		const challenges: string[] = [];
		await imap.authenticate('CRAM-MD5', (challenge) => {
			challenges.push(Buffer.from(challenge).toString());
			const digest = createHmac('md5', account.password).update(challenge).digest('hex');
			return `${account.user} ${digest}`;
		});
		expect(imap.state).toBe('authenticated');
		expect(challenges).toEqual([expect.stringMatching(/^<.+@.+>$/)]);
	});

	test('the strongest on offer by default', async () => {
		const { account, port } = bench.running.hashedAccount();
		const { imap, sent } = await bench.connect({ port });
		const { mechanisms } = imap.capabilities;
		await imap.logIn(account);
		const best = ['SCRAM-SHA-256', 'SCRAM-SHA-1', 'CRAM-MD5'].find((one) =>
			mechanisms.includes(one),
		);
		const used = sent.find((line) => /^(AUTHENTICATE|LOGIN) /.test(line));
		expect(used).toMatch(
			best ? RegExp(`^AUTHENTICATE ${best}\\b`) : /^(AUTHENTICATE PLAIN|LOGIN) /,
		);
	});

	test('PLAIN acts as another user, if the one who logs in may', async (context) => {
		const { master } = bench.running;
		if (!master) return leaveOut(context, 'nobody may act as another here');
		const account = bench.running.freshAccount();
		const { imap: own } = await bench.logIn(account);
		await own.createMailbox('Theirs');
		const { imap } = await bench.logIn({ ...master, actAs: account.user, mechanism: 'PLAIN' });
		expect((await imap.list('', 'Theirs')).map(({ name }) => name)).toEqual(['Theirs']);
	});

	test('PLAIN does not let act as another who may not', async (context) => {
		if (!bench.running.master) return leaveOut(context, 'nobody may act as another here');
		const [one, other] = [bench.running.freshAccount(), bench.running.freshAccount()];
		await bench.logIn(other);
		await expect(
			bench.logIn({ ...one, actAs: other.user, mechanism: 'PLAIN' }),
		).rejects.toMatchObject({ code: 'AUTHENTICATION_FAILED' });
	});

	describe.each(WITH_TOKEN)('%s', (mechanism) => {
		test('lets in who has a token', async (context) => {
			const { user } = bench.running.freshAccount();
			const { imap, sent } = await bench.connect();
			needsMechanism(context, imap, mechanism);
			const accessToken = bench.running.accessToken?.(user);
			if (accessToken === undefined) return leaveOut(context, 'no tokens are known here');
			await imap.logIn({ user, accessToken, mechanism });
			expect(imap.state).toBe('authenticated');
			expect(sent.join('\n')).not.toContain(accessToken);
			await imap.open();
		});

		test('keeps out who has a token of somebody else, and says so', async (context) => {
			const { user } = bench.running.freshAccount();
			const { imap } = await bench.connect();
			needsMechanism(context, imap, mechanism);
			const accessToken = bench.running.accessToken?.('somebody');
			if (accessToken === undefined) return leaveOut(context, 'no tokens are known here');
			await expect(imap.logIn({ user, accessToken, mechanism })).rejects.toMatchObject({
				code: 'AUTHENTICATION_FAILED',
			});
			// RFC 7628 §3.2.3: the error came as a challenge, which was answered; the session goes on.
			expect(imap.state).toBe('not authenticated');
			await imap.noop();
		});

		test('keeps out who has a token that was altered', async (context) => {
			const { user } = bench.running.freshAccount();
			const { imap } = await bench.connect();
			needsMechanism(context, imap, mechanism);
			const accessToken = bench.running.accessToken?.(user);
			if (accessToken === undefined) return leaveOut(context, 'no tokens are known here');
			const altered = `${accessToken.slice(0, -3)}${accessToken.endsWith('AAA') ? 'BBB' : 'AAA'}`;
			const login = imap.logIn({ user, accessToken: altered, mechanism });
			await expect(login).rejects.toMatchObject({ code: 'AUTHENTICATION_FAILED' });
			await imap.noop();
		});
	});

	test('EXTERNAL lets in whom the certificate names', async (context) => {
		const { ca, client } = inject('certificates');
		const tls = { ca, ...client };
		const { imap } = await bench.connect({ security: 'tls', tls });
		needsMechanism(context, imap, 'EXTERNAL');
		await imap.logIn({ user: CERTIFIED_USER, mechanism: 'EXTERNAL' });
		expect(imap.state).toBe('authenticated');
	});

	test('EXTERNAL keeps out who shows no certificate', async (context) => {
		const { imap } = await bench.connect({ security: 'tls' });
		needsMechanism(context, imap, 'EXTERNAL');
		await expect(imap.logIn({ user: CERTIFIED_USER, mechanism: 'EXTERNAL' })).rejects.toMatchObject(
			{ code: 'AUTHENTICATION_FAILED' },
		);
	});
});
