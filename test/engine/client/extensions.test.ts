/** What extensions add to commands, where no server at hand speaks them or the octets matter. */
import { describe, expect, test } from 'vitest';
import { SequenceSet, UidSet } from '../../../engine/index';
import { nothingUnhandled, selected } from './fake-transport';

nothingUnhandled();

const wrong = expect.objectContaining({ code: 'ARGUMENT' }) as Error;

describe('commands on messages, by UID', () => {
	const capabilities = 'IMAP4rev1 UIDPLUS MOVE SORT THREAD=REFERENCES';

	test.each<[string, (imap: Awaited<ReturnType<typeof selected>>['imap']) => unknown]>([
		[
			'UID FETCH 5 (UID FLAGS)',
			(imap) => imap.selected.fetch('5', { uid: true, flags: true }).all(),
		],
		['UID SEARCH SUBJECT "a"', (imap) => imap.selected.search({ subject: 'a' })],
		[
			'UID SEARCH CHARSET UTF-8 SUBJECT "\xc3\xa4"',
			(imap) => imap.selected.search({ subject: 'ä' }),
		],
		['UID SORT (DATE) UTF-8 ALL', (imap) => imap.selected.sort(['DATE'])],
		[
			'UID THREAD REFERENCES UTF-8 SEEN',
			(imap) => imap.selected.thread('REFERENCES', { seen: true }),
		],
		['UID COPY 5:7 There', (imap) => imap.selected.copy('5:7', 'There')],
		['UID MOVE 5:7 There', (imap) => imap.selected.move('5:7', 'There')],
		[
			'UID STORE 5 +FLAGS.SILENT (\\Seen)',
			(imap) => imap.selected.store('5', '+FLAGS', ['\\Seen'], { silent: true }),
		],
		['UID EXPUNGE 5', (imap) => imap.selected.expunge('5')],
	])('%s', async (line, run) => {
		const { imap, server } = await selected({}, { capabilities });
		const result = run(imap);
		// A text that is not US-ASCII waits for "+" as a literal.
		const first = await server.line();
		const [tag = '', text] = [
			first.slice(0, first.indexOf(' ')),
			first.slice(first.indexOf(' ') + 1),
		];
		if (text.endsWith('}')) {
			expect(text).toBe('UID SEARCH CHARSET UTF-8 SUBJECT {2}');
			server.say('+ ');
			expect(await server.octets(4)).toBe('\xc3\xa4\r\n');
		} else expect(text).toBe(line);
		server.say(`${tag} OK done`);
		await result;
	});
});

describe('FETCH with VANISHED (RFC 7162 §3.2.6)', () => {
	const capabilities = 'IMAP4rev1 ENABLE CONDSTORE QRESYNC';

	test('returns which UIDs are gone', async () => {
		const { imap, server } = await selected({}, { capabilities });
		const enabling = imap.enable('QRESYNC');
		await server.answer('ENABLE QRESYNC', '* ENABLED QRESYNC');
		await enabling;
		const changes = imap.selected.fetch(
			'300:500',
			{ flags: true },
			{ changedSince: 12345n, vanished: true },
		);
		const all = changes.all();
		await server.answer(
			'UID FETCH 300:500 (UID FLAGS) (CHANGEDSINCE 12345 VANISHED)',
			'* VANISHED (EARLIER) 300:310,405,411',
			'* 1 FETCH (UID 404 MODSEQ (65402) FLAGS (\\Seen))',
		);
		expect((await all).map(({ uid }) => uid)).toEqual([404]);
		expect(changes.vanishedUids?.toString()).toBe('300:310,405,411');
		expect(imap.mailbox?.exists).toBe(10);
	});

	test('needs QRESYNC enabled, UIDs and a mod-sequence', async () => {
		const { imap, server } = await selected({}, { capabilities });
		const before = server.sent;
		const since = { changedSince: 5n, vanished: true };
		await expect(imap.selected.fetch('1', {}, { ...since }).all()).rejects.toMatchObject({
			code: 'STATE',
		});
		expect(() => imap.selected.bySequenceNumber.fetch('1', {}, since)).toThrow(wrong);
		expect(() => imap.selected.fetch('1', {}, { vanished: true })).toThrow(wrong);
		expect(server.sent).toBe(before);
	});
});

