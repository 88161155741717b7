/** Recipients of drafts, whatever an expression returns in their place. */
import type { IDataObject } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { box, errorOf, mail, runNode, startServer, USER, type NodeRunOptions } from '../run-node';

const V = '={{ $json.v }}';

async function start(): Promise<NodeRunOptions & { stored(): string | undefined }> {
	const server = await startServer();
	const inbox = server.account(USER).mailbox('INBOX');
	inbox.append(mail('first'));
	return {
		...{ node: 'imap4Message', operation: 'create', server },
		stored: () => inbox.messages[1]?.octets.toString(),
	};
}

const created = (field: string): NodeRunOptions['parameters'] => ({
	mailbox: box('INBOX'),
	from: 'anna@example.com',
	...(field === 'to' ? { to: V } : { composeOptions: { [field]: V } }),
});

describe('recipients come as', () => {
	test.each<[string, unknown, string]>([
		['text', 'A <a@x.example>, b@x.example', 'A <a@x.example>, b@x.example'],
		['text with semicolons', 'a@x.example; b@x.example', 'a@x.example, b@x.example'],
		['a list of texts', ['A <a@x.example>', 'b@x.example'], 'A <a@x.example>, b@x.example'],
		['one object', { name: 'Doe, A', address: 'a@x.example' }, '"Doe, A" <a@x.example>'],
		[
			'the objects of "Addresses As"',
			[
				{ name: 'A', address: 'a@x.example' },
				{ name: '', address: 'b@x.example' },
			],
			'A <a@x.example>, b@x.example',
		],
		[
			'a name with a comma',
			'Müller, A <a@x.example>',
			'=?UTF-8?Q?M=C3=BCller=2C_A?= <a@x.example>',
		],
		['a group', 'T: a@x.example;', 'T:a@x.example;'],
	])('%s', async (_kind, v, line) => {
		const { stored, ...run } = await start();
		await runNode({ ...run, parameters: created('to'), items: [{ v } as IDataObject] });
		expect(stored()).toContain(`\r\nTo: ${line}\r\n`);
	});
});

describe.each(['to', 'cc', 'bcc', 'replyTo'])('in the field %s', (field) => {
	test.each<[string, unknown]>([
		['a number', 5],
		['a switch', true],
		['an object without address', { name: 'A' }],
		['a list with nothing in it', [null]],
		['a name only', 'Anna'],
		['one that is not an address, among others', 'a@x.example, b@'],
		['a line break', 'a@x.example\r\nBcc: b@x.example'],
		['a line break in a list', ['a@x.example', 'b@x.example\nX: y']],
	])('%s is refused, and nothing is stored', async (_kind, v) => {
		const { stored, ...run } = await start();
		const { message } = await errorOf({
			...run,
			parameters: created(field),
			items: [{ v } as IDataObject],
		});
		expect(message).toMatch(/The field|in the field/);
		expect(stored()).toBeUndefined();
	});
});

test.each<[string, unknown, string | undefined]>([
	['the list that items have', ['<1@x>', '<2@x>'], '<1@x> <2@x>'],
	['text', '<1@x> <2@x>', '<1@x> <2@x>'],
	['text with commas', '<1@x>,<2@x>', '<1@x> <2@x>'],
	['an empty list', [], undefined],
])('References come as %s', async (_kind, v, line) => {
	const { stored, ...run } = await start();
	await runNode({ ...run, parameters: created('references'), items: [{ v } as IDataObject] });
	expect(/\r\nReferences: (.*)\r\n/.exec(stored() ?? '')?.[1]).toBe(line);
});
