/** Logins of an application without a person: what its credential says, and how it asks for a token. */
import { createHash, createPrivateKey, createSign, type KeyObject } from 'node:crypto';
import type { ConnectOptions } from '../../../engine/index';

/** How to get an access token. */
export interface Grant {
	tokenUrl: string;
	scope: string;
	/** The user whose mailbox is opened. */
	user: string;
	by:
		| { kind: 'client'; clientId: string; clientSecret: string }
		| { kind: 'service account'; email: string; keyId: string | undefined; key: string };
}

interface CredentialFields {
	text(name: string): string;
	needed(name: string, label: string): string;
}

const MICROSOFT = {
	host: 'outlook.office365.com',
	scope: 'https://outlook.office365.com/.default',
};
const GOOGLE = {
	host: 'imap.gmail.com',
	scope: 'https://mail.google.com/',
	tokenUrl: 'https://oauth2.googleapis.com/token',
};

/**
 * @param user whose mailbox to open
 * @returns `host` undefined for a server that the credential names
 * @throws Error that names the field
 */
export function readGrant(
	fields: CredentialFields,
	user: string,
): { grant: Grant; host: string | undefined } {
	switch (fields.text('provider')) {
		case 'microsoft': {
			const { host, scope } = MICROSOFT;
			const tokenUrl = `https://login.microsoftonline.com/${tenant(fields)}/oauth2/v2.0/token`;
			return { host, grant: { tokenUrl, scope, user, by: client(fields) } };
		}
		case 'google': {
			const { host, scope, tokenUrl } = GOOGLE;
			return { host, grant: { tokenUrl, scope, user, by: serviceAccount(fields) } };
		}
		case 'other':
			return { host: undefined, grant: { ...otherServer(fields), user, by: client(fields) } };
		case 'otherServiceAccount':
			return {
				host: undefined,
				grant: { ...otherServer(fields), user, by: serviceAccount(fields) },
			};
		default:
			throw new Error('The field "Provider" of the credential is empty or unknown');
	}
}

function tenant(fields: CredentialFields): string {
	const given = fields.needed('tenant', 'Tenant').trim();
	if (/^(?:common|organizations|consumers)$/i.test(given)) {
		throw new Error(
			`The field "Tenant" of the credential is "${given}", which has no application of its own. Enter the ID or the domain of your directory.`,
		);
	}
	if (/^[\w.-]+$/.test(given)) return given;
	throw new Error('The field "Tenant" of the credential must be an ID or a domain');
}

function client(fields: CredentialFields): Grant['by'] {
	return {
		kind: 'client',
		clientId: fields.needed('clientId', 'Client ID').trim(),
		clientSecret: fields.needed('clientSecret', 'Client Secret').trim(),
	};
}

function serviceAccount(fields: CredentialFields): Grant['by'] {
	const given = fields.needed('serviceAccountKey', 'Service Account Key (JSON)');
	const { client_email: email, private_key: key, private_key_id: keyId } = parsed(given);
	if (typeof email !== 'string' || typeof key !== 'string' || email === '' || key === '') {
		throw keyError('it has no client_email or no private_key');
	}
	return {
		kind: 'service account',
		email,
		key,
		keyId: typeof keyId === 'string' ? keyId : undefined,
	};
}

function parsed(text: string): Record<string, unknown> {
	try {
		const value: unknown = JSON.parse(text);
		if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
	} catch {
		// The error of JSON.parse quotes the text, which is a secret.
	}
	throw keyError('it is not JSON');
}

const keyError = (reason: string): Error =>
	new Error(
		`The field "Service Account Key (JSON)" of the credential cannot be used: ${reason}. Paste the whole key file, as Google made it.`,
	);

function otherServer(fields: CredentialFields): Pick<Grant, 'tokenUrl' | 'scope'> {
	const tokenUrl = fields.needed('accessTokenUrl', 'Access Token URL').trim();
	if (!URL.canParse(tokenUrl)) {
		throw new Error('The field "Access Token URL" of the credential must be a URL');
	}
	const { protocol, hostname } = new URL(tokenUrl);
	const local = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
	if (protocol === 'https:' || (protocol === 'http:' && local)) {
		return { tokenUrl, scope: fields.text('scope').trim() };
	}
	throw new Error(
		'The field "Access Token URL" of the credential must begin with https://, since the secret is sent there',
	);
}

/** The same for two logins exactly if they get the same tokens. */
export function grantKey(grant: Grant): string {
	return createHash('sha256').update(JSON.stringify(grant)).digest('hex');
}

/** Sends a form. */
export type PostForm = (url: string, form: string) => Promise<{ status: number; body: unknown }>;

/** @returns what a body of JSON says, parsed or not; undefined if it is something else */
export function jsonIn(body: unknown): unknown {
	if (typeof body !== 'string') return body;
	try {
		return JSON.parse(body);
	} catch {
		return undefined;
	}
}

/** The part of an account that tokens go into. */
interface TokenHolder {
	options: ConnectOptions;
	renew?: () => Promise<void>;
}

/** Makes the account get its tokens by the grant. */
export function renewByGrant(account: TokenHolder, grant: Grant, post: PostForm): void {
	account.renew = async () => {
		const { auth } = account.options;
		const accessToken = await freshToken(grant, auth?.accessToken ?? '', post);
		account.options.auth = { ...auth, user: grant.user, accessToken };
	};
}

interface Token {
	token: string;
	/** Milliseconds since 1970. */
	until: number;
}

