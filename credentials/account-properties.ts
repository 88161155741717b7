/** The fields that the credentials share, so that each is worded once. */
import type { INodeProperties } from 'n8n-workflow';

export const host: INodeProperties = {
	displayName: 'Host',
	name: 'host',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'imap.example.com',
	description: 'Name or address of the IMAP server',
};

export const port = (usual: 993 | 143): INodeProperties => ({
	displayName: 'Port',
	name: 'port',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 65535 },
	default: usual,
	required: true,
});

export const user: INodeProperties = {
	displayName: 'User',
	name: 'user',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'name@example.com',
};

export const password: INodeProperties = {
	displayName: 'Password',
	name: 'password',
	type: 'string',
	typeOptions: { password: true },
	default: '',
	description:
		'Many providers ask for an app password here, which you create in the settings of your account there',
};

/** For credentials that leave it open how the connection is secured. */
export const security: INodeProperties = {
	displayName: 'Security',
	name: 'security',
	type: 'options',
	options: [
		{ name: 'SSL/TLS', value: 'tls', description: 'Encrypted from the start, mostly on port 993' },
		{
			name: 'STARTTLS',
			value: 'starttls',
			description: 'Encrypted before the login, mostly on port 143; never goes on in clear text',
		},
		{
			name: 'None (Unencrypted)',
			value: 'none',
			description: 'Whoever is on the way to the server can read all mail, mostly on port 143',
		},
	],
	default: 'tls',
};

/** For credentials that give access to more than one connection. */
export const allowUnencrypted: INodeProperties = {
	displayName: 'Allow Unencrypted (Unsafe)',
	name: 'allowUnencrypted',
	type: 'boolean',
	default: false,
	displayOptions: { show: { security: ['none'] } },
	description:
		'Whether to log in without encryption to a host other than the one that n8n runs on. Anyone on the network path can then read the login and use it.',
};

/** How the server proves who it is, and we to it. */
export const tlsProperties: INodeProperties[] = [
	{
		displayName: 'Certificate Authority (PEM)',
		name: 'caCertificate',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		placeholder: '-----BEGIN CERTIFICATE-----',
		description:
			'Only for a server whose certificate was issued by an authority of your own, or that is self-signed: the certificate to trust instead of the well-known authorities. Several may follow one another.',
	},
	{
		displayName: 'Client Certificate (PEM)',
		name: 'clientCertificate',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		placeholder: '-----BEGIN CERTIFICATE-----',
		description: 'Only where the server asks its clients for a certificate',
	},
	{
		displayName: 'Client Key (PEM)',
		name: 'clientKey',
		type: 'string',
		typeOptions: { password: true, rows: 4 },
		default: '',
		description: 'The private key that belongs to the client certificate',
	},
	{
		displayName: 'Client Key Passphrase',
		name: 'clientKeyPassphrase',
		type: 'string',
		typeOptions: { password: true },
		default: '',
		description: 'Only where the client key is encrypted',
	},
	{
		displayName: 'Server Name',
		name: 'serverName',
		type: 'string',
		default: '',
		description:
			'The name that the certificate must bear, where it is another than the host, such as when connecting by an IP address',
	},
	{
		displayName: 'Minimum TLS Version',
		name: 'minimumTlsVersion',
		type: 'options',
		options: [
			{ name: 'TLS 1.0 (Outdated)', value: 'TLSv1' },
			{ name: 'TLS 1.1 (Outdated)', value: 'TLSv1.1' },
			{ name: 'TLS 1.2', value: 'TLSv1.2' },
			{ name: 'TLS 1.3', value: 'TLSv1.3' },
		],
		default: 'TLSv1.2',
	},
	{
		displayName: 'Pinned SHA-256 Fingerprint',
		name: 'fingerprint',
		type: 'string',
		default: '',
		placeholder: 'AB:CD:…',
		description:
			'Accept the one certificate with this fingerprint, and no other. It takes the place of checking the authority and the name.',
	},
	{
		displayName: 'Ignore Certificate Errors (Unsafe)',
		name: 'ignoreCertificateErrors',
		type: 'boolean',
		default: false,
		description:
			'Whether to accept any certificate. Anyone between n8n and the server can then read the password and all mail. Enter the certificate authority or a fingerprint instead.',
	},
];

/** The same for credentials with the field {@link security}. */
export const tlsPropertiesIfSecured: INodeProperties[] = tlsProperties.map((property) => ({
	...property,
	displayOptions: { hide: { security: ['none'] } },
}));
