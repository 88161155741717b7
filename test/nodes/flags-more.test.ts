/** IMAP4 Flags: Acknowledge, Get Many, and changes that depend on what somebody else did. */
import { describe, expect, test } from 'vitest';
import { ACKNOWLEDGED } from '../../nodes/shared/message/acknowledgement';
import { ACCOUNT, box, commandNames, errorOf, jsonOf, mail, startServer, USER } from './run-node';

const node = 'imap4Flags';

/** A server with messages in INBOX, and the references to them. */
async function inboxOf(count: number, options: Parameters<typeof startServer>[0] = {}) {
	const server = await startServer(options);
	const inbox = server.account(USER).mailbox('INBOX');
	for (let n = 0; n < count; n++) inbox.append(mail(`message ${n}`));
	const items = inbox.messages.map(({ uid }) => ({
		mailbox: 'INBOX',
		uidValidity: inbox.uidValidity,
		uid,
	}));
	return { server, inbox, items };
}

describe('Acknowledge', () => {
	test('sets the keyword that the trigger waits for, by one command', async () => {
		const { server, inbox, items } = await inboxOf(20);
		const output = await jsonOf({ node, operation: 'acknowledge', server, items });
		expect(output).toEqual(
			items.map((item) => ({ ...item, acknowledged: [ACKNOWLEDGED], account: ACCOUNT })),
		);
		expect(inbox.messages.every(({ flags }) => flags.has(ACKNOWLEDGED))).toBe(true);
		expect(inbox.messages.some(({ flags }) => flags.has('\\Seen'))).toBe(false);
		expect(commandNames(server).filter((name) => name === 'UID STORE')).toHaveLength(1);
	});

	test('with a keyword of its own, marking as read', async () => {
		const { server, inbox, items } = await inboxOf(1);
		await jsonOf({
			node,
			operation: 'acknowledge',
			server,
			items,
			parameters: { acknowledgeKeyword: 'billed', markAsRead: true },
		});
		expect([...(inbox.messages[0]?.flags ?? [])].sort()).toEqual(['\\Seen', 'billed']);
	});

	test.each([' ', '\\Seen', 'two words', 'a\r\nb'])('%j is not a keyword', async (keyword) => {
		const { server, inbox, items } = await inboxOf(1);
		const parameters = { acknowledgeKeyword: keyword };
		const { message } = await errorOf({
			node,
			operation: 'acknowledge',
			server,
			items,
			parameters,
		});
		expect(message).toContain('Acknowledge messages failed');
		expect(inbox.messages[0]?.flags.size).toBe(0);
	});
});

describe('Get Many', () => {
	test('the flags of messages, readable, by one FETCH', async () => {
		const { server, inbox, items } = await inboxOf(3);
		inbox.messages[1]?.flags.add('\\Seen').add('\\Answered').add('invoice');
		const output = await jsonOf({ node, operation: 'getMany', server, items });
		expect(output).toHaveLength(3);
		expect(output[1]).toMatchObject({
			...items[1],
			read: true,
			answered: true,
			flagged: false,
			draft: false,
			deleted: false,
			keywords: ['invoice'],
			modSeq: expect.stringMatching(/^\d+$/) as string,
		});
		expect(commandNames(server)).toContain('EXAMINE');
		expect(commandNames(server).filter((name) => name === 'UID FETCH')).toHaveLength(1);
	});

	test('of a server without CONDSTORE, whose mod-sequences are unknown', async () => {
		const { server, items } = await inboxOf(1, {
			capabilities: { remove: ['CONDSTORE', 'QRESYNC'] },
		});
		expect(await jsonOf({ node, operation: 'getMany', server, items })).toMatchObject([
			{ read: false, modSeq: null },
		]);
	});

	test('what a mailbox keeps', async () => {
		const { server } = await inboxOf(1);
		const [output] = await jsonOf({
			node,
			operation: 'getMany',
			server,
			parameters: { flagsOf: 'mailbox', mailbox: box('INBOX') },
		});
		expect(output).toMatchObject({
			mailbox: 'INBOX',
			permanentFlags: expect.arrayContaining(['\\Seen', '\\Flagged']) as string[],
			takesNewKeywords: true,
			readOnly: false,
		});
	});
});

