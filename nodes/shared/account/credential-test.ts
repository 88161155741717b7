/** The test of the credentials, which n8n runs when one is saved: logs in once, and names the cause if that fails. */
import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import { Imap4AbortError, Imap4Error, type Imap4 } from '../../../engine/index';
import { accountOf, type Account } from './account';
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
		const message = await whoAnswered(account, imap);
		await imap.logout();
		return { status: 'OK', message };
	} catch (error) {
		return { status: 'Error', message: cause(error) };
	}
}

/** Which server answered, and as whom one is there. n8n's editor has words of its own for a success; its API gives these. */
async function whoAnswered({ command, name }: Account, imap: Imap4): Promise<string> {
	const login = command ? `Logged in to the program "${command.name}".` : `Logged in as ${name}.`;
	const server = await serverName(imap);
	return shownText(server === '' ? login : `${login} The server is ${server}.`);
}

/** As ID (RFC 2971) says it, else as the greeting does. */
async function serverName(imap: Imap4): Promise<string> {
	const greeting = imap.greeting?.text ?? '';
	try {
		const { name, version } = (await imap.id()) ?? {};
		return name ? [name, version].filter(Boolean).join(' ') : greeting;
	} catch (error) {
		// The login succeeded, whatever the server makes of this.
		if (!(error instanceof Imap4Error) || error instanceof Imap4AbortError) throw error;
		return greeting;
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
