/** A server that is never still keeps to what RFC 9051 §5.5 allows. */
import { expect, test } from 'vitest';
import { mail, selected } from './raw-client';

const messages = Array.from({ length: 20 }, (_, index) => mail({ Subject: String(index) }));

/** What the server sends to pairs of commands that are sent at once. */
async function answers(restless: number): Promise<string[]> {
	const { client } = await selected(messages, { restless });
	const pairs = Array.from(
		{ length: 10 },
		(_, n) => `f${n} UID FETCH 1:20 (UID)\r\ns${n} STATUS INBOX (MESSAGES)\r\n`,
	);
	client.write(`${pairs.join('')}end NOOP\r\n`);
	const text = await client.until(/(?:^|\n)end OK[^\n]*\r\n$/);
	return text.trimEnd().split('\r\n');
}

const isForeign = (line: string): boolean => /Still here|Maintenance|disk|Not asked/.test(line);

test('mixes the responses of two commands, each in its own order, and ends either first', async () => {
	const lines = await answers(5);
	const own = lines.filter((line) => !isForeign(line));
	const rows = own.filter((line) => / FETCH /.test(line)).map((line) => line.split(' ')[1]);
	const once = messages.map((_one, index) => String(index + 1));
	expect(rows).toEqual(Array.from({ length: 10 }, () => once).flat());
	const ends = own.flatMap((line) => /^[fs]\d+ OK/.exec(line)?.[0].slice(0, -3) ?? []);
	const inOrder = Array.from({ length: 10 }, (_, n) => [`f${n}`, `s${n}`]).flat();
	expect(ends).not.toEqual(inOrder);
	expect(ends.toSorted()).toEqual(inOrder.toSorted());
});

test('sends unsolicited responses, the same ones for the same seed', async () => {
	const [one, again] = [await answers(5), await answers(5)];
	expect(one.some(isForeign)).toBe(true);
	expect(again.filter(isForeign)).toEqual(one.filter(isForeign));
});
