/** What an error means, in n8n's terms and for the user: one lookup over the tables beside this file. */
import type { Failure } from 'n8n-workflow';
import {
	concernsMessage as isOfTheMessage,
	Imap4AbortError,
	Imap4Error,
} from '../../../engine/index';
import { CERTIFICATE_ADVICE } from './certificate-advice';
import { ENGINE_CODES } from './engine-codes';
import { KNOWN_SERVER_TEXTS, type KnownServerText } from './known-server-text';
import { RESPONSE_CODES, type ResponseCodeAdvice } from './response-codes';
import { UNFINISHED } from './unfinished-changes';
import { UserError } from './user-error';

const BACKOFF = /backoff time: {0,10}(\d{1,9}) {0,10}milliseconds/i;

/** @param error whatever was thrown */
export function failureOf(error: unknown): Failure {
	if (error instanceof UserError) return { cause: 'configuration-invalid' };
	if (!(error instanceof Imap4Error)) return { cause: 'node-defect' };
	const { cause } = known(error) ?? ENGINE_CODES[error.code];
	if (cause !== 'rate-limited') return { cause };
	const wait = BACKOFF.exec(error.serverText ?? '')?.[1];
	return { cause, ...(wait ? { retryAfterMs: Number(wait) } : {}) };
}

/** Whether single messages can be the reason, rather than the account or the moment. */
export function concernsMessage(error: Imap4Error): boolean {
	if (!isOfTheMessage(error)) return false;
	const { cause } = failureOf(error);
	return cause !== 'rate-limited' && cause !== 'quota-exhausted';
}

/**
 * What to try about an error of the engine.
 * @param repeatable whether what failed looks for what is done already, so that it can simply run again
 */
export function adviceOn(error: Imap4Error, repeatable = false): string | undefined {
	const particular = known(error)?.advice ?? certificateAdvice(error);
	const unfinished = repeatable ? undefined : unfinishedAdvice(error);
	if (particular !== undefined && unfinished !== undefined) return `${particular} ${unfinished}`;
	return particular ?? unfinished ?? ENGINE_CODES[error.code].advice;
}

function unfinishedAdvice(error: Imap4Error): string | undefined {
	const { command } = error;
	if (!(error instanceof Imap4AbortError) || command === undefined) return undefined;
	return Object.hasOwn(UNFINISHED, command) ? UNFINISHED[command] : undefined;
}

/** An exact response code, else the text, else a response code that many things have in common. */
function known(error: Imap4Error): KnownServerText | ResponseCodeAdvice | undefined {
	const code = responseCodeAdvice(error.responseCode);
	if (code?.exact) return code;
	const byText = knownText(error);
	if (byText !== undefined || code?.adviceAtLogin === undefined || !isAtLogin(error))
		return byText ?? code;
	return { ...code, advice: code.adviceAtLogin };
}

function responseCodeAdvice(code: string | undefined): ResponseCodeAdvice | undefined {
	return code !== undefined && Object.hasOwn(RESPONSE_CODES, code)
		? RESPONSE_CODES[code]
		: undefined;
}

const isAtLogin = ({ code }: Imap4Error): boolean =>
	code === 'AUTHENTICATION_FAILED' || code === 'BYE';

function knownText(error: Imap4Error): KnownServerText | undefined {
	const { serverText } = error;
	if (serverText === undefined) return undefined;
	const atLogin = isAtLogin(error);
	return KNOWN_SERVER_TEXTS.find((one) => (atLogin || !one.atLogin) && one.text.test(serverText));
}

function certificateAdvice({ code, cause }: Imap4Error): string | undefined {
	if (code !== 'TLS_CERTIFICATE' || !(cause instanceof Error)) return undefined;
	const reason = (cause as NodeJS.ErrnoException).code ?? '';
	return Object.hasOwn(CERTIFICATE_ADVICE, reason) ? CERTIFICATE_ADVICE[reason] : undefined;
}
