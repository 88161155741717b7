/**
 * Records what a Dovecot sends in a few sessions, each into a file beside this one:
 * `npx tsx test/recorded/record.ts [SESSION …]`. The files are transcripts of a real server, not of what we
 * think one says; to be made anew when Dovecot says more.
 */
import { writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import type { Credentials, FetchItems } from '../../engine/index';
import { Imap4 } from '../../engine/index';
import { largeMessage, message, nested } from '../conformance/messages';
import { makeCertificates } from '../real/certificates';
import { startDovecot } from '../real/dovecot';
import { findDovecot } from '../real/dovecot-files';

const ITEMS: FetchItems = {
	uid: true,
	flags: true,
	internalDate: true,
	size: true,
	envelope: true,
	bodyStructure: true,
	modSeq: true,
};

const SESSIONS: Record<string, (imap: Imap4) => Promise<unknown>> = {
	async mailboxes(imap) {
		for (const name of ['Entwürfe', 'a "quoted" \\ name', 'R&D/in', '日本語', '[box] (1) {3}'])
			await imap.createMailbox(name);
		await imap.subscribe('Entwürfe');
		await imap.append('R&D/in', message(), { flags: ['\\Seen'] });
		await imap.list('', '*', { status: ['messages', 'unseen', 'uidNext', 'size'] });
		await imap.list('', ['%', 'R&D/*'], { subscribed: true });
		await imap.list('', '');
		await imap.lsub();
		await imap.namespace();
		await imap.status('R&D/in', ['messages', 'highestModSeq', 'uidValidity']);
		await imap.status('Missing', ['messages']).catch(() => undefined);
		await imap.renameMailbox('日本語', 'weg');
		await imap.deleteMailbox('weg');
		await imap.id({ name: 'recorder' });
	},
	async messages(imap) {
		await imap.append('INBOX', nested, {
			flags: ['\\Flagged', 'kw'],
			date: new Date(1577934245e3),
		});
		await imap.append('INBOX', message({ Subject: 'line ends {3}' }, '* 1 FETCH (', 'x OK {5}'));
		await imap.append('INBOX', 'Subject: \\ " Grüße\r\nTo: "a \\" b" <x@y>\r\n\r\n8 bit ü\r\n');
		await imap.append('INBOX', largeMessage(9000));
		await imap.open('INBOX', { condStore: true });
		await imap.selected.bySequenceNumber.fetch('1:*', ITEMS).all();
		const sections = ['', 'HEADER', 'TEXT', '1.1.MIME', '2.HEADER', '2.1', '9'];
		await imap.selected.bySequenceNumber
			.fetch('1:4', { uid: true, body: sections.map((section) => ({ section })) })
			.all();
		await imap.selected.bySequenceNumber
			.fetch('1:4', {
				preview: true,
				saveDate: true,
				body: [
					{ section: 'HEADER.FIELDS', fields: ['Subject', 'To'] },
					{ section: 'HEADER.FIELDS.NOT', fields: ['Subject'] },
					{ section: 'TEXT', partial: { start: 3, length: 40 } },
				],
			})
			.all();
		await imap.selected.bySequenceNumber
			.fetch('1', { body: [{ section: '3', binary: true }] })
			.all();
		await imap.command('FETCH', ['1:4', ['ALL']]).catch(() => undefined);
		await imap.selected.bySequenceNumber
			.fetch('1:4', { body: [{ section: '', peek: false }] })
			.all();
	},
	async searches(imap) {
		for (const subject of ['one', 'two', 'Re: one', 'drei'])
			await imap.append('INBOX', message({ Subject: subject, 'Message-ID': `<${subject}@x>` }));
		await imap.open();
		await Promise.all([
			imap.selected.bySequenceNumber.search({ all: true }),
			imap.selected.search({ subject: 'nothing' }),
			imap.selected.bySequenceNumber.search({ subject: 'Ü' }),
			imap.selected.searchReturning({ all: true }, ['min', 'max', 'count', 'all']),
		]);
		await imap.command('SEARCH', ['ALL']);
		await imap.command('UID SEARCH', ['MODSEQ', 1, 'ALL']);
		await imap.command('SEARCH', ['SUBJECT', 'nothing']);
		await imap.selected.sort(['DATE', { key: 'SUBJECT', reverse: true }], {});
		await imap.selected.bySequenceNumber.thread('REFERENCES', {});
		await imap.selected.thread('ORDEREDSUBJECT', {});
	},
	/** What Get Many asks for of five messages; test/engine/client/one-odd-thing.test.ts damages it. */
	async five(imap) {
		await imap.append('INBOX', nested, { flags: ['\\Flagged', 'kw'] });
		await imap.append('INBOX', message({ Subject: 'line ends {3}' }, '* 1 FETCH (', 'x OK {5}'));
		await imap.append('INBOX', 'Subject: \\ " Grüße\r\nTo: "a \\" b" <x@y>\r\n\r\n8 bit ü\r\n');
		await imap.append('INBOX', message({ Subject: 'UID 2 (', Cc: 'UID 1 <uid@example.org>' }));
		await imap.append('INBOX', message({ Subject: 'last' }));
		const mailbox = await imap.open();
		await mailbox.search({ all: true });
		await mailbox.fetch('1:5', { ...ITEMS, modSeq: undefined, body: [{ section: '' }] }).all();
	},
	async changes(imap) {
		for (let turn = 0; turn < 6; turn++) await imap.append('INBOX', message());
		await imap.createMailbox('Ziel');
		await imap.enable('QRESYNC');
		await imap.open();
		await imap.selected.bySequenceNumber.store('1:3', '+FLAGS', ['\\Seen', '$kw']);
		await imap.selected.bySequenceNumber.store('2', 'FLAGS', ['x'], { unchangedSince: 1n });
		await imap.selected.bySequenceNumber.copy('1,3', 'Ziel');
		await imap.selected.bySequenceNumber.copy('1', 'Nirgends').catch(() => undefined);
		await imap.selected.move('4:5', 'Ziel');
		await imap.selected.bySequenceNumber.store('1', '+FLAGS', ['\\Deleted'], { silent: true });
		await imap.selected.expunge();
		await imap.open('Ziel', { qresync: { uidValidity: 1, modSeq: 1n } });
		await imap.selected.close({ expunge: true });
		await imap.command('NONSENSE').catch(() => undefined);
	},
	async access(imap) {
		await imap.setAcl('INBOX', 'other user', 'lrs');
		await imap.getAcl('INBOX');
		await imap.myRights('INBOX');
		await imap.listRights('INBOX', 'bob');
		await imap.getQuotaRoot();
		await imap.getQuota('User quota');
		await imap.setMetadata('INBOX', { '/private/comment': 'two\r\nlines', '/private/x': 'one' });
		await imap.getMetadata('INBOX', ['/private/comment', '/private/x']);
		await imap.getMetadata('INBOX', '/private/x', { depth: 'infinity' });
		await imap.deleteMailbox('Missing').catch(() => undefined);
	},
};

/** Connects through a listener that keeps all that the server sends. */
async function record(
	port: number,
	auth: Credentials,
	session: (imap: Imap4) => Promise<unknown>,
): Promise<Buffer> {
	const kept: Buffer[] = [];
	const proxy = createServer((client) => {
		const server = connect(port, '127.0.0.1');
		client.pipe(server);
		server.on('data', (chunk: Buffer) => kept.push(chunk));
		server.pipe(client);
		for (const socket of [client, server]) socket.on('error', () => undefined);
	});
	await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
	try {
		const imap = await Imap4.connect({
			host: '127.0.0.1',
			port: (proxy.address() as AddressInfo).port,
			security: 'none',
			auth,
		});
		await session(imap);
		await imap.logout();
	} finally {
		proxy.close();
	}
	return Buffer.concat(kept);
}

async function main(): Promise<void> {
	const dovecot = await startDovecot(await findDovecot(), await makeCertificates());
	try {
		const { ports, password } = dovecot.address;
		const wanted = process.argv.slice(2);
		for (const [name, session] of Object.entries(SESSIONS)) {
			if (wanted.length > 0 && !wanted.includes(name)) continue;
			const auth: Credentials = { user: `recorded-${name}`, password, mechanism: 'LOGIN' };
			const octets = await record(ports.plain, auth, session);
			await writeFile(join(__dirname, `dovecot-${name}.txt`), octets);
			console.log(`dovecot-${name}.txt: ${octets.length} octets`);
		}
	} finally {
		await dovecot.stop();
	}
}

void main();
