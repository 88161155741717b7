import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Imap4, Imap4Error } from '../../engine/index';
import { MemoryServer } from '../server';
import { message } from './messages';
import type { Bench } from './on-each-server';
import { onEachServer } from './on-each-server';

onEachServer((bench) => {
	const nowhere = bench.mailbox('Nowhere');
	test.each<[string, (imap: Imap4) => Promise<unknown>]>([
		['SELECT', (imap) => imap.open(nowhere)],
		['EXAMINE', (imap) => imap.open(nowhere, { readOnly: true })],
		['STATUS', (imap) => imap.status(nowhere, ['messages'])],
		['APPEND', (imap) => imap.append(nowhere, message())],
		['DELETE', (imap) => imap.deleteMailbox(nowhere)],
		['RENAME', (imap) => imap.renameMailbox(nowhere, bench.mailbox('Elsewhere'))],
		['COPY', (imap) => imap.selected.bySequenceNumber.copy('1', nowhere)],
		['UID COPY', (imap) => imap.selected.copy('1', nowhere)],
		['MOVE', (imap) => imap.selected.bySequenceNumber.move('1', nowhere)],
		['UID MOVE', (imap) => imap.selected.move('1', nowhere)],
	])('%s of a mailbox that does not exist', async (name, run) => {
		const { imap } = await bench.inbox([message()]);
		const error = await run(imap).catch((reason: unknown) => reason);
		if (bench.name === 'Courier' && name === 'RENAME') {
			// It renames nothing, and is content.
			expect(error).toBeUndefined();
			return;
		}
		// Without MOVE it is done by hand, and that begins with a copy.
		const byHand = /MOVE$/.test(name) && !imap.capabilities.has('MOVE');
		const command = byHand ? 'UID COPY' : name;
		expect(error).toBeInstanceOf(Imap4Error);
		const { code, responseCode, serverText, message: text } = error as Imap4Error;
		expect({ code, command: (error as Imap4Error).command }).toEqual({ code: 'NO', command });
		// Cyrus and Courier say only what CREATE would mend; Dovecot says of some commands nothing but its text.
		const untold: Partial<Record<Bench['name'], RegExp>> = {
			Cyrus: /^(SELECT|EXAMINE|STATUS|DELETE|RENAME)$/,
			Dovecot: /^(SELECT|EXAMINE|STATUS)$/,
			Courier: /^(SELECT|EXAMINE|STATUS|DELETE)$/,
		};
		if (untold[bench.name]?.test(command)) expect(responseCode).toBeUndefined();
		else expect(responseCode).toMatch(/^(NONEXISTENT|TRYCREATE)$/);
		// Courier: "Must create mailbox before append".
		expect(serverText).toMatch(bench.name === 'Courier' ? /exist|create/i : /exist/i);
		// The server's own words are in the message that people see.
		expect(text).toContain(serverText);
		await imap.noop();
	});

	test('a refusal leaves the commands before and behind it alone', async () => {
		const { imap } = await bench.inbox([message()]);
		const [before, refused, behind] = await Promise.allSettled([
			imap.status('INBOX', ['messages']),
			imap.status(nowhere, ['messages']),
			imap.selected.bySequenceNumber.search({ all: true }),
		]);
		expect([before.status, refused.status, behind.status]).toEqual([
			'fulfilled',
			'rejected',
			'fulfilled',
		]);
	});
});

