/** The account that a node is set to. */
import type {
	IDataObject,
	IExecuteFunctions,
	ILoadOptionsFunctions,
	IPollFunctions,
} from 'n8n-workflow';
import { accountOf, type Account } from './account';
import { CREDENTIAL_TYPES, type Authentication } from './authentication';

/** Where a node asks for its credential. */
export type AccountContext = IExecuteFunctions | ILoadOptionsFunctions | IPollFunctions;

/**
 * The account that the node is set to. Where the n8n instance restricts outgoing connections
 * (SSRF protection), the connection is held to that.
 * @param actAs for a credential that acts as others: the user, or empty for its default
 * @throws Error as {@link accountOf}, or if the address is forbidden
 */
export async function nodeAccount(
	context: AccountContext,
	authentication: Authentication,
	actAs: string,
): Promise<Account> {
	const type = CREDENTIAL_TYPES[authentication];
	const data = await context.getCredentials(type);
	const account = accountOf(type, data, actAs);
	if (type === 'imap4OAuth2Api') account.renew = () => renew(context, account, data);
	if (account.command) return account;
	// Older versions of n8n have no such filter.
	const filter = context.helpers.getSecureEgressFilter?.();
	if (!filter) return account;
	const allowed = filter.validateConnectionHost(account.options.host ?? '');
	if (!allowed.ok) throw allowed.error;
	account.options.lookup = filter.createSecureLookup();
	return account;
}

/** n8n gets the new token and keeps it in the credential. */
async function renew(context: AccountContext, account: Account, data: IDataObject): Promise<void> {
	// Older versions of n8n can't be asked to.
	if (!('refreshOAuth2Token' in context.helpers)) {
		throw new Error(
			'The access token has expired, and this version of n8n cannot renew it for a node: update n8n, or connect the credential anew',
		);
	}
	const type = CREDENTIAL_TYPES.oAuth2;
	const oauthTokenData = (await context.helpers.refreshOAuth2Token.call(
		context as IExecuteFunctions,
		type,
	)) as IDataObject;
	const { options, identity } = accountOf(type, { ...data, oauthTokenData });
	account.options.auth = options.auth;
	account.identity = identity;
}
