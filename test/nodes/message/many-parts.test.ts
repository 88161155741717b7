/** Messages of more parts than one line can name: servers take lines of some 64 kB. */
import { describe, expect, test } from 'vitest';
import { Imap4 } from '../../../engine/index';
import { servers } from '../../conformance/servers';
import { box, jsonOf } from '../run-node';

const LAST = 4900;
const part = (number: number): string =>
	`--a\r\nContent-Type: text/plain\r\n\r\nPart ${number}.\r\n`;
const MESSAGE = [
	'Subject: many\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n',
	...Array.from({ length: LAST }, (_, index) => part(index + 1)),
	'--a--\r\n',
].join('');

/** Courier describes the first 300 parts of a message. */
const DESCRIBED: Partial<Record<string, number>> = { Courier: 299 };

describe.each(servers.filter(({ missing }) => missing === undefined))(
	'on $name',
	({ name, start }) => {
		test('all texts that the server describes are read', async () => {
			const server = await start();
			const auth = server.freshAccount();
			const [host, port] = [server.host, server.port('none')];
			const imap = await Imap4.connect({
				host,
				port,
				security: 'none',
				allowClearText: true,
				auth,
			});
			await imap.append('INBOX', Buffer.from(MESSAGE));
			await imap.logout();
			const [item] = await jsonOf({
				node: 'imap4Message',
				operation: 'getMany',
				server: { host, port },
				credential: { ...auth },
				parameters: { mailbox: box('INBOX'), body: 'text' },
			});
			const last = DESCRIBED[name] ?? LAST;
			expect(item?.error).toBeUndefined();
			expect(String(item?.text).startsWith('Part 1.\n')).toBe(true);
			expect(item?.text).toContain(`Part ${last}.`);
		}, 60_000);
	},
);
