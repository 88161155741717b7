/** A response that cannot be read is passed over once the login is beyond doubt. */
import { describe, expect, test } from 'vitest';
import type { Uid, UntaggedResponse } from '../../../engine/index';
import { greeted, nothingUnhandled, selected } from './fake-transport';

nothingUnhandled();

async function session(capabilities?: string) {
	const seen: UntaggedResponse[] = [];
	const { imap, server } = await selected(
		{ onUnsolicited: (response) => void seen.push(response) },
		{ capabilities },
	);
	return { imap, server, seen };
}

describe('passed over, reported, and the session goes on', () => {
	test.each([
		['words', 'Server Unavailable. 15', 'stray'],
		['a response code without "* OK"', '[COPYUID 124 2 233]', 'stray'],
		['a STATUS without its list', '* STATUS x', 'malformed'],
		['a LIST without a name', '* LIST ()', 'malformed'],
		['a FETCH without its list', '* 2 FETCH', 'malformed'],
		['a number that is too large', '* 99999999999999999999 EXISTS', 'malformed'],
		['a namespace that is a word', '* NAMESPACE odd', 'malformed'],
	])('%s', async (_what, line, type) => {
		const { imap, server, seen } = await session();
		const noop = imap.noop();
		const tag = await server.command('NOOP');
		server.say(line, `${tag} OK`);
		await noop;
		expect(seen).toContainEqual(expect.objectContaining({ type }));
		expect(imap.closedBy).toBeUndefined();
	});

	test('in the middle of a FETCH, whose messages all arrive', async () => {
		const { imap, server } = await session();
		const all = imap.selected.bySequenceNumber.fetch('1:2', { uid: true }).all();
		const tag = await server.command(/^FETCH/);
		server.say('* 1 FETCH (UID 7)', '* STATUS broken', 'hello', '* 2 FETCH (UID 8)', `${tag} OK`);
		expect((await all).map(({ uid }) => uid)).toEqual([7, 8]);
	});
});

describe('a result that cannot be read fails its command, and nothing else', () => {
	test.each([
		['SEARCH', '* SEARCH 1 2 x'],
		['SEARCH', '* SEARCH 99999999999999999999'],
	])('%s: %s', async (_name, line) => {
		const { imap, server } = await session();
		const search = imap.selected.bySequenceNumber.search({ seen: true });
		const noop = imap.noop();
		const tag = await server.command(/SEARCH/);
		server.say(line, `${tag} OK`);
		await expect(search).rejects.toMatchObject({ code: 'MALFORMED' });
		server.say(`${await server.command('NOOP')} OK`);
		await noop;
		expect(imap.closedBy).toBeUndefined();
	});
});

describe('what may be the end of a command, or the size of a literal, ends the session', () => {
	test.each([
		['no tag', () => 'OK done'],
		['a tag in quotes', (tag: string) => `"${tag}" OK done`],
		['a word before the tag', (tag: string) => `x${tag} OK done`],
		['a status that is none', (tag: string) => `${tag} FINE done`],
		['a literal of no size', () => '* STATUS {-1}'],
	])('%s', async (_what, line) => {
		const { imap, server } = await session();
		const noop = imap.noop();
		server.say(line(await server.command('NOOP')));
		await expect(noop).rejects.toMatchObject({ code: 'PROTOCOL' });
		expect(imap.closedBy?.code).toBe('PROTOCOL');
	});
});

test('before the login every unreadable line ends the session', async () => {
	const { imap, server } = await greeted();
	const noop = imap.noop();
	await server.command('NOOP');
	server.say('* STATUS x');
	await expect(noop).rejects.toMatchObject({ code: 'PROTOCOL' });
});

describe('a search that ESEARCH does not answer is asked again without it', () => {
	test.each([
		['no result', []],
		['a set that is none', ['* ESEARCH (TAG "x") UID ALL 1:2:3']],
		['a set with *', ['* ESEARCH (TAG "x") UID ALL 1:*']],
		['sequence numbers in place of UIDs', ['* ESEARCH (TAG "x") ALL 1']],
		['half a set', ['* ESEARCH (TAG "x") UID ALL 7 (8)']],
	])('%s', async (_what, lines) => {
		const { imap, server } = await session('IMAP4rev1 ESEARCH');
		const search = imap.selected.search({ seen: true });
		const tag = await server.command(/^UID SEARCH RETURN \(ALL\) SEEN$/);
		server.say(...lines, `${tag} OK`);
		await server.answer('UID SEARCH SEEN', '* SEARCH 7 8');
		expect(await search).toEqual([7, 8]);
	});

	test('an answer without hits is accepted', async () => {
		const { imap, server } = await session('IMAP4rev1 ESEARCH');
		const search = imap.selected.search({ seen: true });
		await server.answer('UID SEARCH RETURN (ALL) SEEN', '* ESEARCH (TAG "x") UID');
		expect(await search).toEqual([]);
	});

	test('counts that do not come are an error, not none', async () => {
		const { imap, server } = await session('IMAP4rev1 ESEARCH');
		const counting = imap.selected.searchReturning({ seen: true }, ['count']);
		await server.answer('UID SEARCH RETURN (COUNT) SEEN');
		await expect(counting).rejects.toMatchObject({ code: 'MALFORMED' });
		expect(imap.closedBy).toBeUndefined();
	});
});

test.each(['* VANISHED EARLIER 1', '* VANISHED 1:*', '* VANISHED 1:2:3', '* VANISHED 0'])(
	'%s removes nothing and ends nothing',
	async (line) => {
		const { imap, server } = await session('IMAP4rev1 MOVE UIDPLUS');
		const moving = imap.selected.move('1', 'Archive');
		const tag = await server.command(/^UID MOVE/);
		server.say('* 2 EXISTS', line, `${tag} OK [COPYUID 5 1 9] moved`);
		expect((await moving).copied?.uids.get(1 as Uid)).toBe(9);
		expect(imap.closedBy).toBeUndefined();
		expect(imap.selected.exists).toBe(2);
	},
);
