/** The account that a node is set to. */
import type {
	IDataObject,
	IExecuteFunctions,
	ILoadOptionsFunctions,
	IPollFunctions,
} from 'n8n-workflow';
import { accountOf, type Account } from './account';
import { CREDENTIAL_TYPES, type Authentication, type CredentialType } from './authentication';
import { closeOutdatedConnections } from './connection-pool';
import { jsonIn, renewByGrant, type PostForm } from './app-only';
import { credentialVersion, noteGone, noteVersion } from './credential-versions';

/** Where a node asks for its credential. */
export type AccountContext = IExecuteFunctions | ILoadOptionsFunctions | IPollFunctions;

/**
 * The account that the node is set to. Where the n8n instance restricts outgoing connections
 * (SSRF protection), the connection is held to that.
 * @param actAs for a credential that acts as others: the user, or empty for its default
 * @throws Error as {@link accountOf}, or if the address is forbidden
 */
export function nodeAccount(
	context: AccountContext,
	authentication: Authentication,
	actAs: string,
): Promise<Account> {
	return accountOfType(context, CREDENTIAL_TYPES[authentication], actAs);
}

/** As {@link nodeAccount}, by the type of the credential. */
export async function accountOfType(
	context: AccountContext,
	type: CredentialType,
	actAs: string,
): Promise<Account> {
	const data = await readCredential(context, type);
	const account = accountOf(type, data, actAs);
	keepCurrent(context, type, account, data);
	if (OAUTH2.has(type)) account.renew = () => renew(context, type, account, data);
	if (account.grant) renewByGrant(account, account.grant, formPoster(context));
	if (account.command) return account;
	// Older versions of n8n have no such filter.
	const filter = context.helpers.getSecureEgressFilter?.();
	if (!filter) return account;
	const allowed = filter.validateConnectionHost(account.options.host ?? '');
	if (!allowed.ok) throw allowed.error;
	account.options.lookup = filter.createSecureLookup();
	return account;
}

/** n8n's own HTTP client, which keeps to its restriction of outgoing connections and its proxy. */
function formPoster(context: AccountContext): PostForm {
	return async (url, body) => {
		const { statusCode, body: answer } = (await context.helpers.httpRequest({
			method: 'POST',
			url,
			body,
			headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			disableFollowRedirect: true,
			timeout: 30_000,
		})) as { statusCode: number; body: unknown };
		return { status: statusCode, body: jsonIn(answer) };
	};
}

async function readCredential(context: AccountContext, type: CredentialType): Promise<IDataObject> {
	try {
		return await context.getCredentials(type);
	} catch (error) {
		const id = credentialId(context, type);
		if (id !== undefined) noteGone(id);
		closeOutdatedConnections();
		throw error;
	}
}

/** What logged in with the credential as it was before is closed. */
function keepCurrent(
	context: AccountContext,
	type: CredentialType,
	account: Account,
	data: IDataObject,
): void {
	const id = credentialId(context, type);
	if (id === undefined) return;
	account.credential = credentialVersion(id, data);
	if (noteVersion(account.credential)) closeOutdatedConnections();
}

function credentialId(context: AccountContext, type: CredentialType): string | undefined {
	return context.getNode().credentials?.[type]?.id ?? undefined;
}

const OAUTH2: ReadonlySet<CredentialType> = new Set(['imap4OAuth2Api', 'imap4TargetOAuth2Api']);

/** n8n gets the new token and keeps it in the credential. */
async function renew(
	context: AccountContext,
	type: CredentialType,
	account: Account,
	data: IDataObject,
): Promise<void> {
	// Older versions of n8n can't be asked to.
	if (!('refreshOAuth2Token' in context.helpers)) {
		throw new Error(
			'The access token has expired, and this version of n8n cannot renew it. Update n8n, or reconnect the credential',
		);
	}
	const oauthTokenData = (await context.helpers.refreshOAuth2Token.call(
		context as IExecuteFunctions,
		type,
	)) as IDataObject;
	const { options, identity } = accountOf(type, { ...data, oauthTokenData });
	account.options.auth = options.auth;
	account.identity = identity;
	keepCurrent(context, type, account, { ...data, oauthTokenData });
}
