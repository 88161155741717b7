import { afterEach, expect } from 'vitest';
import type { ConnectOptions } from '../../engine/index';
import { Imap4, Imap4Error } from '../../engine/index';
import type { HostileEnd } from './hostile-server';
import { HostileServer } from './hostile-server';
import type tls from 'node:tls';

/** What no server may come to see that has not earned it, and no error, trace or item may hold. */
export const PASSWORD = 'Hush!Hush9silence';
export const USER = 'ann';
export const AUTH = { user: USER, password: PASSWORD };
const TIMEOUTS = { connect: 5000, greeting: 5000, command: 5000 };

const servers: HostileServer[] = [];
const sessions: Imap4[] = [];

/** A server for the present test. */
export async function hostile(
	script: (end: HostileEnd) => Promise<void> | void,
	identity?: tls.TlsOptions,
): Promise<HostileServer> {
	const server = await HostileServer.start(script, identity);
	servers.push(server);
	return server;
}

/** Stops what the tests of this file began, and fails them for a script that did not get through. */
export function stopAfterEach(): void {
	afterEach(async () => {
		for (const session of sessions.splice(0)) session.destroy();
		const failures = servers.flatMap((server) => server.failures);
		for (const server of servers.splice(0)) await server.stop();
		expect(failures).toEqual([]);
	});
}

/** A session on the server, in clear text unless said otherwise. */
export async function connected(
	server: { port: number },
	options: ConnectOptions = {},
): Promise<Imap4> {
	const imap = await Imap4.connect({
		host: '127.0.0.1',
		port: server.port,
		security: 'none',
		timeouts: TIMEOUTS,
		...options,
	});
	sessions.push(imap);
	return imap;
}

/** The typed error of what must not succeed. */
export async function refusalOf(doing: Promise<unknown>): Promise<Imap4Error> {
	const outcome = await doing.then(
		() => new Error('It succeeded'),
		(error: unknown) => error,
	);
	if (!(outcome instanceof Imap4Error)) throw outcome;
	return outcome;
}
