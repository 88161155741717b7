/** The open mailbox as a handle: when it is open, what it takes and gives, and how it is left. */
import { describe, expect, test } from 'vitest';
import type { CommandOptions, Imap4, SequenceNumber, Uid } from '../../../engine/index';
import { Imap4AbortError, Imap4Error, SequenceSet, UidSet } from '../../../engine/index';
import { loggedIn, nothingUnhandled, selected } from './fake-transport';

nothingUnhandled();

const state = expect.objectContaining({ code: 'STATE' }) as Error;

describe('a mailbox is open', () => {
	test('until another one is opened: what is asked of it then is not sent', async () => {
		const { imap, server } = await selected();
		const inbox = imap.selected;
		const opening = imap.open('Archive');
		// It waits behind SELECT, and must not reach the other mailbox.
		const stored = inbox.store('1', '+FLAGS', ['\\Deleted']);
		await server.answer('SELECT Archive', '* 3 EXISTS');
		const archive = await opening;
		await expect(stored).rejects.toMatchObject({
			...{ code: 'STATE', command: 'UID STORE' },
			message: 'The mailbox "INBOX" is not open any more; open it again before UID STORE',
		});
		await expect(inbox.bySequenceNumber.fetch('1', { flags: true }).all()).rejects.toEqual(state);
		expect([inbox.isOpen, archive.isOpen]).toEqual([false, true]);
		expect(imap.mailbox).toBe(archive);
		expect([inbox.exists, archive.exists]).toEqual([10, 3]);
		await server.nothingMore();
	});

	test('until opening another one fails', async () => {
		const { imap, server } = await selected();
		const inbox = imap.selected;
		const opening = imap.open('Nowhere');
		server.say(`${await server.command('SELECT Nowhere')} NO there is none`);
		await expect(opening).rejects.toMatchObject({ code: 'NO' });
		expect(inbox.isOpen).toBe(false);
		expect(imap.mailbox).toBeUndefined();
		expect(() => imap.selected).toThrow(state);
	});

	test('until the connection ends', async () => {
		const { imap, server } = await selected();
		const inbox = imap.selected;
		server.close();
		expect(inbox.isOpen).toBe(false);
		await expect(inbox.search({ all: true })).rejects.toBeInstanceOf(Imap4AbortError);
	});

	test('and describes itself as the server does, at first and now', async () => {
		const { imap, server } = await loggedIn();
		const opening = imap.open('INBOX');
		await server.answer(
			'SELECT INBOX',
			...['* 3 EXISTS', '* 2 RECENT', '* FLAGS (\\Seen $A)', '* OK [PERMANENTFLAGS (\\Seen)] x'],
			...['* OK [UIDVALIDITY 7] x', '* OK [UIDNEXT 9] x', '* OK [UNSEEN 2] x'],
			...['* OK [HIGHESTMODSEQ 17] x', '* OK [MAILBOXID (m1)] x'],
		);
		const mailbox = await opening;
		const first = {
			...{ name: 'INBOX', readOnly: false, exists: 3, recent: 2, flags: ['\\Seen', '$A'] },
			...{ permanentFlags: ['\\Seen'], uidValidity: 7, uidNext: 9, unseen: 2 },
			...{ highestModSeq: 17n, mailboxId: 'm1' },
		};
		expect(mailbox).toMatchObject(first);
		expect(mailbox.snapshot()).toMatchObject(first);
		expect(mailbox.capabilities.has('UIDPLUS')).toBe(true);
		expect(() => mailbox.checkWritable()).not.toThrow();
		const noop = imap.noop();
		await server.answer('NOOP', '* 4 EXISTS');
		await noop;
		expect([mailbox.exists, mailbox.snapshot().exists, mailbox.initial.exists]).toEqual([4, 4, 3]);
		expect(mailbox.closedBy).toBeUndefined();
		server.close();
		expect(mailbox.closedBy).toMatchObject({ code: 'CONNECTION_LOST' });
	});

	test('and handed out before the next response, which is already about it', async () => {
		const { imap, server } = await loggedIn();
		const opening = imap.open('INBOX');
		const tag = await server.command('SELECT INBOX');
		server.say('* 2 EXISTS', `${tag} OK [READ-WRITE] done`, '* 3 EXISTS');
		expect((await opening).exists).toBe(3);
	});
});

