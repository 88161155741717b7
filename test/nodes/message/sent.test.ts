import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import {
	ACCOUNT,
	box,
	commandNames,
	errorOf,
	jsonOf,
	mail,
	runFlow,
	startServer,
	USER,
	type NodeRunOptions,
} from '../run-node';
import { outputOf } from '../../../demo/run-workflow';

const node = 'imap4Message';
const RAW =
	'From: anna@example.com\r\nTo: bert@example.org\r\nSubject: out\r\nMessage-ID: <out@x>\r\n\r\nHi\r\n';

async function account(options: Parameters<typeof startServer>[0] = {}) {
	const server = await startServer(options);
	const anna = server.account(USER);
	const inbox = anna.mailbox('INBOX');
	const sent = anna.create('Gesendet', '\\Sent');
	inbox.append(mail('question'));
	const original = { mailbox: 'INBOX', uidValidity: inbox.uidValidity, uid: 1, account: ACCOUNT };
	const run = (parameters: INodeParameters = {}, more: Partial<NodeRunOptions> = {}) => ({
		node: node as 'imap4Message',
		operation: 'saveToSent',
		server,
		items: [{ original }] as IDataObject[],
		parameters: { source: 'raw', raw: RAW, ...parameters },
		...more,
	});
	return { server, anna, inbox, sent, original, run };
}

const flagsOf = (mailbox: { messages: Array<{ flags: Iterable<string> }> }, index = 0) =>
	[...(mailbox.messages[index]?.flags ?? [])].sort();

