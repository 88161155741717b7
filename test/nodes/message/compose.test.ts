/** What Compose writes into a message beside sender, recipients, subject and text. */
import { simpleParser, type ParsedMail } from 'mailparser';
import type { IBinaryKeyData, INodeParameters } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { box, commandNames, errorOf, runNode, startServer, USER } from '../run-node';

const node = 'imap4Message';
const PIXEL = 'R0lGODlhAQABAAAAACw=';
const binary: IBinaryKeyData = {
	data: { data: PIXEL, mimeType: 'image/gif', fileName: 'logo.gif' },
};
const INVITATION = [
	'BEGIN:VCALENDAR',
	'VERSION:2.0',
	'METHOD:REQUEST',
	'BEGIN:VEVENT',
	'UID:1@example.com',
	'DTSTART:20261103T100000Z',
	'SUMMARY:Lunch',
	'END:VEVENT',
	'END:VCALENDAR',
].join('\r\n');

async function composed(
	composeOptions: INodeParameters,
	more: INodeParameters = {},
): Promise<{ json: Record<string, unknown>; source: string; message: ParsedMail }> {
	const server = await startServer();
	const [output] = await runNode({
		node,
		operation: 'create',
		server,
		timezone: 'Europe/Berlin',
		items: [{ json: {}, binary }],
		parameters: {
			mailbox: box('INBOX'),
			from: 'Anna <anna@example.com>',
			to: 'bert@example.org',
			subject: 'Hello',
			text: 'Text',
			composeOptions,
			...more,
		},
	});
	const [stored] = server.account(USER).mailbox('INBOX').messages;
	const source = stored?.octets.toString() ?? '';
	return { json: output?.json ?? {}, source, message: await simpleParser(source) };
}

describe('Compose', () => {
	test('names its new Message-ID, in the domain of the sender', async () => {
		const { json, message } = await composed({});
		expect(json.messageId).toMatch(/^<[0-9a-f-]{36}@example\.com>$/);
		expect(message.messageId).toBe(json.messageId);
	});

	test.each(['<1@example.com>', '1@example.com', ' 1@example.com '])(
		'takes a Message-ID as %j',
		async (messageId) => {
			const { json, message } = await composed({ messageId });
			expect([json.messageId, message.messageId]).toEqual(['<1@example.com>', '<1@example.com>']);
		},
	);

	test('an answer without References refers to what it answers', async () => {
		const { message } = await composed({ inReplyTo: '1@example.org' });
		expect([message.inReplyTo, message.references]).toEqual(['<1@example.org>', '<1@example.org>']);
	});

	test('an answer keeps References that are given, and IDs as their sender wrote them', async () => {
		const { source } = await composed({
			inReplyTo: '<1 a@example.org>',
			references: '<0@example.org> <1@example.org>',
		});
		expect(source).toContain('\r\nIn-Reply-To: <1 a@example.org>\r\n');
		expect(source).toContain('\r\nReferences: <0@example.org> <1@example.org>\r\n');
	});

	test('is dated as it says, in the workflow’s zone, whenever it is received', async () => {
		const { message } = await composed(
			{ date: '2026-02-03T04:05:06' },
			{ createOptions: { date: '2026-03-01' } },
		);
		expect(message.date?.toISOString()).toBe('2026-02-03T03:05:06.000Z');
	});

	test('has any other header field, encoded', async () => {
		const { source } = await composed({
			headers: {
				field: [
					{ name: 'List-Unsubscribe', value: '<https://example.com/u?1>' },
					{ name: 'X-Gruesse', value: 'schöne' },
				],
			},
		});
		expect(source).toContain('List-Unsubscribe: <https://example.com/u?1>\r\n');
		expect(source).toContain('\r\nX-Gruesse: =?UTF-8?Q?sch=C3=B6ne?=\r\n');
	});

	test('has a priority', async () => {
		const { source } = await composed({ priority: 'high' });
		expect(source).toMatch(/^Importance: High\r$/m);
	});

	test('shows images in its HTML', async () => {
		const { message } = await composed({
			html: '<img src="cid:logo">',
			inlineImages: { image: [{ field: 'data', contentId: 'logo' }] },
		});
		expect(
			message.attachments.map(({ contentId, related, content }) => [
				contentId,
				related,
				content.toString('base64'),
			]),
		).toEqual([['<logo>', true, PIXEL]]);
	});

	test('invites', async () => {
		const { source, message } = await composed({ invitation: INVITATION });
		expect(source).toMatch(/^Content-Type: text\/calendar; charset=utf-8; method=REQUEST\r$/m);
		expect(message.attachments.map(({ contentType }) => contentType)).toContain('application/ics');
	});

	test.each<[string, INodeParameters]>([
		['In Reply To', { inReplyTo: '' }],
		['In Reply To', { inReplyTo: '={{ $json.messageId }}' }],
		['In Reply To', { inReplyTo: 'hello you' }],
		['Message ID', { messageId: '={{ "" }}' }],
		['Message ID', { messageId: 'a b@example.com' }],
		['Message ID', { messageId: 'a@x>\r\nBcc: b@x' }],
		['Date', { date: '={{ "" }}' }],
		['Priority', { priority: 'urgent' }],
		['Calendar Invitation', { invitation: 'Lunch at one' }],
		['Calendar Invitation', { invitation: INVITATION.replace('METHOD:REQUEST\r\n', '') }],
		['Header Fields: Name', { headers: { field: [{ name: '', value: 'x' }] } }],
		['Header Fields: X-A', { headers: { field: [{ name: 'X-A', value: '={{ undefined }}' }] } }],
		['X-A', { headers: { field: [{ name: 'X-A', value: 'a\r\nBcc: b@x' }] } }],
		['A B', { headers: { field: [{ name: 'A B', value: 'x' }] } }],
		['Bcc', { headers: { field: [{ name: 'Bcc', value: 'x' }] } }],
		['content-type', { headers: { field: [{ name: 'content-type', value: 'x' }] } }],
		['Inline Images: Content-ID', { inlineImages: { image: [{ field: 'data' }] } }],
	])('refuses a broken %s: %j', async (label, composeOptions) => {
		const server = await startServer();
		const parameters = { mailbox: box('INBOX'), text: 'x', composeOptions };
		const { message } = await errorOf({ node, operation: 'create', server, parameters });
		expect(message).toContain(`"${label}"`);
		expect(commandNames(server)).not.toContain('APPEND');
	});
});

describe('messageId of what is stored', () => {
	test('raw', async () => {
		const { json } = await composed({}, { source: 'raw', raw: 'Message-ID:\n <r@x>\n\ny' });
		expect(json.messageId).toBe('<r@x>');
		const none = await composed({}, { source: 'raw', raw: 'Subject: x\n\nMessage-ID: <r@x>' });
		expect(none.json.messageId).toBeNull();
	});

	test.each([0, 3_000_000])('from binary with %i bytes more', async (more) => {
		const server = await startServer();
		const data = Buffer.from(`Message-ID: <b@x>\r\n\r\n${'x'.repeat(more)}`).toString('base64');
		const [output] = await runNode({
			node,
			operation: 'create',
			server,
			items: [{ json: {}, binary: { data: { data, mimeType: 'message/rfc822' } } }],
			parameters: { mailbox: box('INBOX'), source: 'binary' },
		});
		expect(output?.json.messageId).toBe('<b@x>');
	});
});
