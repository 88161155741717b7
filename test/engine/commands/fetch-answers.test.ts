import { describe, expect, test } from 'vitest';
import { type AskedSection, FetchAnswers } from '../../../engine/commands/message/fetch-answers';
import { FETCH_ITEMS, type FetchItem } from '../../../engine/commands/message/fetch-items';
import type { SessionState } from '../../../engine/commands/command';
import { type FetchedMessage, readFetch } from '../../../engine/grammar/fetch';
import type { SequenceNumber } from '../../../engine/grammar/message-number';
import { UidSet } from '../../../engine/grammar/message-set';
import { reader } from '../wire/reading';

const session = {} as SessionState;

/** The message of `* seq FETCH (items)`. */
const fetched = (seq: number, items: string): FetchedMessage =>
	readFetch(reader(`(${items})`), seq as SequenceNumber);

/** A UID FETCH of 1:9, and what it hands on. */
function asked(items: readonly FetchItem['item'][], sections: readonly string[] = []) {
	const emitted: FetchedMessage[] = [];
	const answers = new FetchAnswers(
		UidSet.from('1:9'),
		FETCH_ITEMS.filter(({ item }) => items.includes(item)),
		sections.map((name): AskedSection => ({ name, origin: undefined })),
		{ message: (message) => void emitted.push(message) },
	);
	return {
		answers,
		take: (seq: number, text: string) => answers.take(fetched(seq, text), session),
		uids: () => emitted.map(({ uid }) => uid),
		last: () => emitted.at(-1),
	};
}

describe('a fetch of items that come as news too', () => {
	test('takes each message once, and none outside its set', () => {
		const { take, uids } = asked(['uid', 'flags']);
		expect(take(1, 'UID 1 FLAGS (\\Seen)')).toBe(true);
		expect(take(1, 'UID 1 FLAGS ()')).toBe(false);
		expect(take(2, 'UID 10 FLAGS ()')).toBe(false);
		expect(take(2, 'FLAGS ()')).toBe(false);
		expect(uids()).toEqual([1]);
	});

	test('joins a message that comes in two pieces, of which neither is whole', () => {
		const { take, uids, last } = asked(['uid', 'flags', 'modSeq']);
		expect(take(1, 'UID 1 FLAGS (\\Seen)')).toBe(false);
		expect(uids()).toEqual([]);
		expect(take(1, 'UID 1 MODSEQ (5)')).toBe(true);
		expect(uids()).toEqual([1]);
		expect(last()).toMatchObject({ flags: ['\\Seen'], modSeq: 5n });
	});
});

describe('a fetch of items that only come when asked for', () => {
	test('waits for what is missing of a message', () => {
		const { take, uids, last } = asked(['uid', 'flags', 'size']);
		expect(take(1, 'UID 1 RFC822.SIZE 7')).toBe(true);
		expect(uids()).toEqual([]);
		expect(take(1, 'UID 1 FLAGS (\\Seen)')).toBe(true);
		expect(uids()).toEqual([1]);
		expect(last()).toMatchObject({ size: 7, flags: ['\\Seen'] });
	});

	test('leaves news of a message to others, and remembers them for the message that follows', () => {
		const { take, uids, last } = asked(['uid', 'flags', 'size']);
		expect(take(1, 'UID 1 FLAGS (\\Seen)')).toBe(false);
		expect(take(1, 'UID 1 RFC822.SIZE 7')).toBe(true);
		expect(uids()).toEqual([1]);
		expect(last()).toMatchObject({ size: 7, flags: ['\\Seen'] });
	});

	test('is not brought further by news of what it has, or did not ask for', () => {
		const { take, uids, last } = asked(['uid', 'flags', 'size', 'modSeq']);
		expect(take(1, 'UID 1 RFC822.SIZE 7 FLAGS (\\Seen)')).toBe(true);
		expect(take(1, 'UID 1 FLAGS (\\Deleted)')).toBe(false);
		expect(take(1, 'UID 1 X-OTHER 1')).toBe(false);
		expect(uids()).toEqual([]);
		expect(take(1, 'UID 1 MODSEQ (5)')).toBe(true);
		expect(last()).toMatchObject({ size: 7, flags: ['\\Seen'], modSeq: 5n });
	});

	test('leaves news of a message that has come to others', () => {
		const { take, uids } = asked(['uid', 'flags', 'size']);
		expect(take(1, 'UID 1 FLAGS () RFC822.SIZE 7')).toBe(true);
		expect(take(1, 'UID 1 FLAGS (\\Seen)')).toBe(false);
		expect(uids()).toEqual([1]);
	});

	test('hands on at its end what still lacks something', () => {
		const { answers, take, uids } = asked(['uid', 'flags', 'size']);
		take(1, 'UID 1 RFC822.SIZE 7');
		answers.end();
		expect(uids()).toEqual([1]);
	});
});

