/** Reading messages on real servers: what those of other makes answer to the same commands. */
import { randomBytes } from 'node:crypto';
import type { INodeParameters } from 'n8n-workflow';
import { beforeAll, describe, expect, test } from 'vitest';
import { servers } from '../../conformance/servers';
import { bytesOf } from '../binary';
import { box, jsonOf, runNode, runToEnd, type NodeRunOptions } from '../run-node';

const real = servers.filter(({ name }) => name !== 'in-memory');
for (const { name, missing } of real) {
	if (missing !== undefined) console.log(`Left out: ${name}, because ${missing}`);
}

const lines = (...all: string[]): string => all.join('\r\n');
const BIG = randomBytes(700_000);

const MIXED = lines(
	'From: Bert <bert@example.org>',
	'To: anna@example.org',
	'Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?= / mixed',
	'Date: Tue, 03 Nov 2026 10:00:00 +0000',
	'Message-ID: <mixed@example.org>',
	'MIME-Version: 1.0',
	'Content-Type: multipart/mixed; boundary=mix',
	'',
	'--mix',
	'Content-Type: text/plain; charset=windows-1251',
	'Content-Transfer-Encoding: 8bit',
	'',
	'\xcf\xf0\xe8\xe2\xe5\xf2',
	'--mix',
	'Content-Type: application/octet-stream; name=big.bin',
	'Content-Disposition: attachment; filename=big.bin',
	'Content-Transfer-Encoding: base64',
	'',
	BIG.toString('base64').replace(/.{76}/g, '$&\r\n'),
	'--mix',
	'Content-Type: message/rfc822',
	'',
	'Subject: inner',
	'Content-Type: text/plain; charset=utf-8',
	'Content-Transfer-Encoding: quoted-printable',
	'',
	'sch=C3=B6n',
	'--mix--',
	'',
);

const letter = (id: string, minute: number, subject: string, more: string[] = []): string =>
	lines(
		`From: ${id}@example.org`,
		'To: list@example.org',
		`Subject: ${subject}`,
		`Date: Tue, 03 Nov 2026 11:0${minute}:00 +0000`,
		`Message-ID: <${id}@x>`,
		...more,
		'',
		'text',
		'',
	);