describe('Save to Sent', () => {
	test('stores the message, read and dated, and marks the original', async () => {
		const { inbox, sent, original, run } = await account();
		const output = await jsonOf(
			run({ markOriginal: 'answered', sentOptions: { date: '2026-02-03T04:05:06Z' } }),
		);
		expect(output).toEqual([
			{
				messageId: '<out@x>',
				mailbox: 'Gesendet',
				uidValidity: sent.uidValidity,
				uid: 1,
				original,
				marked: true,
				account: ACCOUNT,
			},
		]);
		expect(sent.messages[0]?.octets.toString()).toBe(RAW);
		expect(flagsOf(sent)).toEqual(['\\Seen']);
		expect(sent.messages[0]?.internalDate.toISOString()).toBe('2026-02-03T04:05:06.000Z');
		expect(flagsOf(inbox)).toEqual(['\\Answered']);
	});

	test('marks what was passed on with $Forwarded, and nothing unless it is wanted', async () => {
		const { inbox, run } = await account();
		const [output] = await jsonOf(run());
		expect(output).not.toHaveProperty('marked');
		expect(flagsOf(inbox)).toEqual([]);
		await jsonOf(run({ markOriginal: 'forwarded' }));
		expect(flagsOf(inbox)).toEqual(['$Forwarded']);
	});

	test('takes the Message-ID that the sending server gave it', async () => {
		const { sent, run } = await account();
		const [output] = await jsonOf(run({ sentOptions: { messageId: '<smtp@x>' } }));
		expect(output).toMatchObject({ messageId: '<smtp@x>' });
		expect(sent.messages[0]?.octets.toString()).toBe(
			`Message-ID: <smtp@x>\r\n${RAW.replace('Message-ID: <out@x>\r\n', '')}`,
		);
	});

	test('does not store what is there already, and marks the original all the same', async () => {
		const { sent, inbox, run } = await account();
		sent.append(mail('other'));
		sent.append(RAW);
		const output = await jsonOf(run({ markOriginal: 'answered' }));
		expect(output).toMatchObject([{ uid: 2, alreadyThere: true, marked: true }]);
		expect(sent.messages).toHaveLength(2);
		expect(flagsOf(inbox)).toEqual(['\\Answered']);
	});

	test('two items of one message are one message', async () => {
		const { sent, original, run } = await account();
		const output = await jsonOf(run({}, { items: [{ original }, { original }] }));
		expect(output.map(({ uid, alreadyThere }) => [uid, alreadyThere])).toEqual([
			[1, undefined],
			[1, true],
		]);
		expect(sent.messages).toHaveLength(1);
	});

	test('keeps what was sent when the original is gone, and says so', async () => {
		const { sent, inbox, original, run } = await account();
		const gone = { original: { ...original, uid: 9 } };
		const anew = { original: { ...original, uidValidity: 1234 } };
		const nowhere = { original: { ...original, mailbox: 'Nowhere' } };
		const output = await jsonOf(
			run(
				{
					markOriginal: 'answered',
					raw: '={{ "Subject: " + JSON.stringify($json) + "\\r\\n\\r\\nx" }}',
				},
				{ items: [gone, anew, nowhere, { original }] },
			),
		);
		expect(output.map(({ uid, marked }) => [uid, marked])).toEqual([
			[1, false],
			[2, false],
			[3, false],
			[4, true],
		]);
		expect(output.slice(0, 3).map(({ notMarked }) => notMarked)).toEqual([
			expect.stringContaining('moved or deleted'),
			expect.stringContaining('UIDVALIDITY 1234'),
			expect.stringContaining('Nowhere'),
		]);
		expect(sent.messages).toHaveLength(4);
		expect(flagsOf(inbox)).toEqual(['\\Answered']);
	});

	test.each<[string, INodeParameters, IDataObject]>([
		['is missing', {}, {}],
		['is not a reference', { original: 'yesterday' }, {}],
		[
			'is of another account',
			{},
			{ original: { mailbox: 'INBOX', uid: 1, account: 'imap://b@x' } },
		],
	])('stores nothing where the original %s', async (_rule, parameters, item) => {
		const { server, run } = await account();
		await errorOf(run({ markOriginal: 'answered', ...parameters }, { items: [item] }));
		expect(commandNames(server)).not.toContain('APPEND');
	});

	test('reads an original that is JSON text', async () => {
		const { inbox, original, run } = await account();
		await jsonOf(run({ markOriginal: 'answered', original: JSON.stringify(original) }));
		expect(flagsOf(inbox)).toEqual(['\\Answered']);
	});

	test('a dry run stores and marks nothing', async () => {
		const { server, run } = await account();
		const output = await jsonOf(run({ markOriginal: 'answered', dryRun: true }));
		expect(output).toMatchObject([{ dryRun: true, messageId: '<out@x>', mailbox: 'Gesendet' }]);
		expect(commandNames(server)).not.toContain('APPEND');
		expect(commandNames(server)).not.toContain('UID STORE');
	});

	test('refuses an empty Message-ID', async () => {
		const { server, run } = await account();
		const { message } = await errorOf(
			run({ sentOptions: { messageId: '={{ $json.messageId }}' } }),
		);
		expect(message).toContain('"Message ID"');
		expect(commandNames(server)).not.toContain('APPEND');
	});

	test('creates the mailbox where it is missing', async () => {
		const server = await startServer();
		const parameters = { source: 'raw', raw: RAW, sentMailbox: box('Sent'), createIfMissing: true };
		const output = await jsonOf({ node, operation: 'saveToSent', server, parameters });
		expect(output).toMatchObject([{ mailbox: 'Sent', createdMailbox: true, uid: 1 }]);
	});

	test('a run that was cut off after storing stores nothing twice', async () => {
		const cut = { now: true };
		let stop: () => void = () => undefined;
		const { server, sent, inbox, run } = await account({
			faults: {
				on: ({ line }) => {
					if (!cut.now || !line.startsWith('UID STORE')) return undefined;
					stop();
					return '';
				},
			},
		});
		stop = () => server.cutAll();
		const parameters = { markOriginal: 'answered' };
		await errorOf(run(parameters));
		expect([sent.messages.length, flagsOf(inbox)]).toEqual([1, []]);
		cut.now = false;
		expect(await jsonOf(run(parameters))).toMatchObject([{ alreadyThere: true, marked: true }]);
		expect([sent.messages.length, flagsOf(inbox)]).toEqual([1, ['\\Answered']]);
	});

	test('many messages take few commands', async () => {
		const { server, run, original } = await account();
		const raw = '=Message-ID: <{{ $json.n }}@x>\r\n\r\nx';
		const items = [1, 2, 3, 4, 5].map((n) => ({ n, original }));
		await jsonOf(run({ markOriginal: 'answered', raw }, { items }));
		const names = commandNames(server);
		expect(names.filter((name) => name === 'UID STORE')).toHaveLength(1);
		expect(names.filter((name) => name === 'SELECT')).toHaveLength(1);
	});
});

test('an answer from the reference to the mailbox for sent messages', async () => {
	const { server, sent, inbox, original } = await account();
	const run = await runFlow(
		[
			{
				name: 'Reply',
				node,
				operation: 'reply',
				parameters: { text: 'Yes', draftResult: 'fields' },
			},
			{
				name: 'Save',
				node,
				operation: 'saveToSent',
				parameters: { source: 'binary', binaryField: 'message', markOriginal: 'answered' },
			},
		],
		{ server, items: [original] },
	);
	const [saved] = outputOf(run, 'Save');
	expect(saved?.json).toMatchObject({ mailbox: 'Gesendet', marked: true });
	expect(sent.messages[0]?.octets.toString()).toContain('> Text of question');
	expect(flagsOf(inbox)).toEqual(['\\Answered']);
});
