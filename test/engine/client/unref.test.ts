/** Whether an open connection keeps the process alive. */
import { getActiveResourcesInfo } from 'node:process';
import { expect, onTestFinished, test } from 'vitest';
import { Imap4 } from '../../../engine/index';
import { MemoryServer } from '../../server';

/** Sockets that the event loop waits for. */
const waitedFor = (): number =>
	getActiveResourcesInfo().filter((resource) => resource === 'TCPSocketWrap').length;

test('a connection keeps the process alive, except between unref and ref', async () => {
	const server = await MemoryServer.start();
	onTestFinished(() => server.stop());
	server.addAccount('ann', 'secret');
	const { host, port } = server;
	const auth = { user: 'ann', password: 'secret' };
	const imap = await Imap4.connect({ host, port, security: 'none', auth });
	onTestFinished(() => imap.destroy());
	const connected = waitedFor();
	imap.unref();
	expect(waitedFor()).toBe(connected - 1);
	imap.ref();
	expect(waitedFor()).toBe(connected);
});
