/** What the events know of a mailbox, without n8n: its identity, and its highest UID. */
import { describe, expect, test } from 'vitest';
import type { SelectedMailbox } from '../../../engine/index';
import type { MailboxCursor } from '../../../nodes/Imap4MessageTrigger/cursor';
import {
	highestUid,
	identityOf,
	isRenumbered,
	itemId,
	modSeqOf,
	referenceOf,
	uidValidityOf,
	type MailboxPoll,
} from '../../../nodes/Imap4MessageTrigger/mailbox-poll';
import { accountOf, type Account } from '../../../nodes/shared/account/account';
import { startServer, USER } from '../start-server';
import { mailboxPoll } from './one-mailbox';

const account = accountOf('imap4PlainApi', { host: 'mail.test', user: 'ann', password: 'x' });
const pollOf = (mailbox: Partial<SelectedMailbox>): MailboxPoll =>
	({ account, mailbox: { name: 'a/b', ...mailbox } }) as MailboxPoll;

describe('the id of an item', () => {
	const idOf = (more: Partial<Account>, uidValidity?: number): string => {
		const mailbox = { name: 'a/b', ...(uidValidity === undefined ? {} : { uidValidity }) };
		return itemId({ account: { ...account, ...more }, mailbox }, 7);
	};

	test('names server, user, mailbox, UIDVALIDITY and UID, each so that no "/" in it separates', () => {
		expect(idOf({}, 3)).toBe('mail.test/ann/a%2Fb/3/7');
	});

	test('has 0 where there is no UIDVALIDITY', () => {
		expect(idOf({})).toBe('mail.test/ann/a%2Fb/0/7');
	});

	test('names whose mail it is, not who logs in', () => {
		expect(idOf({ proxyAuth: 'bert' })).toMatch('mail.test/bert/');
		const { auth } = account.options;
		const options = { ...account.options, auth: { ...auth, user: 'ann', actAs: 'carl' } };
		expect(idOf({ options })).toMatch('mail.test/carl/');
		expect(idOf({ options, proxyAuth: 'bert' })).toMatch('mail.test/bert/');
	});

	test('is one of this machine where a program answers, and the user is not known', () => {
		expect(idOf({ options: {} })).toBe('local//a%2Fb/0/7');
	});
});

test('a reference to a message holds all that the other nodes need to find it', () => {
	const reference = { mailbox: 'a/b', uid: 7, account: account.url };
	expect(referenceOf(pollOf({ uidValidity: 3 }), 7)).toEqual({ ...reference, uidValidity: 3 });
	expect(referenceOf(pollOf({ uidValidity: 0 }), 7)).toEqual({ ...reference, uidValidity: null });
});

test('0 does not count as a UIDVALIDITY', () => {
	expect(uidValidityOf({ uidValidity: 1 })).toBe(1);
	expect(uidValidityOf({ uidValidity: 0 })).toBeNull();
	expect(uidValidityOf({})).toBeNull();
});

test('a mod-sequence has 63 bits, and is not 0', () => {
	for (const highestModSeq of [1n, 2n ** 63n - 1n]) {
		expect(modSeqOf({ highestModSeq })).toBe(highestModSeq);
	}
	for (const highestModSeq of [0n, 2n ** 63n]) expect(modSeqOf({ highestModSeq })).toBeUndefined();
	expect(modSeqOf({})).toBeUndefined();
});

