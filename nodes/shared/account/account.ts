/** From a credential to an account: where to connect, how to log in, and who one is there. */
import { createHash } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import type { ConnectOptions, Credentials, Security } from '../../../engine/index';
import type { CredentialType } from './authentication';
import type { CredentialVersion } from './credential-versions';
import { strictBoolean } from '../fields/strict-values';
import { grantKey, knownToken, readGrant, type Grant } from './app-only';
import { streamCommand, type StreamCommand } from './stream-commands';
import { tlsOptions } from './tls-fields';

export interface Account {
	options: ConnectOptions;
	/** A program to start in place of connecting to host and port. */
	command?: StreamCommand;
	/** To become this user by the command PROXYAUTH after the login. */
	proxyAuth?: string;
	/**
	 * The same for two accounts exactly if they may share a connection: a hash over everything that
	 * says where the server is, who logs in, how, as whom to act, and the secret.
	 */
	identity: string;
	/** For people: `user at host:port`. */
	name: string;
	/**
	 * Names the account in message references, without secrets: `imap://user@host`, as in RFC 5092. The
	 * same for every credential that leads to the same mailboxes, whatever its type, port or security.
	 */
	url: string;
	/** The stored credential that it comes from. */
	credential?: CredentialVersion;
	/** For an application that logs in by itself: how it gets its tokens. */
	grant?: Grant;
	/** Puts a fresh access token into this account. @throws NodeOperationError if it can't be had */
	renew?: () => Promise<void>;
}

/** The fields of a decrypted credential; what isn't filled in is empty. */
class Fields {
	constructor(private readonly data: IDataObject) {}

	text(name: string): string {
		const value = this.data[name];
		return typeof value === 'string' ? value : '';
	}

	/**
	 * Where a provider was chosen, which is stored by its host: only the login, so that no field that does
	 * not show decides anything, such as one that turns off the check of the certificate.
	 */
	ofProvider(): Fields {
		const { provider, user, password } = this.data;
		if (provider === undefined || provider === '' || provider === 'other') return this;
		return new Fields({ host: provider, port: 993, user, password });
	}

	/** The fields of n8n's own IMAP credential, under our names. */
	ofN8n(): Fields {
		const { user, password, host, port, allowUnauthorizedCerts } = this.data;
		const ignoreCertificateErrors = allowUnauthorizedCerts;
		return new Fields({ user, password, host, port, ignoreCertificateErrors });
	}

	needed(name: string, label: string): string {
		const value = this.text(name);
		if (value === '') throw new Error(`The field "${label}" of the credential is empty`);
		return value;
	}

	/** An attempt without a password only counts as a failed login, unless a certificate says who one is. */
	password(label = 'Password'): string {
		return this.text('clientCertificate') === ''
			? this.needed('password', label)
			: this.text('password');
	}

	host(): string {
		const host = this.needed('host', 'Host').trim();
		if (host === '') throw new Error('The field "Host" of the credential is empty');
		if (/[\s/@]/.test(host)) {
			throw new Error(
				'The field "Host" of the credential must be a host name or an IP address, not a URL',
			);
		}
		return host;
	}

	port(security: Security): number {
		const port = Number(this.data.port ?? (security === 'tls' ? 993 : 143));
		if (!Number.isInteger(port) || port < 1 || port > 65535) {
			throw new Error('The field "Port" of the credential must be a number from 1 to 65535');
		}
		return port;
	}

	security(): Security {
		const security = this.text('security');
		if (security === 'tls' || security === 'starttls' || security === 'none') return security;
		throw new Error('The field "Security" of the credential must be "tls", "starttls" or "none"');
	}

	/** Off where it is not there, as in a credential from before the field; never off by a wrong value. */
	toggle(name: string, label: string): boolean {
		const value = this.data[name];
		return value === undefined ? false : strictBoolean(value, label);
	}

	/**
	 * For logins that give access to more than the one connection: a token, or other users' mail.
	 * @throws Error if it would go over the network unencrypted and the credential doesn't demand that
	 */
	encryptedServer(security: Security, what: string): ConnectOptions {
		const server = this.server(security);
		if (security !== 'none' || isLoopback(server.host ?? '')) return server;
		if (this.toggle('allowUnencrypted', 'Allow Unencrypted')) {
			return { ...server, allowClearText: true };
		}
		throw new Error(
			`${what} is not sent unencrypted over the network because anyone on the network path could use it. Set the field "Security" of the credential to "SSL/TLS" or "STARTTLS", or turn on "Allow Unencrypted" if you trust the network.`,
		);
	}

	server(security: Security): ConnectOptions {
		const host = this.host();
		const port = this.port(security);
		const text = (name: string): string => this.text(name);
		const unsafe = this.toggle('ignoreCertificateErrors', 'Ignore Certificate Errors (Unsafe)');
		return {
			host,
			port,
			security,
			tls: security === 'none' ? undefined : tlsOptions(text, unsafe),
		};
	}

	accessToken(): string {
		const { oauthTokenData } = this.data;
		const token =
			typeof oauthTokenData === 'object' && oauthTokenData !== null
				? (oauthTokenData as IDataObject).access_token
				: undefined;
		return typeof token === 'string' ? token : '';
	}
}

