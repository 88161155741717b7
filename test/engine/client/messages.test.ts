/** The commands on messages of an open mailbox: what they make of several answers, and of wrong ones. */
import { describe, expect, test } from 'vitest';
import type { Imap4, SearchReturn, Uid } from '../../../engine/index';
import { UidSet } from '../../../engine/index';
import { nothingUnhandled, selected } from './fake-transport';

nothingUnhandled();

describe('a search', () => {
	const withEsearch = { exists: 2, capabilities: 'IMAP4rev1 ESEARCH' };
	const withoutEsearch = { exists: 2, capabilities: 'IMAP4rev1' };
	const extended = 'UID SEARCH RETURN (ALL) SUBJECT "a"';
	const plain = 'UID SEARCH SUBJECT "a"';
	const searching = (imap: Imap4): Promise<Uid[]> => imap.selected.search({ subject: 'a' });

	test('asks by ESEARCH where that is on offer', async () => {
		const { imap, server } = await selected({}, withEsearch);
		const found = searching(imap);
		const tag = await server.command(extended);
		server.say(`* ESEARCH (TAG "${tag}") UID ALL 4,7:8`, `${tag} OK`);
		expect(await found).toEqual([4, 7, 8]);
		await server.nothingMore();
	});

	test.each([
		['sends none', ''],
		['sends one that cannot be read', '* ESEARCH UID ALL 1:2:3'],
	])('is asked again without ESEARCH where the server %s', async (_what, line) => {
		const { imap, server } = await selected({}, withEsearch);
		const found = searching(imap);
		const tag = await server.command(extended);
		if (line) server.say(line.replace('ESEARCH', `ESEARCH (TAG "${tag}")`));
		server.say(`${tag} OK`);
		await server.answer(plain, '* SEARCH 4');
		expect(await found).toEqual([4]);
	});

	test.each([
		['* SEARCH 2 1 2', [2, 1]],
		['* SEARCH 1 1 2', [1, 2]],
		['* SEARCH 1 2\r\n* SEARCH 2 3', [1, 2, 3]],
	])('returns each message once: %s', async (line, uids) => {
		const { imap, server } = await selected({}, withoutEsearch);
		const found = searching(imap);
		await server.answer(plain, line);
		expect(await found).toEqual(uids);
	});

	test('that sorts does so too, and keeps the order', async () => {
		const { imap, server } = await selected({}, { capabilities: 'IMAP4rev1 SORT' });
		const found = imap.selected.sort(['ARRIVAL'], { seen: true });
		await server.answer(/^UID SORT/, '* SORT 7 3 7 5');
		expect(await found).toEqual([7, 3, 5]);
	});

	test('that is refused is not asked again', async () => {
		const { imap, server } = await selected({}, withEsearch);
		const refused = expect(searching(imap)).rejects.toMatchObject({ code: 'NO' });
		server.say(`${await server.command(extended)} NO too much`);
		await refused;
		await server.nothingMore();
	});

	test('by criteria may find nothing', async () => {
		const { imap, server } = await selected({}, withoutEsearch);
		const found = searching(imap);
		await server.answer(plain, '* SEARCH');
		expect(await found).toEqual([]);
		await server.nothingMore();
	});

	describe('of all messages that finds none', () => {
		async function none() {
			const { imap, server } = await selected({}, withoutEsearch);
			const found = imap.selected.search({ all: true });
			found.catch(() => undefined);
			await server.answer('UID SEARCH ALL', '* SEARCH');
			return { server, found };
		}

		test('is asked again, in case the answer was wrong', async () => {
			const { server, found } = await none();
			await server.answer('NOOP');
			await server.answer('UID SEARCH ALL', '* SEARCH 4 7');
			expect(await found).toEqual([4, 7]);
		});

		test('is right where all have been removed since', async () => {
			const { server, found } = await none();
			await server.answer('NOOP', '* 2 EXPUNGE', '* 1 EXPUNGE');
			expect(await found).toEqual([]);
			await server.nothingMore();
		});

		test('is right where all were removed while it was asked again', async () => {
			const { server, found } = await none();
			await server.answer('NOOP', '* 2 EXPUNGE');
			await server.answer('UID SEARCH ALL', '* SEARCH', '* 1 EXPUNGE');
			expect(await found).toEqual([]);
		});

		test('is an error where they are there: the mailbox must not look empty', async () => {
			const { server, found } = await none();
			await server.answer('NOOP');
			await server.answer('UID SEARCH ALL', '* SEARCH');
			await expect(found).rejects.toMatchObject({
				code: 'MALFORMED',
				command: 'SEARCH',
				message: 'The server reports 2 messages but its SEARCH returned none',
			});
		});
	});

	test.each<[SearchReturn[], string, object]>([
		[
			['min', 'max', 'count'],
			'MIN 3 MAX 9 COUNT 4 MODSEQ 17',
			{ min: 3, max: 9, count: 4, modSeq: 17n },
		],
		[['count'], 'COUNT 0', { count: 0 }],
		[['min'], '', {}],
		[['all'], 'ALL 3:4', { all: UidSet.from('3:4') }],
	])(
		'with RETURN %j has what the server found, and nothing else: %s',
		async (wanted, line, all) => {
			const { imap, server } = await selected({}, withEsearch);
			const found = imap.selected.searchReturning({ subject: 'a' }, wanted);
			const tag = await server.command(/^UID SEARCH RETURN/);
			server.say(`* ESEARCH (TAG "${tag}") UID ${line}`.trimEnd(), `${tag} OK`);
			expect(await found).toStrictEqual(all);
		},
	);
});

