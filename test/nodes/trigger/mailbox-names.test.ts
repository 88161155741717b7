/** Mailboxes whose names mean something to JavaScript are mailboxes like any other. */
import { expect, test } from 'vitest';
import { mail, startServer, USER } from '../run-node';
import { Poller } from './poller';

const NAMES = ['__proto__', 'constructor', 'toString'];
const WATCHES = {
	'one mailbox': (name: string) => ({ mailbox: { __rl: true, mode: 'path', value: name } }),
	'a pattern': () => ({ watch: 'pattern', pattern: '*' }),
};

test.each(
	Object.entries(WATCHES).flatMap(([title, watch]) =>
		NAMES.flatMap((name) =>
			['messageReceived', 'flagsChanged', 'messageRemoved'].map(
				(event) => [title, name, event, watch] as const,
			),
		),
	),
)('%s, %s: %s is noticed once, and nothing that was there before', async (...of) => {
	const [, name, event, watch] = of;
	const server = await startServer();
	const mailbox = server.account(USER).create(name);
	for (const subject of ['one', 'two']) mailbox.append(mail(subject));
	const poller = new Poller({ server, parameters: { event, ...watch(name) } });
	expect(await poller.poll()).toEqual([]);
	const [first] = mailbox.messages;
	if (!first) throw new Error('There is no message');
	if (event === 'messageReceived') mailbox.append(mail('three'));
	if (event === 'flagsChanged') mailbox.setFlags(first, ['\\Flagged']);
	if (event === 'messageRemoved') mailbox.remove(new Set([first]));
	const found = (await poller.poll()).map((json) => [json.mailbox, json.uid]);
	expect(found).toEqual([[name, event === 'messageReceived' ? 3 : 1]]);
	expect(await poller.poll()).toEqual([]);
	expect(Object.prototype).not.toHaveProperty('mailboxId');
	expect(Object).not.toHaveProperty('mailboxId');
});

test('a mailbox named __proto__ that fails is reported once', async () => {
	const server = await startServer({ capabilities: { remove: ['LIST-STATUS'] } });
	server.account(USER).create('__proto__');
	const poller = new Poller({ server, parameters: { watch: 'pattern', pattern: '*' } });
	server.faults.on = ({ tag, line }) =>
		/^STATUS "?__proto__/.test(line) ? `${tag} NO Not now\r\n` : undefined;
	for (let polls = 0; polls < 3; polls++) await poller.poll();
	expect(poller.errors).toHaveLength(1);
});
