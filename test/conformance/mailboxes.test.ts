import { expect, test } from 'vitest';
import { hasAttribute } from '../../engine';
import { message } from './messages';
import { onEachServer } from './on-each-server';
import type { ServerUnderTest } from './servers';

/** Names that are hard to write, and who refuses them in spite of RFC 9051 §5.1. */
const HARD_NAMES: { name: string; refusedBy?: ServerUnderTest['name'][] }[] = [
	{ name: 'Entwürfe' },
	{ name: '日本語 メール' },
	{ name: '😀 fun' },
	{ name: 'a "quoted" name', refusedBy: ['Cyrus'] },
	{ name: 'back\\slash', refusedBy: ['Cyrus'] },
	{ name: 'R&D' },
	{ name: '&' },
	{ name: '&AOk-' },
	{ name: 'Tom & Jörg' },
	{ name: '[Gmail]' },
	{ name: 'in [brackets]' },
	{ name: 'with blank' },
	{ name: ' leading' },
	{ name: 'trailing ' },
	{ name: 'tab\there', refusedBy: ['Dovecot', 'Cyrus'] },
	{ name: 'per%cent', refusedBy: ['Cyrus'] },
	{ name: 'star*' },
	{ name: '(round) {curly} {3}', refusedBy: ['Cyrus'] },
	{ name: "it's ~ `quoted`", refusedBy: ['Cyrus'] },
	{ name: 'NIL' },
	{ name: '+plus' },
];

