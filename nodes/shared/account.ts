/** From a credential to the options of a connection, and to the identity that connections are kept by. */
import { createHash } from 'node:crypto';
import type { IDataObject, IExecuteFunctions, ILoadOptionsFunctions } from 'n8n-workflow';
import type { ConnectOptions, Security, TlsOptions } from '../../engine/index';
import { CREDENTIAL_TYPES, type Authentication, type CredentialType } from './authentication';
import { pem } from './pem';

export interface Account {
	options: ConnectOptions;
	/**
	 * The same for two accounts exactly if they may share a connection: a hash over host, port,
	 * security, user, secret and TLS options.
	 */
	identity: string;
	/** For people: `user at host:port`. */
	name: string;
}

const SECURITY: Record<CredentialType, Security> = {
	imap4SslApi: 'tls',
	imap4StartTlsApi: 'starttls',
	imap4PlainApi: 'none',
};

/**
 * The account of a decrypted credential.
 * @throws Error if a field that is needed is empty or of a wrong kind; it names the field, never a value
 */
export function accountOf(type: CredentialType, data: IDataObject): Account {
	const text = (name: string): string => {
		const value = data[name];
		return typeof value === 'string' ? value : '';
	};
	const security = SECURITY[type];
	const host = text('host').trim();
	const port = Number(data.port ?? (security === 'tls' ? 993 : 143));
	const user = text('user');
	const password = text('password');
	if (host === '') throw new Error('The field "Host" of the credential is empty');
	if (/[\s/@]/.test(host)) {
		throw new Error('The field "Host" of the credential takes a name or an address only, no URL');
	}
	if (!Number.isInteger(port) || port < 1 || port > 65535) {
		throw new Error('The field "Port" of the credential takes a number from 1 to 65535');
	}
	if (user === '') throw new Error('The field "User" of the credential is empty');

	const tls =
		security === 'none' ? undefined : tlsOptions(text, data.ignoreCertificateErrors === true);
	const options: ConnectOptions = { host, port, security, tls, auth: { user, password } };
	const identity = createHash('sha256')
		.update(JSON.stringify([host.toLowerCase(), port, security, user, password, tls]))
		.digest('hex');
	return { options, identity, name: `${user} at ${host}:${port}` };
}

function tlsOptions(text: (name: string) => string, ignoreCertificateErrors: boolean): TlsOptions {
	const minVersion = text('minimumTlsVersion');
	return {
		ca: pem(text('caCertificate')) || undefined,
		cert: pem(text('clientCertificate')) || undefined,
		key: pem(text('clientKey')) || undefined,
		passphrase: text('clientKeyPassphrase') || undefined,
		serverName: text('serverName').trim() || undefined,
		minVersion: isTlsVersion(minVersion) ? minVersion : undefined,
		fingerprint256: text('fingerprint').trim() || undefined,
		rejectUnauthorized: !ignoreCertificateErrors,
	};
}

function isTlsVersion(text: string): text is NonNullable<TlsOptions['minVersion']> {
	return /^TLSv1(\.[123])?$/.test(text);
}

/**
 * The account that the node is set to. Where the n8n instance restricts outgoing connections
 * (SSRF protection), the connection is held to that.
 * @throws Error as {@link accountOf}, or if the address is forbidden
 */
export async function nodeAccount(
	context: IExecuteFunctions | ILoadOptionsFunctions,
): Promise<Account> {
	const authentication = context.getNodeParameter('authentication', 0, 'ssl') as Authentication;
	const type = CREDENTIAL_TYPES[authentication];
	const account = accountOf(type, await context.getCredentials(type));
	// Older versions of n8n have no such filter.
	const filter = context.helpers.getSecureEgressFilter?.();
	if (!filter) return account;
	const allowed = filter.validateConnectionHost(account.options.host ?? '');
	if (!allowed.ok) throw allowed.error;
	return { ...account, options: { ...account.options, lookup: filter.createSecureLookup() } };
}
