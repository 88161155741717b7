import { describe, expect, test } from 'vitest';
import type { FetchedMessage, MultipartStructure, SinglePartStructure } from '../../engine/index';
import { isMultipart, singleParts, SequenceSet, UidSet } from '../../engine/index';
import { message, nested } from './messages';
import { onEachServer } from './on-each-server';

const text = (found: FetchedMessage | undefined, index = 0): string | undefined =>
	found?.body[index]?.content?.toString();

onEachServer((bench) => {
	test('every item of a message', async () => {
		const { imap } = await bench.logIn();
		const date = new Date('2020-01-02T03:04:05Z');
		const subject = message({ Subject: 's' }, 'text');
		await imap.append('INBOX', subject, { flags: ['\\Seen', 'kw'], date });
		await imap.open();
		const items = { uid: true, flags: true, internalDate: true, size: true, envelope: true };
		const found = await imap.selected.bySequenceNumber
			.fetch('1', { ...items, bodyStructure: true })
			.all();
		expect(found).toHaveLength(1);
		expect(found[0]).toMatchObject({ seq: 1, uid: 1, size: subject.length });
		// On Courier nothing that was appended is recent.
		const recent = bench.name === 'Courier' ? [] : ['\\Recent'];
		expect(found[0]?.flags?.toSorted()).toEqual([...recent, '\\Seen', 'kw']);
		expect(found[0]?.internalDate).toEqual(date);
		expect(found[0]?.internalDateText).toMatch(/^ ?0?2-Jan-2020 \d\d:\d\d:05 [+-]\d{4}$/);
		expect(found[0]?.envelope?.subject).toBe('s');
		expect(found[0]?.bodyStructure).toMatchObject({ type: 'text', subtype: 'plain', part: '1' });
		expect(found[0]?.malformed).toBeUndefined();
	});

	test('one item at a time: nothing else is there', async () => {
		const { imap } = await bench.inbox([message()]);
		const [uid] = await imap.selected.bySequenceNumber.fetch('1', { uid: true }).all();
		expect(uid).toMatchObject({ uid: 1, body: [] });
		expect(uid?.size).toBeUndefined();
		const [size] = await imap.selected.bySequenceNumber.fetch('1', { size: true }).all();
		expect(size?.size).toBe(message().length);
		expect(size?.envelope).toBeUndefined();
		const [byUid] = await imap.selected.fetch('1', { internalDate: true }).all();
		expect(byUid?.uid).toBe(1);
		expect(Math.abs(Number(byUid?.internalDate) - Date.now())).toBeLessThan(60_000);
	});

	test('ENVELOPE: addresses, a group, quotes and encoded words as they stand', async () => {
		const { imap } = await bench.inbox([nested, message()]);
		const [first, second] = await imap.selected.bySequenceNumber
			.fetch('1:2', { envelope: true })
			.all();
		const envelope = first?.envelope;
		expect(envelope).toMatchObject({
			date: 'Thu, 02 Jan 2020 03:04:05 +0100',
			subject: '=?UTF-8?B?R3LDvMOfZQ==?= "quoted" \\ back',
			inReplyTo: '<zero@example.org>',
			messageId: '<one@example.org>',
		});
		expect(envelope?.from).toMatchObject([
			{ name: 'Ann B.', mailbox: 'ann', host: 'example.org', group: null },
		]);
		expect(envelope?.from[0]?.address).toBe('ann@example.org');
		expect(envelope?.sender[0]).toMatchObject({ name: 'Desk', address: 'desk@example.org' });
		expect(envelope?.replyTo[0]?.address).toBe('answers@example.org');
		expect(envelope?.to.map(({ name, address }) => [name, address])).toEqual([
			['=?UTF-8?Q?J=C3=B6rg?=', 'joerg@example.net'],
			[null, 'carl@example.com'],
		]);
		// Courier does not tell the name of a group.
		const team = bench.name === 'Courier' ? null : 'team';
		expect(envelope?.cc.map(({ group, address }) => [group, address])).toEqual([
			[team, 'dora@example.org'],
			[team, 'emil@example.org'],
		]);
		expect(envelope?.bcc.map(({ address }) => address)).toEqual(['hidden@example.org']);
		// Where there is no Sender or Reply-To, From stands in (RFC 9051 §7.5.2).
		expect(second?.envelope).toMatchObject({
			date: null,
			subject: null,
			to: [],
			cc: [],
			bcc: [],
			inReplyTo: null,
			messageId: null,
		});
		expect(second?.envelope?.sender[0]?.address).toBe('ann@example.org');
		expect(second?.envelope?.replyTo[0]?.address).toBe('ann@example.org');
	});

	test('ENVELOPE: comments, groups and names of old, as Dovecot and Cyrus tell them', async (context) => {
		if (bench.name === 'Courier') context.skip('Courier reads comments and groups in its own way');
		const ann = { name: null, mailbox: 'ann', host: 'mail.example', group: null };
		const rows: [string, object[]][] = [
			['Root (Cron Daemon) <ann@mail.example>', [{ ...ann, name: 'Root' }]],
			['ann@mail.example (Cron Daemon)', [{ ...ann, name: 'Cron Daemon' }]],
			['ann@mail.example (a (nested) comment)', [{ ...ann, name: 'a (nested) comment' }]],
			['(a comment) ann@mail.example', [ann]],
			['"Ann (no comment), B." <ann@mail.example>', [{ ...ann, name: 'Ann (no comment), B.' }]],
			['Ann (one) Bee (two) <ann@mail.example>', [{ ...ann, name: 'Ann Bee' }]],
			['<@route,@other:ann@mail.example>', [ann]],
			['ann @ mail . example', [ann]],
			['Team (us): ann@mail.example (Ann);', [{ ...ann, name: 'Ann', group: 'Team' }]],
			['A: ann@mail.example;, ann@mail.example', [{ ...ann, group: 'A' }, ann]],
			['Team:;', [{ name: null, mailbox: null, host: null, group: 'Team' }]],
		];
		const { imap } = await bench.inbox(rows.map(([To]) => message({ To })));
		const found = await imap.selected.fetch('1:*', { envelope: true }).all();
		expect(found.map(({ envelope }) => envelope?.to)).toMatchObject(rows.map(([, to]) => to));
	});

	test('BODYSTRUCTURE of nested multiparts and of a message in a message', async () => {
		const { imap } = await bench.inbox([nested]);
		const [found] = await imap.selected.bySequenceNumber.fetch('1', { bodyStructure: true }).all();
		const structure = found?.bodyStructure as MultipartStructure;
		expect(isMultipart(structure)).toBe(true);
		expect(structure).toMatchObject({
			part: '',
			subtype: 'mixed',
			parameters: { boundary: 'outer' },
			disposition: null,
		});
		const [alternative, forwarded, file] = structure.parts as [
			MultipartStructure,
			SinglePartStructure,
			SinglePartStructure,
		];
		// Courier tells neither language nor location, and takes for 8bit what doesn't say.
		const html =
			bench.name === 'Courier'
				? { encoding: '8bit', language: [], location: null }
				: {
						encoding: '7bit',
						// Cyrus writes it large; language tags have no case (RFC 5646 §2.1.1).
						language: [expect.stringMatching(/^de$/i)],
						location: 'http://example.org/',
					};
		expect(alternative).toMatchObject({
			part: '1',
			subtype: 'alternative',
			parameters: { boundary: 'inner' },
			parts: [
				{
					part: '1.1',
					type: 'text',
					subtype: 'plain',
					parameters: { charset: 'utf-8' },
					encoding: 'quoted-printable',
					size: 'Gr=C3=BC=C3=9Fe\r\nsecond line'.length,
				},
				{
					part: '1.2',
					subtype: 'html',
					...html,
				},
			],
		});
		expect(forwarded).toMatchObject({
			part: '2',
			type: 'message',
			subtype: 'rfc822',
			description: 'a forwarded message',
			envelope: { subject: 'inside' },
			structure: {
				part: '2',
				type: 'multipart',
				subtype: 'mixed',
				parts: [
					{ part: '2.1', type: 'text', size: 'deep text'.length },
					{
						part: '2.2',
						type: 'application',
						subtype: 'octet-stream',
						encoding: 'base64',
						size: 4,
					},
				],
			},
		});
		expect(forwarded.lines).toBeGreaterThan(10);
		expect(file).toMatchObject({
			part: '3',
			type: 'application',
			subtype: 'pdf',
			parameters: { name: 'report.pdf' },
			id: '<file@example.org>',
			encoding: 'base64',
			size: 4,
			md5: 'Q2hlY2sgSW50ZWdyaXR5IQ==',
			disposition: { type: 'attachment', parameters: { filename: 'report 1.pdf', size: '3' } },
		});
		expect([...singleParts(structure)].map(({ part }) => part)).toEqual(['1.1', '1.2', '2', '3']);
	});

	test('each part that BODYSTRUCTURE names can be fetched by that name', async () => {
		const { imap } = await bench.inbox([nested]);
		const wanted: [string, RegExp | string][] = [
			['', nested],
			['HEADER', nested.slice(0, nested.indexOf('\r\n\r\n') + 4)],
			['TEXT', nested.slice(nested.indexOf('\r\n\r\n') + 4)],
			['1', /^--inner\r\n[^]*--inner--/],
			['1.1', 'Gr=C3=BC=C3=9Fe\r\nsecond line'],
			['1.1.MIME', /^Content-Type: text\/plain; charset=utf-8\r\n[^]*\r\n\r\n$/],
			['1.2', '<p>html</p>'],
			['2', /^From: fred@example.org\r\n[^]*--deep--/],
			['2.HEADER', /^From: fred@example.org\r\n[^]*boundary=deep\r\n\r\n$/],
			['2.TEXT', /^--deep\r\n[^]*--deep--/],
			['2.1', 'deep text'],
			['2.2', 'AAEC'],
			['3', 'AAEC'],
		];
		const body = wanted.map(([section]) => ({ section }));
		const [found] = await imap.selected.bySequenceNumber.fetch('1', { body }).all();
		expect(found?.body.map(({ section }) => section)).toEqual(wanted.map(([section]) => section));
		for (const [index, [section, expected]] of wanted.entries()) {
			if (typeof expected === 'string') expect(text(found, index), section).toBe(expected);
			else expect(text(found, index), section).toMatch(expected);
		}
	});

	test('a part that is not there is null', async () => {
		const { imap } = await bench.inbox([nested]);
		const [found] = await imap.selected.bySequenceNumber
			.fetch('1', { body: [{ section: '9' }, { section: '3' }] })
			.all();
		const missing = await found?.body[0]?.bytes();
		// Both answers are seen: NIL and an empty string (RFC 9051 §6.4.5 doesn't say).
		expect(missing?.length ?? 0).toBe(0);
		expect(text(found, 1)).toBe('AAEC');
	});

	test('header fields by name, and all others', async () => {
		const { imap } = await bench.inbox([
			message({ Subject: 'one', 'X-A': 'a', 'x-b': 'b' }, 'body'),
		]);
		const [found] = await imap.selected.bySequenceNumber
			.fetch('1', {
				body: [
					{ section: 'HEADER.FIELDS', fields: ['Subject', 'x-B'] },
					{ section: 'header.fields.not', fields: ['SUBJECT'] },
					{ section: 'HEADER.FIELDS', fields: ['Missing'] },
				],
			})
			.all();
		expect(text(found, 0)).toBe('Subject: one\r\nx-b: b\r\n\r\n');
		expect(text(found, 1)).toBe('From: Ann <ann@example.org>\r\nX-A: a\r\nx-b: b\r\n\r\n');
		expect(text(found, 2)).toBe('\r\n');
		expect(found?.body[0]?.section).toBe('HEADER.FIELDS (SUBJECT X-B)');
	});

	test('bytes of a section', async () => {
		const { imap } = await bench.inbox([message({ Subject: 'x' }, '0123456789')]);
		const [found] = await imap.selected.bySequenceNumber
			.fetch('1', {
				body: [
					{ section: 'TEXT', partial: { start: 3, length: 4 } },
					{ section: 'TEXT', partial: { start: 8, length: 1000 } },
					{ section: 'TEXT', partial: { start: 5000, length: 10 } },
					{ section: 'TEXT' },
				],
			})
			.all();
		expect(found?.body.map(({ origin }) => origin)).toEqual([3, 8, 5000, undefined]);
		expect([0, 1, 2, 3].map((index) => text(found, index))).toEqual([
			'3456',
			'89\r\n',
			'',
			'0123456789\r\n',
		]);
	});

	test('reading sets \\Seen only if it is not a peek', async () => {
		const { imap, unsolicited } = await bench.inbox([message(), message()]);
		const flags = async (): Promise<boolean[]> =>
			(await imap.selected.bySequenceNumber.fetch('1:*', { flags: true }).all()).map(
				(one) => one.flags?.includes('\\Seen') ?? false,
			);
		await imap.selected.bySequenceNumber
			.fetch('1:2', { body: [{ section: '' }, { section: 'HEADER' }] })
			.all();
		expect(await flags()).toEqual([false, false]);
		const [read] = await imap.selected.bySequenceNumber
			.fetch('2', { body: [{ section: 'TEXT', peek: false }] })
			.all();
		// The new flags come with it, asked for or not; from Courier in a response of their own.
		const told = [read, ...unsolicited.map((one) => (one.type === 'FETCH' ? one.message : read))];
		const flagged = bench.name === 'Courier' ? told.at(-1) : read;
		expect(flagged?.flags).toContain('\\Seen');
		expect(await flags()).toEqual([false, true]);
	});

	describe('sets', () => {
		test('ranges, *, numbers beyond the last, UIDs that are gone', async () => {
			const { imap } = await bench.inbox(Array.from({ length: 6 }, () => message()));
			await imap.selected.bySequenceNumber.store('2', '+FLAGS', ['\\Deleted'], { silent: true });
			await imap.selected.expunge();
			const uids = async (set: string | number[], uid: boolean): Promise<unknown[]> =>
				(
					await (
						uid
							? imap.selected.fetch(UidSet.from(set), { uid: true })
							: imap.selected.bySequenceNumber.fetch(SequenceSet.from(set), { uid: true })
					).all()
				)
					.map((one) => one.uid)
					.sort();
			expect(await uids('1:*', false)).toEqual([1, 3, 4, 5, 6]);
			expect(await uids('2', false)).toEqual([3]);
			expect(await uids('*', false)).toEqual([6]);
			expect(await uids('4:5,1', false)).toEqual([1, 5, 6]);
			expect(await uids('1:3', true)).toEqual([1, 3]);
			expect(await uids('2', true)).toEqual([]);
			// `*` is the last message even where more is asked for (RFC 9051 §9 seq-range), except on Courier.
			expect(await uids('1000:*', true)).toEqual(bench.name === 'Courier' ? [] : [6]);
			expect(await uids('*:3', true)).toEqual([3, 4, 5, 6]);
			expect(await uids([6, 2, 1, 1], true)).toEqual([1, 6]);
			expect(await uids('100:200', true)).toEqual([]);
		});

		test('a sequence number beyond the last is refused or finds nothing', async () => {
			const { imap } = await bench.inbox([message()]);
			const found = await imap.selected.bySequenceNumber
				.fetch('5', { uid: true })
				.all()
				.catch((error: unknown) => error);
			if (bench.name === 'Dovecot') expect(found).toMatchObject({ code: 'BAD' });
			else if (Array.isArray(found)) expect(found).toEqual([]);
			else expect(found).toMatchObject({ code: expect.stringMatching(/^(NO|BAD)$/) as string });
			await imap.noop();
		});

		test('a set that is longer than a command line', async () => {
			const { imap, sent } = await bench.inbox(Array.from({ length: 10 }, () => message()));
			const odd = Array.from({ length: 5000 }, (_, index) => 2 * index + 1);
			const found = await imap.selected.fetch(UidSet.from(odd), { uid: true }).all();
			expect(found.map(({ uid }) => uid).sort()).toEqual([1, 3, 5, 7, 9]);
			expect(sent.length).toBeGreaterThan(1);
			for (const line of sent) expect(line.length).toBeLessThan(8192);
		});
	});

	test('a mailbox without messages', async () => {
		const { imap } = await bench.inbox();
		const found = await imap.selected.fetch('1:*', { uid: true }).all();
		expect(found).toEqual([]);
	});

	test.each([
		{ section: 'NOT.A.SECTION' },
		{ section: '0' },
		{ section: '1.' },
		{ section: 'HEADER.FIELDS' },
		{ section: 'HEADER.FIELDS', fields: [] },
		{ section: 'HEADER.FIELDS', fields: ['two words'] },
		{ section: 'TEXT]' },
		{ partial: { start: -1, length: 1 } },
		{ partial: { start: 0, length: 0 } },
	])('a body that cannot be asked for: %j', async (request) => {
		const { imap, sent } = await bench.inbox([message()]);
		expect(() => imap.selected.bySequenceNumber.fetch('1', { body: [request] })).toThrow(
			expect.objectContaining({ code: 'ARGUMENT' }) as Error,
		);
		await imap.noop();
		expect(sent).toEqual(['NOOP']);
	});
});
