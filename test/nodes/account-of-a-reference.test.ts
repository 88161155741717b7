/** A reference names its account, and no operation takes it for another account's message. */
import type { IDataObject } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { accountOf } from '../../nodes/shared/account/account';
import { ACCOUNT, box, errorOf, jsonOf, mail, PASSWORD, startServer, USER } from './run-node';
import { Poller } from './trigger/poller';

const UNKNOWN = 'imap://bert%40example.org@mail.example.org';

async function inbox() {
	const server = await startServer();
	const mailbox = server.account(USER).mailbox('INBOX');
	for (const subject of ['one', 'two']) mailbox.append(mail(subject));
	const { uidValidity } = mailbox;
	return { server, mailbox, item: { mailbox: 'INBOX', uidValidity, uid: 1 } };
}

describe('the same account has the same name, whatever the credential', () => {
	const login = { host: 'IMAP.example.com.', user: 'Anna@example.com', password: 'x' };
	const expected = 'imap://anna%40example.com@imap.example.com';
	test.each([
		['SSL/TLS', 'imap4SslApi', { ...login, port: 993 }, ''],
		['STARTTLS', 'imap4StartTlsApi', { ...login, port: 143 }, ''],
		['another password', 'imap4PlainApi', { ...login, password: 'y' }, ''],
		['CRAM-MD5', 'imap4CramMd5Api', { ...login, security: 'tls' }, ''],
		['OAuth2', 'imap4OAuth2Api', { ...login, provider: 'other', security: 'tls' }, ''],
		[
			'an administrator who acts as that user',
			'imap4ProxyAuthApi',
			{ ...login, user: 'admin', security: 'tls' },
			'anna@example.com',
		],
	] as const)('%s', (_what, type, data, actAs) => {
		expect(accountOf(type, data, actAs).url).toBe(expected);
	});
});

describe('another account’s message is refused, and nothing is sent that changes anything', () => {
	test.each([
		['imap4Flags', 'add', { systemFlags: ['\\Seen'] }],
		['imap4Flags', 'set', { systemFlags: ['\\Seen'] }],
		['imap4Flags', 'acknowledge', {}],
		['imap4Message', 'delete', { deleteMode: 'permanent' }],
		['imap4Message', 'move', { destination: box('INBOX') }],
		['imap4Message', 'copy', { destination: box('INBOX') }],
		['imap4Message', 'get', {}],
		['imap4Message', 'download', {}],
	] as const)('%s %s', async (node, operation, parameters) => {
		const { server, mailbox, item } = await inbox();
		const items = [{ ...item, account: UNKNOWN }];
		const run = { node, operation, server, items, parameters: { ...parameters } };
		const { message, description } = await errorOf(run);
		expect(message).toContain(UNKNOWN);
		expect(message).toContain(ACCOUNT);
		expect(description).toContain('credential');
		const flags = mailbox.messages.flatMap((one) => [...one.flags]);
		expect(flags.filter((flag) => flag !== '\\Recent')).toEqual([]);
		expect(mailbox.messages).toHaveLength(2);
	});
});

test('an item of this account, or of none, is worked on, and the output names the account', async () => {
	const { server, item } = await inbox();
	for (const account of [ACCOUNT, ACCOUNT.toUpperCase().replace('IMAP', 'imap'), undefined, null]) {
		const [output] = await jsonOf({
			node: 'imap4Flags',
			operation: 'add',
			server,
			items: [{ ...item, account }],
			parameters: { systemFlags: ['\\Seen'] },
		});
		expect(output).toMatchObject({ uid: 1, account: ACCOUNT });
	}
});

describe('By Reference', () => {
	const given = (more: object) => ({
		node: 'imap4Flags' as const,
		operation: 'add',
		parameters: {
			messages: 'reference',
			mailbox: box('INBOX'),
			systemFlags: ['\\Seen'],
			...more,
		},
	});

	test('takes the message of expressions', async () => {
		const { server, item, mailbox } = await inbox();
		const parameters = {
			referenceUidValidity: '={{ $json.uidValidity }}',
			referenceUid: '={{ $json.uid }}',
			referenceAccount: ACCOUNT,
		};
		await jsonOf({ ...given(parameters), server, items: [item] });
		expect(mailbox.messages.map(({ flags }) => flags.has('\\Seen'))).toEqual([true, false]);
	});

	test.each([
		['UIDVALIDITY', { referenceUidValidity: '={{ $json.nothing }}', referenceUid: '1' }],
		['"UID" is empty', { referenceUidValidity: '1', referenceUid: '={{ $json.nothing }}' }],
		['"-5" in the field "UID" is not a UID', { referenceUidValidity: '1', referenceUid: '-5' }],
		['"x" in the field "UIDVALIDITY"', { referenceUidValidity: 'x', referenceUid: '1' }],
		['mailbox "INBOX" now has', { referenceUidValidity: '1', referenceUid: '1' }],
		['UIDVALIDITY', { referenceUidValidity: '1', referenceUid: '1' }],
		[UNKNOWN, { referenceUidValidity: '1', referenceUid: '1', referenceAccount: UNKNOWN }],
	])('refuses what is empty or of another mailbox, naming %s', async (named, parameters) => {
		const { server, mailbox } = await inbox();
		expect((await errorOf({ ...given(parameters), server })).message).toContain(named);
		expect(mailbox.messages.some(({ flags }) => flags.has('\\Seen'))).toBe(false);
	});
});

test('UIDVALIDITY 0 works', async () => {
	const { server, mailbox } = await inbox();
	mailbox.uidValidity = 0;
	const items = [{ mailbox: 'INBOX', uidValidity: 0, uid: 2, account: ACCOUNT }];
	const parameters = { systemFlags: ['\\Seen'] };
	await jsonOf({ node: 'imap4Flags', operation: 'add', server, items, parameters });
	expect(mailbox.messages[1]?.flags.has('\\Seen')).toBe(true);
});

test('an item of the trigger names its account, so that no node takes it for another account’s message', async () => {
	const { server, mailbox } = await inbox();
	const poller = new Poller({ server });
	await poller.poll();
	mailbox.append(mail('new'));
	const [item] = await poller.poll();
	expect(item).toMatchObject({ uid: 3, account: ACCOUNT });
	const other = 'bert@example.org';
	const bertsInbox = server.addAccount(other, PASSWORD).mailbox('INBOX');
	for (const subject of ['of Bert', 'of Bert', 'of Bert']) bertsInbox.append(mail(subject));
	bertsInbox.uidValidity = mailbox.uidValidity;
	const { message } = await errorOf({
		node: 'imap4Message',
		operation: 'delete',
		server,
		credential: { user: other },
		items: [item as IDataObject],
	});
	expect(message).toContain('account');
	expect(bertsInbox.messages).toHaveLength(3);
});