describe('the UIDs of a cursor mean other messages', () => {
	const cursor: MailboxCursor = { uidValidity: 3, mailboxId: 'F1', lastUid: 9 };

	test.each<[string, Partial<SelectedMailbox>, Partial<MailboxCursor>?]>([
		['another UIDVALIDITY', { uidValidity: 4, mailboxId: 'F1', uidNext: 10 }],
		['another MAILBOXID', { uidValidity: 3, mailboxId: 'F2', uidNext: 10 }],
		['UIDs that go back', { uidValidity: 3, mailboxId: 'F1', uidNext: 9 }],
		['UIDs that go back, where nothing else is known', { uidNext: 9 }],
	])('with %s', (_why, mailbox, more) => {
		expect(isRenumbered(pollOf(mailbox), { ...cursor, ...more })).toBe(true);
	});

	test.each<[string, Partial<SelectedMailbox>, Partial<MailboxCursor>?]>([
		['all the same', { uidValidity: 3, mailboxId: 'F1', uidNext: 10 }],
		['a UIDVALIDITY that is not known now', { uidValidity: 0, uidNext: 10 }],
		['a UIDVALIDITY that was not known', { uidValidity: 4 }, { uidValidity: null }],
		['a MAILBOXID that is not known now', { uidValidity: 3 }],
		['a UIDNEXT of 0, which is none', { uidValidity: 3, uidNext: 0 }],
	])('not with %s', (_why, mailbox, more) => {
		expect(isRenumbered(pollOf(mailbox), { ...cursor, ...more })).toBe(false);
	});

	test('not with a MAILBOXID that was not known', () => {
		const before: MailboxCursor = { uidValidity: 3, lastUid: 9 };
		expect(isRenumbered(pollOf({ uidValidity: 3, mailboxId: 'F1' }), before)).toBe(false);
	});
});

test('a cursor gets the identity that the server reports', () => {
	const { mailbox } = pollOf({ uidValidity: 0 });
	expect(identityOf(mailbox)).toEqual({ uidValidity: null });
	expect(identityOf({ ...mailbox, uidValidity: 3, mailboxId: 'F1' })).toEqual({
		...{ uidValidity: 3, mailboxId: 'F1' },
	});
});

describe('the highest UID', () => {
	async function start(count = 3) {
		const server = await startServer({ capabilities: { remove: ['ESEARCH'] } });
		const inbox = server.account(USER).mailbox('INBOX');
		for (let n = 0; n < count; n++) inbox.append('Subject: x\r\n\r\n');
		const poll = await mailboxPoll(server);
		const from = server.commands.length;
		const sent = (): string[] => server.commands.slice(from).map(({ line }) => line);
		/** The server answers the FETCH of the last message so. */
		const answer = (text: (tag: string) => string): void => {
			server.faults.on = ({ tag, line }) => (line.startsWith('FETCH') ? text(tag) : undefined);
		};
		return { poll, sent, answer };
	}

	test('is that of the last message, which takes one round trip', async () => {
		const { poll, sent } = await start();
		expect(await highestUid(poll)).toBe(3);
		expect(sent()).toEqual(['FETCH * (UID)']);
	});

	test('of an empty mailbox is 0, without asking', async () => {
		const { poll, sent } = await start(0);
		expect(await highestUid(poll)).toBe(0);
		expect(sent()).toEqual([]);
	});

	test('is the highest of those reported, should the server report more, in any order', async () => {
		const { poll, answer } = await start();
		const rows = ['* 2 FETCH (UID 8)', '* 3 FETCH (UID 9)', '* 1 FETCH (UID 7)'].join('\r\n');
		answer((tag) => `${rows}\r\n${tag} OK done\r\n`);
		expect(await highestUid(poll)).toBe(9);
	});

	test.each([
		['does not know "*"', (tag: string) => `${tag} BAD what\r\n`],
		['leaves it out', (tag: string) => `${tag} OK done\r\n`],
	])('is searched for where the server %s', async (_what, text) => {
		const { poll, answer, sent } = await start();
		answer(text);
		expect(await highestUid(poll)).toBe(3);
		expect(sent().at(-1)).toMatch(/^UID SEARCH .*ALL$/);
	});

	test.each([
		['refuses', (tag: string) => `${tag} NO later\r\n`, { code: 'NO' }],
		['ends the connection', () => '* BYE x\r\n', { code: 'BYE' }],
	])('is an error where the server %s', async (_what, text, error) => {
		const { poll, answer } = await start();
		answer(text);
		await expect(highestUid(poll)).rejects.toMatchObject(error);
	});
});
