/** What responses reported is kept until somebody asks, as imaplib's `untagged_responses` is. */
import { describe, expect, test } from 'vitest';
import { ResponseCache } from '../../../engine/client/response-cache';
import { sessionOf } from '../../../engine/client/imap4';
import type { UntaggedResponse } from '../../../engine/index';
import { parseResponses } from '../../../engine/index';
import { nothingUnhandled, selected } from './fake-transport';

nothingUnhandled();

/** A cache that has been given these lines. */
function cacheOf(...lines: string[]): ResponseCache {
	const cache = new ResponseCache();
	for (const line of lines) {
		const bytes = Buffer.from(`${line}\r\n`);
		for (const response of parseResponses(bytes))
			cache.add(response as UntaggedResponse, bytes.length);
	}
	return cache;
}

test.each<[string, string, unknown[]]>([
	['EXISTS', '* 3 EXISTS', [3]],
	['RECENT', '* 1 RECENT', [1]],
	['EXPUNGE', '* 2 EXPUNGE', [2]],
	['FLAGS', '* FLAGS (\\Seen $A)', [['\\Seen', '$A']]],
	['CAPABILITY', '* CAPABILITY IMAP4rev1 IDLE', [['IMAP4REV1', 'IDLE']]],
	['ENABLED', '* ENABLED CONDSTORE', [['CONDSTORE']]],
	['VANISHED', '* VANISHED 4:6', ['4:6']],
	['UIDNEXT', '* OK [UIDNEXT 9] next', [9]],
	['ALERT', '* OK [ALERT] the disk is full', ['the disk is full']],
	['XNEW', '* OK [XNEW data] words', ['data']],
	['OTHER', '* OK no code', []],
	['FETCH', '* 1 FETCH (UID 5)', []],
	['SEARCH', '* SEARCH 1 2', []],
])('%s is kept of “%s”', (name, line, kept) => {
	expect(cacheOf(line).take(name)).toEqual(kept);
});

test('words of a response that is not known are kept', () => {
	expect(cacheOf('* XNEW a b').take('XNEW')).toHaveLength(1);
});

test('what is taken is gone; the others are not', () => {
	const cache = cacheOf('* 3 EXISTS', '* 4 EXISTS', '* 1 RECENT');
	expect(cache.take('EXISTS')).toEqual([3, 4]);
	expect(cache.take('EXISTS')).toEqual([]);
	expect(cache.take('RECENT')).toEqual([1]);
});

test('nothing is left after all is cleared', () => {
	const cache = cacheOf('* 3 EXISTS');
	cache.clear();
	expect(cache.take('EXISTS')).toEqual([]);
});

describe('a server that sends without end does not fill memory', () => {
	const exists = (number: number): UntaggedResponse => ({ type: 'EXISTS', number });

	test('the last hundred of a kind are kept', () => {
		const cache = new ResponseCache();
		for (let number = 1; number <= 101; number++) cache.add(exists(number), 10);
		const kept = cache.take('EXISTS');
		expect([kept.length, kept[0], kept[99]]).toEqual([100, 2, 101]);
	});

	test('a hundred kinds are kept, and what comes of those', () => {
		const words = Array.from({ length: 101 }, (_, n) => `* X${n} a`);
		const cache = cacheOf(...words, '* X0 b');
		expect(cache.take('X0')).toHaveLength(2);
		expect(cache.take('X99')).toHaveLength(1);
		expect(cache.take('X100')).toEqual([]);
	});

	test('a response of more than 8 KiB is not kept', () => {
		const cache = new ResponseCache();
		cache.add(exists(1), 8 * 1024 + 1);
		cache.add(exists(2), 8 * 1024);
		expect(cache.take('EXISTS')).toEqual([2]);
	});
});

test('a session keeps what its responses and their codes report', async () => {
	const { imap, server } = await selected();
	const { responses } = sessionOf(imap);
	responses.clear();
	const noop = imap.noop();
	server.say('* 5 EXISTS', `${await server.command('NOOP')} OK [ALERT] soon over`);
	await noop;
	expect([responses.take('EXISTS'), responses.take('ALERT')]).toEqual([[5], ['soon over']]);
});
