/** The Test button of the credentials: logs in once, and names the cause if that fails. */
import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import { Imap4Error } from '../../../engine/index';
import { accountOf } from './account';
import { jsonIn, renewByGrant, type PostForm } from './app-only';
import type { CredentialType } from './authentication';
import { egressPolicy } from './egress-policy';
import { logIn } from './open-connection';
import { adviceOn } from '../errors/advice';
import { asSentence, wordsOf } from '../errors/node-errors';
import { shownText } from '../errors/shown-text';

/** Long enough for a slow server, short enough for someone who looks at a button. */
const TIMEOUT = 15_000;

/** For a node's `methods.credentialTest`. */
export async function imap4Login(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted<ICredentialDataDecryptedObject>,
): Promise<INodeCredentialTestResult> {
	try {
		const account = accountOf(credential.type as CredentialType, credential.data ?? {});
		const policy = account.command ? undefined : egressPolicy();
		if (policy) {
			policy.checkHost(account.options.host ?? '');
			account.options.lookup = policy.lookup;
		}
		if (account.grant) {
			policy?.checkHost(new URL(account.grant.tokenUrl).hostname);
			renewByGrant(account, account.grant, formPoster(this));
		}
		const imap = await logIn(account, { connect: TIMEOUT, greeting: TIMEOUT, command: TIMEOUT });
		await imap.logout();
		return { status: 'OK', message: 'The login succeeded' };
	} catch (error) {
		return { status: 'Error', message: cause(error) };
	}
}

/** What n8n offers to the test of a credential. */
function formPoster({ helpers }: ICredentialTestFunctions): PostForm {
	return async (uri, body) => {
		const { statusCode, body: answer } = (await helpers.request({
			method: 'POST',
			uri,
			body,
			headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
			simple: false,
			resolveWithFullResponse: true,
			followRedirect: false,
			timeout: TIMEOUT,
		})) as { statusCode: number; body: unknown };
		return { status: statusCode, body: jsonIn(answer) };
	};
}

function cause(error: unknown): string {
	if (!(error instanceof Imap4Error)) return shownText((error as Error).message);
	const advice = adviceOn(error);
	const words = shownText(wordsOf(error));
	const said = error.code === 'AUTHENTICATION_FAILED' ? `The login was refused: ${words}` : words;
	return advice ? `${asSentence(said)} ${advice}` : said;
}