describe('Only If Unchanged Since', () => {
	test('a message that someone changed meanwhile is left alone and reported', async () => {
		const { server, inbox, items } = await inboxOf(3);
		const known = await jsonOf({ node, operation: 'getMany', server, items });
		// Another client is faster with the second.
		await jsonOf({
			node,
			operation: 'add',
			server,
			items: [items[1] ?? {}],
			parameters: { systemFlags: ['\\Answered'] },
		});
		const output = await jsonOf({
			node,
			operation: 'add',
			server,
			items: known,
			parameters: { keywords: 'claimed', unchangedSince: '={{ $json.modSeq }}' },
		});
		expect(output).toEqual([
			{ ...items[0], added: ['claimed'], account: ACCOUNT },
			{ ...items[1], added: [], changedMeanwhile: true, account: ACCOUNT },
			{ ...items[2], added: ['claimed'], account: ACCOUNT },
		]);
		expect(inbox.messages.map(({ flags }) => flags.has('claimed'))).toEqual([true, false, true]);
	});

	test('without CONDSTORE it is refused, and nothing is changed', async () => {
		const { server, inbox, items } = await inboxOf(1, {
			capabilities: { remove: ['CONDSTORE', 'QRESYNC'] },
		});
		const { message } = await errorOf({
			node,
			operation: 'add',
			server,
			items,
			parameters: { keywords: 'claimed', unchangedSince: '5' },
		});
		expect(message).toContain('CONDSTORE');
		expect(inbox.messages[0]?.flags.size).toBe(0);
	});

	test.each(['x', '-1', '1.5', '9223372036854775808', '1)'])('%j is refused', async (text) => {
		const { server, inbox, items } = await inboxOf(1);
		const { message } = await errorOf({
			node,
			operation: 'add',
			server,
			items,
			parameters: { keywords: 'claimed', unchangedSince: text },
		});
		expect(message).toContain('mod-sequence');
		expect(inbox.messages[0]?.flags.size).toBe(0);
	});
});

test('a flag that the mailbox does not keep is an error, not silently lost', async () => {
	const { server, items } = await inboxOf(1, {
		faults: {
			on({ tag, line }) {
				if (line.startsWith('UID SEARCH')) return `* SEARCH 1\r\n${tag} OK done\r\n`;
				if (!line.startsWith('SELECT')) return undefined;
				return `* 1 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n* OK [PERMANENTFLAGS (\\Seen tag)] x\r\n${tag} OK done\r\n`;
			},
		},
	});
	const { message } = await errorOf({
		node,
		operation: 'add',
		server,
		items: items.map((item) => ({ ...item, uidValidity: 1 })),
		parameters: { systemFlags: ['\\Seen', '\\Flagged'], keywords: 'TAG new' },
	});
	expect(message).toContain('does not keep "\\Flagged", "new"');
	expect(server.commands.map(({ name }) => name)).not.toContain('UID STORE');
});

test('a system flag that is not listed is tried where the mailbox takes any keyword', async () => {
	const { server, items, inbox } = await inboxOf(1);
	server.faults.on = ({ tag, line }) =>
		line.startsWith('SELECT')
			? `* 1 EXISTS\r\n* OK [UIDVALIDITY ${inbox.uidValidity}] x\r\n* OK [PERMANENTFLAGS (\\Seen \\*)] x\r\n${tag} OK done\r\n`
			: line.startsWith('UID SEARCH')
				? // It has set both flags.
					`* SEARCH${/\b(?:UNANSWERED|UNDELETED)\b/.test(line) ? '' : ' 1'}\r\n${tag} OK done\r\n`
				: line.startsWith('UID STORE')
					? `${tag} OK done\r\n`
					: undefined;
	const parameters = { systemFlags: ['\\Answered', '\\Deleted'] };
	expect(await jsonOf({ node, operation: 'add', server, items, parameters })).toHaveLength(1);
	expect(server.commands.map(({ line }) => line).join('\n')).toMatch(
		/STORE .*\\Answered \\Deleted/,
	);
});