describe('what a caller gives never becomes a command', () => {
	let server: MemoryServer;
	let imap: Imap4;

	beforeAll(async () => {
		server = await MemoryServer.start({
			capabilities: { add: ['ACL', 'QUOTA', 'METADATA', 'ANNOTATEMORE', 'SORT'] },
		});
		server.addAccount('ann', 'secret');
		imap = await Imap4.connect({
			host: server.host,
			port: server.port,
			security: 'none',
			auth: { user: 'ann', password: 'secret' },
		});
		await imap.append('INBOX', message());
	});
	beforeEach(async () => {
		await imap.open();
		server.commands.length = 0;
	});
	afterAll(async () => {
		imap.destroy();
		await server.stop();
	});

	const evil = ['a\r\nx DELETE INBOX', 'a\nx DELETE INBOX', 'a\rb', '\r\n', 'a\0b'];

	/** Arguments that no such text can stand in. */
	const refused: [string, (session: Imap4, text: string) => Promise<unknown>][] = [
		['select', (it, text) => it.open(text)],
		['examine', (it, text) => it.open(text, { readOnly: true })],
		['create', (it, text) => it.createMailbox(text)],
		['create special use', (it, text) => it.createMailbox('New', { specialUse: [text] })],
		['delete', (it, text) => it.deleteMailbox(text)],
		['rename from', (it, text) => it.renameMailbox(text, 'x')],
		['rename to', (it, text) => it.renameMailbox('x', text)],
		['subscribe', (it, text) => it.subscribe(text)],
		['unsubscribe', (it, text) => it.unsubscribe(text)],
		['list reference', (it, text) => it.list(text)],
		['list pattern', (it, text) => it.list('', text)],
		['list patterns', (it, text) => it.list('', ['*', text])],
		['list status', (it, text) => it.list('', '*', { status: [text as 'messages'] })],
		['lsub reference', (it, text) => it.lsub(text)],
		['lsub pattern', (it, text) => it.lsub('', text)],
		['status', (it, text) => it.status(text, ['messages'])],
		['status item', (it, text) => it.status('INBOX', [text as 'messages'])],
		['append mailbox', (it, text) => it.append(text, message())],
		['append flag', (it, text) => it.append('INBOX', message(), { flags: [text] })],
		['appendAll flag', (it, text) => it.appendAll('INBOX', [{ message: 'x', flags: [text] }])],
		['copy', (it, text) => it.selected.bySequenceNumber.copy('1', text)],
		['copy set', (it, text) => it.selected.bySequenceNumber.copy(text, 'INBOX')],
		['move', (it, text) => it.selected.move('1', text)],
		['move set', (it, text) => it.selected.bySequenceNumber.move(text, 'INBOX')],
		['store set', (it, text) => it.selected.bySequenceNumber.store(text, '+FLAGS', ['x'])],
		[
			'store action',
			(it, text) => it.selected.bySequenceNumber.store('1', text as '+FLAGS', ['x']),
		],
		['store flag', (it, text) => it.selected.bySequenceNumber.store('1', '+FLAGS', [text])],
		['expunge', (it, text) => it.selected.expunge(text)],
		[
			'fetch set',
			async (it, text) => it.selected.bySequenceNumber.fetch(text, { flags: true }).all(),
		],
		[
			'fetch section',
			async (it, text) =>
				it.selected.bySequenceNumber.fetch('1', { body: [{ section: text }] }).all(),
		],
		[
			'fetch field',
			async (it, text) =>
				it.selected.bySequenceNumber
					.fetch('1', { body: [{ section: 'HEADER.FIELDS', fields: [text] }] })
					.all(),
		],
		['search set', (it, text) => it.selected.bySequenceNumber.search({ uid: text })],
		['search keyword', (it, text) => it.selected.bySequenceNumber.search({ keyword: text })],
		[
			'search not keyword',
			(it, text) => it.selected.bySequenceNumber.search({ not: { notKeyword: text } }),
		],
		[
			'search header name',
			(it, text) => it.selected.bySequenceNumber.search({ header: { [text]: 'x' } }),
		],
		['search day', (it, text) => it.selected.bySequenceNumber.search({ since: text })],
		['search key', (it, text) => it.selected.bySequenceNumber.search({ [text]: 'x' })],
		['sort criterion', (it, text) => it.selected.bySequenceNumber.sort([text as 'DATE'])],
		[
			'sort charset',
			(it, text) => it.selected.bySequenceNumber.sort(['DATE'], {}, { charset: text }),
		],
		['enable', (it, text) => it.enable(text)],
		['xatom name', (it, text) => it.command(text)],
		['getAcl', (it, text) => it.getAcl(text)],
		['setAcl mailbox', (it, text) => it.setAcl(text, 'bob', 'lr')],
		['setAcl rights', (it, text) => it.setAcl('INBOX', 'bob', text)],
		['deleteAcl', (it, text) => it.deleteAcl(text, 'bob')],
		['myRights', (it, text) => it.myRights(text)],
		['getQuotaRoot', (it, text) => it.getQuotaRoot(text)],
		['setQuota resource', (it, text) => it.setQuota('', { [text]: 1 })],
		['getMetadata mailbox', (it, text) => it.getMetadata(text, '/private/comment')],
		['setMetadata mailbox', (it, text) => it.setMetadata(text, { '/private/comment': 'x' })],
	];

	test.each(refused)('%s is refused, and nothing is sent', async (_name, run) => {
		for (const text of evil) {
			const error = await run(imap, text).catch((reason: unknown) => reason);
			expect(error, JSON.stringify(text)).toBeInstanceOf(Imap4Error);
			expect((error as Imap4Error).code, JSON.stringify(text)).toBe('ARGUMENT');
		}
		expect(server.commands).toEqual([]);
		await imap.noop();
		expect(server.commands.map(({ name }) => name)).toEqual(['NOOP']);
	});

	/** Arguments that may hold line ends, which then go as a literal; NUL never. */
	const carried: [string, string, (session: Imap4, text: string) => Promise<unknown>][] = [
		['search text', 'SEARCH', (it, text) => it.selected.bySequenceNumber.search({ text })],
		[
			'search header',
			'SEARCH',
			(it, text) => it.selected.bySequenceNumber.search({ header: { Subject: text } }),
		],
		[
			'search alternative',
			'SEARCH',
			(it, text) => it.selected.bySequenceNumber.search({ or: [{ subject: text }, {}] }),
		],
		['id', 'ID', (it, text) => it.id({ name: text })],
		['id field', 'ID', (it, text) => it.id({ [text]: 'x' })],
		['xatom argument', 'XYZZY', (it, text) => it.command('XYZZY', [[text]])],
		['setAcl identifier', 'SETACL', (it, text) => it.setAcl('INBOX', text, 'lr')],
		['getQuota root', 'GETQUOTA', (it, text) => it.getQuota(text)],
		['getMetadata entry', 'GETMETADATA', (it, text) => it.getMetadata('INBOX', text)],
		[
			'setMetadata value',
			'SETMETADATA',
			(it, text) => it.setMetadata('INBOX', { '/private/comment': text }),
		],
	];

	test.each(carried)('%s cannot break out of its literal', async (_name, command, run) => {
		for (const text of evil) {
			server.commands.length = 0;
			const outcome = await run(imap, text).catch((reason: unknown) => reason);
			await imap.noop();
			const names = server.commands.map(({ name }) => name);
			if (outcome instanceof Imap4Error && outcome.code === 'ARGUMENT') {
				expect(names, JSON.stringify(text)).toEqual(['NOOP']);
			} else {
				expect(text).not.toContain('\0');
				expect(names, JSON.stringify(text)).toEqual([command, 'NOOP']);
			}
		}
		expect((await imap.status('INBOX', ['messages'])).messages).toBe(1);
	});

	test.each(evil)('user name and password %j', async (text) => {
		const options = { host: server.host, port: server.port, security: 'none' } as const;
		for (const mechanism of ['LOGIN command', 'PLAIN', 'LOGIN'] as const) {
			for (const auth of [
				{ user: text, password: 'x', mechanism },
				{ user: 'ann', password: text, mechanism },
			]) {
				const session = await Imap4.connect(options);
				server.commands.length = 0;
				const error = await session.logIn(auth).catch((reason: unknown) => reason);
				expect(error).toMatchObject({
					code: expect.stringMatching(/^(ARGUMENT|AUTHENTICATION_FAILED)$/) as string,
				});
				await session.noop();
				expect(server.commands.map(({ name }) => name)).not.toContain('DELETE');
				session.destroy();
			}
		}
	});
});