describe('bodies', () => {
	const sections = (message: FetchedMessage | undefined) =>
		message?.body.map(({ section, content }) => [section, content?.toString() ?? content]);

	test('come in the order in which they were asked for, with those that were not behind them', () => {
		const { take, last } = asked(['uid'], ['1', '2', '3']);
		expect(take(1, 'UID 1 BODY[4] "d" BODY[2] "b" BODY[3] NIL BODY[1] "a"')).toBe(true);
		expect(sections(last())).toEqual([
			['1', 'a'],
			['2', 'b'],
			['3', null],
			['4', 'd'],
		]);
	});

	test('are waited for until all are there, and one that never comes is null', () => {
		const { answers, take, uids, last } = asked(['uid'], ['1', '2']);
		expect(take(1, 'UID 1 BODY[2] "b"')).toBe(true);
		expect(take(2, 'UID 2 BODY[1] "a" BODY[1] "c"')).toBe(true);
		expect(uids()).toEqual([]);
		expect(take(1, 'UID 1 BODY[1] "a"')).toBe(true);
		expect(uids()).toEqual([1]);
		expect(sections(last())).toEqual([
			['1', 'a'],
			['2', 'b'],
		]);
		answers.end();
		expect(sections(last())).toEqual([
			['1', 'a'],
			['2', null],
			['1', 'c'],
		]);
	});

	test('of another origin are not those that were asked for', () => {
		const { answers, take, uids, last } = asked(['uid'], ['1']);
		expect(take(1, 'UID 1 BODY[1]<4> "a"')).toBe(true);
		expect(uids()).toEqual([]);
		answers.end();
		expect(sections(last())).toEqual([
			['1', null],
			['1', 'a'],
		]);
	});
});

describe('whether a message may be another command’s', () => {
	test.each([
		['a body that was asked for', 'UID 2 BODY[1] "a"', false],
		['one that was, beside one that was not', 'UID 2 BODY[5] "e" BODY[2] "b"', false],
		['only a body that was not', 'UID 2 BODY[5] "e"', true],
		['no body at all', 'UID 2 FLAGS ()', false],
		['no UID, and a body that was asked for', 'BODY[2] "b"', false],
		['a message that has come', 'UID 1 BODY[1] "a" BODY[2] "b"', true],
	])('%s', (_what, text, defers) => {
		const { answers, take } = asked(['uid'], ['1', '2']);
		take(1, 'UID 1 BODY[1] "a" BODY[2] "b"');
		expect(answers.defersTo(fetched(1, text))).toBe(defers);
	});
});

describe('a message of which a body is about to be streamed', () => {
	test('is taken if it may be of the set, and has come then', () => {
		const { answers, uids } = asked(['uid'], ['1']);
		expect(answers.takeStreaming(fetched(1, 'UID 10'), session)).toBe(false);
		expect(answers.takeStreaming(fetched(1, 'UID 1'), session)).toBe(true);
		expect(uids()).toEqual([1]);
		expect(answers.defersTo(fetched(1, 'UID 1'))).toBe(true);
		// The server may put the UID behind the body.
		expect(answers.takeStreaming(fetched(2, ''), session)).toBe(true);
		expect(answers.defersTo(fetched(2, ''))).toBe(false);
		expect(uids()).toEqual([1, undefined]);
	});

	test('is not taken where no body was asked for', () => {
		const { answers, uids } = asked(['uid', 'size']);
		expect(answers.takeStreaming(fetched(1, 'UID 1'), session)).toBe(false);
		expect(uids()).toEqual([]);
	});

	test('gets what came of it before', () => {
		const { answers, take, last } = asked(['uid', 'size'], ['1', '2']);
		take(1, 'UID 1 RFC822.SIZE 7 BODY[2] "b"');
		answers.takeStreaming(fetched(1, 'UID 1'), session);
		expect(last()?.size).toBe(7);
		expect(last()?.body.map(({ section }) => section)).toEqual(['1', '2']);
		expect(last()?.expected?.map(({ section }) => section)).toEqual(['1']);
	});
});