describe('more messages than one command can name are named in several', () => {
	// Each is a range of its own: some 10,000 characters.
	const odd = Array.from({ length: 2000 }, (_, n) => 2 * n + 1) as Uid[];

	test('by STORE, whose answers are put together', async () => {
		const { imap, server } = await selected({}, { capabilities: 'IMAP4rev1 CONDSTORE' });
		const stored = imap.selected.store(odd, '+FLAGS', ['\\Seen'], { unchangedSince: 5n });
		const [one, two] = [await server.command(/^UID STORE/), await server.command(/^UID STORE/)];
		server.say('* 1 FETCH (UID 1 FLAGS (\\Seen) MODSEQ (6))', `${one} OK [MODIFIED 3] done`);
		server.say(`${two} OK [MODIFIED 3999] done`);
		const { messages, modified } = await stored;
		expect(String(modified)).toBe('3,3999');
		expect(messages.map(({ uid }) => uid)).toEqual([1]);
	});

	test('by EXPUNGE, whose answers are put together', async () => {
		const { imap, server } = await selected({}, { capabilities: 'IMAP4rev1 UIDPLUS QRESYNC' });
		const expunged = imap.selected.expunge(odd);
		await server.answer(/^UID EXPUNGE 1,3,/, '* VANISHED 1,3');
		await server.answer(/^UID EXPUNGE .*,3999$/, '* VANISHED 3999');
		expect(String((await expunged).uids)).toBe('1,3,3999');
		const numbered = imap.selected.expunge(odd);
		await server.answer(/^UID EXPUNGE 1,3,/, '* 1 EXPUNGE');
		await server.answer(/^UID EXPUNGE .*,3999$/, '* 5 EXPUNGE');
		expect(await numbered).toEqual({ sequenceNumbers: [1, 5], uids: undefined });
	});
});

test('a STORE that leaves nothing out returns no set of modified messages', async () => {
	const { imap, server } = await selected({}, { capabilities: 'IMAP4rev1 CONDSTORE' });
	const stored = imap.selected.store('1', '+FLAGS', ['\\Seen'], { unchangedSince: 5n });
	await server.answer(/^UID STORE/);
	expect(await stored).toEqual({ messages: [], modified: undefined });
});

test('nothing is copied out of a mailbox that is open read-only where MOVE is not on offer', async () => {
	const { imap, server } = await selected({}, { capabilities: 'IMAP4rev1' });
	const opening = imap.open('INBOX', { readOnly: true });
	await server.answer('EXAMINE INBOX');
	await expect((await opening).move('1', 'Archive')).rejects.toMatchObject({
		code: 'READ_ONLY',
		command: 'MOVE',
		message: 'INBOX is open read-only, so nothing can be changed in it',
	});
	await server.nothingMore();
});

describe('UID MOVE reports where the messages are', () => {
	const moving = async (...lines: string[]): Promise<unknown> => {
		const { imap, server } = await selected(
			{},
			{ exists: 9, capabilities: 'IMAP4rev1 MOVE UIDPLUS' },
		);
		const moved = imap.selected.move('1:3', 'Archive');
		await server.answer('UID MOVE 1:3 Archive', ...lines);
		return (await moved).copied;
	};

	test('in one code, or in several', async () => {
		const uids = new Map([
			[1, 7],
			[2, 8],
			[3, 9],
		]);
		expect(await moving('* OK [COPYUID 5 1:3 7:9] x', '* 1 EXPUNGE')).toEqual({
			uidValidity: 5,
			uids,
		});
		expect(
			await moving(
				'* OK [COPYUID 5 1 7] x',
				'* 1 EXPUNGE',
				'* OK [COPYUID 5 2:3 8:9] x',
				'* 1 EXPUNGE',
			),
		).toEqual({ uidValidity: 5, uids });
	});

	test('not where the codes are of two mailboxes', async () => {
		expect(await moving('* OK [COPYUID 5 1 7] x', '* OK [COPYUID 6 2:3 8:9] x')).toBeUndefined();
	});

	test('and not in a code of messages that another command moves', async () => {
		expect(await moving('* OK [COPYUID 5 1 7] x', '* OK [COPYUID 5 6 8] x')).toMatchObject({
			uids: new Map([[1, 7]]),
		});
	});
});
