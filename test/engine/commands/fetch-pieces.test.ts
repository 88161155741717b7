import { describe, expect, test } from 'vitest';
import { FetchPieces } from '../../../engine/commands/message/fetch-pieces';
import { FetchedMessage } from '../../../engine/grammar/fetch';
import { MessageBody } from '../../../engine/grammar/message-body';
import type { SequenceNumber, Uid } from '../../../engine/grammar/message-number';

/** As many as are kept at a time. */
const MOST = 100;

function message(
	seq: number,
	{ uid, ...items }: { uid?: number; size?: number; flags?: string[] } = {},
): FetchedMessage {
	const one = Object.assign(new FetchedMessage(seq as SequenceNumber), items);
	one.uid = uid as Uid | undefined;
	return one;
}

function pieces() {
	const emitted: FetchedMessage[] = [];
	return { emitted, pieces: new FetchPieces((one) => void emitted.push(one)) };
}

describe('a message of which something is missing', () => {
	test.each([
		['neither has a UID', {}, {}],
		['only the first has one', { uid: 7 }, {}],
		['only the second has one', {}, { uid: 7 }],
		['both have the same', { uid: 7 }, { uid: 7 }],
	])('is joined with what follows where %s', (_what, first, second) => {
		const { emitted, pieces: kept } = pieces();
		kept.keep(1, message(1, { ...first, size: 5 }));
		const rest = message(1, { ...second, flags: [] });
		kept.complete(1, rest);
		expect(rest).toMatchObject({ ...first, ...second, size: 5, flags: [] });
		expect(emitted).toEqual([]);
		expect(kept.get(1)).toBeUndefined();
	});

	test.each([
		['another UID', message(1, { uid: 7 }), message(1, { uid: 8 })],
		['another number, after an EXPUNGE', message(2, { uid: 7 }), message(1, { uid: 7 })],
	])('stays apart from one of %s', (_what, first, second) => {
		const { emitted, pieces: kept } = pieces();
		first.size = 5;
		kept.keep(1, first);
		kept.complete(1, second);
		expect(second.size).toBeUndefined();
		expect(emitted).toEqual([first]);
	});

	test('is not joined with itself', () => {
		const { emitted, pieces: kept } = pieces();
		const one = message(1, { size: 5 });
		one.body.push(new MessageBody('1'));
		kept.keep(1, one);
		kept.complete(1, one);
		expect(one.body).toHaveLength(1);
		expect(emitted).toEqual([]);
	});

	test('is handed on when more are kept than a server can mix, the oldest first', () => {
		const { emitted, pieces: kept } = pieces();
		for (let seq = 1; seq <= MOST; seq++) kept.keep(seq, message(seq));
		expect(emitted).toEqual([]);
		kept.keep(MOST + 1, message(MOST + 1));
		expect(emitted.map(({ seq }) => seq)).toEqual([1]);
		kept.releaseAll();
		expect(emitted).toHaveLength(MOST + 1);
		expect(kept.get(2)).toBeUndefined();
	});
});

describe('news of a message that has not come', () => {
	test('are joined with each other and with the message', () => {
		const { emitted, pieces: kept } = pieces();
		kept.note(1, message(1, { uid: 7 }));
		kept.note(1, message(1, { flags: ['\\Seen'] }));
		const rest = message(1, { size: 5 });
		kept.complete(1, rest);
		expect(rest).toMatchObject({ uid: 7, flags: ['\\Seen'], size: 5 });
		expect(emitted).toEqual([]);
	});

	test('are forgotten where they are another message’s, and never handed on by themselves', () => {
		const { emitted, pieces: kept } = pieces();
		kept.note(1, message(1, { uid: 7, flags: ['\\Seen'] }));
		kept.note(1, message(1, { uid: 8 }));
		const same = message(1, { uid: 8 });
		kept.complete(1, same);
		expect(same.flags).toBeUndefined();
		kept.note(1, message(1, { uid: 7, flags: ['\\Seen'] }));
		const other = message(1, { uid: 9 });
		kept.complete(1, other);
		expect(other.flags).toBeUndefined();
		kept.releaseAll();
		expect(emitted).toEqual([]);
	});

	test('are kept of as many messages as a server can mix, the newest', () => {
		const { pieces: kept } = pieces();
		for (let seq = 1; seq <= MOST; seq++) kept.note(seq, message(seq, { size: seq }));
		kept.note(MOST + 1, message(MOST + 1, { size: 5 }));
		const sizes = [1, 2, MOST + 1].map((seq) => {
			const one = message(seq);
			kept.complete(seq, one);
			return one.size;
		});
		expect(sizes).toEqual([undefined, 2, 5]);
	});
});
