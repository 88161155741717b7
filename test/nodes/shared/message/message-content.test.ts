/** What a message takes while it is read is given up before the next one comes. */
import { expect, test } from 'vitest';
import { Imap4, type BodyStructure, type OpenMailbox, type Uid } from '../../../../engine/index';
import { ContentReading } from '../../../../nodes/shared/message/message-content';
import { PASSWORD, USER } from '../../credential-types';
import { startServer } from '../../run-node';

test('a message is handed over as soon as it has been read, and not kept', async () => {
	const server = await startServer();
	const inbox = server.account(USER).mailbox('INBOX');
	for (const text of ['one', 'two', 'three']) inbox.append(`Subject: ${text}\r\n\r\n${text}`);
	const { host, port } = server;
	const imap = await Imap4.connect({
		...{ host, port, security: 'none' },
		auth: { user: USER, password: PASSWORD },
	});
	const mailbox = await imap.open('INBOX', { readOnly: true });
	const structures = new Map<Uid, BodyStructure | undefined>();
	for await (const { uid, bodyStructure } of mailbox.fetch('1:*', { bodyStructure: true }))
		structures.set(uid as Uid, bodyStructure);
	const reading = new ContentReading(
		[...structures].map(([uid, structure]) => ({
			...{ uid, structure },
			text: { format: 'text', links: 'remove', images: false, onlyNew: false },
		})),
		() => Promise.reject(new Error('There is nothing to store')),
	);
	const events: string[] = [];
	const watched = new Proxy(mailbox, {
		get: (target, name) =>
			name === 'fetch'
				? async function* (...args: Parameters<OpenMailbox['fetch']>) {
						for await (const message of target.fetch(...args)) {
							events.push(`${message.uid} comes`);
							yield message;
						}
					}
				: (Reflect.get(target, name, target) as unknown),
	});
	await reading.read({ checkCancelled: () => undefined }, watched, (uid, { text }) =>
		events.push(`${uid} is ${text}`),
	);
	expect(events).toEqual([
		...['1 comes', '1 is one', '2 comes', '2 is two', '3 comes', '3 is three'],
	]);
	expect(reading.contents.size).toBe(0);
	await imap.logout();
});
