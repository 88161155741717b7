import { describe, expect, test } from 'vitest';
import type { Annotation } from '../../engine/index';
import { needs } from './needs';
import { onEachServer } from './on-each-server';

onEachServer((bench) => {
	describe('ANNOTATEMORE', () => {
		test('what was set is got, and null deletes it', async (context) => {
			const { imap } = await bench.logIn();
			needs(context, imap, 'ANNOTATEMORE');
			const box = bench.mailbox('Noted');
			await imap.createMailbox(box);
			const got = (): Promise<Annotation[]> => imap.getAnnotation(box, '/comment', 'value.priv');
			const value = 'A "quoted" \\ comment';
			await imap.setAnnotation(box, '/comment', { 'value.priv': value });
			expect(await got()).toEqual([
				{ mailbox: box, entry: '/comment', attributes: { 'value.priv': value } },
			]);
			await imap.setAnnotation(box, '/comment', { 'value.priv': null });
			const [none] = await got();
			expect(none?.attributes['value.priv'] ?? null).toBeNull();
		});

		test('the private value and the shared one are two', async (context) => {
			const { imap } = await bench.logIn();
			needs(context, imap, 'ANNOTATEMORE');
			const box = bench.mailbox('Both');
			await imap.createMailbox(box);
			await imap.setAnnotation(box, '/comment', {
				'value.priv': 'mine',
				'value.shared': 'ours',
			});
			const found = await imap.getAnnotation(box, '/comment', ['value.priv', 'value.shared']);
			const values = Object.assign({}, ...found.map(({ attributes }) => attributes)) as object;
			expect(values).toEqual({ 'value.priv': 'mine', 'value.shared': 'ours' });
		});

		test('several entries, and wildcards in mailboxes', async (context) => {
			const { imap } = await bench.logIn();
			needs(context, imap, 'ANNOTATEMORE');
			const names = ['Wild one', 'Wild zw\u00f6lf'].map((name) => bench.mailbox(name));
			for (const name of names) {
				await imap.createMailbox(name);
				await imap.setAnnotation(name, '/comment', { 'value.priv': name });
			}
			const found = await imap.getAnnotation('*', ['/comment', '/sort'], 'value.priv');
			expect(found.map(({ mailbox, attributes }) => [mailbox, attributes['value.priv']])).toEqual(
				expect.arrayContaining(names.map((name) => [name, name])),
			);
		});

		test('where it is not offered, nothing is sent', async ({ skip }) => {
			const { imap, sent } = await bench.logIn();
			if (imap.capabilities.has('ANNOTATEMORE')) return skip('ANNOTATEMORE offered');
			const before = sent.length;
			for (const refused of [
				imap.getAnnotation('INBOX', '/comment', 'value'),
				imap.setAnnotation('INBOX', '/comment', { value: 'x' }),
			])
				await expect(refused).rejects.toMatchObject({ code: 'CAPABILITY' });
			expect(sent).toHaveLength(before);
		});
	});

	describe('METADATA', () => {
		test('what was set is got, and null deletes it', async (context) => {
			const { imap } = await bench.logIn();
			needs(context, imap, 'METADATA');
			const box = bench.mailbox('Described');
			await imap.createMailbox(box);
			const entry = '/private/comment';
			const value = 'A "quoted" \\ comment,\r\nof two lines: \u00fc';
			await imap.setMetadata(box, { [entry]: value });
			expect((await imap.getMetadata(box, entry)).values).toEqual({ [entry]: value });
			await imap.setMetadata(box, { [entry]: null });
			const { values } = await imap.getMetadata(box, entry);
			expect(values[entry] ?? null).toBeNull();
		});

		test('several entries at once', async (context) => {
			const { imap } = await bench.logIn();
			needs(context, imap, 'METADATA');
			const box = bench.mailbox('Several');
			await imap.createMailbox(box);
			const wanted = { '/private/comment': 'mine', '/shared/comment': 'ours' };
			await imap.setMetadata(box, wanted);
			expect((await imap.getMetadata(box, Object.keys(wanted))).values).toEqual(wanted);
		});

		test('values that are too long are left out, and the longest is reported', async (context) => {
			const { imap } = await bench.logIn();
			needs(context, imap, 'METADATA');
			const box = bench.mailbox('Long');
			await imap.createMailbox(box);
			await imap.setMetadata(box, { '/private/comment': 'x'.repeat(500) });
			const { values, longest } = await imap.getMetadata(box, '/private/comment', {
				maxSize: 100,
			});
			expect(values['/private/comment'] ?? null).toBeNull();
			expect(longest).toBe(500);
		});

		test('entries below others', async (context) => {
			const { imap } = await bench.logIn();
			needs(context, imap, 'METADATA');
			// Cyrus takes such entries as its administrator has declared.
			if (bench.name === 'Cyrus') return;
			const box = bench.mailbox('Deep');
			await imap.createMailbox(box);
			const entries = { '/private/vendor/x': '0', '/private/vendor/x/one': '1' };
			await imap.setMetadata(box, entries);
			const { values } = await imap.getMetadata(box, '/private/vendor/x', { depth: 1 });
			expect(values).toEqual(entries);
		});

		test('what is no entry is not sent', async (context) => {
			const { imap, sent } = await bench.logIn();
			needs(context, imap, 'METADATA');
			const before = sent.length;
			for (const entry of ['comment', '/comment', '/private/*', '/private//x', '/private/x/'])
				await expect(imap.getMetadata('INBOX', entry)).rejects.toMatchObject({ code: 'ARGUMENT' });
			expect(sent).toHaveLength(before);
		});

		test('where it is not offered, nothing is sent', async ({ skip }) => {
			const { imap, sent } = await bench.logIn();
			if (imap.capabilities.has('METADATA')) return skip('METADATA offered');
			const before = sent.length;
			for (const refused of [
				imap.getMetadata('INBOX', '/private/comment'),
				imap.setMetadata('INBOX', { '/private/comment': 'x' }),
			])
				await expect(refused).rejects.toMatchObject({ code: 'CAPABILITY' });
			expect(sent).toHaveLength(before);
		});
	});
});
