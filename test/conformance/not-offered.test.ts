/** What a server does not offer: a clear error before anything is sent, or the portable way. */
import type { SequenceNumber } from '../../engine/index';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Imap4 } from '../../engine/index';
import { IMAP4 } from '../../engine/imaplib';
import { MemoryServer } from '../server';
import { message } from './messages';

const EXTENSIONS =
	'ACL ANNOTATEMORE APPENDLIMIT BINARY COMPRESS=DEFLATE CONDSTORE CREATE-SPECIAL-USE ENABLE ESEARCH ' +
	'ESORT IDLE LIST-EXTENDED LIST-STATUS LITERAL+ METADATA METADATA-SERVER MOVE MULTIAPPEND NAMESPACE ' +
	'OBJECTID PARTIAL PREVIEW QRESYNC QUOTA REPLACE SASL-IR SAVEDATE SEARCHRES SORT SORT=DISPLAY ' +
	'SPECIAL-USE STATUS=SIZE THREAD=ORDEREDSUBJECT THREAD=REFERENCES UIDPLUS UNSELECT UTF8=ACCEPT WITHIN';

let server: MemoryServer;
let imap: Imap4;

beforeAll(async () => {
	server = await MemoryServer.start({ capabilities: { remove: EXTENSIONS.split(' ') } });
	server.addAccount('ann', 'secret');
	imap = await Imap4.connect({
		host: server.host,
		port: server.port,
		security: 'none',
		auth: { user: 'ann', password: 'secret' },
	});
	await imap.createMailbox('Archive');
	for (const subject of ['a', 'b', 'c'])
		await imap.append('INBOX', message({ Subject: subject }), { flags: ['\\Seen'] });
	await imap.open();
});
afterAll(async () => {
	imap.destroy();
	await server.stop();
});

describe('refused before anything is sent', () => {
	test.each<[string, () => Promise<unknown>]>([
		['ACL', () => imap.getAcl('INBOX')],
		['ACL', () => imap.setAcl('INBOX', 'bob', 'l')],
		['ACL', () => imap.deleteAcl('INBOX', 'bob')],
		['ACL', () => imap.listRights('INBOX', 'bob')],
		['ACL', () => imap.myRights('INBOX')],
		['QUOTA', () => imap.getQuota('')],
		['QUOTA', () => imap.getQuotaRoot('INBOX')],
		['QUOTA', () => imap.setQuota('', { STORAGE: 1 })],
		['METADATA', () => imap.getMetadata('INBOX', '/private/comment')],
		['METADATA', () => imap.setMetadata('', { '/private/comment': 'x' })],
		['ANNOTATEMORE', () => imap.getAnnotation('INBOX', '/comment', 'value.priv')],
		['ANNOTATEMORE', () => imap.setAnnotation('INBOX', '/comment', { 'value.priv': 'x' })],
		['NAMESPACE', () => imap.namespace()],
		['SORT', () => imap.selected.bySequenceNumber.sort(['DATE'])],
		['ESORT', () => imap.selected.bySequenceNumber.sortReturning(['DATE'], {}, ['count'])],
		['THREAD=REFERENCES', () => imap.selected.bySequenceNumber.thread('REFERENCES')],
		['ESEARCH', () => imap.selected.bySequenceNumber.searchReturning({}, ['count'])],
		['CONDSTORE', () => imap.selected.bySequenceNumber.fetch('1', { modSeq: true }).all()],
		[
			'CONDSTORE',
			() => imap.selected.bySequenceNumber.store('1', '+FLAGS', ['a'], { unchangedSince: 1n }),
		],
		['CONDSTORE', () => imap.open('INBOX', { condStore: true })],
		['WITHIN', () => imap.selected.bySequenceNumber.search({ younger: 60 })],
		['PREVIEW', () => imap.selected.bySequenceNumber.fetch('1', { preview: true }).all()],
		['SAVEDATE', () => imap.selected.bySequenceNumber.fetch('1', { saveDate: true }).all()],
		['OBJECTID', () => imap.selected.bySequenceNumber.fetch('1', { emailId: true }).all()],
		[
			'BINARY',
			() =>
				imap.selected.bySequenceNumber.fetch('1', { body: [{ section: '1', binary: true }] }).all(),
		],
		[
			'REPLACE',
			() =>
				imap.selected.bySequenceNumber.replace(1 as SequenceNumber, 'INBOX', {
					message: message(),
				}),
		],
		['UIDPLUS', () => imap.selected.expunge('1')],
		['COMPRESS=DEFLATE', () => imap.compress()],
		['ENABLE', () => imap.enable('CONDSTORE')],
		['JMAPACCESS', () => imap.getJmapAccess()],
		['IDLE', () => imap.idle()[Symbol.asyncIterator]().next()],
		['CREATE-SPECIAL-USE', () => imap.createMailbox('Bin', { specialUse: ['\\Trash'] })],
	])('%s', async (capability, run) => {
		const before = server.commands.length;
		await expect(run()).rejects.toMatchObject({
			code: 'CAPABILITY',
			message: expect.stringContaining(capability) as string,
		});
		expect(server.commands.length).toBe(before);
		expect(imap.closedBy).toBeUndefined();
	});
});

