import { expect, test } from 'vitest';
import { jsonOf, startServer, USER } from './run-node';

test('a refused STATUS is reported for its mailbox, and the others are listed', async () => {
	const server = await startServer({
		capabilities: { remove: ['LIST-STATUS'] },
		faults: {
			on: ({ tag, line }) =>
				/^STATUS "?Locked/.test(line) ? `${tag} NO [NOPERM] not yours\r\n` : undefined,
		},
	});
	server.account(USER).create('Locked');
	server.account(USER).mailbox('INBOX').append('Subject: one\r\n\r\n');
	const found = await jsonOf({
		node: 'imap4Mailbox',
		operation: 'getMany',
		server,
		parameters: { returnAll: true, withStatus: true, figures: ['messages'] },
	});
	const of = (name: string) => found.find(({ mailbox }) => mailbox === name);
	expect(of('INBOX')).toMatchObject({ messages: 1 });
	expect(of('INBOX')).not.toHaveProperty('statusError');
	expect(of('Locked')).toMatchObject({
		statusError: expect.stringContaining('not yours') as string,
	});
	expect(of('Locked')).not.toHaveProperty('messages');
});
