/** What each mechanism sends, and what it refuses to send. */
import { describe, expect, test } from 'vitest';
import { cramMd5 } from '../../../engine/auth/cram-md5';
import { external } from '../../../engine/auth/external';
import { login } from '../../../engine/auth/login';
import type { Mechanism } from '../../../engine/auth/mechanism';
import { oauth } from '../../../engine/auth/oauth';
import { plain } from '../../../engine/auth/plain';
import { prepared, preparedOrAsIs } from '../../../engine/auth/prepared';
import { scram } from '../../../engine/auth/scram';

/** The answers to these challenges, one after the other. */
async function answers(mechanism: Mechanism, ...challenges: string[]): Promise<unknown[]> {
	const given: unknown[] = [];
	for (const challenge of challenges) {
		const answer = await mechanism.respond(Buffer.from(challenge));
		given.push(answer === undefined ? undefined : answer.toString());
	}
	return given;
}

const argument = (message: RegExp): Error =>
	expect.objectContaining({
		code: 'ARGUMENT',
		message: expect.stringMatching(message) as string,
	}) as Error;

test('which speak first', () => {
	const address = { host: 'h', port: 1 };
	const first = [
		plain('u', 'p'),
		external(),
		scram('SHA-1', 'u', 'p'),
		oauth('XOAUTH2', 'u', 't', address),
		oauth('OAUTHBEARER', 'u', 't', address),
	];
	const second = [login('u', 'p'), cramMd5('u', 'p')];
	expect(first.map(({ name, clientFirst }) => [name, clientFirst])).toEqual([
		['PLAIN', true],
		['EXTERNAL', true],
		['SCRAM-SHA-1', true],
		['XOAUTH2', true],
		['OAUTHBEARER', true],
	]);
	expect(second.map(({ name, clientFirst }) => [name, clientFirst])).toEqual([
		['LOGIN', false],
		['CRAM-MD5', false],
	]);
});

test('CRAM-MD5: the example of RFC 2195 §2', async () => {
	const challenge = '<1896.697170952@postoffice.reston.mci.net>';
	expect(await answers(cramMd5('tim', 'tanstaaftanstaaf'), challenge)).toEqual([
		'tim b913a602c7eda7a495b4e6e7334d3890',
	]);
});

describe('PLAIN (RFC 4616)', () => {
	test('user and password, and whom to act as', async () => {
		expect(await answers(plain('ann', 'secret'), '')).toEqual(['\0ann\0secret']);
		expect(await answers(plain('ann', 'secret', 'bob'), '')).toEqual(['bob\0ann\0secret']);
	});

	test.each([
		['a\0b', 'c', 'd'],
		['a', 'b\0c', 'd'],
		['a', 'b', 'c\0d'],
	])('NUL separates them, and cannot be in %j, %j or %j', (user, password, actAs) => {
		expect(() => plain(user, password, actAs)).toThrow(argument(/NUL/));
	});
});

test('EXTERNAL (RFC 4422): nothing, or whom to act as', async () => {
	expect(await answers(external(), '')).toEqual(['']);
	expect(await answers(external('bob'), '')).toEqual(['bob']);
});

describe('LOGIN', () => {
	test('the user, the password, and no more', async () => {
		expect(await answers(login('ann', 'secret'), 'User', 'Password', 'More')).toEqual([
			'ann',
			'secret',
			undefined,
		]);
	});

	test('is confirmed only once both were asked for', async () => {
		const mechanism = login('ann', 'secret');
		const early = expect.objectContaining({
			code: 'AUTHENTICATION_FAILED',
			command: 'AUTHENTICATE',
			message: expect.stringContaining('before it asked for the password') as string,
		}) as Error;
		expect(() => mechanism.confirm?.()).toThrow(early);
		await answers(mechanism, 'User');
		expect(() => mechanism.confirm?.()).toThrow(early);
		await answers(mechanism, 'Password');
		expect(() => mechanism.confirm?.()).not.toThrow();
	});
});

describe('OAuth', () => {
	const address = { host: 'imap.example.com', port: 993 };

	test('XOAUTH2: the token, then nothing to the reason of a refusal', async () => {
		const mechanism = oauth('XOAUTH2', 'ann@example.com', 'ya29.token', address);
		expect(await answers(mechanism, '', '{"status":"401"}', '')).toEqual([
			'user=ann@example.com\x01auth=Bearer ya29.token\x01\x01',
			'',
			'',
		]);
	});

	test('OAUTHBEARER (RFC 7628 §3.1): the token and the server, then an empty message', async () => {
		const mechanism = oauth('OAUTHBEARER', 'a=b,c@example.com', 'token', address);
		expect(await answers(mechanism, '', '{"status":"invalid_token"}')).toEqual([
			'n,a=a=3Db=2Cc@example.com,\x01host=imap.example.com\x01port=993\x01auth=Bearer token\x01\x01',
			'\x01',
		]);
	});

	test.each(['\0', '\x01', '\r', '\n'])('%j is in no user name and no token', (character) => {
		for (const name of ['XOAUTH2', 'OAUTHBEARER'] as const) {
			const message = argument(/control characters/);
			expect(() => oauth(name, `a${character}b`, 'token', address)).toThrow(message);
			expect(() => oauth(name, 'ann', `to${character}ken`, address)).toThrow(message);
		}
	});
});

describe('preparing', () => {
	test('US-ASCII is sent as it is, and only that', () => {
		expect(preparedOrAsIs('a\x00b\x7fc')).toBe('a\x00b\x7fc');
		expect(preparedOrAsIs('ab\u00adc')).toBe('abc');
		expect(preparedOrAsIs('\u00ad\u00adä')).toBe('ä');
		expect(preparedOrAsIs('')).toBe('');
	});

	test('a refusal names the command', () => {
		expect(() => prepared('\x07', 'password')).toThrow(
			expect.objectContaining({ code: 'ARGUMENT', command: 'AUTHENTICATE' }) as Error,
		);
	});
});

describe('SCRAM says what was wrong', () => {
	const failing = async (...challenges: string[]): Promise<string> => {
		const mechanism = scram('SHA-1', 'user', 'pencil', { nonce: 'NONCE' });
		try {
			await answers(mechanism, ...challenges);
		} catch (error) {
			return (error as Error).message;
		}
		return '';
	};
	const good = 'r=NONCEmore,s=c2FsdA==,i=4096';

	test.each<[string, string[], string]>([
		['a challenge that is none', ['', 'what?'], 'answered a SCRAM login with something else'],
		['a challenge without nonce', ['', 's=c2FsdA==,i=4096'], 'something else'],
		['a challenge without salt', ['', 'r=NONCEmore,i=4096'], 'something else'],
		['no iterations', ['', 'r=NONCEmore,s=c2FsdA=='], 'asks for "" SCRAM iterations'],
		[
			'too few',
			['', 'r=NONCEmore,s=c2FsdA==,i=1'],
			'asks for "1" SCRAM iterations; this client does 4096 to 1000000',
		],
		[
			'far too many',
			['', `r=NONCEmore,s=c2FsdA==,i=${'9'.repeat(50)}`],
			`asks for "${'9'.repeat(20)}" SCRAM`,
		],
		['a refusal', ['', good, 'e=invalid-proof'], 'The login was refused: invalid-proof'],
		['no proof', ['', good, 'x=y'], 'could not prove that it knows the password'],
	])('%s', async (_what, challenges, words) => {
		expect(await failing(...challenges)).toContain(words);
	});
});
