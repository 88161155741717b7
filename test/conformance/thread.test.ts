import { expect, test } from 'vitest';
import type { Thread } from '../../engine/index';
import { message } from './messages';
import { needs } from './needs';
import { onEachServer } from './on-each-server';

/** As the THREAD response writes it. */
function written({ number, children }: Thread): string {
	const below = children.map(written);
	const answers = below.length > 1 ? below.map((one) => `(${one})`).join('') : below.join('');
	return [number, answers].filter((one) => one !== null && one !== '').join(' ');
}

const at = (hour: number): string => `Thu, 02 Jan 2020 ${hour}:00:00 +0000`;

/** One answered by two and three, three answered by five; four is by itself; the sixth answers one that isn't there. */
const messages = [
	message({ 'Message-ID': '<1@x>', Subject: 'question', Date: at(10) }),
	message({ 'Message-ID': '<2@x>', Subject: 'Re: question', 'In-Reply-To': '<1@x>', Date: at(11) }),
	message({ 'Message-ID': '<3@x>', Subject: 'Re: question', References: '<1@x>', Date: at(12) }),
	message({ 'Message-ID': '<4@x>', Subject: 'alone', Date: at(13) }),
	message({
		'Message-ID': '<5@x>',
		Subject: 'Re: question',
		References: '<1@x> <3@x>',
		Date: at(14),
	}),
	message({ 'Message-ID': '<6@x>', Subject: 'Re: lost', References: '<0@x>', Date: at(15) }),
];

onEachServer((bench) => {
	test.for(['REFERENCES', 'REFS'] as const)('%s', async (algorithm, context) => {
		const { imap } = await bench.inbox(messages);
		needs(context, imap, `THREAD=${algorithm}`);
		const threads = await imap.selected.bySequenceNumber.thread(algorithm);
		expect(threads.map(written).sort()).toEqual(['1 (2)(3 5)', '4', '6']);
	});

	test('ORDEREDSUBJECT', async (context) => {
		const { imap } = await bench.inbox(messages);
		needs(context, imap, 'THREAD=ORDEREDSUBJECT');
		const threads = await imap.selected.bySequenceNumber.thread('ORDEREDSUBJECT');
		// Courier has each message answer the one before it.
		const question = bench.name === 'Courier' ? '1 2 3 5' : '1 (2)(3)(5)';
		expect(threads.map(written)).toEqual([question, '4', '6']);
	});

	test('of what a search finds, by UID', async (context) => {
		const { imap } = await bench.inbox(messages);
		needs(context, imap, 'THREAD=REFERENCES');
		await imap.selected.bySequenceNumber.store('4', '+FLAGS', ['\\Deleted'], { silent: true });
		await imap.selected.expunge();
		const threads = await imap.selected.thread('REFERENCES', { subject: 'question' });
		expect(threads.map(written)).toEqual(['1 (2)(3 5)']);
		expect(
			await imap.selected.bySequenceNumber.thread('REFERENCES', { subject: 'n\u00f6thing' }),
		).toEqual([]);
	});

	test('an algorithm that is not offered is not asked for', async () => {
		const { imap, sent } = await bench.inbox(messages);
		await expect(imap.selected.bySequenceNumber.thread('X-OTHER' as 'REFS')).rejects.toMatchObject({
			code: 'CAPABILITY',
		});
		await expect(imap.selected.bySequenceNumber.thread('RE FS' as 'REFS')).rejects.toMatchObject({
			code: 'ARGUMENT',
		});
		expect(sent).toEqual([]);
	});
});
