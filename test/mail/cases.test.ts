/**
 * Small messages with what a person should read of them, through the Message node. Those in
 * once-wrong.json came out wrong before; those in right.json must stay as they are.
 */
import { Container } from '@n8n/di';
import { BinaryDataService } from 'n8n-core';
import { beforeAll, describe, test } from 'vitest';
import { box, runNode, startServer, USER } from '../nodes/run-node';
import { CASES, expectCase, readBack } from './read-case';

beforeAll(() => Container.get(BinaryDataService).init());

describe.each(CASES)('%s', (_which, cases) => {
	test.each(cases.map((one) => [one.name, one] as const))('%s', async (_name, one) => {
		const server = await startServer();
		server.account(USER).mailbox('INBOX').append(Buffer.from(one.octets, 'base64'));
		const [item] = await runNode({
			node: 'imap4Message',
			operation: 'getMany',
			server,
			parameters: { mailbox: box('INBOX'), body: 'text', downloadAttachments: true },
		});
		expectCase(await readBack(item), one);
	});
});
