/** The Test button of the credentials: logs in once, and names the cause if that fails. */
import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import { Imap4Error } from '../../../engine/index';
import { accountOf } from './account';
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
		const imap = await logIn(account, { connect: TIMEOUT, greeting: TIMEOUT, command: TIMEOUT });
		await imap.logout();
		return { status: 'OK', message: 'The login succeeded' };
	} catch (error) {
		return { status: 'Error', message: cause(error) };
	}
}

function cause(error: unknown): string {
	if (!(error instanceof Imap4Error)) return shownText((error as Error).message);
	const advice = adviceOn(error);
	const words = shownText(wordsOf(error));
	const said = error.code === 'AUTHENTICATION_FAILED' ? `The login was refused: ${words}` : words;
	return advice ? `${asSentence(said)} ${advice}` : said;
}
