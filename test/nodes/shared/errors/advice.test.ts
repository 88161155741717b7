/** What an error means: by response code, by the text of a known server, by the cause of the engine. */
import { describe, expect, test } from 'vitest';
import { Imap4AbortError, Imap4Error, type ErrorCode } from '../../../../engine/index';
import { adviceOn, failureOf } from '../../../../nodes/shared/errors/advice';
import { CERTIFICATE_ADVICE } from '../../../../nodes/shared/errors/certificate-advice';
import { ENGINE_CODES } from '../../../../nodes/shared/errors/engine-codes';
import { KNOWN_SERVER_TEXTS } from '../../../../nodes/shared/errors/known-server-text';
import { RESPONSE_CODES } from '../../../../nodes/shared/errors/response-codes';

const refused = (serverText: string, code: ErrorCode = 'NO', responseCode?: string): Imap4Error =>
	new Imap4Error(code, 'refused', { serverText, responseCode });

describe("a known server's text is recognized:", () => {
	const lines = KNOWN_SERVER_TEXTS.flatMap((known) =>
		known.examples.map(([server, text]) => ({ known, server, text })),
	);

	test.each(lines)('$server: $text', ({ known, text }) => {
		const code = known.atLogin ? 'AUTHENTICATION_FAILED' : 'BAD';
		for (const said of [text, text.toUpperCase()]) {
			// With the codes that servers give for anything.
			for (const responseCode of [undefined, 'ALERT', 'AUTHENTICATIONFAILED', 'UNAVAILABLE']) {
				const error = refused(said, code, responseCode);
				expect(failureOf(error).cause).toBe(known.cause);
				expect(adviceOn(error)).toBe(known.advice);
			}
		}
	});

	test('Gmail reports bandwidth with the code of a full mailbox', () => {
		const error = refused('Account exceeded command or bandwidth limits.', 'NO', 'OVERQUOTA');
		expect(adviceOn(error)).toMatch(/daily transfer limit/);
	});

	test('Microsoft names the time to wait', () => {
		const error = refused(
			'Request is throttled. Suggested Backoff Time: 60000 milliseconds',
			'BAD',
		);
		expect(failureOf(error)).toEqual({ cause: 'rate-limited', retryAfterMs: 60_000 });
	});

	test('in BYE as well', () => {
		const error = new Imap4AbortError('BYE', 'bye', { serverText: 'Too many connections' });
		expect(failureOf(error).cause).toBe('rate-limited');
	});
});

test("a mailbox's name in the server's text is not taken for the server's reason", () => {
	for (const name of ['Throttled', 'Too many connections', 'Quota exceeded', 'App password']) {
		const text = `Mailbox doesn't exist: ${name}`;
		const error = refused(text, 'NO', 'NONEXISTENT');
		expect(failureOf(error)).toEqual({ cause: 'configuration-invalid' });
		expect(adviceOn(error)).toBe(RESPONSE_CODES.NONEXISTENT?.advice);
	}
	expect(adviceOn(refused('No mailbox "App password"'))).toBe(ENGINE_CODES.NO.advice);
});

test.each(Object.entries(RESPONSE_CODES))(
	'the response code %s',
	(responseCode, { cause, advice }) => {
		const error = refused('no', 'NO', responseCode);
		expect(failureOf(error)).toEqual({ cause });
		expect(adviceOn(error)).toBe(advice ?? ENGINE_CODES.NO.advice);
	},
);

test.each(['AUTHENTICATION_FAILED', 'BYE'] as const)(
	'a limit reached at the login is not about messages: %s',
	(code) => {
		const error = refused('xyzzy', code, 'LIMIT');
		expect(failureOf(error)).toEqual({ cause: 'rate-limited' });
		expect(adviceOn(error)).toBe(RESPONSE_CODES.LIMIT?.adviceAtLogin);
		expect(adviceOn(error)).not.toMatch(/message/);
		const known = refused('Too many simultaneous connections', code, 'LIMIT');
		expect(adviceOn(known)).toMatch(/^Too many clients/);
	},
);

test('a response code that is a name of JavaScript means nothing', () => {
	expect(adviceOn(refused('no', 'NO', 'constructor'))).toBe(ENGINE_CODES.NO.advice);
	expect(failureOf(refused('no', 'NO', '__proto__'))).toEqual({ cause: 'configuration-invalid' });
});

test.each(Object.entries(ENGINE_CODES))('the cause %s', (code, { cause, advice }) => {
	const error = new Imap4Error(code as ErrorCode, 'x');
	expect(failureOf(error)).toEqual({ cause });
	expect(adviceOn(error)).toBe(advice);
});

test.each(Object.entries(CERTIFICATE_ADVICE))('a certificate with %s', (code, advice) => {
	const cause = Object.assign(new Error('x'), { code });
	expect(adviceOn(new Imap4AbortError('TLS_CERTIFICATE', 'x', { cause }))).toBe(advice);
});

test('the longest text costs no time, whatever it repeats', () => {
	const began = performance.now();
	for (const part of ['imap ', 'too many ', 'mailbox ', 'maximum ', '.', ' ', 'backoff time: ']) {
		failureOf(refused(part.repeat(1000).slice(0, 1000), 'AUTHENTICATION_FAILED'));
	}
	expect(performance.now() - began).toBeLessThan(250);
});
