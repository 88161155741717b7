import { describe, expect, test } from 'vitest';
import type { INodeProperties } from 'n8n-workflow';
import { Imap4Message } from '../../../nodes/Imap4Message/Imap4Message.node';
import {
	ACCOUNT,
	box,
	commandNames,
	errorOf,
	jsonOf,
	mail,
	runNode,
	startServer,
	USER,
} from '../run-node';

const getMany = { node: 'imap4Message', operation: 'getMany' } as const;
const GMAIL = { add: ['X-GM-EXT-1'] };

describe('Fields that need an extension', () => {
	test('Preview, Object IDs, Save Date and Mod-Sequence', async () => {
		const server = await startServer();
		const inbox = server.account(USER).mailbox('INBOX');
		const message = inbox.append(mail('one'));
		const fields = ['preview', 'objectIds', 'saveDate', 'modSeq'];
		const [json] = await jsonOf({ ...getMany, server, parameters: { simplify: false, fields } });
		expect(json).toEqual({
			mailbox: 'INBOX',
			uidValidity: inbox.uidValidity,
			uid: 1,
			preview: 'Text of one',
			emailId: 'M1',
			threadId: 'T1',
			saveDate: message.saveDate.toISOString(),
			modSeq: String(message.modSeq),
			account: ACCOUNT,
		});
		expect(inbox.messages.some(({ flags }) => flags.has('\\Seen'))).toBe(false);
	});

	test('Gmail Data: its numbers whole, its labels decoded', async () => {
		const server = await startServer({ capabilities: GMAIL });
		const inbox = server.account(USER).mailbox('INBOX');
		inbox.append(mail('one'), { labels: ['\\Important', 'Gr&APw-n', 'Two Words'] });
		const [json] = await jsonOf({
			...getMany,
			server,
			parameters: { simplify: false, fields: ['gmail'] },
		});
		expect(json?.gmail).toEqual({
			labels: ['\\Important', 'Grün', 'Two Words'],
			messageId: '1278455344230334801',
			threadId: '1278455344230334801',
		});
	});

	test.each([
		['preview', 'PREVIEW'],
		['objectIds', 'OBJECTID'],
		['saveDate', 'SAVEDATE'],
		['modSeq', 'CONDSTORE'],
		['gmail', 'X-GM-EXT-1'],
	])('%s is refused where the server lacks %s', async (field, capability) => {
		const server = await startServer({ capabilities: { remove: [capability, 'QRESYNC'] } });
		server.account(USER).mailbox('INBOX').append(mail('one'));
		const { message, description } = await errorOf({
			...getMany,
			server,
			parameters: { simplify: false, fields: [field] },
		});
		expect(message).toContain(`The server does not offer ${capability}`);
		expect(description).toContain("doesn't support what this operation requires");
		expect(commandNames(server)).not.toContain('UID FETCH');
	});

	test('what the server describes in a way that cannot be read is named', async () => {
		const server = await startServer({
			faults: {
				on: ({ tag, line }) =>
					line.includes('BODYSTRUCTURE')
						? `* 1 FETCH (UID 1 FLAGS () BODYSTRUCTURE (1 2 3))\r\n${tag} OK done\r\n`
						: undefined,
			},
		});
		server.account(USER).mailbox('INBOX').append(mail('one'));
		const [json] = await jsonOf({ ...getMany, server, parameters: { body: 'text' } });
		expect(json).toMatchObject({ uid: 1, malformed: [{ item: 'BODYSTRUCTURE' }] });
	});
});

