import { expect, test } from 'vitest';
import { hasAttribute, type MailboxEntry } from '../../engine/index';
import { message } from './messages';
import { needs } from './needs';
import { onEachServer } from './on-each-server';
import type { ServerUnderTest } from './servers';

/** Names that are hard to write, and who refuses them in spite of RFC 9051 §5.1. */
const HARD_NAMES: { name: string; refusedBy?: ServerUnderTest['name'][] }[] = [
	{ name: 'Entwürfe' },
	{ name: '日本語 メール' },
	{ name: '😀 fun', refusedBy: ['Courier'] },
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
	const box = (name: string): string => bench.mailbox(name);
	const delimiter = bench.name === 'Courier' ? '.' : '/';

	test.each(HARD_NAMES)(
		'the name $name: CREATE → LIST → SELECT → STATUS → RENAME → DELETE',
		async ({ name: plain, refusedBy = [] }) => {
			const { imap, account } = await bench.logIn();
			const [name, newName] = [box(plain), box(`${plain} 2 ü`)];
			if (refusedBy.includes(bench.name)) {
				await expect(imap.createMailbox(name)).rejects.toMatchObject({
					code: 'NO',
					command: 'CREATE',
				});
				await imap.noop();
				return;
			}
			await imap.createMailbox(name);
			// This session knows only what LIST says.
			const { imap: other } = await bench.logIn(account);
			const listed = (await other.list()).map((one) => one.name);
			expect(listed).toContain(name);
			expect((await other.open(name)).name).toBe(name);
			await imap.append(name, message());
			expect(await imap.status(name, ['messages'])).toEqual({ mailbox: name, messages: 1 });
			await imap.subscribe(name);
			expect((await imap.lsub()).map((one) => one.name)).toContain(name);
			await other.selected.close({ expunge: true });
			await imap.renameMailbox(name, newName);
			const renamed = (await imap.list('', '*')).map((one) => one.name);
			expect(renamed).toContain(newName);
			expect(renamed).not.toContain(name);
			await imap.deleteMailbox(newName);
			expect((await imap.list()).map((one) => one.name)).not.toContain(newName);
		},
	);

	test('CREATE twice, DELETE and RENAME of nothing: the words and code of the server', async () => {
		const { imap } = await bench.logIn();
		// Cyrus and Courier have no response codes for it.
		const code = (name: string): string | undefined =>
			bench.name === 'Cyrus' || bench.name === 'Courier' ? undefined : name;
		await imap.createMailbox(box('Once'));
		await expect(imap.createMailbox(box('Once'))).rejects.toMatchObject({
			code: 'NO',
			command: 'CREATE',
			responseCode: code('ALREADYEXISTS'),
		});
		await expect(imap.deleteMailbox(box('Never'))).rejects.toMatchObject({
			code: 'NO',
			command: 'DELETE',
			responseCode: code('NONEXISTENT'),
			serverText: expect.stringMatching(/./) as string,
		});
		const rename = imap.renameMailbox(box('Never'), box('Ever'));
		// Courier renames nothing, and is content.
		if (bench.name === 'Courier') await rename;
		else
			await expect(rename).rejects.toMatchObject({
				code: 'NO',
				command: 'RENAME',
				responseCode: code('NONEXISTENT'),
			});
		// RFC 9051 §6.3.4 calls it an error; Dovecot makes the INBOX of a new account only when it is used.
		if (bench.name !== 'Dovecot')
			await expect(imap.createMailbox('INBOX')).rejects.toMatchObject({ code: 'NO' });
		await expect(imap.deleteMailbox('INBOX')).rejects.toMatchObject({ code: 'NO' });
	});

	test('a level of hierarchy: % and *, a reference, attributes', async () => {
		const { imap } = await bench.logIn();
		for (const name of ['Archive', 'Archive/2025', 'Archive/2025/May', 'Älter/x']) {
			await imap.createMailbox(box(name));
		}
		const names = async (reference: string, pattern: string): Promise<string[]> =>
			(await imap.list(reference, pattern)).map((one) => one.name).sort();
		const boxes = (...wanted: string[]): string[] => wanted.map(box);
		expect(await names('', box('Archive/%'))).toEqual(boxes('Archive/2025'));
		expect(await names('', box('Archive/*'))).toEqual(boxes('Archive/2025', 'Archive/2025/May'));
		expect(await names('', box('Archive*'))).toEqual(
			boxes('Archive', 'Archive/2025', 'Archive/2025/May'),
		);
		expect(await names(box('Archive/'), '%')).toEqual(boxes('Archive/2025'));
		expect(await names('', box('Äl%'))).toEqual(boxes('Älter'));
		expect(await names('', box('%/2025'))).toEqual(boxes('Archive/2025'));
		expect(await names('', box('Nothing like it'))).toEqual([]);
		expect(await names('', '%')).toContain('INBOX');
		expect(await names('', box('%'))).toEqual(expect.arrayContaining(boxes('Archive', 'Älter')));

		const [archive] = await imap.list('', box('Archive'));
		expect(archive).toMatchObject({ name: box('Archive'), delimiter });
		expect(archive && hasAttribute(archive, '\\haschildren')).toBe(true);
		const [leaf] = await imap.list('', box('Archive/2025/May'));
		expect(leaf && hasAttribute(leaf, '\\HasNoChildren')).toBe(true);
		await expect(imap.deleteMailbox(box('Älter'))).rejects.toMatchObject({ code: 'NO' });
	});

	test('RENAME takes the mailboxes inside along', async () => {
		const { imap } = await bench.logIn();
		for (const name of ['From', 'From/In', 'From/In/Side']) await imap.createMailbox(box(name));
		await imap.renameMailbox(box('From'), box('To'));
		expect((await imap.list('', box('To/*'))).map((one) => one.name).sort()).toEqual([
			box('To/In'),
			box('To/In/Side'),
		]);
		expect(await imap.list('', box('From*'))).toEqual([]);
	});

	test('RENAME of INBOX moves its messages and leaves it there, empty', async () => {
		const { imap } = await bench.logIn();
		await imap.append('INBOX', message());
		// Cyrus 3.6 falls over it where no mailbox is selected.
		if (bench.name === 'Cyrus') await imap.open();
		const rename = imap.renameMailbox('INBOX', box('Old mail'));
		if (bench.name === 'Courier') {
			await expect(rename).rejects.toMatchObject({
				code: 'NO',
				serverText: 'INBOX rename not implemented.',
			});
			return;
		}
		await rename;
		expect(await imap.status(box('Old mail'), ['messages'])).toMatchObject({ messages: 1 });
		expect(await imap.status('INBOX', ['messages'])).toMatchObject({ messages: 0 });
	});

	test('an empty pattern returns the delimiter', async () => {
		const { imap } = await bench.logIn();
		expect(await imap.list('', '')).toEqual([expect.objectContaining({ name: '', delimiter })]);
	});

	test('LIST with figures, in one answer or by STATUS', async () => {
		const { imap, sent } = await bench.logIn();
		const name = box('Lists/One');
		await imap.createMailbox(name);
		await imap.append(name, message());
		await imap.append(name, message(), { flags: ['\\Seen'] });
		sent.length = 0;
		const entries = await imap.list('', box('Lists*'), {
			status: ['messages', 'unseen', 'uidNext'],
		});
		const one = entries.find((entry) => entry.name === name);
		expect(one?.status).toEqual({ mailbox: name, messages: 2, unseen: 1, uidNext: 3 });
		if (imap.capabilities.has('LIST-STATUS')) expect(sent).toHaveLength(1);
		else expect(sent.filter((line) => line.startsWith('STATUS')).length).toBeGreaterThan(0);
	});

	test('LIST with figures returns roles and children as a plain LIST does', async (context) => {
		const { imap } = await bench.logIn();
		needs(context, imap, 'LIST-STATUS');
		await imap.createMailbox(box('Above/Below'));
		if (imap.capabilities.has('CREATE-SPECIAL-USE')) {
			await imap.createMailbox(box('Bin'), { specialUse: ['\\Trash'] });
		}
		const attributes = (entries: MailboxEntry[]): string[] =>
			entries
				.map((entry) => {
					const told = ['\\Sent', '\\Trash', '\\HasChildren', '\\HasNoChildren'].filter((one) =>
						hasAttribute(entry, one),
					);
					return `${entry.name} ${told.join(' ')}`;
				})
				.sort();
		expect(attributes(await imap.list('', '*', { status: ['messages'] }))).toEqual(
			attributes(await imap.list('', '*')),
		);
	});

	test('SUBSCRIBE, UNSUBSCRIBE and LSUB', async () => {
		const { imap } = await bench.logIn();
		const [cologne, other] = [box('Sub/Köln'), box('Sub/B')];
		for (const name of [cologne, other, box('Unsub')]) await imap.createMailbox(name);
		await imap.subscribe(cologne);
		await imap.subscribe(other);
		const subscribed = async (pattern: string): Promise<string[]> =>
			(await imap.lsub('', box(pattern))).map((one) => one.name).sort();
		expect(await subscribed('Sub/*')).toEqual([other, cologne]);
		expect(await subscribed('Unsub')).toEqual([]);
		await imap.unsubscribe(other);
		// Courier lists those in between as well.
		const between = bench.name === 'Courier' ? [box('Sub')] : [];
		expect(await subscribed('Sub*')).toEqual([...between, cologne]);
		// A subscription outlives its mailbox (RFC 3501 §6.3.6), except on Cyrus.
		await imap.deleteMailbox(cologne);
		expect(await subscribed('Sub*')).toEqual(bench.name === 'Cyrus' ? [] : [...between, cologne]);
	});

	test('LSUB of % names a level below which something is subscribed, as \\Noselect', async () => {
		const { imap } = await bench.logIn();
		const box = (name: string): string => bench.mailbox(name);
		await imap.createMailbox(box('Above'));
		await imap.createMailbox(box('Above/Below'));
		await imap.subscribe(box('Above/Below'));
		const found = await imap.lsub('', box('%'));
		const above = found.find(({ name }) => name === box('Above'));
		expect(above?.attributes.map((one) => one.toLowerCase())).toContain('\\noselect');
		expect(found.map(({ name }) => name)).not.toContain(box('Above/Below'));
	});

	test('special uses are attributes', async (context) => {
		const { imap } = await bench.logIn();
		needs(context, imap, 'SPECIAL-USE');
		// The configurations of Dovecot and Cyrus give it to every account.
		if (bench.name === 'in-memory') await imap.createMailbox('Sent', { specialUse: ['\\Sent'] });
		const entries = await imap.list('', '*');
		const sent = entries.filter((entry) => hasAttribute(entry, '\\Sent'));
		expect(sent.map(({ name }) => name)).toEqual(['Sent']);
	});

	test('STATUS gives the figures asked for', async () => {
		const { imap } = await bench.logIn();
		const name = box('Figures');
		await imap.createMailbox(name);
		await imap.append(name, message(), { flags: ['\\Seen'] });
		const appended = await imap.append(name, message());
		expect(
			await imap.status(name, ['messages', 'recent', 'uidNext', 'uidValidity', 'unseen']),
		).toEqual({
			mailbox: name,
			messages: 2,
			// On Courier nothing that was appended is recent.
			recent: bench.name === 'Courier' ? 0 : 2,
			uidNext: 3,
			uidValidity: appended?.uidValidity,
			unseen: 1,
		});
		expect(await imap.status('inbox', ['messages'])).toMatchObject({ messages: 0 });
		await expect(imap.status(box('Missing'), ['messages'])).rejects.toMatchObject({
			code: 'NO',
			command: 'STATUS',
		});
		await expect(imap.status(name, [])).rejects.toMatchObject({ code: 'ARGUMENT' });
	});

	test('STATUS of many mailboxes at once: each its own figures', async () => {
		const { imap } = await bench.logIn();
		const names = Array.from({ length: 20 }, (_, index) => box(`Many ${index} ä`));
		await Promise.all(names.map((name) => imap.createMailbox(name)));
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
		expect(personal).toEqual([{ prefix: box(''), delimiter }]);
		if (bench.name === 'Dovecot') {
			expect(otherUsers).toEqual([{ prefix: 'shared/', delimiter: '/' }]);
			expect(shared).toEqual([{ prefix: 'Public/', delimiter: '/' }]);
		}
		if (bench.name === 'Courier') {
			expect(otherUsers).toEqual([]);
			expect(shared.map(({ prefix }) => prefix)).toEqual(['#shared.', 'shared.']);
		}
	});

	test('CHECK', async () => {
		const { imap, sent } = await bench.inbox();
		await imap.selected.check();
		expect(sent).toEqual(['CHECK']);
	});
});
