import { expect, test } from 'vitest';
import { mail, selected } from './raw-client';

/** A message of an id, sent at an hour, that answers others. */
function answer(id: string, hour: number, subject: string, references = ''): string {
	return mail({
		'Message-ID': `<${id}@x>`,
		Subject: subject,
		Date: `Thu, 02 Jan 2020 ${hour}:00:00 +0000`,
		...(references && { References: references.replace(/\w+/g, '<$&@x>') }),
	});
}

async function threads(messages: readonly string[], command = 'THREAD REFERENCES UTF-8 ALL') {
	const { client } = await selected(messages);
	const [line = ''] = await client.untagged(command);
	return line.replace(/^THREAD ?/, '');
}

test('answers of answers are one chain, several answers stand side by side', async () => {
	const found = await threads([
		answer('a', 10, 'one'),
		answer('b', 11, 'Re: one', 'a'),
		answer('c', 12, 'Re: one', 'a b'),
		answer('d', 13, 'Re: one', 'a b'),
		answer('e', 14, 'two'),
	]);
	expect(found).toBe('(1 2 (3)(4))(5)');
});

test('answers to a message that is not there are gathered under nothing', async () => {
	expect(await threads([answer('b', 11, 'x', 'a'), answer('c', 12, 'y', 'a')])).toBe('((1)(2))');
	expect(await threads([answer('b', 11, 'x', 'a')])).toBe('(1)');
});

test('a message says itself whom it answers, whatever was said before', async () => {
	const found = [answer('c', 12, 'z', 'a b'), answer('a', 10, 'x'), answer('b', 11, 'y')];
	expect(await threads(found)).toBe('(2)(3 1)');
});

test('In-Reply-To is used where References is missing', async () => {
	const reply = mail({ 'Message-ID': '<b@x>', Subject: 'y', 'In-Reply-To': 'yours, <a@x>' });
	expect(await threads([answer('a', 10, 'x'), reply])).toBe('(1 2)');
});

test('threads of one base subject come together', async () => {
	// A reply goes below what it is a reply to, two equals below nothing (RFC 5256 §3, step 5).
	expect(await threads([answer('a', 10, 'pie'), answer('b', 11, 'Re: pie')])).toBe('(1 2)');
	expect(await threads([answer('a', 10, 'Re: pie'), answer('b', 11, 'pie')])).toBe('(2 1)');
	expect(await threads([answer('a', 10, 'pie'), answer('b', 11, 'pie')])).toBe('((1)(2))');
});

test('messages that refer to each other make no loop', async () => {
	expect(await threads([answer('a', 10, 'x', 'b'), answer('b', 11, 'y', 'a')])).toBe('(2 1)');
});

test('siblings and threads are in the order in which they were sent', async () => {
	const late = [answer('z', 15, 'late'), answer('b', 12, 'q', 'a'), answer('c', 11, 'r', 'a')];
	expect(await threads([...late, answer('a', 10, 'first')])).toBe('(4 (3)(2))(1)');
});

test('ORDEREDSUBJECT goes by base subject alone', async () => {
	const messages = [answer('a', 12, 'Re: pie'), answer('b', 10, 'PIE'), answer('c', 11, 'tart')];
	expect(await threads(messages, 'THREAD ORDEREDSUBJECT UTF-8 ALL')).toBe('(2 1)(3)');
});

test('by UID, of what is found', async () => {
	expect(await threads([answer('a', 10, 'x')], 'UID THREAD REFERENCES UTF-8 SUBJECT y')).toBe('');
	expect(await threads([answer('a', 10, 'x')], 'UID THREAD REFERENCES UTF-8 SUBJECT x')).toBe(
		'(1)',
	);
});

test('an algorithm that is not offered is bad syntax', async () => {
	const { client } = await selected([], { capabilities: { remove: ['THREAD=ORDEREDSUBJECT'] } });
	const answer = await client.send('THREAD ORDEREDSUBJECT UTF-8 ALL');
	expect(answer).toEqual([expect.stringMatching(/^BAD /)]);
});
