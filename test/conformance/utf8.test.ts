import { expect, test } from 'vitest';
import { message } from './messages';
import { needs } from './needs';
import { onEachServer } from './on-each-server';

onEachServer((bench) => {
	test('under UTF8=ACCEPT names, messages and searches go as UTF-8', async (context) => {
		const { imap, account, sent } = await bench.logIn();
		needs(context, imap, 'ENABLE', 'UTF8=ACCEPT');
		expect(imap.utf8Enabled).toBe(false);
		await imap.enable('UTF8=ACCEPT');
		expect(imap.utf8Enabled).toBe(true);

		const box = bench.mailbox('Grüße & mehr');
		await imap.createMailbox(box);
		expect(sent.at(-1)).toBe(`CREATE "${box}"`);
		expect((await imap.list()).map(({ name }) => name)).toContain(box);
		// To a session that has not enabled it the name is written otherwise, and is the same.
		const { imap: other } = await bench.logIn(account);
		expect((await other.list()).map(({ name }) => name)).toContain(box);

		const octets = message({ Subject: 'Über alles' }, 'Körper');
		await imap.append(box, octets);
		await imap.append(box, octets, { flags: ['\\Seen'], date: new Date('2020-01-02T03:04:05Z') });
		expect(sent.filter((line) => /UTF8 \(~\{\d+\+?\}/.test(line))).toHaveLength(2);
		await imap.open(box);
		expect(await imap.selected.bySequenceNumber.search({ subject: 'Über' })).toEqual([1, 2]);
		expect(await imap.selected.bySequenceNumber.search({ body: 'Körper', seen: true })).toEqual([
			2,
		]);
		expect(sent.join('\n')).not.toContain('CHARSET');
		const [found] = await imap.selected.bySequenceNumber
			.fetch('1', { envelope: true, body: [{ section: '' }] })
			.all();
		expect(found?.envelope?.subject).toBe('Über alles');
		expect(found?.body[0]?.content?.toString()).toBe(octets);
	});
});