/** Tokens of the process by what they were asked with; the oldest go first. */
const tokens = new Map<string, Token>();
const MOST_TOKENS = 1000;
/** Requests under way, so that items that run side by side share one. */
const asked = new Map<string, Promise<string>>();
/** Milliseconds before its expiry at which a token is replaced. */
const MARGIN = 60_000;

/** A token that was given out before and is still valid; empty if there is none. */
export function knownToken(grant: Grant): string {
	const known = tokens.get(grantKey(grant));
	return known && known.until > Date.now() ? known.token : '';
}

/**
 * A token other than the one that was refused.
 * @throws Error that says what to do, and holds no secret
 */
function freshToken(grant: Grant, refused: string, post: PostForm): Promise<string> {
	const known = knownToken(grant);
	if (known !== '' && known !== refused) return Promise.resolve(known);
	const key = grantKey(grant);
	const request = asked.get(key) ?? requestToken(grant, key, post).finally(() => asked.delete(key));
	asked.set(key, request);
	return request;
}

async function requestToken(grant: Grant, key: string, post: PostForm): Promise<string> {
	tokens.delete(key);
	const form = formOf(grant);
	const { status, body } = await post(grant.tokenUrl, form).catch((error: unknown) => {
		// Not as the cause: an HTTP client's errors hold the request, and so the secret.
		const reason = error instanceof Error ? error.message : String(error);
		const { host } = new URL(grant.tokenUrl);
		throw new Error(`No access token from ${host}: ${withoutSecrets(reason, form).slice(0, 300)}`);
	});
	const answer = typeof body === 'object' && body !== null ? (body as TokenAnswer) : {};
	const { access_token: token, expires_in: seconds } = answer;
	if (status !== 200 || typeof token !== 'string' || token === '') {
		throw refusal(grant, form, status, answer);
	}
	const lasts = Number(seconds) > 0 ? Number(seconds) * 1000 : 5 * MARGIN;
	tokens.set(key, { token, until: Date.now() + lasts - MARGIN });
	const [oldest] = tokens.keys();
	if (tokens.size > MOST_TOKENS && oldest !== undefined) tokens.delete(oldest);
	return token;
}

interface TokenAnswer {
	access_token?: unknown;
	expires_in?: unknown;
	error?: unknown;
	error_description?: unknown;
}

function formOf({ tokenUrl, scope, user, by }: Grant): string {
	if (by.kind === 'client') {
		return new URLSearchParams({
			grant_type: 'client_credentials',
			client_id: by.clientId,
			client_secret: by.clientSecret,
			scope,
		}).toString();
	}
	const now = Math.floor(Date.now() / 1000);
	// A clock that is a little fast must not make the assertion begin in the future.
	const claims = { iss: by.email, sub: user, scope, aud: tokenUrl, iat: now - 30, exp: now + 3000 };
	const header = { alg: 'RS256', typ: 'JWT', ...(by.keyId === undefined ? {} : { kid: by.keyId }) };
	const signed = [header, claims]
		.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
		.join('.');
	const signature = createSign('RSA-SHA256').update(signed).sign(privateKey(by.key), 'base64url');
	return new URLSearchParams({
		grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
		assertion: `${signed}.${signature}`,
	}).toString();
}

function privateKey(key: string): KeyObject {
	try {
		return createPrivateKey(key);
	} catch {
		throw keyError('its private_key cannot be read');
	}
}

/** What an administrator has to look at, by the error of RFC 6749 §5.2. */
const ADVICE: Readonly<Record<string, { client: string; 'service account': string }>> = {
	invalid_client: {
		client:
			'Check Client ID and Client Secret: the value of the secret, not its ID, and whether it has expired.',
		'service account': 'Check whether the service account and its key still exist.',
	},
	unauthorized_client: {
		client: 'Check the tenant, and that an administrator has granted the application permission.',
		'service account':
			'In the Google Admin console, under "Domain-wide delegation", add the client ID of the service account with the scope https://mail.google.com/.',
	},
	invalid_grant: {
		client: 'Check Client ID, Client Secret and Tenant.',
		'service account':
			'Check that the user is one of the domain, that the key still exists, and that the clock of the n8n host is right.',
	},
	invalid_scope: {
		client: 'Check Scope.',
		'service account': 'Check Scope.',
	},
};

function refusal(
	{ tokenUrl, by }: Grant,
	form: string,
	status: number,
	{ error, error_description: description }: TokenAnswer,
): Error {
	const code =
		typeof error === 'string' ? withoutSecrets(error, form).slice(0, 100) : `HTTP ${status}`;
	// Only the first line: Microsoft adds trace IDs.
	const [text = ''] =
		typeof description === 'string'
			? withoutSecrets(description, form)
					.slice(0, 300)
					.split(/[\r\n]/)
			: [];
	const advice = ADVICE[code]?.[by.kind] ?? 'Check the fields of the credential.';
	const host = new URL(tokenUrl).host;
	return new Error(
		`No access token from ${host}: ${[code, text].filter((part) => part !== '').join(': ')}. ${advice}`,
	);
}

/** Fields of a form that log somebody in. */
const SECRETS = ['client_secret', 'assertion'];

/** What a token server says, without what it repeats of what it was sent. */
function withoutSecrets(text: string, form: string): string {
	const sent = new URLSearchParams(form);
	const forms = SECRETS.flatMap((name) => sent.get(name) ?? []).flatMap((secret) => [
		secret,
		encodeURIComponent(secret),
		// As it stands in the form.
		new URLSearchParams([['', secret]]).toString().slice(1),
	]);
	return forms.reduce((clean, secret) => clean.replaceAll(secret, '***'), text);
}