describe('leaving a mailbox', () => {
	test('removes no message: UNSELECT', async () => {
		const { imap, server } = await selected();
		const closing = imap.selected.close();
		await server.answer('UNSELECT');
		await closing;
		expect(imap.mailbox).toBeUndefined();
	});

	test('removes no message: without UNSELECT, EXAMINE goes before CLOSE', async () => {
		const { imap, server } = await selected({}, { capabilities: 'IMAP4rev1' });
		const closing = imap.selected.close();
		await server.answer('EXAMINE INBOX', '* OK [READ-ONLY] so');
		await server.answer('CLOSE');
		await closing;
	});

	test('where EXAMINE fails, CLOSE is not sent', async () => {
		const { imap, server } = await selected({}, { capabilities: 'IMAP4rev1' });
		const closing = imap.selected.close();
		server.say(`${await server.command('EXAMINE INBOX')} NO gone`);
		await expect(closing).rejects.toBeInstanceOf(Imap4Error);
		await server.nothingMore();
	});

	test('where EXAMINE ends the connection, CLOSE is not sent', async () => {
		const { imap, server } = await selected({}, { capabilities: 'IMAP4rev1' });
		const closing = expect(imap.selected.close()).rejects.toMatchObject({ code: 'BYE' });
		await server.command('EXAMINE INBOX');
		server.say('* BYE so');
		await closing;
		await server.nothingMore();
	});

	test('that is open read-only removes no message either way: CLOSE', async () => {
		const { imap, server } = await loggedIn({}, 'IMAP4rev1');
		const opening = imap.open('INBOX', { readOnly: true });
		await server.answer('EXAMINE INBOX');
		const closing = (await opening).close();
		await server.answer('CLOSE');
		await closing;
	});

	test('removes messages only where that is asked for: CLOSE', async () => {
		const { imap, server } = await selected();
		const closing = imap.selected.close({ expunge: true });
		await server.answer('CLOSE');
		await closing;
	});

	test('at the end of a block', async () => {
		const { imap, server } = await loggedIn();
		const block = (async () => {
			await using mailbox = await imap.open('INBOX');
			expect(mailbox.isOpen).toBe(true);
		})();
		await server.answer('SELECT INBOX');
		await server.answer('UNSELECT');
		await block;
		expect(imap.mailbox).toBeUndefined();
	});

	test('at the end of a block, once', async () => {
		const { imap, server } = await loggedIn();
		const block = (async () => {
			await using mailbox = await imap.open('INBOX', { readOnly: true });
			await mailbox.close();
		})();
		await server.answer('EXAMINE INBOX');
		await server.answer('UNSELECT');
		await block;
		await server.nothingMore();
	});
});

describe('a mailbox that the server opens read-only', () => {
	async function readOnly() {
		const { imap, server } = await loggedIn();
		const opening = imap.open('INBOX');
		server.say(`${await server.command('SELECT INBOX')} OK [READ-ONLY] only to read`);
		return { imap, server, mailbox: await opening };
	}

	test('is open, and says so', async () => {
		const { mailbox } = await readOnly();
		expect([mailbox.isOpen, mailbox.readOnly]).toEqual([true, true]);
		expect(() => mailbox.checkWritable()).toThrow(
			expect.objectContaining({
				code: 'READ_ONLY',
				command: 'SELECT',
				message:
					'The server opens the mailbox "INBOX" only for reading; ask for read-only if that is enough',
			}),
		);
	});

	test('what would change it is not sent, and the connection lives on', async () => {
		const { imap, server, mailbox } = await readOnly();
		for (const change of [
			() => mailbox.store('1', '+FLAGS', ['\\Seen']),
			() => mailbox.expunge(),
			() => mailbox.move('1', 'Archive'),
		]) {
			const error: unknown = await change().catch((one: unknown) => one);
			expect(error).toMatchObject({ name: 'Imap4ReadonlyError', code: 'READ_ONLY' });
			expect(error).not.toBeInstanceOf(Imap4AbortError);
		}
		expect(imap.closedBy).toBeUndefined();
		await server.nothingMore();
	});
});

