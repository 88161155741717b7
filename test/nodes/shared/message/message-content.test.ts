/** What a message takes while it is read is given up before the next one comes. */
import { expect, test } from 'vitest';
import { Imap4, type BodyStructure, type OpenMailbox, type Uid } from '../../../../engine/index';
import type { MimePart } from '../../../../mail/mime-tree/mime-part';
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

test('a message that reveals a defect is one that cannot be read, and the others are read', async () => {
	const server = await startServer();
	const inbox = server.account(USER).mailbox('INBOX');
	for (const name of ['one', 'two', 'three', 'four']) {
		inbox.append(
			`Content-Type: application/pdf; name=${name}.pdf\r\nSubject: ${name}\r\n\r\n${name}`,
		);
	}
	const { host, port } = server;
	const imap = await Imap4.connect({
		...{ host, port, security: 'none' },
		auth: { user: USER, password: PASSWORD },
	});
	const mailbox = await imap.open('INBOX', { readOnly: true });
	const structures: Array<[Uid, BodyStructure | undefined]> = [];
	for await (const { uid, bodyStructure } of mailbox.fetch('1:*', { bodyStructure: true }))
		structures.push([uid as Uid, bodyStructure]);
	const reading = new ContentReading(
		structures.map(([uid, structure]) => ({
			...{ uid, structure },
			attachments: ({ attachments }) => {
				if (uid === 2) throw new TypeError('in the parts');
				return attachments;
			},
		})),
		(_source, name) =>
			name === 'three.pdf'
				? Promise.reject(new RangeError('in a file'))
				: Promise.resolve({ data: '', mimeType: '', fileName: name }),
	);
	await reading.read({ checkCancelled: () => undefined }, mailbox);
	expect([...reading.contents.keys()]).toEqual([1, 4]);
	expect([...reading.unreadable]).toEqual([
		[2, new TypeError('in the parts')],
		[3, new RangeError('in a file')],
	]);
	await imap.logout();
});

test('a failure of the storage is not one of the message', async () => {
	const server = await startServer();
	server
		.account(USER)
		.mailbox('INBOX')
		.append('Content-Type: application/pdf; name=a.pdf\r\n\r\ndata');
	const { host, port } = server;
	const imap = await Imap4.connect({
		...{ host, port, security: 'none' },
		auth: { user: USER, password: PASSWORD },
	});
	const mailbox = await imap.open('INBOX', { readOnly: true });
	const requests = [];
	for await (const { uid, bodyStructure } of mailbox.fetch('1:*', { bodyStructure: true })) {
		requests.push({
			uid: uid as Uid,
			structure: bodyStructure,
			attachments: ({ attachments }: { attachments: readonly MimePart[] }) => attachments,
		});
	}
	const failure = new TypeError('fetch failed', { cause: new Error('The storage is away') });
	const reading = new ContentReading(requests, () => Promise.reject(failure));
	await expect(reading.read({ checkCancelled: () => undefined }, mailbox)).rejects.toBe(failure);
	await imap.logout();
});
