import { expect, test } from 'vitest';
import type { LoginMechanism } from '../../engine/index';
import { onEachServer } from './on-each-server';

const MECHANISMS: readonly LoginMechanism[] = [
	'PLAIN',
	'LOGIN command',
	'LOGIN',
	'CRAM-MD5',
	'SCRAM-SHA-1',
	'SCRAM-SHA-256',
];

onEachServer((bench) => {
	test.each(MECHANISMS)(
		'what is sent together with a login by %s is answered',
		async (mechanism) => {
			const account = bench.running.freshAccount();
			const first = await bench.logIn();
			const offered = (await bench.connect()).imap.capabilities.mechanisms;
			if (mechanism !== 'LOGIN command' && !offered.includes(mechanism)) return;
			const { imap, sent } = await bench.logIn(
				{ ...account, mechanism },
				{ expectedCapabilities: first.imap.capabilities },
			);
			const [opened, listed] = await Promise.all([
				imap.open('INBOX', { readOnly: true, check: true }),
				imap.list('', 'INBOX'),
			]);
			await imap.loggedIn;
			expect(opened.name).toBe('INBOX');
			expect(opened.uidValidity).toBeGreaterThan(0);
			expect(listed.map(({ name }) => name)).toEqual(['INBOX']);
			expect([...imap.capabilities].sort()).toEqual([...first.imap.capabilities].sort());
			expect(sent.filter((line) => /^(?:LOGIN|AUTHENTICATE) /.test(line))).toHaveLength(1);
			expect(sent).not.toContain('CAPABILITY');
		},
	);

	test('a wrong password is refused, and nothing that was sent with it is carried out', async () => {
		const { user } = bench.running.freshAccount();
		const first = await bench.logIn();
		const logIn = bench.logIn(
			{ user, password: 'wrong', mechanism: 'LOGIN command' },
			{ expectedCapabilities: first.imap.capabilities },
		);
		// Courier may lose what comes with the login, so nothing is sent before its answer.
		if (bench.running.name === 'Courier') {
			await expect(logIn).rejects.toMatchObject({ code: 'AUTHENTICATION_FAILED' });
			return;
		}
		const { imap } = await logIn;
		const opening = imap.open('INBOX', { readOnly: true });
		const failed = expect(opening).rejects.toThrow();
		await expect(imap.loggedIn).rejects.toMatchObject({ code: 'AUTHENTICATION_FAILED' });
		await failed;
		expect(imap.closedBy).toBeDefined();
	});
});
