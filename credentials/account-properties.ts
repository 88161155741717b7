/** The fields that the credentials share, so that each is worded once. */
import type { INodeProperties } from 'n8n-workflow';
import { shownWhen } from '../nodes/shared/fields/shown-when';

export const host: INodeProperties = {
	displayName: 'Host',
	name: 'host',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. imap.example.com',
	description: 'Host name or IP address of the IMAP server',
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
	placeholder: 'e.g. name@example.com',
};

export const password: INodeProperties = {
	displayName: 'Password',
	name: 'password',
	type: 'string',
	typeOptions: { password: true },
	default: '',
	description:
		'Many providers require an app password, which you create in your account settings there',
};

/** For credentials that leave it open how the connection is secured. */
export const security: INodeProperties = {
	displayName: 'Security',
	name: 'security',
	type: 'options',
	options: [
		{ name: 'SSL/TLS', value: 'tls', description: 'Encrypted from the start, usually on port 993' },
		{
			name: 'STARTTLS',
			value: 'starttls',
			description: 'Encrypted before login, usually on port 143; never continues unencrypted',
		},
		{
			name: 'None (Unencrypted)',
			value: 'none',
			description: 'Not encrypted: anyone on the network path can read all mail. Usually port 143.',
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

const tlsFields: INodeProperties[] = [
	{
		displayName: 'Certificate Authority (PEM)',
		name: 'caCertificate',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		placeholder: 'e.g. -----BEGIN CERTIFICATE-----',
		description:
			'Only for servers with a self-signed certificate or one from a private authority: the certificate to trust instead of the public authorities. You can paste several, one after another.',
	},
	{
		displayName: 'Client Certificate (PEM)',
		name: 'clientCertificate',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		placeholder: 'e.g. -----BEGIN CERTIFICATE-----',
		description: 'Only if the server requires a client certificate',
	},
	{
		displayName: 'Client Key (PEM)',
		name: 'clientKey',
		type: 'string',
		typeOptions: { password: true, rows: 4 },
		default: '',
		description: 'Private key of the client certificate',
	},
	{
		displayName: 'Client Key Passphrase',
		name: 'clientKeyPassphrase',
		type: 'string',
		typeOptions: { password: true },
		default: '',
		description: 'Only if the client key is encrypted',
	},
	{
		displayName: 'Server Name',
		name: 'serverName',
		type: 'string',
		default: '',
		placeholder: 'e.g. mail.example.com',
		description:
			'The name that the certificate must contain if it differs from the host, such as when connecting by IP address',
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
		placeholder: 'e.g. AB:CD:…',
		description:
			'Accept only the certificate with this fingerprint, instead of checking its authority and name',
	},
];

const ignoreCertificateErrors: INodeProperties = {
	displayName: 'Ignore Certificate Errors (Unsafe)',
	name: 'ignoreCertificateErrors',
	type: 'boolean',
	default: false,
	description:
		'Whether to accept any certificate. Anyone between n8n and the server can then read the password and all mail. Enter a certificate authority or a fingerprint instead.',
};

/**
 * How the server proves who it is, and we to it: behind a switch, since almost nobody needs it. n8n forgets the
 * values of fields that are not shown, such as a pinned certificate of a credential that was saved before there
 * was the switch; so each has a hidden twin, by which its value stays in force. What weakens the check is in sight.
 */
export const tlsProperties: INodeProperties[] = [
	{
		displayName: 'TLS Options',
		name: 'tlsOptions',
		type: 'boolean',
		default: false,
		description:
			'Whether to change how certificates are checked, for example to trust a private certificate authority, or to set a client certificate',
	},
	...tlsFields.map((property) => shownWhen({ tlsOptions: [true] }, property)),
	...tlsFields.map((property) => shownWhen({ tlsOptions: [false] }, hidden(property))),
	ignoreCertificateErrors,
];

function hidden({
	displayName,
	name,
	default: value,
	typeOptions,
}: INodeProperties): INodeProperties {
	const isSecret = typeOptions?.password === true;
	return {
		displayName,
		name,
		type: 'hidden',
		default: value,
		...(isSecret ? { typeOptions: { password: true } } : {}),
	};
}

/** The same for credentials with the field {@link security}. */
export const tlsPropertiesIfSecured: INodeProperties[] = tlsProperties.map((property) => ({
	...property,
	displayOptions: { ...property.displayOptions, hide: { security: ['none'] } },
}));
