/** A provider that was chosen in the SSL/TLS credential decides host and port, and what is not shown decides nothing. */
import { describe, expect, test } from 'vitest';
import { Imap4SslApi } from '../../../../credentials/Imap4SslApi.credentials';
import { accountOf } from '../../../../nodes/shared/account/account';

const login = { user: 'anna@example.com', password: 'secret' };
const options = (data: object) => accountOf('imap4SslApi', { ...login, ...data }).options;
const [provider] = new Imap4SslApi().properties;
const hosts = (provider?.options ?? [])
	.flatMap((option) => ('value' in option ? [String(option.value)] : []))
	.filter((host) => host !== 'other');

describe('the provider of the SSL/TLS credential', () => {
	test.each(hosts)('%s is connected to on port 993 with a verified certificate', (host) => {
		const left = {
			host: 'old.example.com',
			port: 1993,
			ignoreCertificateErrors: true,
			serverName: 'old.example.com',
			fingerprint: 'AB:CD',
			clientCertificate: 'x',
		};
		expect(options({ ...left, provider: host })).toEqual(
			options({ host, port: 993, ignoreCertificateErrors: false }),
		);
		expect(() => options({ ...left, provider: host, password: '' })).toThrow('"Password"');
	});

	test.each([{}, { provider: 'other' }, { provider: '' }])(
		'%j takes host and port from the fields, as in credentials of earlier versions',
		(chosen) => {
			expect(options({ ...chosen, host: 'mail.example.com', port: 1993 })).toMatchObject({
				host: 'mail.example.com',
				port: 1993,
			});
		},
	);

	test('each has one notice that says what to do first', () => {
		const notices = new Imap4SslApi().properties.filter(({ type }) => type === 'notice');
		expect(notices.map(({ displayOptions }) => displayOptions?.show?.provider)).toEqual(
			expect.arrayContaining(hosts.map((host) => [host])),
		);
		expect(notices).toHaveLength(hosts.length);
		expect(hosts.length).toBeGreaterThan(5);
	});
});
