import { expect, test } from 'vitest';
import { mail, selected } from './raw-client';

const multisearch = { capabilities: { add: ['MULTISEARCH'] } };

test.each([
	['mailboxes INBOX', ['INBOX']],
	['mailboxes ("INBOX" "Lists/n8n" "Nowhere")', ['INBOX', 'Lists/n8n']],
	['subtree Lists', ['Lists', 'Lists/n8n', 'Lists/n8n/old']],
	['subtree-one Lists', ['Lists', 'Lists/n8n']],
	['personal', ['INBOX', 'Lists', 'Lists/n8n', 'Lists/n8n/old']],
	['inboxes subscribed', ['INBOX']],
])('ESEARCH IN (%s) (RFC 7377)', async (sources, names) => {
	const { client } = await selected([mail({ Subject: 'a' }), mail({ Subject: 'b' })], multisearch);
	for (const name of ['Lists', 'Lists/n8n', 'Lists/n8n/old', 'Empty']) {
		await client.send(`CREATE ${name}`);
		if (name !== 'Empty') await client.send(`COPY 1:2 ${name}`);
	}
	const found = await client.untagged(`ESEARCH IN (${sources}) RETURN (ALL) SUBJECT b`);
	expect(
		found.map((line) => /MAILBOX "(.*)" UIDVALIDITY \d+\) UID ALL 2$/.exec(line)?.[1]),
	).toEqual(names);
});

test.each(['ESEARCH SUBJECT b', 'ESEARCH IN (nowhere) ALL', 'ESEARCH IN (mailboxes) ALL'])(
	'refused: %s',
	async (command) => {
		const { client } = await selected([], multisearch);
		expect(await client.send(command)).toEqual([expect.stringMatching(/^BAD /)]);
	},
);
