/** A server may tell a message in several responses (RFC 9051 §7.5.2): the caller gets it once, and whole. */
import { describe, expect, test } from 'vitest';
import type { FetchItems } from '../../../engine/index';
import { nothingUnhandled, selected } from './fake-transport';

nothingUnhandled();

const ENVELOPE = 'ENVELOPE ("d" "s" NIL NIL NIL NIL NIL NIL NIL "<m>")';

async function fetched(items: FetchItems, lines: readonly string[], end = 'OK') {
	const { imap, server } = await selected();
	const messages: object[] = [];
	const reading = (async () => {
		for await (const message of imap.selected.fetch('1:300', items)) {
			const bodies = await Promise.all(message.body.map((body) => body.bytes()));
			messages.push({
				...{ uid: message.uid, size: message.size, flags: message.flags },
				subject: message.envelope?.subject,
				...(items.body ? { bodies: bodies.map((bytes) => bytes?.toString()) } : {}),
			});
		}
	})();
	const tag = await server.command(/^UID FETCH/);
	server.say(...lines, `${tag} ${end}`);
	const error = await reading.then(
		() => undefined,
		(reason: unknown) => reason,
	);
	return { messages, error };
}

const WHOLE = { uid: 4, size: 9, flags: ['\\Seen'], subject: 's' };
const ITEMS = { uid: true, flags: true, size: true, envelope: true };

describe('items in several responses', () => {
	const SIZE = '* 1 FETCH (UID 4 RFC822.SIZE 9)';
	const FLAGS = '* 1 FETCH (UID 4 FLAGS (\\Seen))';
	const SUBJECT = `* 1 FETCH (UID 4 ${ENVELOPE})`;
	test.each([
		['one after the other', [SIZE, SUBJECT, FLAGS]],
		['the flags first', [FLAGS, SIZE, SUBJECT]],
		['the flags between', [SIZE, FLAGS, SUBJECT]],
		['other responses between', [SIZE, '* 3 EXISTS', SUBJECT, '* OK still here', FLAGS]],
	])('%s', async (_what, lines) => {
		expect((await fetched(ITEMS, lines)).messages).toEqual([WHOLE]);
	});

	test('of messages that are mixed', async () => {
		const other = [SIZE, SUBJECT, FLAGS].map((line) =>
			line.replace('* 1', '* 2').replace('4', '5'),
		);
		const lines = [
			SIZE,
			other[0] as string,
			SUBJECT,
			other[1] as string,
			FLAGS,
			other[2] as string,
		];
		expect((await fetched(ITEMS, lines)).messages).toEqual([WHOLE, { ...WHOLE, uid: 5 }]);
	});

	test('flags and mod-sequence apart, where nothing else is asked for', async () => {
		const lines = ['* 1 FETCH (UID 4 FLAGS (\\Seen))', '* 1 FETCH (UID 4 MODSEQ (7))'];
		const { imap, server } = await selected({}, { capabilities: 'IMAP4rev1 CONDSTORE' });
		const all = imap.selected.fetch('4', { flags: true, modSeq: true }).all();
		const tag = await server.command(/^UID FETCH/);
		server.say(...lines, `${tag} OK`);
		expect(await all).toMatchObject([{ uid: 4, flags: ['\\Seen'], modSeq: 7n }]);
	});

	test('two messages under one UID are not made one', async () => {
		const { messages } = await fetched({ size: true, envelope: true }, [
			'* 1 FETCH (UID 4 RFC822.SIZE 9)',
			`* 2 FETCH (UID 4 ${ENVELOPE})`,
		]);
		expect(messages).toMatchObject([
			{ uid: 4, size: 9, subject: undefined },
			{ uid: 4, size: undefined, subject: 's' },
		]);
	});

	test('what the first response says counts, and news that come later are left to the session', async () => {
		const { messages } = await fetched({ flags: true, size: true }, [
			'* 1 FETCH (UID 4 RFC822.SIZE 9 FLAGS (\\Seen))',
			'* 1 FETCH (UID 4 FLAGS (\\Deleted))',
		]);
		expect(messages).toEqual([{ ...WHOLE, subject: undefined }]);
	});
});

