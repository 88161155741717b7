/** The trigger on the servers that people have. */
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { Imap4 } from '../../../engine/index';
import { ACKNOWLEDGED } from '../../../nodes/shared/message/acknowledgement';
import { closeIdleConnections } from '../../../nodes/shared/account/connection-pool';
import { servers, type ServerUnderTest, type TestAccount } from '../../conformance/servers';
import { mail } from '../run-node';
import { Poller } from './poller';

const { ca } = inject('certificates');

for (const { name, missing } of servers) {
	if (missing) console.log(`Left out: the trigger on ${name}, because ${missing}`);
}

describe.each(servers)('on $name', ({ name, missing, start }) => {
	if (missing !== undefined) {
		test.skip(`left out: ${missing}`, () => undefined);
		return;
	}
	let server: ServerUnderTest;
	const open: Imap4[] = [];
	beforeAll(async () => {
		server = await start();
	});
	afterEach(async () => {
		await closeIdleConnections();
		for (const imap of open.splice(0)) await imap.logout();
	});
	afterAll(() => server.stop());

	/** A mailbox that nobody has used, somebody who works in it, and a trigger that watches it. */
	async function watched(parameters: Record<string, unknown> = {}) {
		const account: TestAccount = server.freshAccount();
		const { host } = server;
		const port = server.port('tls');
		const imap = await Imap4.connect({ host, port, auth: account, tls: { ca } });
		open.push(imap);
		// Courier keeps all mailboxes below INBOX.
		const path = name === 'Courier' ? 'INBOX.Watched' : 'Watched';
		await imap.createMailbox(path);
		const poller = new Poller({
			server: { host, port },
			authentication: 'ssl',
			credential: { ...account, caCertificate: ca },
			parameters: { mailbox: { __rl: true, mode: 'path', value: path }, ...parameters },
		});
		return { imap, path, poller };
	}

	test('messages that are stored, copied and moved in are given once, in order', async () => {
		const { imap, path, poller } = await watched();
		const from = name === 'Courier' ? 'INBOX.From' : 'From';
		await imap.createMailbox(from);
		await imap.append(path, mail('old'));
		expect(await poller.subjects()).toEqual([]);
		await imap.append(path, mail('stored'));
		await imap.append(from, mail('copied'), { flags: ['\\Seen'], date: new Date('2001-02-03') });
		await imap.append(from, mail('moved'));
		await imap.open(from);
		await imap.selected.bySequenceNumber.copy('1', path);
		await imap.selected.bySequenceNumber.move('2', path);
		expect(await poller.subjects()).toEqual(['stored', 'copied', 'moved']);
		expect(await poller.subjects()).toEqual([]);
		await imap.open(path);
		await imap.selected.bySequenceNumber.store('1:*', '-FLAGS', ['\\Seen'], { silent: true });
		expect(await poller.subjects()).toEqual([]);
	});

	test('an empty mailbox, and one whose last message goes', async () => {
		const { imap, path, poller } = await watched();
		expect(await poller.subjects()).toEqual([]);
		await imap.append(path, mail('one'));
		await imap.append(path, mail('two'));
		expect(await poller.subjects()).toEqual(['one', 'two']);
		await imap.open(path);
		await imap.selected.bySequenceNumber.store('1:*', '+FLAGS', ['\\Deleted'], { silent: true });
		await imap.selected.expunge();
		expect(await poller.subjects()).toEqual([]);
		await imap.append(path, mail('three'));
		expect(await poller.subjects()).toEqual(['three']);
	});

	test('a deleted mailbox that is made again', async () => {
		const { imap, path, poller } = await watched({ options: { onRenumbered: 'rescan' } });
		await poller.poll();
		await imap.append(path, mail('one'));
		expect(await poller.subjects()).toEqual(['one']);
		await imap.deleteMailbox(path);
		// UIDVALIDITY is mostly the time in seconds.
		await new Promise((resolve) => setTimeout(resolve, 1_100));
		await imap.createMailbox(path);
		await imap.append(path, mail('one'));
		await imap.append(path, mail('two'));
		expect(await poller.subjects()).toEqual(['two']);
	});

	test('what comes while the poll waits is delivered at once', async () => {
		const { imap, path, poller } = await watched();
		await poller.poll();
		const delivered: unknown[] = [];
		const waiting = new Poller({
			...poller.options,
			...{ staticData: poller.staticData, budget: 200_000 },
			emit: (items) => delivered.push(...items.map(({ json }) => json.subject)),
			parameters: { ...poller.options.parameters, options: { waitForNew: true } },
		});
		const deactivate = await waiting.activate();
		const poll = waiting.poll();
		for (const subject of ['one', 'two']) {
			await imap.append(path, mail(subject));
			await expect.poll(() => delivered, { timeout: 15_000 }).toContain(subject);
		}
		await deactivate();
		expect(await poll).toEqual([]);
		expect(delivered).toEqual(['one', 'two']);
		expect(await poller.restarted(waiting.staticData).poll()).toEqual([]);
	});

	test('what comes into any of several mailboxes while the poll waits is delivered', async () => {
		const { imap, path, poller } = await watched();
		const parameters = { watch: 'several', mailboxes: ['INBOX', path] };
		const both = new Poller({ ...poller.options, parameters });
		await both.poll();
		const delivered: unknown[] = [];
		const waiting = new Poller({
			...poller.options,
			...{ staticData: both.staticData, budget: 200_000 },
			emit: (items) => delivered.push(...items.map(({ json }) => json.subject)),
			parameters: { ...parameters, options: { waitForNew: true } },
		});
		const deactivate = await waiting.activate();
		const poll = waiting.poll();
		const subjects = ['one', 'two', 'three'];
		for (const [index, subject] of subjects.entries()) {
			await imap.append(index % 2 === 0 ? path : 'INBOX', mail(subject));
			await expect.poll(() => delivered, { timeout: 15_000 }).toContain(subject);
		}
		await deactivate();
		expect(await poll).toEqual([]);
		expect(delivered).toEqual(subjects);
		expect(await both.restarted(waiting.staticData).poll()).toEqual([]);
	});

	test('what is not acknowledged comes again', async () => {
		const { imap, path, poller } = await watched({ delivery: 'acknowledged', againAfter: 1 });
		await poller.poll();
		await imap.append(path, mail('one'));
		await imap.append(path, mail('two'));
		expect(await poller.subjects()).toEqual(['one', 'two']);
		await imap.open(path);
		await imap.selected.bySequenceNumber.store('1', '+FLAGS', [ACKNOWLEDGED], { silent: true });
		const later = JSON.parse(
			JSON.stringify(poller.staticData).replaceAll(/"given":\d+/g, '"given":0'),
		) as never;
		const again = poller.restarted(later);
		expect(await again.poll()).toMatchObject([{ subject: 'two', deliveryCount: 2 }]);
	});

	test('flags that change', async () => {
		const { imap, path, poller } = await watched({ event: 'flagsChanged' });
		await imap.append(path, mail('one'));
		await imap.append(path, mail('two'));
		expect(await poller.poll()).toEqual([]);
		await imap.open(path);
		await imap.selected.bySequenceNumber.store('2', '+FLAGS', ['\\Flagged'], { silent: true });
		expect(await poller.poll()).toMatchObject([
			{ subject: 'two', added: ['\\Flagged'], removed: [] },
		]);
		expect(await poller.poll()).toEqual([]);
	});

	test('changed flags in and beyond the watched window, and none that slides into it', async () => {
		const { imap, path, poller } = await watched({
			event: 'flagsChanged',
			options: { watchNewest: 10 },
		});
		for (let n = 1; n <= 30; n++) {
			await imap.append(path, mail(`${n}`), { flags: n % 2 === 0 ? ['\\Seen'] : [] });
		}
		expect(await poller.poll()).toEqual([]);
		const mailbox = await imap.open(path);
		await mailbox.store('1,29:30', '+FLAGS', ['\\Flagged'], { silent: true });
		await mailbox.store('29', '+FLAGS', ['\\Deleted'], { silent: true });
		await mailbox.expunge();
		const subjects = (await poller.subjects()).map(String).sort();
		const older = imap.capabilities.has('CONDSTORE') ? ['1'] : [];
		expect(subjects).toEqual([...older, '30']);
		expect(await poller.poll()).toEqual([]);
	});

	test('messages that go', async () => {
		const { imap, path, poller } = await watched({ event: 'messageRemoved' });
		for (const subject of ['one', 'two', 'three']) await imap.append(path, mail(subject));
		expect(await poller.poll()).toEqual([]);
		await imap.open(path);
		await imap.selected.bySequenceNumber.store('2:3', '+FLAGS', ['\\Deleted'], { silent: true });
		await imap.selected.expunge();
		const gone = await poller.poll();
		expect(gone).toHaveLength(2);
		expect(await poller.poll()).toEqual([]);
		await imap.selected.bySequenceNumber.store('1', '+FLAGS', ['\\Deleted'], { silent: true });
		await imap.selected.expunge();
		expect(await poller.poll()).toHaveLength(1);
	});
});