describe('the filter Raw Search', () => {
	const withMail = async () => {
		const server = await startServer();
		const inbox = server.account(USER).mailbox('INBOX');
		inbox.append(mail('apples'), { flags: ['\\Seen'] });
		inbox.append(mail('pears'));
		inbox.append(mail('Grüße'));
		return server;
	};
	const search = (rawSearch: string, more = {}) => ({
		...getMany,
		parameters: { filters: { rawSearch, ...more } },
	});

	test('is one search key more, read and written again', async () => {
		const server = await withMail();
		const uids = async (raw: string, more = {}) =>
			(await jsonOf({ ...search(raw, more), server })).map(({ uid }) => uid);
		expect(await uids('or subject apples not seen')).toEqual([3, 2, 1]);
		expect(await uids('UNSEEN', { subject: 'pears' })).toEqual([2]);
		expect(await uids('SUBJECT "Grüße"')).toEqual([3]);
		expect(server.commands.find(({ name }) => name === 'UID SEARCH')?.line).toContain(
			'OR SUBJECT "apples" NOT SEEN',
		);
	});

	test.each([
		['UNSEEN\r\nA1 DELETE INBOX', 'line break'],
		['SUBJECT "x', 'is not a valid search'],
		['UNSEEN) (SEEN', 'is not a valid search'],
		['FETCH 1 BODY[]', 'is not a valid search'],
		['FROM', 'is not a valid search'],
		['{3}', 'is not a valid search'],
		['', '"Raw Search" is empty'],
	])('%j is refused, and nothing of it is sent', async (raw, said) => {
		const server = await withMail();
		const { message } = await errorOf({ ...search(raw), server });
		expect(message).toContain(said);
		expect(commandNames(server)).toEqual([]);
	});

	test('selects messages for other operations', async () => {
		const server = await withMail();
		const output = await runNode({
			node: 'imap4Message',
			operation: 'get',
			server,
			parameters: { messages: 'search', mailbox: box('INBOX'), filters: { rawSearch: 'SEEN' } },
		});
		expect(output.map(({ json }) => json.uid)).toEqual([1]);
	});
});

describe('the filter Gmail Search', () => {
	const parameters = { filters: { gmailRaw: 'from:bert -pears' } };

	test('on Gmail', async () => {
		const server = await startServer({ capabilities: GMAIL });
		const inbox = server.account(USER).mailbox('INBOX');
		inbox.append(mail('apples'));
		inbox.append(mail('pears'));
		expect((await jsonOf({ ...getMany, server, parameters })).map(({ uid }) => uid)).toEqual([1]);
	});

	test('elsewhere is refused, naming the capability', async () => {
		const server = await startServer();
		const { message } = await errorOf({ ...getMany, server, parameters });
		expect(message).toContain('The server does not offer X-GM-EXT-1');
		expect(commandNames(server)).not.toContain('UID SEARCH');
	});
});

test('Get: a message gone meanwhile has failed', async () => {
	const server = await startServer({
		faults: {
			on: ({ line }) => {
				if (line.startsWith('UID FETCH')) inbox.remove(new Set(inbox.messages.slice(0, 1)));
				return undefined;
			},
		},
	});
	const inbox = server.account(USER).mailbox('INBOX');
	inbox.append(mail('one'));
	const { message } = await errorOf({
		node: 'imap4Message',
		operation: 'get',
		server,
		items: [{ mailbox: 'INBOX', uidValidity: inbox.uidValidity, uid: 1 }],
	});
	expect(message).toContain('message with UID 1 no longer exists');
});

describe('the description of the node', () => {
	const { properties } = new Imap4Message().description;
	const operationsOf = (resource: string): INodeProperties | undefined =>
		properties.find(
			({ name, displayOptions }) =>
				name === 'operation' && displayOptions?.show?.resource?.includes(resource),
		);

	test.each([
		[
			'message',
			'copy copyToAccount create delete download forward get getMany getThreads markAsRead markAsUnread move moveToAccount reply replyAll saveToSent',
		],
		['attachment', 'download getMany'],
		['part', 'get'],
	])('the resource %s has the operations %s, each with its command', (resource, values) => {
		const { options = [], default: standard } = operationsOf(resource) as INodeProperties;
		expect(options.map((one) => 'value' in one && one.value).join(' ')).toBe(values);
		expect(values.split(' ')).toContain(standard);
		for (const option of options) {
			expect(option).toMatchObject({
				action: expect.stringMatching(/^[A-Z][a-z ]+(?:(?:IMAP|EML)[a-z ]*)?$/) as string,
				description: expect.stringMatching(/\(.*[A-Z]{4,}.*\)$/) as string,
			});
		}
	});

	test('the resources stand in the order of their importance', () => {
		expect(properties.find(({ name }) => name === 'resource')).toMatchObject({
			default: 'message',
			options: [{ name: 'Message' }, { name: 'Attachment' }, { name: 'Part' }],
		});
	});

	test('an unknown resource is an error', async () => {
		const { message } = await errorOf({ ...getMany, resource: 'folder' });
		expect(message).toContain('"folder" is not a valid resource');
	});
});
