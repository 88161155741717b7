/** A server for one test, and an end to the connections that the test leaves behind. */
import { onTestFinished } from 'vitest';
import { closeIdleConnections } from '../../nodes/shared/account/connection-pool';
import { MemoryServer, type MemoryServerOptions } from '../server';
import { PASSWORD, USER } from './credential-types';

export { PASSWORD, USER };

/** A server with one account; it stops after the test. */
export async function startServer(options: MemoryServerOptions = {}): Promise<MemoryServer> {
	const server = await MemoryServer.start(options);
	server.addAccount(USER, PASSWORD);
	onTestFinished(async () => {
		await closeIdleConnections();
		await server.stop();
	});
	return server;
}