onEachServer((bench) => {
	test.each(HARD_NAMES)(
		'the name $name: CREATE → LIST → SELECT → STATUS → RENAME → DELETE',
		async ({ name, refusedBy = [] }) => {
			const { imap, account } = await bench.logIn();
			if (refusedBy.includes(bench.name)) {
				await expect(imap.create(name)).rejects.toMatchObject({ code: 'NO', command: 'CREATE' });
				await imap.noop();
				return;
			}
			await imap.create(name);
			// This session knows only what LIST says.
			const { imap: other } = await bench.logIn(account);
			const listed = (await other.list()).map((one) => one.name);
			expect(listed).toContain(name);
			expect((await other.select(name)).name).toBe(name);
			await imap.append(name, message());
			expect(await imap.status(name, ['messages'])).toEqual({ mailbox: name, messages: 1 });
			await imap.subscribe(name);
			expect((await imap.lsub()).map((one) => one.name)).toContain(name);
			await other.unselect();
			await imap.rename(name, `${name} 2 ü`);
			const renamed = (await imap.list('', '*')).map((one) => one.name);
			expect(renamed).toContain(`${name} 2 ü`);
			expect(renamed).not.toContain(name);
			await imap.delete(`${name} 2 ü`);
			expect((await imap.list()).map((one) => one.name)).not.toContain(`${name} 2 ü`);
		},
	);

	test('CREATE twice, DELETE and RENAME of nothing: the words and code of the server', async () => {
		const { imap } = await bench.logIn();
		// Cyrus has no response codes for it.
		const code = (name: string): string | undefined => (bench.name === 'Cyrus' ? undefined : name);
		await imap.create('Once');
		await expect(imap.create('Once')).rejects.toMatchObject({
			code: 'NO',
			command: 'CREATE',
			responseCode: code('ALREADYEXISTS'),
		});
		await expect(imap.delete('Never')).rejects.toMatchObject({
			code: 'NO',
			command: 'DELETE',
			responseCode: code('NONEXISTENT'),
			serverText: expect.stringMatching(/./) as string,
		});
		await expect(imap.rename('Never', 'Ever')).rejects.toMatchObject({
			code: 'NO',
			command: 'RENAME',
			responseCode: code('NONEXISTENT'),
		});
		// RFC 9051 §6.3.4 calls it an error; Dovecot makes the INBOX of a new account only when it is used.
		if (bench.name !== 'Dovecot')
			await expect(imap.create('INBOX')).rejects.toMatchObject({ code: 'NO' });
		await expect(imap.delete('INBOX')).rejects.toMatchObject({ code: 'NO' });
	});

	test('a level of hierarchy: % and *, a reference, attributes', async () => {
		const { imap } = await bench.logIn();
		for (const name of ['Archive', 'Archive/2025', 'Archive/2025/May', 'Älter/x']) {
			await imap.create(name);
		}
		const names = async (reference: string, pattern: string): Promise<string[]> =>
			(await imap.list(reference, pattern)).map((one) => one.name).sort();
		expect(await names('', 'Archive/%')).toEqual(['Archive/2025']);
		expect(await names('', 'Archive/*')).toEqual(['Archive/2025', 'Archive/2025/May']);
		expect(await names('', 'Archive*')).toEqual(['Archive', 'Archive/2025', 'Archive/2025/May']);
		expect(await names('Archive/', '%')).toEqual(['Archive/2025']);
		expect(await names('', 'Äl%')).toEqual(['Älter']);
		expect(await names('', '%/2025')).toEqual(['Archive/2025']);
		expect(await names('', 'Nothing like it')).toEqual([]);
		expect(await names('', '%')).toEqual(expect.arrayContaining(['Archive', 'INBOX', 'Älter']));

		const [archive] = await imap.list('', 'Archive');
		expect(archive).toMatchObject({ name: 'Archive', delimiter: '/' });
		expect(archive && hasAttribute(archive, '\\haschildren')).toBe(true);
		const [leaf] = await imap.list('', 'Archive/2025/May');
		expect(leaf && hasAttribute(leaf, '\\HasNoChildren')).toBe(true);
		await expect(imap.delete('Älter')).rejects.toMatchObject({ code: 'NO' });
	});

	test('RENAME takes the mailboxes inside along', async () => {
		const { imap } = await bench.logIn();
		for (const name of ['From', 'From/In', 'From/In/Side']) await imap.create(name);
		await imap.rename('From', 'To');
		expect((await imap.list('', 'To/*')).map((one) => one.name).sort()).toEqual([
			'To/In',
			'To/In/Side',
		]);
		expect(await imap.list('', 'From*')).toEqual([]);
	});

	test('RENAME of INBOX moves its messages and leaves it there, empty', async () => {
		const { imap } = await bench.logIn();
		await imap.append('INBOX', message());
		// Cyrus 3.6 falls over it where no mailbox is selected.
		if (bench.name === 'Cyrus') await imap.select();
		await imap.rename('INBOX', 'Old mail');
		expect(await imap.status('Old mail', ['messages'])).toMatchObject({ messages: 1 });
		expect(await imap.status('INBOX', ['messages'])).toMatchObject({ messages: 0 });
	});

	test('an empty pattern tells the delimiter', async () => {
		const { imap } = await bench.logIn();
		expect(await imap.list('', '')).toEqual([
			expect.objectContaining({ name: '', delimiter: '/' }),
		]);
	});

	test('LIST with figures, in one answer or by STATUS', async () => {
		const { imap, sent } = await bench.logIn();
		await imap.create('Lists/One');
		await imap.append('Lists/One', message());
		await imap.append('Lists/One', message(), { flags: ['\\Seen'] });
		sent.length = 0;
		const entries = await imap.list('', 'Lists*', { status: ['messages', 'unseen', 'uidNext'] });
		const one = entries.find(({ name }) => name === 'Lists/One');
		expect(one?.status).toEqual({ mailbox: 'Lists/One', messages: 2, unseen: 1, uidNext: 3 });
		if (imap.capabilities.has('LIST-STATUS')) expect(sent).toHaveLength(1);
		else expect(sent.filter((line) => line.startsWith('STATUS')).length).toBeGreaterThan(0);
	});

	test('SUBSCRIBE, UNSUBSCRIBE and LSUB', async () => {
		const { imap } = await bench.logIn();
		for (const name of ['Sub/Köln', 'Sub/B', 'Unsub']) await imap.create(name);
		await imap.subscribe('Sub/Köln');
		await imap.subscribe('Sub/B');
		const subscribed = async (pattern: string): Promise<string[]> =>
			(await imap.lsub('', pattern)).map((one) => one.name).sort();
		expect(await subscribed('Sub/*')).toEqual(['Sub/B', 'Sub/Köln']);
		expect(await subscribed('Unsub')).toEqual([]);
		await imap.unsubscribe('Sub/B');
		expect(await subscribed('Sub*')).toEqual(['Sub/Köln']);
		// A subscription outlives its mailbox (RFC 3501 §6.3.6), except on Cyrus.
		await imap.delete('Sub/Köln');
		expect(await subscribed('Sub*')).toEqual(bench.name === 'Cyrus' ? [] : ['Sub/Köln']);
	});

	test('special uses are told by attributes', async () => {
		const { imap } = await bench.logIn();
		expect(imap.capabilities.has('SPECIAL-USE')).toBe(true);
		// The configurations of Dovecot and Cyrus give it to every account.
		if (bench.name === 'in-memory') await imap.create('Sent', { specialUse: ['\\Sent'] });
		const entries = await imap.list('', '*');
		const sent = entries.filter((entry) => hasAttribute(entry, '\\Sent'));
		expect(sent.map(({ name }) => name)).toEqual(['Sent']);
	});

	test('STATUS gives the figures asked for', async () => {
		const { imap } = await bench.logIn();
		await imap.create('Figures');
		await imap.append('Figures', message(), { flags: ['\\Seen'] });
		const appended = await imap.append('Figures', message());
		expect(
			await imap.status('Figures', ['messages', 'recent', 'uidNext', 'uidValidity', 'unseen']),
		).toEqual({
			mailbox: 'Figures',
			messages: 2,
			recent: 2,
			uidNext: 3,
			uidValidity: appended?.uidValidity,
			unseen: 1,
		});
		expect(await imap.status('inbox', ['messages'])).toMatchObject({ messages: 0 });
		await expect(imap.status('Missing', ['messages'])).rejects.toMatchObject({
			code: 'NO',
			command: 'STATUS',
		});
		await expect(imap.status('Figures', [])).rejects.toMatchObject({ code: 'ARGUMENT' });
	});

	test('STATUS of many mailboxes at once: each its own figures', async () => {
		const { imap } = await bench.logIn();
		const names = Array.from({ length: 20 }, (_, index) => `Many ${index} ä`);
		await Promise.all(names.map((name) => imap.create(name)));
		await Promise.all(
			names.flatMap((name, index) =>
				Array.from({ length: index % 4 }, () => imap.append(name, message())),
			),
		);
		const figures = await Promise.all(names.map((name) => imap.status(name, ['messages'])));
		expect(figures).toEqual(names.map((mailbox, index) => ({ mailbox, messages: index % 4 })));
	});

	test('NAMESPACE', async () => {
		const { imap } = await bench.logIn();
		const { personal, otherUsers, shared } = await imap.namespace();
		expect(personal).toEqual([{ prefix: '', delimiter: '/' }]);
		if (bench.name === 'Dovecot') {
			expect(otherUsers).toEqual([{ prefix: 'shared/', delimiter: '/' }]);
			expect(shared).toEqual([{ prefix: 'Public/', delimiter: '/' }]);
		}
	});

	test('CHECK', async () => {
		const { imap, sent } = await bench.inbox();
		await imap.check();
		expect(sent).toEqual(['CHECK']);
	});
});
