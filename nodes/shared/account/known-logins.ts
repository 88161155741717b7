/**
 * What a server offered after an earlier login of the same account in this process. The next login
 * need not ask for it, and the first command can be sent together with it (RFC 9051 §5.5).
 */
import type { Account } from './account';

/** Accounts that are remembered. */
const MOST = 1_000;

/** Milliseconds after which a login asks again what is offered. */
const MAX_AGE = 60 * 60_000;

/** By identity. False for servers that lose what comes together with a login. */
const known = new Map<string, { capabilities: readonly string[] | false; since: number }>();

/** @returns undefined if nothing may be sent before the login is answered */
export function expectedCapabilities(account: Account): readonly string[] | undefined {
	const { capabilities = false, since = 0 } = known.get(account.identity) ?? {};
	return (Date.now() - since < MAX_AGE && capabilities) || undefined;
}

/** An ordinary login has succeeded. */
export function rememberLogin(account: Account, capabilities: Iterable<string>): void {
	const { identity, options, proxyAuth } = account;
	// Until PROXYAUTH, commands would run as the administrator; without a login there is nothing to save.
	if (
		proxyAuth !== undefined ||
		options.auth === undefined ||
		known.get(identity)?.capabilities === false
	)
		return;
	remember(identity, [...capabilities]);
}

export function forgetLogin({ identity }: Account): void {
	known.delete(identity);
}

/** The connection broke, or a command that was sent with the login was not answered. */
export function noteLostCommand({ identity }: Account): void {
	remember(identity, false);
}

function remember(identity: string, capabilities: readonly string[] | false): void {
	known.delete(identity);
	known.set(identity, { capabilities, since: Date.now() });
	if (known.size <= MOST) return;
	for (const oldest of known.keys()) {
		known.delete(oldest);
		return;
	}
}