describe('bodies in several responses', () => {
	const body = [{ section: '1' }, { section: '2' }];

	test('come in the order they were asked for', async () => {
		const { messages } = await fetched({ size: true, body }, [
			'* 1 FETCH (UID 4 BODY[2] "two")',
			'* 1 FETCH (UID 4 RFC822.SIZE 9)',
			'* 1 FETCH (UID 4 BODY[1] "one")',
		]);
		expect(messages).toMatchObject([{ uid: 4, size: 9, bodies: ['one', 'two'] }]);
	});

	test('one of them large enough to be streamed', async () => {
		const large = 'x'.repeat(300_000);
		const { messages } = await fetched({ size: true, body }, [
			'* 1 FETCH (UID 4 RFC822.SIZE 9 BODY[1] "one")',
			`* 1 FETCH (UID 4 BODY[2] {${large.length}}\r\n${large})`,
		]);
		expect(messages).toMatchObject([{ uid: 4, size: 9, bodies: ['one', large] }]);
	});
});

describe('what stays incomplete comes all the same', () => {
	const INCOMPLETE = { ...WHOLE, flags: undefined, subject: undefined };

	test.each(['OK', 'NO some could not be fetched', 'BAD'])('at the end: %s', async (end) => {
		const { messages, error } = await fetched(ITEMS, ['* 1 FETCH (UID 4 RFC822.SIZE 9)'], end);
		expect(messages).toEqual([INCOMPLETE]);
		expect(error === undefined).toBe(end === 'OK');
	});

	test('where the connection breaks', async () => {
		const { imap, server } = await selected();
		const messages: unknown[] = [];
		const reading = (async () => {
			for await (const { uid } of imap.selected.fetch('4', ITEMS)) messages.push(uid);
		})();
		await server.command(/^UID FETCH/);
		server.say('* 1 FETCH (UID 4 RFC822.SIZE 9)', '* BYE');
		await expect(reading).rejects.toMatchObject({ code: 'BYE' });
		expect(messages).toEqual([4]);
	});

	test('a hundred of them wait, and no more', async () => {
		const { imap, server } = await selected();
		const uids: unknown[] = [];
		const reading = (async () => {
			for await (const { uid } of imap.selected.fetch('1:300', ITEMS)) uids.push(uid);
		})();
		const tag = await server.command(/^UID FETCH/);
		for (let uid = 1; uid <= 103; uid++) server.say(`* ${uid} FETCH (UID ${uid} RFC822.SIZE 9)`);
		await expect.poll(() => uids).toEqual([1, 2, 3]);
		server.say(`${tag} OK`);
		await reading;
		expect(uids).toHaveLength(103);
	});
});

describe('a server that sends more responses than the messages need', () => {
	const SIZE = '* 1 FETCH (UID 4 RFC822.SIZE 9)';

	test('may send a hundred for each message, and not one more', async () => {
		const { imap, server } = await selected();
		const all = imap.selected.fetch('4:5', ITEMS).all();
		all.catch(() => undefined);
		await server.command(/^UID FETCH/);
		server.say(...Array<string>(200).fill(SIZE));
		expect(imap.closedBy).toBeUndefined();
		server.say(SIZE);
		await expect(all).rejects.toMatchObject({
			code: 'LIMIT',
			message: expect.stringContaining('201 messages where 2 were asked for') as string,
		});
	});

	test.each(['4:*', '*'])('has no limit for %s, which may be any message', async (set) => {
		const { imap, server } = await selected();
		const all = imap.selected.fetch(set, ITEMS).all();
		const tag = await server.command(/^UID FETCH/);
		server.say(...Array<string>(1000).fill(SIZE), `${tag} OK`);
		expect(await all).toMatchObject([{ uid: 4, size: 9 }]);
	});
});
