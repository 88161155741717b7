import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { messageFileName } from '../../../mail/message-file-name';
import type { MemoryServerOptions } from '../../server';
import { bytesOf } from '../binary';
import { filledInbox } from '../filled-inbox';
import {
	box,
	commandNames,
	errorOf,
	mail,
	runNode,
	type NodeRunOptions,
	fetches,
} from '../run-node';

const download = { node: 'imap4Message', operation: 'download' } as const;

async function serverWith(messages: ReadonlyArray<string | Buffer>, options?: MemoryServerOptions) {
	const { server, inbox, items } = await filledInbox(messages, options);
	const run = (more: Partial<NodeRunOptions> = {}) =>
		runNode({ ...download, server, items, ...more });
	return { server, inbox, items, run };
}

const hash = (octets: Buffer): string => createHash('sha256').update(octets).digest('hex');

describe('Download', () => {
	test('whole messages, byte for byte, by one FETCH, and left unread', async () => {
		const messages = Array.from({ length: 10 }, (_, n) => mail(`Größe ${n}`));
		const { server, inbox, run } = await serverWith(messages);
		const output = await run();
		expect(output).toHaveLength(10);
		expect(output[3]).toMatchObject({
			json: {
				mailbox: 'INBOX',
				uidValidity: inbox.uidValidity,
				uid: 4,
				fileName: 'Größe 3.eml',
				size: Buffer.byteLength(messages[3] as string),
			},
			binary: {
				data: { fileName: 'Größe 3.eml', mimeType: 'message/rfc822', fileExtension: 'eml' },
			},
			pairedItem: { item: 3 },
		});
		for (const [index, item] of output.entries()) {
			expect((await bytesOf(item)).toString()).toBe(messages[index]);
		}
		expect(fetches(server)).toEqual(['UID FETCH 1:10 (UID ENVELOPE BODY.PEEK[])']);
		expect(commandNames(server)).not.toContain('SELECT');
		expect(inbox.messages.some(({ flags }) => flags.has('\\Seen'))).toBe(false);
	});

	test.each([
		['at once', undefined, 3_000_000],
		['in small pieces', [997], 400_000],
	])('large ones, with small ones between them: %s', async (_name, chunkSizes, size) => {
		const large = (): Buffer => Buffer.concat([Buffer.from(mail('large')), randomBytes(size)]);
		const messages = [large(), Buffer.from(mail('small')), large()];
		const { run } = await serverWith(messages, { faults: { chunkSizes } });
		const output = await run();
		expect(output.map(({ json }) => json.size)).toEqual(messages.map(({ length }) => length));
		for (const [index, item] of output.entries()) {
			expect(hash(await bytesOf(item))).toBe(hash(messages[index] as Buffer));
		}
	});

	test('By UID Set and By Search, into a field of another name', async () => {
		const { server, run } = await serverWith([mail('apple'), mail('pear'), mail('apple pie')]);
		const bySet = await run({
			items: [{}],
			parameters: {
				messages: 'uids',
				mailbox: box('INBOX'),
				uids: '2:*',
				binaryPropertyName: 'eml',
			},
		});
		expect(bySet.map(({ json, binary }) => [json.uid, Object.keys(binary ?? {})])).toEqual([
			[2, ['eml']],
			[3, ['eml']],
		]);
		const bySearch = await run({
			items: [{}],
			parameters: { messages: 'search', mailbox: box('INBOX'), filters: { subject: 'apple' } },
		});
		expect(bySearch.map(({ json }) => json.uid)).toEqual([1, 3]);
		expect(fetches(server)).toHaveLength(2);
	});

	test('marks as read only where that is asked for, in a mailbox selected for it', async () => {
		const { server, inbox, items, run } = await serverWith([mail('one'), mail('two')]);
		await run({
			items: items.map((item, index) => ({ ...item, mark: index === 1 })),
			parameters: { downloadOptions: { markAsRead: '={{ $json.mark }}' } },
		});
		expect(inbox.messages.map(({ flags }) => flags.has('\\Seen'))).toEqual([false, true]);
		expect(commandNames(server).filter((name) => name === 'UID STORE')).toHaveLength(1);
	});

	test('what cannot be marked as read is not reported as done', async () => {
		const { server, items } = await serverWith([mail('one')], {
			faults: {
				on: ({ tag, line }) =>
					line.includes('STORE') ? `${tag} NO [NOPERM] you may not\r\n` : undefined,
			},
		});
		const { message } = await errorOf({
			...download,
			server,
			items,
			parameters: { downloadOptions: { markAsRead: true } },
		});
		expect(message).toContain('[NOPERM]');
	});

	test('a message gone meanwhile fails its own item only', async () => {
		const { inbox, items, run } = await serverWith([mail('one'), mail('two'), mail('three')], {
			faults: {
				on: ({ line }) => {
					if (line.startsWith('UID FETCH')) inbox.remove(new Set(inbox.messages.slice(1, 2)));
					return undefined;
				},
			},
		});
		const output = await run({ items, continueOnFail: true });
		expect(output.map(({ json }) => json.uid ?? json.error)).toEqual([
			1,
			'Download messages as EML failed (mailbox "INBOX"): The message with UID 2 no longer exists: it was moved or deleted just now',
			3,
		]);
	});

	test('a message at which the connection breaks is named, and the others come over a new one', async () => {
		const big = Buffer.concat([Buffer.from(mail('big')), Buffer.alloc(900_000, 'x')]);
		const { run } = await serverWith([mail('small'), big, mail('after')], {
			faults: { cutAfterSent: 500_000 },
		});
		const output = await run({ continueOnFail: true });
		expect(output.map(({ json, binary }) => [json.uid ?? 'failed', binary !== undefined])).toEqual([
			[1, true],
			[2, false],
			[3, true],
		]);
		expect(output[1]?.json.unreadable).toMatch(/connection/i);
	});

	test('a server that returns the envelope and the UID behind the body', async () => {
		const body = `Subject: late\r\n\r\n${'x'.repeat(300_000)}`;
		const { run } = await serverWith([mail('one')], {
			faults: {
				on: ({ tag, line }) =>
					line.startsWith('UID FETCH')
						? `* 1 FETCH (BODY[] {${body.length}}\r\n${body} ENVELOPE (NIL "late" NIL NIL NIL NIL NIL NIL NIL NIL) UID 1)\r\n${tag} OK done\r\n`
						: undefined,
				chunkSizes: [50_000],
			},
		});
		const [item] = await run();
		expect(item).toMatchObject({
			json: { uid: 1, fileName: 'late.eml', size: body.length },
			binary: { data: { fileName: 'late.eml' } },
		});
		expect((await bytesOf(item)).toString() === body).toBe(true);
	});

	test('a UID of an earlier life of the mailbox is refused', async () => {
		const { server, items } = await serverWith([mail('one')]);
		const { message } = await errorOf({
			...download,
			server,
			items: items.map((item) => ({ ...item, uidValidity: item.uidValidity - 1 })),
		});
		expect(message).toMatch(/belongs to UIDVALIDITY \d+, but the mailbox "INBOX" now has/);
	});

	test('no name for the output field', async () => {
		const { server, items } = await serverWith([mail('one')]);
		const { message } = await errorOf({
			...download,
			server,
			items,
			parameters: { binaryPropertyName: ' ' },
		});
		expect(message).toContain('"Put Output File in Field" is empty');
		expect(commandNames(server)).toEqual([]);
	});
});

test.each([
	['Re: a/b\\c', 'Re_ a_b_c.eml'],
	['../../etc/passwd', '_.._etc_passwd.eml'],
	['', 'message-7.eml'],
	['...', 'message-7.eml'],
	['???', 'message-7.eml'],
	['CON', 'message-7.eml'],
	['NUL.report', 'message-7.eml'],
	['com¹', 'message-7.eml'],
	['\u3164\u115f', 'message-7.eml'],
	['a\r\n\tb\0', 'a b.eml'],
	['\u202egnp.exe', 'gnp.exe.eml'],
	['\ud800x', '\ufffdx.eml'],
	['ä'.repeat(300), `${'ä'.repeat(90)}.eml`],
	['家'.repeat(300), `${'家'.repeat(60)}.eml`],
])('the subject %j makes the file name %j', (subject, name) => {
	expect(messageFileName(subject, 7)).toBe(name);
});
