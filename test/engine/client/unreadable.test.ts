/** A response that cannot be read is passed over once the login is beyond doubt. */
import { describe, expect, test } from 'vitest';
import type { UntaggedResponse } from '../../../engine/index';
import { greeted, nothingUnhandled, selected } from './fake-transport';

nothingUnhandled();

async function session() {
	const seen: UntaggedResponse[] = [];
	const { imap, server } = await selected({
		onUnsolicited: (response) => void seen.push(response),
	});
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