describe('UIDs and sequence numbers', () => {
	test('the mailbox takes and returns UIDs, its bySequenceNumber sequence numbers', async () => {
		const { imap, server } = await selected();
		const uids: Promise<Uid[]> = imap.selected.search({ seen: true });
		await server.answer('UID SEARCH SEEN', '* SEARCH 90 95');
		const numbers: Promise<SequenceNumber[]> = imap.selected.bySequenceNumber.search({
			seen: true,
		});
		await server.answer('SEARCH SEEN', '* SEARCH 9 10');
		const copied = imap.selected.copy(await uids, 'Archive');
		await server.answer('UID COPY 90,95 Archive');
		const again = imap.selected.bySequenceNumber.copy(await numbers, 'Archive');
		await server.answer('COPY 9:10 Archive');
		await Promise.all([copied, again]);
	});

	test('a set of the one kind is refused where the other is meant', async () => {
		const { imap, server } = await selected();
		// @ts-expect-error A sequence number is not a UID.
		expect(() => imap.selected.fetch(SequenceSet.from('1'), { flags: true })).toThrow(
			expect.objectContaining({ code: 'ARGUMENT' }),
		);
		const set = UidSet.from('1');
		// @ts-expect-error A UID is not a sequence number.
		await expect(imap.selected.bySequenceNumber.copy(set, 'A')).rejects.toMatchObject({
			code: 'ARGUMENT',
		});
		// @ts-expect-error A plain number is neither.
		void (() => imap.selected.copy(5, 'A'));
		await server.nothingMore();
	});

	test('a fetch can be iterated once', async () => {
		const { imap, server } = await selected();
		const messages = imap.selected.fetch('90', { flags: true });
		const all = messages.all();
		await server.answer('UID FETCH 90 (UID FLAGS)', '* 9 FETCH (UID 90 FLAGS ())');
		expect(await all).toHaveLength(1);
		await expect(messages.all()).rejects.toEqual(state);
		await server.nothingMore();
	});
});