describe('PARTIAL (RFC 9394)', () => {
	const capabilities = 'IMAP4rev1 ESEARCH ESORT SORT PARTIAL';

	test('of a search', async () => {
		const { imap, server } = await selected({}, { capabilities });
		const found = imap.selected.searchReturning({ seen: false }, [
			{ partial: [-1, -100] },
			'count',
		]);
		const tag = await server.command('UID SEARCH RETURN (PARTIAL -1:-100 COUNT) UNSEEN');
		server.say(
			`* ESEARCH (TAG "${tag}") UID PARTIAL (-1:-100 200:250,252:300) COUNT 10`,
			`${tag} OK`,
		);
		expect(await found).toEqual({
			partial: { range: '-1:-100', all: UidSet.from('200:250,252:300') },
			count: 10,
		});
	});

	test('with nothing in that part', async () => {
		const { imap, server } = await selected({}, { capabilities });
		const found = imap.selected.bySequenceNumber.searchReturning({}, [{ partial: [24000, 24500] }]);
		const tag = await server.command('SEARCH RETURN (PARTIAL 24000:24500) ALL');
		server.say(`* ESEARCH (TAG "${tag}") PARTIAL (24000:24500 NIL)`, `${tag} OK`);
		expect((await found).partial).toEqual({ range: '24000:24500', all: undefined });
	});

	test('of a fetch', async () => {
		const { imap, server } = await selected({}, { capabilities });
		const newest = imap.selected.fetch('1:*', { size: true }, { partial: [-1, -2] }).all();
		await server.answer(
			'UID FETCH 1:* (UID RFC822.SIZE) (PARTIAL -1:-2)',
			'* 9 FETCH (UID 90 RFC822.SIZE 5)',
			'* 10 FETCH (UID 95 RFC822.SIZE 6)',
		);
		expect((await newest).map(({ uid }) => uid)).toEqual([90, 95]);
	});

	test('of a sorted search (RFC 5267), whose order is kept', async () => {
		const { imap, server } = await selected({}, { capabilities });
		const sorted = imap.selected.bySequenceNumber.sortReturning(
			[{ key: 'DATE', reverse: true }],
			{},
			['all', { partial: [1, 2] }],
		);
		const tag = await server.command('SORT RETURN (ALL PARTIAL 1:2) (REVERSE DATE) UTF-8 ALL');
		server.say(`* ESEARCH (TAG "${tag}") ALL 5,3:4 PARTIAL (1:2 5,3)`, `${tag} OK`);
		expect(await sorted).toMatchObject({ all: [5, 3, 4], partial: { all: [5, 3] } });
	});

	test.each([
		[0, 5],
		[1, -5],
		[1.5, 2],
		[1, 2 ** 33],
	])('%d to %d is not a part', async (from, to) => {
		const { imap } = await selected({}, { capabilities });
		await expect(
			imap.selected.bySequenceNumber.searchReturning({}, [{ partial: [from, to] }]),
		).rejects.toThrow(wrong);
		expect(() => imap.selected.fetch('1:*', {}, { partial: [from, to] })).toThrow(wrong);
	});

	test('is refused here where it is not offered', async () => {
		const { imap } = await selected({}, { capabilities: 'IMAP4rev1 ESEARCH' });
		const missing = { code: 'CAPABILITY' };
		await expect(
			imap.selected.bySequenceNumber.searchReturning({}, [{ partial: [1, 2] }]),
		).rejects.toMatchObject(missing);
		await expect(imap.selected.fetch('1:*', {}, { partial: [1, 2] }).all()).rejects.toMatchObject(
			missing,
		);
		await expect(
			imap.selected.bySequenceNumber.sortReturning(['DATE'], {}, ['count']),
		).rejects.toMatchObject(missing);
	});
});

