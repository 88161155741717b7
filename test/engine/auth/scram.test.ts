/** SCRAM (RFC 5802, RFC 7677) with the RFCs' own examples. */
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { ScramOptions } from '../../../engine/auth/scram';
import { scram } from '../../../engine/auth/scram';

const respond = async (
	mechanism: ReturnType<typeof scram>,
	challenge: string,
): Promise<string | undefined> => {
	const answer = await mechanism.respond(Buffer.from(challenge));
	return answer?.toString();
};

describe('the example of', () => {
	test('RFC 5802 §5', async () => {
		const mechanism = scram('SHA-1', 'user', 'pencil', { nonce: 'fyko+d2lbbFgONRv9qkxdawL' });
		expect(mechanism.name).toBe('SCRAM-SHA-1');
		expect(await respond(mechanism, '')).toBe('n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL');
		expect(
			await respond(
				mechanism,
				'r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096',
			),
		).toBe('c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=');
		expect(() => mechanism.confirm?.()).toThrow(/without proving/);
		expect(await respond(mechanism, 'v=rmF9pqV8S7suAoZWja4dJRkFsKQ=')).toBe('');
		expect(() => mechanism.confirm?.()).not.toThrow();
	});

	test('RFC 7677 §3', async () => {
		const mechanism = scram('SHA-256', 'user', 'pencil', { nonce: 'rOprNGfwEbeRWgbNEkqO' });
		expect(await respond(mechanism, '')).toBe('n,,n=user,r=rOprNGfwEbeRWgbNEkqO');
		expect(
			await respond(
				mechanism,
				'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
			),
		).toBe(
			'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
		);
		expect(await respond(mechanism, 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=')).toBe('');
	});
});

describe('user name and password', () => {
	/** What a server computes that prepared the password as RFC 4013 says. */
	const proofOf = (user: string, password: string, serverFirst: string, header: string): string => {
		const [, nonce = '', salt = '', count = ''] = /^r=(.+),s=(.+),i=(\d+)$/.exec(serverFirst) ?? [];
		const hmac = (key: Buffer, text: string): Buffer =>
			createHmac('sha256', key).update(text).digest();
		const salted = pbkdf2Sync(password, Buffer.from(salt, 'base64'), Number(count), 32, 'sha256');
		const clientKey = hmac(salted, 'Client Key');
		const bound = Buffer.from(header).toString('base64');
		const withoutProof = `c=${bound},r=${nonce}`;
		const message = `n=${user},r=NONCE,${serverFirst},${withoutProof}`;
		const signature = hmac(createHash('sha256').update(clientKey).digest(), message);
		const proof = Buffer.from(clientKey.map((byte, at) => byte ^ (signature[at] as number)));
		return `${withoutProof},p=${proof.toString('base64')}`;
	};

	test.each<[string, string, string, string, string, ScramOptions?, string?]>([
		['as they are', 'user', 'pencil', 'user', 'pencil'],
		['a soft hyphen is left out (RFC 4013 §3)', 'I\u00adX', 'I\u00adX', 'IX', 'IX'],
		['U+200C is left out', 'user', 'pen\u200ccil', 'user', 'pencil'],
		['a no-break space is a space', 'us\u00a0er', 'pen\u00a0cil', 'us er', 'pen cil'],
		['compatibility forms are normalised', '\u2168', '\u00aa', 'IX', 'a'],
		['= and , of a name are escaped', 'a=b,c', 'x', 'a=3Db=2Cc', 'x'],
		['acting as another', 'user', 'x', 'user', 'x', { actAs: 'b,b' }, 'n,a=b=2Cb,'],
		['could have been bound', 'user', 'x', 'user', 'x', { couldBind: true }, 'y,,'],
	])('%s', async (_what, user, password, sent, prepared, options = {}, header = 'n,,') => {
		const mechanism = scram('SHA-256', user, password, { ...options, nonce: 'NONCE' });
		expect(await respond(mechanism, '')).toBe(`${header}n=${sent},r=NONCE`);
		const serverFirst = 'r=NONCEmore,s=c2FsdA==,i=4096';
		expect(await respond(mechanism, serverFirst)).toBe(
			proofOf(sent, prepared, serverFirst, header),
		);
	});

	test.each([
		['password', 'user', 'pass\u0007word'],
		['password', 'user', '\u06271'],
		['user name', 'us\u0000er', 'x'],
		['user name', '\ud800', 'x'],
	])('a %s that cannot be prepared is refused before anything is sent', (what, user, password) => {
		expect(() => scram('SHA-1', user, password)).toThrow(
			expect.objectContaining({
				code: 'ARGUMENT',
				message: expect.stringContaining(`The ${what} contains`) as string,
			}) as Error,
		);
	});
});

describe('a challenge is refused', () => {
	const good = { r: 'NONCEmore', s: 'c2FsdA==', i: '4096' };
	const challenge = (fields: Record<string, string>): string =>
		Object.entries(fields)
			.map(([name, value]) => `${name}=${value}`)
			.join(',');
	test.each([
		['without a nonce', { ...good, r: '' }],
		['with another nonce', { ...good, r: 'OTHERmore' }],
		['with our nonce alone', { ...good, r: 'NONCE' }],
		['without a salt', { ...good, s: '' }],
		['with a mandatory extension', { m: 'x', ...good }],
		['without iterations', { ...good, i: '' }],
		['with 0 iterations', { ...good, i: '0' }],
		['with 4095 iterations', { ...good, i: '4095' }],
		['with part of an iteration', { ...good, i: '4096.5' }],
		['with a sign', { ...good, i: '+4096' }],
		['with an exponent', { ...good, i: '5e3' }],
		['with a space', { ...good, i: ' 4096' }],
		['with more than a million', { ...good, i: '1000001' }],
		['with more digits than a number has', { ...good, i: '4096'.repeat(9) }],
		['with an error', { e: 'other-error' }],
	])('%s', async (_what, fields) => {
		const mechanism = scram('SHA-256', 'user', 'pencil', { nonce: 'NONCE' });
		await respond(mechanism, '');
		await expect(respond(mechanism, challenge(fields))).rejects.toMatchObject({
			code: 'AUTHENTICATION_FAILED',
			command: 'AUTHENTICATE',
		});
		expect(() => mechanism.confirm?.()).toThrow();
	});

	test('a million iterations are done', async () => {
		const mechanism = scram('SHA-1', 'user', 'pencil', { nonce: 'NONCE' });
		await respond(mechanism, '');
		expect(await respond(mechanism, challenge({ ...good, i: '1000000' }))).toMatch(/,p=/);
	});
});

describe('the server’s proof is refused', () => {
	test.each([
		['that is missing', ''],
		['that is another', 'v=AAAAAAAAAAAAAAAAAAAAAAAAAAA='],
		['of another length', 'v=AAAA'],
		['that is an error', 'e=invalid-proof'],
	])('%s', async (_what, final) => {
		const mechanism = scram('SHA-1', 'user', 'pencil', { nonce: 'fyko+d2lbbFgONRv9qkxdawL' });
		await respond(mechanism, '');
		await respond(
			mechanism,
			'r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096',
		);
		await expect(respond(mechanism, final)).rejects.toMatchObject({
			code: 'AUTHENTICATION_FAILED',
		});
		expect(() => mechanism.confirm?.()).toThrow();
	});
});

describe('channel binding', () => {
	test('is named and sent', async () => {
		const binding = { type: 'tls-exporter' as const, data: Buffer.from('bound') };
		const mechanism = scram('SHA-256', 'user', 'x', { binding, nonce: 'NONCE' });
		expect(mechanism.name).toBe('SCRAM-SHA-256-PLUS');
		expect(await respond(mechanism, '')).toBe('p=tls-exporter,,n=user,r=NONCE');
		const answer = await respond(mechanism, 'r=NONCEmore,s=c2FsdA==,i=4096');
		const bound = Buffer.concat([Buffer.from('p=tls-exporter,,'), binding.data]);
		expect(answer).toContain(`c=${bound.toString('base64')},`);
	});
});