/** Whether the host is this machine, so that nothing goes over a network. */
function isLoopback(host: string): boolean {
	return /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);
}

type Login = Pick<Account, 'options' | 'command' | 'proxyAuth' | 'grant'>;

/** Where the providers of the presets have their servers. */
const PROVIDER_HOSTS: Record<string, string> = {
	google: 'imap.gmail.com',
	microsoft: 'outlook.office365.com',
};

/** What each credential type makes of its fields. */
const LOGINS: Record<CredentialType, (fields: Fields, actAs: string) => Login> = {
	imap4SslApi: (fields) => passwordLogin(fields.ofProvider(), 'tls'),
	imap4StartTlsApi: (fields) => passwordLogin(fields, 'starttls'),
	imap4PlainApi: (fields) => passwordLogin(fields, 'none'),
	imap4CramMd5Api: (fields) => passwordLogin(fields, fields.security(), { mechanism: 'CRAM-MD5' }),
	imap4ProxyAuthApi: proxyLogin,
	imap4OAuth2Api: oauthLogin,
	imap4TargetApi: (fields) => passwordLogin(fields, fields.security()),
	imap4TargetOAuth2Api: oauthLogin,
	imap4AppOnlyApi: appLogin,
	imap: n8nLogin,
	imap4StreamApi: (fields) => ({
		options: {},
		command: streamCommand(fields.needed('command', 'Command').trim()),
	}),
};

function passwordLogin(
	fields: Fields,
	security: Security,
	more: Partial<Credentials> = {},
): { options: ConnectOptions } {
	const auth = { user: fields.needed('user', 'User'), password: fields.password(), ...more };
	return { options: { ...fields.server(security), auth } };
}

/**
 * Without SSL/TLS, n8n's own node sends the password in clear text. Here it is encrypted by STARTTLS, except
 * to this machine.
 */
function n8nLogin(fields: Fields): Login {
	const own = fields.ofN8n();
	const local = isLoopback(own.host());
	const security = fields.toggle('secure', 'SSL/TLS') ? 'tls' : local ? 'none' : 'starttls';
	return passwordLogin(own, security);
}

function proxyLogin(fields: Fields, actAs: string): Login {
	const user = actAs || fields.text('defaultActAsUser');
	// Nobody may get into the administrator's own mailbox because an expression was empty.
	if (user === '') {
		throw new Error(
			'The field "Act As User" is empty, and the credential has no default user to act as',
		);
	}
	const server = fields.encryptedServer(fields.security(), "An administrator's password");
	const auth = {
		user: fields.needed('user', 'Admin User'),
		password: fields.password('Admin Password'),
	};
	if (fields.text('method') === 'proxyauth') {
		return { options: { ...server, auth }, proxyAuth: user };
	}
	return { options: { ...server, auth: { ...auth, actAs: user, mechanism: 'PLAIN' } } };
}

function oauthLogin(fields: Fields): Login {
	const provider = fields.text('provider');
	const host = PROVIDER_HOSTS[provider];
	const server = host
		? { host, port: 993, security: 'tls' as const }
		: fields.encryptedServer(fields.security(), 'An access token');
	const auth = { user: fields.needed('user', 'User'), accessToken: fields.accessToken() };
	return { options: { ...server, auth } };
}

function appLogin(fields: Fields, actAs: string): Login {
	const user = actAs || fields.needed('user', 'User');
	const { grant, host } = readGrant(fields, user);
	const server = host
		? { host, port: 993, security: 'tls' as const }
		: fields.encryptedServer(fields.security(), 'An access token');
	return { options: { ...server, auth: { user, accessToken: knownToken(grant) } }, grant };
}

/**
 * The account of a decrypted credential.
 * @param actAs for a credential that acts as others: the user; else it is ignored
 * @throws Error if a field that is needed is empty or of a wrong kind; it names the field, never a value
 */
export function accountOf(type: CredentialType, data: IDataObject, actAs = ''): Account {
	const login = LOGINS[type](new Fields(data), actAs);
	return { ...login, identity: identityOf(type, login), name: nameOf(login), url: urlOf(login) };
}

function identityOf(type: CredentialType, { options, command, proxyAuth, grant }: Login): string {
	const { host = '', port, security, tls } = options;
	// Tokens change; the secret identifies the account.
	const auth = grant ? { user: grant.user, grant: grantKey(grant) } : options.auth;
	return createHash('sha256')
		.update(
			JSON.stringify([type, host.toLowerCase(), port, security, auth, tls, command, proxyAuth]),
		)
		.digest('hex');
}

function urlOf({ options, command, proxyAuth }: Login): string {
	if (command) return `imap-stream:${encodeURIComponent(command.name)}`;
	const { host = '', auth } = options;
	const user = proxyAuth ?? auth?.actAs ?? auth?.user ?? '';
	// Host names have no case, and a dot at the end changes nothing; users are compared without case as well.
	return `imap://${encodeURIComponent(user.toLowerCase())}@${host.toLowerCase().replace(/\.$/, '')}`;
}

function nameOf({ options, command, proxyAuth }: Login): string {
	if (command) return command.command;
	const { host, port, auth } = options;
	const actsAs = proxyAuth ?? auth?.actAs;
	return `${actsAs === undefined ? '' : `${actsAs}, through `}${auth?.user} at ${host}:${port}`;
}
