/** Opens connections of an account, logged in as its user, or as the one it acts as. */
import {
	Imap4,
	Imap4Error,
	startProcess,
	type ConnectOptions,
	type Timeouts,
} from '../../../engine/index';
import type { Account } from './account';
import { introduce } from './introduction';

/**
 * @param signal ends the attempt at once
 * @param expectedCapabilities as an earlier login listed them, so that commands can be sent with this one
 * @throws Imap4Error as Imap4.connect, startProcess and proxyauth; the signal's reason
 */
export async function logIn(
	account: Account,
	timeouts: Partial<Timeouts> = {},
	signal?: AbortSignal,
	expectedCapabilities?: readonly string[],
): Promise<Imap4> {
	if (!account.renew) return connect(account, timeouts, signal, expectedCapabilities);
	if (!account.options.auth?.accessToken) {
		await account.renew();
		return connect(account, timeouts, signal);
	}
	try {
		return await connect(account, timeouts, signal, expectedCapabilities);
	} catch (error) {
		// Access tokens live for an hour or so; a server tells by refusing one (RFC 7628 §3.2.2).
		if (!(error instanceof Imap4Error) || error.code !== 'AUTHENTICATION_FAILED') throw error;
		await account.renew();
		return connect(account, timeouts, signal);
	}
}

async function connect(
	{ options, command, proxyAuth }: Account,
	timeouts: Partial<Timeouts>,
	signal?: AbortSignal,
	expectedCapabilities?: readonly string[],
): Promise<Imap4> {
	signal?.throwIfAborted();
	const all: ConnectOptions = {
		...options,
		timeouts: { ...options.timeouts, ...timeouts },
		...(signal ? { signal } : {}),
		...(expectedCapabilities ? { expectedCapabilities } : {}),
	};
	if (command) all.transport = await startProcess(command);
	const imap = await Imap4.connect(all);
	const close = (): void => imap.destroy();
	signal?.addEventListener('abort', close, { once: true });
	try {
		await introduce(imap, options.host);
		if (proxyAuth !== undefined) await imap.proxyauth(proxyAuth);
		return imap;
	} catch (error) {
		// With PROXYAUTH still the administrator: nobody may get hold of this connection.
		imap.destroy();
		throw error;
	} finally {
		signal?.removeEventListener('abort', close);
	}
}
