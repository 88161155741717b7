/** Why something failed, in the terms by which n8n decides whether to wait or to ask someone to act. */
import type { Failure } from 'n8n-workflow';
import { Imap4Error, type ErrorCode } from '../../../engine/index';
import { UserError } from './user-error';

/** By the server's response code (RFC 5530, RFC 9051 §7.1). */
const BY_RESPONSE_CODE: Record<string, Failure['cause']> = {
	AUTHENTICATIONFAILED: 'credential-invalid',
	AUTHORIZATIONFAILED: 'credential-invalid',
	EXPIRED: 'credential-invalid',
	INUSE: 'temporarily-unavailable',
	LIMIT: 'rate-limited',
	OVERQUOTA: 'quota-exhausted',
	SERVERBUG: 'temporarily-unavailable',
	UNAVAILABLE: 'temporarily-unavailable',
};

const BY_CODE: Record<ErrorCode, Failure['cause']> = {
	NO: 'configuration-invalid',
	BAD: 'configuration-invalid',
	AUTHENTICATION_FAILED: 'credential-invalid',
	LOGIN_DISABLED: 'configuration-invalid',
	STATE: 'node-defect',
	CAPABILITY: 'configuration-invalid',
	ARGUMENT: 'configuration-invalid',
	TOO_LARGE: 'configuration-invalid',
	BODY_DISCARDED: 'node-defect',
	MALFORMED: 'temporarily-unavailable',
	HOST_NOT_FOUND: 'configuration-invalid',
	CONNECTION_REFUSED: 'temporarily-unavailable',
	CONNECTION_FAILED: 'temporarily-unavailable',
	CONNECTION_LOST: 'temporarily-unavailable',
	CLOSED: 'temporarily-unavailable',
	TIMEOUT: 'temporarily-unavailable',
	BYE: 'temporarily-unavailable',
	TLS_CERTIFICATE: 'configuration-invalid',
	TLS_EXPECTED: 'configuration-invalid',
	CLEAR_TEXT_EXPECTED: 'configuration-invalid',
	TLS_FAILED: 'configuration-invalid',
	STARTTLS: 'configuration-invalid',
	PROTOCOL: 'temporarily-unavailable',
	LIMIT: 'temporarily-unavailable',
	READ_ONLY: 'configuration-invalid',
};

/** Gmail: "Account exceeded command or bandwidth limits", at a login, in a NO or in a BYE. */
const USED_UP = /exceeded (?:command or )?bandwidth|bandwidth limit/i;
/**
 * Gmail: "Too many simultaneous connections"; Microsoft: "Request is throttled. Suggested Backoff
 * Time: 60000 milliseconds"; Dovecot: "Maximum number of connections from user+IP exceeded".
 */
const THROTTLED =
	/throttl|too many (?:\w+ )?(?:connections|logins|login attempts|requests|commands|sessions)|maximum number of connections|rate limit/i;
const BACKOFF = /backoff time: *(\d{1,9}) *milliseconds/i;
/**
 * Microsoft answers a good login with "User is authenticated but not connected" while the mailbox is
 * being moved or its server is busy; Gmail with "Temporary System Error".
 */
const TEMPORARY =
	/authenticated but not connected|temporar|server (?:is )?(?:busy|unavailable)|try again later/i;

/** @param error whatever was thrown */
export function failureOf(error: unknown): Failure {
	if (error instanceof UserError) return { cause: 'configuration-invalid' };
	if (!(error instanceof Imap4Error)) return { cause: 'node-defect' };
	const said = error.serverText ?? '';
	if (USED_UP.test(said)) return { cause: 'quota-exhausted' };
	if (THROTTLED.test(said)) {
		const wait = BACKOFF.exec(said)?.[1];
		return { cause: 'rate-limited', ...(wait ? { retryAfterMs: Number(wait) } : {}) };
	}
	if (TEMPORARY.test(said)) return { cause: 'temporarily-unavailable' };
	const byResponseCode = error.responseCode ? BY_RESPONSE_CODE[error.responseCode] : undefined;
	return { cause: byResponseCode ?? BY_CODE[error.code] };
}
