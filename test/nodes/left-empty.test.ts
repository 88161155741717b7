/** An option that may be left empty, by its description, is then as if it were not there; an expression must return something. */
import type { INodeParameters } from 'n8n-workflow';
import { expect, test } from 'vitest';
import { box, errorOf, jsonOf, mail, startServer, USER } from './run-node';

const raw = { source: 'raw', raw: mail('two') };
const written = { from: 'anna@example.com', to: 'b@example.org', text: 'a', mailbox: box('INBOX') };

const FIELDS: [operation: string, label: string, parameters: (value: string) => INodeParameters][] =
	[
		['reply', 'From', (from) => ({ text: 'a', draftOptions: { from } })],
		['create', 'Date', (date) => ({ ...written, composeOptions: { date } })],
		['create', 'Message ID', (messageId) => ({ ...written, composeOptions: { messageId } })],
		[
			'create',
			'Received Date',
			(date) => ({ mailbox: box('INBOX'), ...raw, createOptions: { date } }),
		],
		['saveToSent', 'Sent Date', (date) => ({ ...raw, sentOptions: { date } })],
	];

test.each(FIELDS)('%s: %s', async (operation, label, parameters) => {
	const server = await startServer();
	const account = server.account(USER);
	const inbox = account.mailbox('INBOX');
	inbox.append(mail('one'));
	for (const name of ['Drafts', 'Sent']) account.create(name);
	const run = {
		...{ node: 'imap4Message' as const, operation, server },
		items: [{ mailbox: 'INBOX', uidValidity: inbox.uidValidity, uid: 1 }],
	};
	const [stored] = await jsonOf({ ...run, parameters: parameters('') });
	expect(stored).toMatchObject({ uid: expect.any(Number) as number });
	const { message } = await errorOf({ ...run, parameters: parameters('={{ $json.nothing }}') });
	expect(message).toContain(`"${label}"`);
});
