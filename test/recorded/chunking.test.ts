import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Response } from '../../engine/index';
import { defaultLimits, parseResponses } from '../../engine/index';
import { FetchedMessage } from '../../engine/grammar/fetch';
import { MailboxNames } from '../../engine/grammar/mailbox-name';
import { Inbox } from '../../engine/client/inbox';

const transcripts = readdirSync(__dirname)
	.filter((name) => name.endsWith('.txt'))
	.map((name): [string, Buffer] => [name, readFileSync(join(__dirname, name))]);

/** Responses without what tells how they came: bodies as octets, whether held or streamed. */
async function plain(responses: readonly Response[]): Promise<unknown[]> {
	return Promise.all(
		responses.map(async (response) => {
			if (response.type !== 'FETCH') return response;
			const { body, ...rest } = response.message;
			const bodies = body.map(async (one) => [one.section, one.origin, await one.bytes()]);
			return { type: 'FETCH', ...rest, body: await Promise.all(bodies) };
		}),
	);
}

/** Reads the transcript as a connection would, in chunks of these sizes over and over. */
async function inChunks(
	octets: Buffer,
	sizes: readonly number[],
	streamThreshold: number,
): Promise<unknown[]> {
	const responses: Response[] = [];
	const inbox = new Inbox(
		{
			names: new MailboxNames(),
			flow: { pause: () => undefined, resume: () => undefined, contended: false, unreadLimit: 0 },
			received: (response) => void responses.push(response),
			unreadable(error) {
				throw error;
			},
			unowned: () => undefined,
			owner: (message) => {
				responses.push({ type: 'FETCH', message });
				return {};
			},
			responded: () => undefined,
		},
		{ ...defaultLimits, streamThreshold },
		undefined,
	);
	for (let at = 0, turn = 0; at < octets.length; turn++) {
		const size = sizes[turn % sizes.length] as number;
		// Each chunk is memory of its own, as a socket's are, and is overwritten once it was used.
		const chunk = Buffer.from(octets.subarray(at, at + size));
		expect(inbox.push(chunk)).toBe(chunk.length);
		at += size;
	}
	return plain(responses);
}

test('there are transcripts, and each says a lot', () => {
	expect(transcripts.length).toBeGreaterThanOrEqual(5);
	for (const [name, octets] of transcripts)
		expect(parseResponses(octets).length, name).toBeGreaterThan(20);
});

describe.each(transcripts)('%s', (_name, octets) => {
	test('everything in it is understood', () => {
		for (const response of parseResponses(octets)) {
			expect(response).not.toMatchObject({ type: 'other' });
			if (response.type !== 'FETCH') continue;
			expect(response.message).toBeInstanceOf(FetchedMessage);
			expect(response.message.malformed).toBeUndefined();
			expect(response.message.other).toBeUndefined();
		}
	});

	test('one byte at a time gives the same', async () => {
		const whole = await plain(parseResponses(octets));
		expect(await inChunks(octets, [1], Infinity)).toEqual(whole);
	});

	test('streamed literals give the same as held ones', async () => {
		const whole = await plain(parseResponses(octets));
		for (const threshold of [1, 10, 500])
			expect(await inChunks(octets, [1 + threshold], threshold)).toEqual(whole);
	});

	test('any chunks, any threshold', async () => {
		const whole = await plain(parseResponses(octets));
		const sizes = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 20 });
		const threshold = fc.constantFrom(1, 2, 40, 3000, Infinity);
		await fc.assert(
			fc.asyncProperty(sizes, threshold, async (chunks, streamThreshold) => {
				expect(await inChunks(octets, chunks, streamThreshold)).toEqual(whole);
			}),
			{ numRuns: 15 },
		);
	});

	test('cut off anywhere within a response, it is refused', () => {
		const end = octets.length;
		for (const at of [1, 2, 3, 10, end >> 1, end >> 2]) {
			const cut = octets.subarray(0, end - at);
			if (cut.toString('latin1').endsWith('\r\n')) continue;
			expect(() => parseResponses(cut)).toThrow(
				expect.objectContaining({ code: 'PROTOCOL' }) as Error,
			);
		}
	});
});
