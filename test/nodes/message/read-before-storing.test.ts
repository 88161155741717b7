/** What is wrong with the message of any item is found before the first one is stored, or a new run stores it twice. */
import type { INodeParameters } from 'n8n-workflow';
import { expect, test } from 'vitest';
import { errorOf, jsonOf, mail, startServer, USER } from '../run-node';

const file = (content: string) => ({
	data: Buffer.from(content).toString('base64'),
	mimeType: 'message/rfc822',
});

const composed = { from: 'ann@example.com', to: 'bert@example.org', subject: 'x', text: 'x' };
const image = { field: '={{ $json.file }}', contentId: 'logo@example.com' };
const raw = mail('x');

/** Fields that only the last item gets wrong. */
const WRONG: Array<[string, string, INodeParameters, string]> = [
	...['create', 'saveToSent'].flatMap(
		(operation): Array<[string, string, INodeParameters, string]> => [
			[operation, 'a recipient', { ...composed, to: '={{ $json.to }}' }, '"To"'],
			[operation, 'a text', { ...composed, text: '={{ $json.text }}' }, '"Text"'],
			[
				...([operation, 'a header field'] as const),
				{
					...composed,
					composeOptions: { headers: { field: [{ name: 'X-A', value: '={{ $json.text }}' }] } },
				},
				'X-A',
			],
			[
				...([operation, 'an attachment'] as const),
				{ ...composed, composeOptions: { attachments: '={{ $json.file }}' } },
				"binary field 'none'",
			],
			[
				...([operation, 'an inline image'] as const),
				{ ...composed, composeOptions: { inlineImages: { image: [image] } } },
				"binary field 'none'",
			],
			[
				operation,
				'a raw text',
				{ source: 'raw', raw: '={{ $json.text && $json.raw }}' },
				'"Message"',
			],
			[operation, 'a file', { source: 'binary', binaryField: '={{ $json.file }}' }, "field 'none'"],
			[
				operation,
				'an empty file',
				{ source: 'binary', binaryField: '={{ $json.empty }}' },
				'"empty"',
			],
		],
	),
	...['reply', 'replyAll', 'forward'].map(
		(operation): [string, string, INodeParameters, string] => [
			operation,
			'an attachment',
			{ text: 'x', draftOptions: { attachments: '={{ $json.file }}' } },
			"binary field 'none'",
		],
	),
];

test.each(WRONG)('%s stores nothing if %s is wrong', async (operation, _what, parameters, says) => {
	const server = await startServer();
	const account = server.account(USER);
	const inbox = account.mailbox('INBOX');
	inbox.append(mail('original'));
	const drafts = account.create('Drafts', '\\Drafts');
	const sent = account.create('Sent', '\\Sent');
	const right = { to: 'bert@example.org', text: 'x', file: 'data', empty: 'data', raw };
	const wrong = { to: null, text: null, file: 'none', empty: 'empty', raw };
	const items = Array.from({ length: 20 }, (_, index) => ({
		json: {
			...(index < 19 ? right : wrong),
			...{ mailbox: 'INBOX', uidValidity: inbox.uidValidity, uid: 1 },
		},
		binary: { data: file(raw), empty: file('') },
	}));
	const { message } = await errorOf({
		...{ node: 'imap4Message', operation, server, items, parameters },
	});
	expect(message).toContain(says);
	expect([inbox, drafts, sent].map(({ messages }) => messages.length)).toEqual([1, 0, 0]);
	// All the others are right.
	await jsonOf({
		...{ node: 'imap4Message', operation, server, parameters },
		items: items.slice(0, 19),
	});
	expect(inbox.messages.length + drafts.messages.length + sent.messages.length).toBeGreaterThan(1);
});

test.each(['reply', 'forward'])(
	'%s takes all files of an item by an expression, also where it has none',
	async (operation) => {
		const server = await startServer();
		const account = server.account(USER);
		const inbox = account.mailbox('INBOX');
		inbox.append(mail('original'));
		const drafts = account.create('Drafts', '\\Drafts');
		const json = { mailbox: 'INBOX', uidValidity: inbox.uidValidity, uid: 1 };
		await jsonOf({
			...{ node: 'imap4Message', operation, server },
			parameters: { text: 'x', draftOptions: { attachments: '={{ Object.keys($binary ?? {}) }}' } },
			items: [{ json, binary: { one: file('1'), two: file('2') } }, { json }],
		});
		const files = drafts.messages.map(
			({ octets }) => octets.toString().split('filename=').length - 1,
		);
		expect(files).toEqual([2, 0]);
	},
);