test('a set that a search has saved (RFC 5182)', async () => {
	const { imap, server } = await selected({}, { capabilities: 'IMAP4rev1 ESEARCH SEARCHRES' });
	const saved = imap.selected.bySequenceNumber.searchReturning({ deleted: true }, ['save']);
	const fetched = saved.then(() =>
		imap.selected.bySequenceNumber.fetch(SequenceSet.saved, { size: true }).all(),
	);
	await server.answer('SEARCH RETURN (SAVE) DELETED');
	await server.answer('FETCH $ (RFC822.SIZE)', '* 3 FETCH (RFC822.SIZE 5)');
	expect(await fetched).toHaveLength(1);
});

test('a message above APPENDLIMIT is not sent (RFC 7889)', async () => {
	const { imap, server } = await selected(
		{},
		{ capabilities: 'IMAP4rev1 LITERAL+ APPENDLIMIT=10' },
	);
	await expect(imap.append('INBOX', 'x'.repeat(11))).rejects.toMatchObject({ code: 'TOO_LARGE' });
	const appended = imap.append('INBOX', 'x'.repeat(10));
	const tag = await server.command('APPEND INBOX {10+}');
	server.say(`${tag} OK done`);
	await appended;
});

describe('Gmail (X-GM-EXT-1)', () => {
	const capabilities = 'IMAP4rev1 X-GM-EXT-1';

	test('labels are returned and stored, named as mailboxes are', async () => {
		const { imap, server } = await selected({}, { capabilities });
		const fetched = imap.selected.bySequenceNumber
			.fetch('1', { gmailLabels: true, gmailThreadId: true })
			.all();
		await server.answer(
			'FETCH 1 (X-GM-THRID X-GM-LABELS)',
			'* 1 FETCH (X-GM-THRID 1278455344230334865 X-GM-LABELS ("\\\\Inbox" Entw&APw-rfe))',
		);
		expect((await fetched)[0]).toMatchObject({
			gmailThreadId: 1278455344230334865n,
			gmailLabels: ['\\Inbox', 'Entwürfe'],
		});
		const stored = imap.selected.bySequenceNumber.store('1', '+X-GM-LABELS', ['Köln', 'to do']);
		await server.answer(
			'STORE 1 +X-GM-LABELS (K&APY-ln "to do")',
			'* 1 FETCH (X-GM-LABELS (K&APY-ln "to do"))',
		);
		expect((await stored).messages[0]?.gmailLabels).toEqual(['Köln', 'to do']);
	});

	test('its search keys', async () => {
		const { imap, server } = await selected({}, { capabilities });
		const found = imap.selected.bySequenceNumber.search({
			gmailLabel: 'Köln',
			gmailMessageId: 5n,
			gmailRaw: 'has:attachment',
		});
		await server.answer(
			'SEARCH X-GM-LABELS K&APY-ln X-GM-MSGID 5 X-GM-RAW "has:attachment"',
			'* SEARCH 4',
		);
		expect(await found).toEqual([4]);
	});

	test('is refused here where it is not offered', async () => {
		const { imap } = await selected();
		const missing = { code: 'CAPABILITY' };
		await expect(
			imap.selected.bySequenceNumber.fetch('1', { gmailLabels: true }).all(),
		).rejects.toMatchObject(missing);
		await expect(
			imap.selected.bySequenceNumber.store('1', '+X-GM-LABELS', ['a']),
		).rejects.toMatchObject(missing);
		await expect(imap.selected.bySequenceNumber.search({ gmailLabel: 'a' })).rejects.toMatchObject(
			missing,
		);
	});
});
