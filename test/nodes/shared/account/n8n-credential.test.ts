/** n8n's own IMAP credential, as its Email Trigger stores it. */
import type { IDataObject } from 'n8n-workflow';
import { expect, test } from 'vitest';
import { accountOf } from '../../../../nodes/shared/account/account';

const stored = { host: 'mail.example.com', port: 993, user: 'anna', password: 'secret' };
const optionsOf = (data: IDataObject) => accountOf('imap', { ...stored, ...data }).options;

test('SSL/TLS checks the certificate, unless self-signed ones are allowed', () => {
	const secure = { secure: true };
	expect(optionsOf(secure)).toMatchObject({ security: 'tls', port: 993, host: stored.host });
	expect(optionsOf(secure).tls?.rejectUnauthorized).not.toBe(false);
	const allowed = optionsOf({ ...secure, allowUnauthorizedCerts: true });
	expect(allowed.tls?.rejectUnauthorized).toBe(false);
});

test.each([
	['mail.example.com', 'starttls'],
	['127.0.0.1', 'none'],
	['localhost', 'none'],
])('without SSL/TLS, %s gets %s', (host, security) => {
	expect(optionsOf({ host, port: 143, secure: false })).toMatchObject({ security, port: 143 });
});

test('names the same mailboxes as our own credential does, in references', () => {
	const own = accountOf('imap4SslApi', { ...stored });
	expect(accountOf('imap', { ...stored, secure: true }).url).toBe(own.url);
});

test.each<[IDataObject, RegExp]>([
	[{ host: '' }, /"Host".* is empty/],
	[{ user: '', secure: true }, /"User".* is empty/],
	[{ password: '', secure: true }, /"Password".* is empty/],
	[{ secure: 'false' }, /"SSL\/TLS" is neither true nor false/],
	[{ secure: true, allowUnauthorizedCerts: 'no' }, /neither true nor false/],
	[{ secure: true, port: 'imaps' }, /"Port".* number/],
])('refuses %j', (data, message) => {
	expect(() => optionsOf(data)).toThrow(message);
});
