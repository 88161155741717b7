/** Opens connections of an account, logged in as whoever it says. */
import {
	Imap4,
	Imap4Error,
	startProcess,
	type ConnectOptions,
	type Timeouts,
} from '../../../engine/index';
import type { Account } from './account';

/**
 * @throws Imap4Error as Imap4.connect, startProcess and proxyauth
 */
export async function logIn(account: Account, timeouts: Partial<Timeouts> = {}): Promise<Imap4> {
	if (!account.renew) return connect(account, timeouts);
	if (!account.options.auth?.accessToken) {
		await account.renew();
		return connect(account, timeouts);
	}
	try {
		return await connect(account, timeouts);
	} catch (error) {
		// Access tokens live for an hour or so; a server tells by refusing one (RFC 7628 §3.2.2).
		if (!(error instanceof Imap4Error) || error.code !== 'AUTHENTICATION_FAILED') throw error;
		await account.renew();
		return connect(account, timeouts);
	}
}

async function connect(
	{ options, command, proxyAuth }: Account,
	timeouts: Partial<Timeouts>,
): Promise<Imap4> {
	const all: ConnectOptions = { ...options, timeouts: { ...options.timeouts, ...timeouts } };
	if (command) all.transport = await startProcess(command);
	const imap = await Imap4.connect(all);
	if (proxyAuth === undefined) return imap;
	try {
		await imap.proxyauth(proxyAuth);
		return imap;
	} catch (error) {
		// Still the administrator: nobody may get hold of this connection.
		imap.destroy();
		throw error;
	}
}