describe('every command ends at a signal', () => {
	const mail = { message: 'Subject: x\r\n\r\n' };
	const one = 1 as Uid;
	const calls: Record<string, (imap: Imap4, options: CommandOptions) => Promise<unknown>> = {
		append: (imap, options) => imap.append('A', mail.message, options),
		appendAll: (imap, options) => imap.appendAll('A', [mail], options),
		authenticate: (imap, options) => imap.authenticate('PLAIN', () => 'x', options),
		capability: (imap, options) => imap.capability(options),
		command: (imap, options) => imap.command('XFOO', [], options),
		compress: (imap, options) => imap.compress(options),
		createMailbox: (imap, options) => imap.createMailbox('A', options),
		deleteAcl: (imap, options) => imap.deleteAcl('A', 'b', options),
		deleteMailbox: (imap, options) => imap.deleteMailbox('A', options),
		enable: (imap, options) => imap.enable('CONDSTORE', options),
		getAcl: (imap, options) => imap.getAcl('A', options),
		getAnnotation: (imap, options) => imap.getAnnotation('A', '/comment', 'value', options),
		getJmapAccess: (imap, options) => imap.getJmapAccess(options),
		getMetadata: (imap, options) => imap.getMetadata('A', '/private/comment', options),
		getQuota: (imap, options) => imap.getQuota('', options),
		getQuotaRoot: (imap, options) => imap.getQuotaRoot('A', options),
		id: (imap, options) => imap.id(null, options),
		list: (imap, options) => imap.list('', '*', options),
		listRights: (imap, options) => imap.listRights('A', 'b', options),
		logIn: (imap, options) => imap.logIn({ user: 'a', password: 'b' }, options),
		login: (imap, options) => imap.login('a', 'b', options),
		lsub: (imap, options) => imap.lsub('', '*', options),
		myRights: (imap, options) => imap.myRights('A', options),
		namespace: (imap, options) => imap.namespace(options),
		noop: (imap, options) => imap.noop(options),
		notify: (imap, options) => imap.notify([], options),
		open: (imap, options) => imap.open('A', options),
		proxyauth: (imap, options) => imap.proxyauth('a', options),
		renameMailbox: (imap, options) => imap.renameMailbox('A', 'B', options),
		searchMailboxes: (imap, options) => imap.searchMailboxes({ seen: true }, ['inboxes'], options),
		setAcl: (imap, options) => imap.setAcl('A', 'b', 'lr', options),
		setAnnotation: (imap, options) => imap.setAnnotation('A', '/comment', { value: 'x' }, options),
		setMetadata: (imap, options) => imap.setMetadata('A', { '/private/comment': 'x' }, options),
		setQuota: (imap, options) => imap.setQuota('', {}, options),
		startTls: (imap, options) => imap.startTls(options),
		status: (imap, options) => imap.status('A', ['messages'], options),
		subscribe: (imap, options) => imap.subscribe('A', options),
		unsubscribe: (imap, options) => imap.unsubscribe('A', options),
		'selected.check': (imap, options) => imap.selected.check(options),
		'selected.close': (imap, options) => imap.selected.close(options),
		'selected.copy': (imap, options) => imap.selected.copy('1', 'A', options),
		'selected.expunge': (imap, options) => imap.selected.expunge(undefined, options),
		'selected.fetch': (imap, options) => imap.selected.fetch('1', { flags: true }, options).all(),
		'selected.move': (imap, options) => imap.selected.move('1', 'A', options),
		'selected.replace': (imap, options) => imap.selected.replace(one, 'A', mail, options),
		'selected.search': (imap, options) => imap.selected.search({ seen: true }, options),
		'selected.searchReturning': (imap, options) =>
			imap.selected.searchReturning({}, ['count'], options),
		'selected.sort': (imap, options) => imap.selected.sort(['DATE'], {}, options),
		'selected.sortReturning': (imap, options) =>
			imap.selected.sortReturning(['DATE'], {}, ['count'], options),
		'selected.store': (imap, options) => imap.selected.store('1', '+FLAGS', ['x'], options),
		'selected.thread': (imap, options) => imap.selected.thread('REFERENCES', {}, options),
	};
	const capabilities =
		'IMAP4rev1 LITERAL+ UIDPLUS MOVE UNSELECT ENABLE ID ESEARCH ESORT SORT THREAD=REFERENCES MULTISEARCH NOTIFY AUTH=PLAIN STARTTLS';

	test.each(Object.entries(calls))('%s', async (_name, call) => {
		const { imap, server } = await selected({ allowClearText: true }, { capabilities });
		const controller = new AbortController();
		const reason = new Error('enough');
		controller.abort(reason);
		await expect(call(imap, { signal: controller.signal })).rejects.toBe(reason);
		await server.nothingMore();
	});

	test('none is missing here', async () => {
		const { imap } = await selected();
		const methodsOf = (object: object, prefix: string): string[] => {
			const names: string[] = [];
			for (
				let prototype = Object.getPrototypeOf(object) as object;
				prototype !== Object.prototype;
				prototype = Object.getPrototypeOf(prototype) as object
			) {
				for (const [name, { value }] of Object.entries(
					Object.getOwnPropertyDescriptors(prototype),
				)) {
					if (typeof value === 'function' && name !== 'constructor') names.push(prefix + name);
				}
			}
			return names;
		};
		// logout never fails, idle has a signal of its own, and the others send nothing.
		const others = ['logout', 'idle', 'destroy', 'ref', 'unref'];
		const helpers = ['checkWritable', 'snapshot', 'run', 'parts', 'setOf'].map(
			(name) => `selected.${name}`,
		);
		const all = [...methodsOf(imap, ''), ...methodsOf(imap.selected, 'selected.')];
		expect(Object.keys(calls).sort()).toEqual(
			all.filter((name) => ![...others, ...helpers].includes(name)).sort(),
		);
	});
});
