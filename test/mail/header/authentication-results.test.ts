/** Authentication-Results (RFC 8601): what the server found out, not what the sender wrote into it. */
import { expect, test } from 'vitest';
import { authenticationResults } from '../../../mail/header/authentication-results';

const read = (value: string) =>
	authenticationResults(Buffer.from(`Authentication-Results: ${value}\r\n\r\n`));

test.each([
	['quotes', 'spf=fail smtp.mailfrom="; dkim=pass header.d=bank.example; x"@evil.example'],
	[
		'quotes with a quote',
		'spf=fail smtp.mailfrom="\\"; dkim=pass header.d=bank.example"@evil.example',
	],
	['a comment', 'spf=fail (from x; dkim=pass header.d=bank.example) smtp.mailfrom=evil.example'],
	[
		'nested comments',
		'spf=fail (a (b); dkim=pass header.d=bank.example) smtp.mailfrom=evil.example',
	],
	['a comment that does not end', 'spf=fail (a; dkim=pass header.d=bank.example'],
	[
		'what is escaped outside of quotes',
		'spf=fail smtp.mailfrom=x\\;dkim=pass header.d=bank.example',
	],
])('what is in %s is not a result', (_where, result) => {
	expect(read(`mx.example.com; ${result}`)).toEqual({
		server: 'mx.example.com',
		spf: 'fail',
		dkim: null,
		dmarc: null,
		signedBy: [],
	});
});

test('the domain of an identity that signed', () => {
	const results =
		'mx.example.com; dkim=pass header.i=anna@example.org header.s=a; dkim=pass header.i=@b.example';
	expect(read(results)?.signedBy).toEqual(['example.org', 'b.example']);
});

test('domains beyond ASCII are read as UTF-8 (RFC 8616)', () => {
	expect(read('mx.exämple.com; dkim=pass header.d=voilà.example')).toMatchObject({
		server: 'mx.exämple.com',
		signedBy: ['voilà.example'],
	});
});
