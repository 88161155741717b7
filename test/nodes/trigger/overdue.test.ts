/** A poll whose deadline passes while n8n itself keeps it. */
import { setImmediate } from 'node:timers/promises';
import { Container } from '@n8n/di';
import { BinaryDataService } from 'n8n-core';
import { expect, test, vi } from 'vitest';
import { startServer, USER } from '../run-node';
import { Poller } from './poller';

const WITH_FILE = [
	'Subject: one',
	'MIME-Version: 1.0',
	'Content-Type: text/plain; name=a.txt',
	'Content-Disposition: attachment; filename=a.txt',
	'',
	'hello',
].join('\r\n');

test('messages whose attachments n8n stores too late for the poll come in the next one', async () => {
	const server = await startServer();
	const inbox = server.account(USER).mailbox('INBOX');
	const poller = new Poller({ server, budget: 1_500, parameters: { downloadAttachments: true } });
	await poller.poll();
	inbox.append(Buffer.from(WITH_FILE));
	const storage = Container.get(BinaryDataService);
	const store = storage.store.bind(storage);
	let release = (): void => undefined;
	const waiting = new Promise<void>((resolve) => (release = resolve));
	const slow = vi.spyOn(storage, 'store').mockImplementationOnce(async (...args) => {
		await waiting;
		return store(...args);
	});
	await expect(poller.poll()).rejects.toThrow('did not finish');
	expect(slow).toHaveBeenCalledOnce();
	const remembered = poller.staticData;
	release();
	await slow.mock.results[0]?.value;
	for (let turn = 0; turn < 50; turn++) await setImmediate();
	expect(poller.staticData).toEqual(remembered);
	expect(await poller.poll()).toMatchObject([{ subject: 'one' }]);
});
