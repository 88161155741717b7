import { describe, expect, test } from 'vitest';
import type { Annotation } from '../../engine';
import { needs } from './needs';
import { onEachServer } from './on-each-server';

onEachServer((bench) => {
	describe('ANNOTATEMORE', () => {
		test('what was set is got, and null deletes it [parity: setannotation, getannotation]', async (context) => {
			const { imap } = await bench.logIn();
			needs(context, imap, 'ANNOTATEMORE');
			await imap.create('Noted');
			const got = (): Promise<Annotation[]> =>
				imap.getAnnotation('Noted', '/comment', 'value.priv');
			const value = 'A "quoted" \\ comment';
			await imap.setAnnotation('Noted', '/comment', { 'value.priv': value });
			expect(await got()).toEqual([
				{ mailbox: 'Noted', entry: '/comment', attributes: { 'value.priv': value } },
			]);
			await imap.setAnnotation('Noted', '/comment', { 'value.priv': null });
			const [none] = await got();
			expect(none?.attributes['value.priv'] ?? null).toBeNull();
		});

		test('the private value and the shared one are two', async (context) => {
			const { imap } = await bench.logIn();
			needs(context, imap, 'ANNOTATEMORE');
			await imap.create('Both');
			await imap.setAnnotation('Both', '/comment', {
				'value.priv': 'mine',
				'value.shared': 'ours',
			});
			const found = await imap.getAnnotation('Both', '/comment', ['value.priv', 'value.shared']);
			const values = Object.assign({}, ...found.map(({ attributes }) => attributes)) as object;
			expect(values).toEqual({ 'value.priv': 'mine', 'value.shared': 'ours' });
		});

		test('several entries, and wildcards in mailboxes', async (context) => {
			const { imap } = await bench.logIn();
			needs(context, imap, 'ANNOTATEMORE');
			for (const name of ['Wild one', 'Wild zw\u00f6lf']) {
				await imap.create(name);
				await imap.setAnnotation(name, '/comment', { 'value.priv': name });
			}
			const found = await imap.getAnnotation('*', ['/comment', '/sort'], 'value.priv');
			expect(found.map(({ mailbox, attributes }) => [mailbox, attributes['value.priv']])).toEqual(
				expect.arrayContaining([
					['Wild one', 'Wild one'],
					['Wild zw\u00f6lf', 'Wild zw\u00f6lf'],
				]),
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
		test('what was set is got, and null deletes it [parity: getmetadata, setmetadata]', async (context) => {
			const { imap } = await bench.logIn();
			needs(context, imap, 'METADATA');
			await imap.create('Described');
			const entry = '/private/comment';
			const value = 'A "quoted" \\ comment,\r\nof two lines: \u00fc';
			await imap.setMetadata('Described', { [entry]: value });
			expect((await imap.getMetadata('Described', entry)).values).toEqual({ [entry]: value });
			await imap.setMetadata('Described', { [entry]: null });
			const { values } = await imap.getMetadata('Described', entry);
			expect(values[entry] ?? null).toBeNull();
		});

		test('several entries at once', async (context) => {
			const { imap } = await bench.logIn();
			needs(context, imap, 'METADATA');
			await imap.create('Several');
			const wanted = { '/private/comment': 'mine', '/shared/comment': 'ours' };
			await imap.setMetadata('Several', wanted);
			expect((await imap.getMetadata('Several', Object.keys(wanted))).values).toEqual(wanted);
		});

		test('values that are too long are left out, and the longest is told', async (context) => {
			const { imap } = await bench.logIn();
			needs(context, imap, 'METADATA');
			await imap.create('Long');
			await imap.setMetadata('Long', { '/private/comment': 'x'.repeat(500) });
			const { values, longest } = await imap.getMetadata('Long', '/private/comment', {
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
			await imap.create('Deep');
			const entries = { '/private/vendor/x': '0', '/private/vendor/x/one': '1' };
			await imap.setMetadata('Deep', entries);
			const { values } = await imap.getMetadata('Deep', '/private/vendor/x', { depth: 1 });
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
