/** Servers that answer STATUS of the open mailbox with what it was when it was opened (RFC 9051 §6.3.11). */
import { expect, test } from 'vitest';
import { mail } from '../run-node';
import { idling, soon, start } from './waiting';

async function startWithCache(event: string, remove: readonly string[] = []) {
	const world = await start({
		mailboxes: ['Lists'],
		parameters: { event, watch: 'several', mailboxes: ['INBOX', 'Lists'] },
		serverOptions: { capabilities: { remove: ['NOTIFY', ...remove] } },
	});
	const { server } = world;
	let cached: string | undefined;
	const beginToCache = (): void => {
		server.faults.rewrite = (octets) => {
			const text = octets.toString('latin1').replace(/\* STATUS "?INBOX"? \(.*?\)/, (status) => {
				cached ??= status;
				return cached;
			});
			return Buffer.from(text, 'latin1');
		};
	};
	return { ...world, beginToCache };
}

test.each(['messageReceived', 'flagsChanged', 'messageRemoved'])(
	'%s: what the server reports while it idles is delivered all the same',
	async (event) => {
		const { server, inbox, poller, delivered, beginToCache, deactivate } =
			await startWithCache(event);
		for (const name of ['one', 'two']) inbox.append(mail(name));
		beginToCache();
		const poll = poller.poll();
		await idling(server);
		const had = delivered().length;
		const [first] = inbox.messages;
		if (!first) throw new Error('There is no message');
		if (event === 'messageReceived') inbox.append(mail('three'));
		if (event === 'flagsChanged') inbox.setFlags(first, ['\\Flagged']);
		if (event === 'messageRemoved') inbox.remove(new Set([first]));
		await soon(() => delivered().length, had + 1);
		await deactivate();
		expect(await poll).toEqual([]);
	},
);

test('where the server cannot idle, it is noticed by the number of messages', async () => {
	const { inbox, poller, delivered, beginToCache, deactivate } = await startWithCache(
		'messageReceived',
		['IDLE'],
	);
	inbox.append(mail('one'));
	const poll = poller.poll();
	await soon(delivered, ['one']);
	beginToCache();
	// Once it has looked.
	await new Promise((resolve) => setTimeout(resolve, 6_000));
	inbox.append(mail('two'));
	await soon(delivered, ['one', 'two']);
	await deactivate();
	expect(await poll).toEqual([]);
});
