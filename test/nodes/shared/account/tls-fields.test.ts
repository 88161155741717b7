/** The fields of TLS in the credentials, which a switch hides: n8n forgets the values of fields that are not shown. */
import { NodeHelpers, type ICredentialType } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { credentialTypes } from '../../credential-types';

describe.each([undefined, false, true])('with TLS Options %j', (tlsOptions) => {
	const switched = tlsOptions === undefined ? {} : { tlsOptions };
	const kept = (type: keyof typeof credentialTypes, more: object): unknown =>
		NodeHelpers.getNodeParameters(
			(credentialTypes[type] as ICredentialType).properties,
			{ host: 'mail.example.com', security: 'tls', ...more, ...switched },
			true,
			false,
			null,
			null,
		);

	test.each(['imap4SslApi', 'imap4StartTlsApi', 'imap4CramMd5Api', 'imap4TargetApi'] as const)(
		'n8n keeps what a credential of the type %s says of certificates',
		(type) => {
			const more = {
				caCertificate: 'ca',
				clientCertificate: 'certificate',
				clientKey: 'key',
				clientKeyPassphrase: 'passphrase',
				serverName: 'other.example.com',
				minimumTlsVersion: 'TLSv1.3',
				fingerprint: 'AB',
				ignoreCertificateErrors: true,
			};
			expect(kept(type, more)).toMatchObject(more);
		},
	);
});