describe.each(real.filter(({ missing }) => missing === undefined))(
	'on $name',
	({ name, start }) => {
		let account: Omit<NodeRunOptions, 'node' | 'operation'>;
		const run = (resource: string, operation: string, parameters: INodeParameters = {}) =>
			runNode({ node: 'imap4Message', resource, operation, ...account, parameters });
		const one = (resource: string, operation: string, parameters: INodeParameters = {}) =>
			run(resource, operation, {
				messages: 'uids',
				mailbox: box('INBOX'),
				uids: '1',
				...parameters,
			});

		beforeAll(async () => {
			const server = await start();
			const credential = { ...server.freshAccount() };
			account = { server: { host: server.host, port: server.port('none') }, credential };
			const messages = [
				MIXED,
				letter('a', 0, 'plans'),
				letter('b', 1, 'Re: plans', ['References: <a@x>']),
				letter('c', 2, 'Re: plans', ['References: <a@x> <b@x>']),
				letter('d', 3, 'zebra'),
			];
			for (const message of messages) {
				await runNode({
					node: 'imap4Message',
					operation: 'create',
					...account,
					items: [
						{
							json: {},
							binary: {
								data: {
									mimeType: 'message/rfc822',
									data: Buffer.from(message, 'latin1').toString('base64'),
								},
							},
						},
					],
					parameters: {
						mailbox: box('INBOX'),
						source: 'binary',
					},
				});
			}
		});

		test('whole messages and attachments, byte for byte', async () => {
			const [eml] = await one('message', 'download');
			expect(eml?.json.fileName).toBe('Grüße _ mixed.eml');
			expect((await bytesOf(eml)).toString('latin1') === MIXED).toBe(true);
			const [file, inner] = await one('attachment', 'download');
			expect(file?.json).toMatchObject({ part: '2', fileName: 'big.bin', size: BIG.length });
			expect((await bytesOf(file)).equals(BIG)).toBe(true);
			expect(inner?.json).toMatchObject({ part: '3', mimeType: 'message/rfc822' });
			const filters = { readStatus: 'read' };
			const read = await jsonOf({
				node: 'imap4Message',
				operation: 'getMany',
				...account,
				parameters: { filters },
			});
			expect(read).toEqual([]);
		});

		test.each<[string, INodeParameters, string]>([
			['1', {}, 'Привет'],
			['3.TEXT', {}, 'schön'],
			['3.1', {}, 'schön'],
			['3.1', { sectionOptions: { start: 3, length: 3 } }, 'ön'],
			['TEXT', { decode: false, sectionOptions: { length: 5 } }, '--mix'],
		])('the section %s, with %j', async (section, parameters, text) => {
			const [item] = await one('part', 'get', { section, ...parameters });
			// Courier counts the line end before a boundary to the part.
			expect(String(item?.json.text).trimEnd()).toBe(text);
		});

		test('a range of what is decoded', async () => {
			const [item] = await one('part', 'get', {
				section: '2',
				sectionOutput: 'binary',
				sectionOptions: { start: 600_000, length: 200_000 },
			});
			expect((await bytesOf(item)).equals(BIG.subarray(600_000))).toBe(true);
		});

		test.each(['9', '2.HEADER', '1.1.1'])('there is no section %s', async (section) => {
			const { error } = await runToEnd({
				node: 'imap4Message',
				resource: 'part',
				operation: 'get',
				...account,
				parameters: {
					messages: 'uids',
					mailbox: box('INBOX'),
					uids: '1',
					section,
				},
			});
			expect(error?.message).toMatch(/no section/);
		});

		test.each(['references', 'refs', 'orderedSubject'])('threads by %s', async (algorithm) => {
			const threads = await run('message', 'getThreads', { algorithm });
			expect(threads.map(({ json }) => [json.threadId, json.uids])).toEqual([
				[5, [5]],
				[2, [2, 3, 4]],
				[1, [1]],
			]);
			const offered = algorithm !== 'refs' || name !== 'Courier';
			const via = offered ? `THREAD=${algorithm.toUpperCase()}` : 'FETCH';
			expect(threads[0]?.json.via).toBe(via);
		});

		test('sorted by subject, and fields of extensions', async () => {
			const sorted = await run('message', 'getMany', {
				sort: { key: [{ by: 'subject' }, { by: 'from', direction: 'descending' }] },
				simplify: false,
				fields: name === 'Dovecot' ? ['preview', 'saveDate', 'modSeq'] : [],
			});
			expect(sorted.map(({ json }) => json.uid)).toEqual([1, 4, 3, 2, 5]);
			if (name !== 'Dovecot') return;
			expect(sorted[1]?.json).toMatchObject({
				preview: 'text',
				saveDate: expect.stringMatching(/^\d{4}-/) as string,
				modSeq: expect.stringMatching(/^\d+$/) as string,
			});
		});

		test('an answer, and a forwarded message with its files, as drafts', async () => {
			const parameters = {
				createIfMissing: true,
				text: 'Спасибо',
				draftOptions: { from: 'anna@example.org' },
			};
			const [answer] = await one('message', 'reply', parameters);
			const [forwarded] = await one('message', 'forward', {
				...parameters,
				forwardAs: 'attachment',
			});
			expect(answer?.json).toMatchObject({
				subject: 'Re: Grüße / mixed',
				to: 'Bert <bert@example.org>',
				inReplyTo: '<mixed@example.org>',
				uid: expect.any(Number) as number,
			});
			const drafts = { items: [answer?.json ?? {}, forwarded?.json ?? {}] };
			const read = await jsonOf({
				node: 'imap4Message',
				operation: 'get',
				...account,
				...drafts,
				parameters: { body: 'text' },
			});
			expect(read[0]).toMatchObject({
				text: expect.stringMatching(/^Спасибо\n\nOn 2026-11-03 10:00, Bert.*\n> Привет/) as string,
				flags: expect.arrayContaining(['\\Draft', '\\Seen']) as string[],
			});
			const [inner] = await runNode({
				node: 'imap4Message',
				resource: 'attachment',
				operation: 'download',
				...account,
				items: [forwarded?.json ?? {}],
			});
			expect((await bytesOf(inner)).toString('latin1').trimEnd() === MIXED.trimEnd()).toBe(true);
		});

		test('what was sent, stored once, and its original marked', async () => {
			const [found] = await one('message', 'get', { uids: '5' });
			const original = found?.json;
			const save = () =>
				jsonOf({
					node: 'imap4Message',
					operation: 'saveToSent',
					...account,
					items: [{ original }],
					parameters: {
						createIfMissing: true,
						source: 'raw',
						raw: letter('sent', 1, 'Re: zebra'),
						markOriginal: 'forwarded',
					},
				});
			expect(await save()).toMatchObject([{ messageId: '<sent@x>', marked: true }]);
			expect(await save()).toMatchObject([{ alreadyThere: true, marked: true }]);
			const [read] = await one('message', 'get', { uids: '5' });
			expect(read?.json.flags).toContain('$Forwarded');
		});

		test.each([
			[{ hasAttachments: true }, [1]],
			[{ attachmentName: 'BIG.*', attachmentLarger: 800_000 }, [1]],
			[{ attachmentName: 'nothing' }, []],
		])('messages by their attachments: %j', async (filters, uids) => {
			const found = await run('message', 'getMany', { filters: { ...filters, uid: '1:5' } });
			expect(found.map(({ json }) => json.uid)).toEqual(uids);
		});
	},
);
