import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { FetchedMessage, MessageBody } from '../../engine/index';
import { largeMessage, message } from './messages';
import { leaveOut } from './needs';
import { onEachServer } from './on-each-server';

const LARGE = largeMessage(3_000_000);
const MEDIUM = largeMessage(200_000);
const SMALL = message({ Subject: 'small' }, 'body');
const whole = { body: [{ section: '' }] };

function onlyBody({ body }: FetchedMessage): MessageBody {
	const [first] = body;
	if (!first) throw new Error('The message came without a body');
	return first;
}

const digest = (octets: Uint8Array): string => createHash('sha256').update(octets).digest('hex');

onEachServer((bench) => {
	test('a large body is a stream; a small one is there at once', async () => {
		const { imap } = await bench.inbox([LARGE]);
		await imap.append('INBOX', SMALL);
		await imap.noop();
		const seen: string[] = [];
		for await (const found of imap.selected.bySequenceNumber.fetch('1:2', {
			...whole,
			uid: true,
			size: true,
		})) {
			const body = onlyBody(found);
			expect(found.uid).toBe(found.seq);
			expect(body.size).toBe(found.size);
			if (found.seq === 2) {
				expect(body.content?.toString()).toBe(SMALL);
				seen.push('small');
				continue;
			}
			expect(body.content).toBeUndefined();
			const hash = createHash('sha256');
			let octets = 0;
			for await (const chunk of body.stream()) {
				hash.update(chunk as Buffer);
				octets += (chunk as Buffer).length;
			}
			expect(octets).toBe(LARGE.length);
			expect(hash.digest('hex')).toBe(digest(LARGE));
			expect(() => body.stream()).toThrow(expect.objectContaining({ code: 'STATE' }) as Error);
			seen.push('large');
		}
		expect(seen).toEqual(['large', 'small']);
	});

	test('bytes() and all() read streamed bodies whole', async () => {
		const { imap } = await bench.inbox([MEDIUM, LARGE]);
		for await (const found of imap.selected.bySequenceNumber.fetch('2', whole))
			expect(digest((await onlyBody(found).bytes()) as Buffer)).toBe(digest(LARGE));
		const all = await imap.selected.bySequenceNumber.fetch('1:2', whole).all();
		expect(all.map((one) => digest(onlyBody(one).content as Buffer))).toEqual(
			[MEDIUM, LARGE].map(digest),
		);
	});

	test('several sections of one message, large and small', async () => {
		const { imap } = await bench.inbox([LARGE]);
		const end = LARGE.indexOf('\r\n\r\n') + 4;
		const body = ['HEADER', 'TEXT', '', '1', '7'].map((section) => ({ section }));
		const [found] = await imap.selected.bySequenceNumber.fetch('1', { body, flags: true }).all();
		expect(found?.body.map(({ content }) => content?.length ?? 0)).toEqual([
			end,
			LARGE.length - end,
			LARGE.length,
			LARGE.length - end,
			0,
		]);
		expect(found?.body[0]?.content?.equals(LARGE.subarray(0, end))).toBe(true);
		expect(found?.body[1]?.content?.equals(LARGE.subarray(end))).toBe(true);
	});

	test('a subject as long as a body that is streamed stops neither its message nor the one behind it', async () => {
		const subject = 'ü[x] '.repeat(60_000);
		const { imap } = await bench.inbox([message({ Subject: subject }, 'body')]);
		await imap.append('INBOX', LARGE);
		await imap.noop();
		const items = { envelope: true, bodyStructure: true, body: [{ section: '1' }] };
		const [first, second] = await imap.selected.bySequenceNumber.fetch('1:2', items).all();
		// Courier gives the beginning, in encoded words.
		if (bench.name === 'Courier') expect(first?.envelope?.subject).toMatch(/^=\?utf-8\?B\?w7xb/);
		else expect(first?.envelope?.subject?.trim()).toHaveLength(subject.length - 1);
		expect(first?.body[0]?.content?.toString()).toBe('body\r\n');
		expect(second?.envelope?.subject).toBe('large');
		expect(second?.body[0]?.content?.length).toBeGreaterThan(2_900_000);
	});

	test('part 1 of a message that is one attached message is that message', async (context) => {
		if (bench.name === 'Courier')
			leaveOut(context, 'Courier counts the parts of the inner message');
		const inner = message({ Subject: 'inner', 'Content-Type': 'text/plain' }, 'inside');
		const { imap } = await bench.inbox([
			message({ 'MIME-Version': '1.0', 'Content-Type': 'message/rfc822' }, inner.trimEnd()),
		]);
		await imap.noop();
		const body = ['1', '1.HEADER', '1.1'].map((section) => ({ section, peek: true }));
		const [found] = await imap.selected.fetch('1:*', { body }).all();
		const texts = (found?.body ?? []).map(({ content }) => content?.toString());
		expect(texts).toEqual([inner, inner.slice(0, -'inside\r\n'.length), 'inside\r\n']);
	});

	test('a range of bytes of a large body', async () => {
		const { imap } = await bench.inbox([LARGE]);
		const body = [{ section: '', partial: { start: 1_000_001, length: 500_000 } }];
		const [found] = await imap.selected.bySequenceNumber.fetch('1', { body }).all();
		expect(found?.body[0]?.origin).toBe(1_000_001);
		expect(digest(found?.body[0]?.content as Buffer)).toBe(
			digest(LARGE.subarray(1_000_001, 1_500_001)),
		);
	});

	test('a body that nobody reads goes by, and the next message comes', async () => {
		const { imap } = await bench.inbox([LARGE, SMALL, MEDIUM]);
		const found: FetchedMessage[] = [];
		for await (const one of imap.selected.bySequenceNumber.fetch('1:3', { ...whole, size: true }))
			found.push(one);
		expect(found.map(({ size }) => size).sort()).toEqual(
			[LARGE, SMALL, MEDIUM].map(({ length }) => length).sort(),
		);
		const unread = found.find(({ size }) => size === LARGE.length) as FetchedMessage;
		await expect(onlyBody(unread).bytes()).rejects.toMatchObject({ code: 'BODY_DISCARDED' });
		expect((await imap.selected.bySequenceNumber.fetch('2', { uid: true }).all())[0]?.uid).toBe(2);
	});

	test('a stream that is left half-way goes by as well', async () => {
		const { imap } = await bench.inbox([LARGE]);
		await imap.append('INBOX', SMALL);
		await imap.noop();
		let rows = 0;
		for await (const one of imap.selected.bySequenceNumber.fetch('1:2', whole)) {
			rows++;
			if (one.seq === 2) continue;
			for await (const chunk of onlyBody(one).stream()) {
				expect((chunk as Buffer).length).toBeGreaterThan(0);
				break;
			}
		}
		expect(rows).toBe(2);
		await imap.noop();
	});

	test('a loop that is left early frees the connection', async () => {
		const { imap } = await bench.inbox([LARGE, MEDIUM, SMALL, LARGE]);
		for await (const one of imap.selected.bySequenceNumber.fetch('1:*', whole)) {
			expect(one.seq).toBe(1);
			break;
		}
		expect(await imap.selected.bySequenceNumber.search({ all: true })).toEqual([1, 2, 3, 4]);
		for await (const one of imap.selected.bySequenceNumber.fetch('1:*', { flags: true })) {
			expect(one.flags).toBeDefined();
			break;
		}
		await imap.noop();
		const thrown = (async () => {
			for await (const one of imap.selected.bySequenceNumber.fetch('1:*', whole))
				throw new Error(`at ${one.seq}`);
		})();
		await expect(thrown).rejects.toThrow('at 1');
		await imap.noop();
	});

	test('a command inside a fetch loop is answered', async () => {
		const { imap } = await bench.inbox(Array.from({ length: 10 }, () => SMALL));
		const uids: number[] = [];
		for await (const { uid } of imap.selected.bySequenceNumber.fetch('1:*', {
			uid: true,
			envelope: true,
		})) {
			await imap.selected.store(String(uid), '+FLAGS', ['\\Flagged'], { silent: true });
			const [inner] = await imap.selected.fetch(String(uid), { flags: true }).all();
			expect(inner?.flags).toContain('\\Flagged');
			uids.push(uid as number);
		}
		expect(uids).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
		expect(await imap.selected.search({ flagged: true })).toEqual(uids);
	});

	test('a command inside a loop over large bodies is answered, the body read after it or before', async () => {
		const { imap } = await bench.inbox([MEDIUM, LARGE, MEDIUM]);
		const digests: string[] = [];
		for await (const found of imap.selected.bySequenceNumber.fetch('1:3', whole)) {
			if (found.seq === 2) {
				await imap.selected.bySequenceNumber.store('2', '+FLAGS', ['\\Answered'], { silent: true });
				digests.push(digest((await onlyBody(found).bytes()) as Buffer));
			} else {
				digests.push(digest((await onlyBody(found).bytes()) as Buffer));
				await imap.selected.bySequenceNumber.copy(String(found.seq), 'INBOX');
			}
		}
		expect(digests).toEqual([MEDIUM, LARGE, MEDIUM].map(digest));
		await imap.noop();
		expect(imap.mailbox?.exists).toBe(5);
	});

	test('a fetch is sent when it is iterated, and once', async () => {
		const { imap, sent } = await bench.inbox([SMALL]);
		const messages = imap.selected.bySequenceNumber.fetch('1', { flags: true });
		await imap.noop();
		expect(sent).toEqual(['NOOP']);
		expect(await messages.all()).toHaveLength(1);
		expect(sent).toHaveLength(2);
	});

	test('a stream is as slow as its reader', async () => {
		const { imap } = await bench.inbox([largeMessage(8_000_000)]);
		for await (const found of imap.selected.bySequenceNumber.fetch('1', whole)) {
			const stream = onlyBody(found).stream();
			// Nobody reads for a while: what is kept must not grow to the whole of it.
			await new Promise((resolve) => setTimeout(resolve, 200));
			expect(stream.readableLength).toBeLessThan(2_000_000);
			let octets = 0;
			for await (const chunk of stream) octets += (chunk as Buffer).length;
			expect(octets).toBe(8_000_000);
		}
		await imap.noop();
	});

	test('the connection is lost in the middle of a body', async () => {
		const { imap } = await bench.inbox([largeMessage(8_000_000)]);
		const reading = (async () => {
			for await (const found of imap.selected.bySequenceNumber.fetch('1', whole)) {
				const stream = onlyBody(found).stream();
				for await (const chunk of stream) {
					expect((chunk as Buffer).length).toBeGreaterThan(0);
					imap.destroy();
				}
			}
		})();
		await expect(reading).rejects.toMatchObject({ code: 'CLOSED' });
	});
});
