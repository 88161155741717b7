import { expect, test } from 'vitest';
import { mail, selected } from './raw-client';

const three = ['a', 'b', 'c'].map((Subject) => mail({ Subject }));
const draft = mail({ Subject: 'new' });

test('the new UID is returned before the old message goes (RFC 8508 §3.3)', async () => {
	const { client, inbox } = await selected(three);
	const answer = await client.send(`REPLACE 2 INBOX (\\Draft) {${draft.length}+}\r\n${draft}`);
	const seen = answer.filter((line) => !line.endsWith(' RECENT'));
	expect(seen.slice(0, 3)).toEqual([
		`* OK [APPENDUID ${inbox.uidValidity} 4] Replacement Message ready`,
		'* 4 EXISTS',
		'* 2 EXPUNGE',
	]);
	expect(answer.at(-1)).toBe('OK Replace completed.');
	expect(inbox.messages.map(({ uid }) => uid)).toEqual([1, 3, 4]);
});

test('by UID, into another mailbox', async () => {
	const { client, inbox, server } = await selected(three);
	const drafts = server.account('ann').create('Drafts');
	await client.send(`UID REPLACE 3 Drafts {${draft.length}+}\r\n${draft}`);
	expect(inbox.messages.map(({ uid }) => uid)).toEqual([1, 2]);
	expect(drafts.messages).toHaveLength(1);
});

test.each([
	['UID REPLACE 9 INBOX', /^NO /],
	['REPLACE 9 INBOX', /^BAD /],
	['REPLACE 1:2 INBOX', /^BAD /],
	['REPLACE 1 Nowhere', /^NO \[TRYCREATE\] /],
])('%s is refused, and nothing changes', async (command, refusal) => {
	const { client, inbox } = await selected(three);
	const answer = await client.send(`${command} {${draft.length}+}\r\n${draft}`);
	expect(answer).toEqual([expect.stringMatching(refusal)]);
	expect(inbox.messages).toHaveLength(3);
});