describe('done in the portable way', () => {
	const names = (from: number): string[] => server.commands.slice(from).map(({ name }) => name);

	test('leaving a mailbox without UNSELECT: EXAMINE, then CLOSE, which removes nothing', async () => {
		const before = server.commands.length;
		await imap.selected.close();
		expect(names(before)).toEqual(['EXAMINE', 'CLOSE']);
		expect((await imap.open()).exists).toBe(3);
	});

	test('a search without ESEARCH', async () => {
		expect(await imap.selected.search({ seen: true })).toEqual([1, 2, 3]);
	});

	test('MOVE by COPY and STORE: EXPUNGE would remove what another has marked', async () => {
		await imap.selected.bySequenceNumber.store('3', '+FLAGS', ['\\Deleted'], { silent: true });
		const before = server.commands.length;
		expect((await imap.selected.move('1', 'Archive')).via).toBe('COPY+STORE');
		expect(names(before)).not.toContain('EXPUNGE');
		expect(await imap.status('Archive', ['messages'])).toMatchObject({ messages: 1 });
	});

	test('counts of mailboxes without LIST-STATUS', async () => {
		const listed = await imap.list('', 'Archive', { status: ['messages'] });
		expect(listed[0]?.status).toMatchObject({ messages: 1 });
	});

	test('many messages without MULTIAPPEND', async () => {
		const results = await imap.appendAll('Archive', [
			{ message: message() },
			{ message: message() },
		]);
		expect(results).toEqual([undefined, undefined]);
		expect(await imap.status('Archive', ['messages'])).toMatchObject({ messages: 3 });
	});
});

test('a server from before IMAP4rev1: PARTIAL counts bytes from 1 on the wire [parity: partial]', async () => {
	const old = await MemoryServer.start({ protocols: ['IMAP4'] });
	old.addAccount('ann', 'secret');
	const session = await IMAP4.connect({
		host: old.host,
		port: old.port,
		security: 'none',
		auth: { user: 'ann', password: 'secret', mechanism: 'LOGIN command' },
	});
	try {
		await session.append('INBOX', null, null, message({}, '0123456789'));
		await session.select();
		expect(session.PROTOCOL_VERSION).toBe('IMAP4');
		expect(await session.partial(1, 'RFC822.TEXT', 4, 3)).toEqual(['OK', Buffer.from('456')]);
		expect(await session.partial(1, 'RFC822.TEXT', 0, 2)).toEqual(['OK', Buffer.from('01')]);
		expect(old.commands.filter(({ name }) => name === 'PARTIAL')).toHaveLength(2);
	} finally {
		session.shutdown();
		await old.stop();
	}
});

test('a server that speaks IMAP4rev2 only: names in UTF-8, no RECENT, CHECK by NOOP', async () => {
	const rev2 = await MemoryServer.start({ protocols: ['IMAP4rev2'] });
	rev2.addAccount('ann', 'secret');
	const session = await Imap4.connect({
		host: rev2.host,
		port: rev2.port,
		security: 'none',
		auth: { user: 'ann', password: 'secret' },
	});
	try {
		expect(session.protocolVersion).toBe('IMAP4rev2');
		await session.createMailbox('Älter & mehr');
		expect((await session.list()).map(({ name }) => name)).toContain('Älter & mehr');
		expect(rev2.account('ann').find('Älter & mehr')).toBeDefined();
		await session.append('INBOX', message({ Subject: 'Grüße' }));
		await session.open();
		await session.selected.check();
		expect(await session.selected.bySequenceNumber.search({ subject: 'grüße' })).toEqual([1]);
		expect(rev2.commands.map(({ name }) => name)).not.toContain('CHECK');
	} finally {
		session.destroy();
		await rev2.stop();
	}
});

test('GETJMAPACCESS where it is offered, which no server at hand does (RFC 9698)', async () => {
	const jmap = await MemoryServer.start({ capabilities: { add: ['JMAPACCESS'] } });
	jmap.addAccount('ann', 'secret');
	const session = await Imap4.connect({
		host: jmap.host,
		port: jmap.port,
		security: 'none',
		auth: { user: 'ann', password: 'secret' },
	});
	try {
		expect(await session.getJmapAccess()).toBe('https://mail.example.org/jmap');
	} finally {
		session.destroy();
		await jmap.stop();
	}
});

test('PROXYAUTH: an administrator acts as another user from then on', async () => {
	const shared = await MemoryServer.start({ mayActAs: (user) => user === 'admin' });
	shared.addAccount('admin', 'secret');
	shared.addAccount('bob', 'hidden').create('Only Bob');
	const connect = (user: string, password: string): Promise<Imap4> =>
		Imap4.connect({
			host: shared.host,
			port: shared.port,
			security: 'none',
			auth: { user, password },
		});
	const admin = await connect('admin', 'secret');
	const bob = await connect('bob', 'hidden');
	try {
		await admin.proxyauth('bob');
		expect((await admin.list()).map(({ name }) => name)).toContain('Only Bob');
		await admin.append('Only Bob', message());
		expect(await bob.status('Only Bob', ['messages'])).toMatchObject({ messages: 1 });
		await expect(bob.proxyauth('admin')).rejects.toMatchObject({ command: 'PROXYAUTH' });
		await expect(admin.proxyauth('nobody')).rejects.toMatchObject({ command: 'PROXYAUTH' });
	} finally {
		admin.destroy();
		bob.destroy();
		await shared.stop();
	}
});
