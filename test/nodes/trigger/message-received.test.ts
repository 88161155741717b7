/** Message Received: each message once, whatever happens to flags, dates and numbers. */
import { describe, expect, test, vi } from 'vitest';
import { box, mail, startServer, USER } from '../run-node';
import type { MemoryServerOptions } from '../../server';
import { Poller } from './poller';

async function inbox(options: MemoryServerOptions = {}) {
	const server = await startServer(options);
	const account = server.account(USER);
	return { server, account, inbox: account.mailbox('INBOX') };
}

describe('Message Received', () => {
	test('what is there at first is the baseline; what comes then is given once', async () => {
		const { server, inbox: box } = await inbox();
		box.append(mail('old'));
		const poller = new Poller({ server });
		expect(await poller.subjects()).toEqual([]);
		expect(await poller.subjects()).toEqual([]);
		box.append(mail('first'));
		box.append(mail('second'));
		const items = await poller.poll();
		expect(items).toMatchObject([
			{ event: 'messageReceived', mailbox: 'INBOX', uid: 2, subject: 'first' },
			{ event: 'messageReceived', mailbox: 'INBOX', uid: 3, subject: 'second' },
		]);
		expect(items[0]?.id).toBe(`127.0.0.1/anna%40example.com/INBOX/${box.uidValidity}/2`);
		expect(await poller.subjects()).toEqual([]);
	});

	test('nothing is changed by looking: EXAMINE, and no message is marked', async () => {
		const { server, inbox: box } = await inbox();
		const poller = new Poller({ server, parameters: { body: 'both' } });
		await poller.poll();
		box.append(mail('new'));
		await poller.poll();
		const names = server.commands.map(({ name }) => name);
		expect(names).toContain('CHECK');
		expect(names).not.toContain('SELECT');
		expect(names).not.toContain('UID STORE');
		expect(box.messages.map(({ flags }) => [...flags])).toEqual([[]]);
	});

	test('with the option, what is there is given too', async () => {
		const { server, inbox: box } = await inbox();
		box.append(mail('old'));
		const parameters = { options: { includeExisting: true } };
		const poller = new Poller({ server, parameters });
		expect(await poller.subjects()).toEqual(['old']);
		expect(await poller.subjects()).toEqual([]);
	});

	test('filters decide what is given; the cursor moves past the rest', async () => {
		const { server, inbox: box } = await inbox();
		const poller = new Poller({ server, parameters: { filters: { subject: 'invoice' } } });
		await poller.poll();
		box.append(mail('invoice 1'));
		box.append(mail('chatter'));
		expect(await poller.subjects()).toEqual(['invoice 1']);
		box.append(mail('chatter'));
		expect(await poller.subjects()).toEqual([]);
		const from = server.commands.length;
		expect(await poller.subjects()).toEqual([]);
		const looked = server.commands.slice(from).map(({ name }) => name);
		expect(looked).not.toContain('UID SEARCH');
		box.append(mail('invoice 2'));
		expect(await poller.subjects()).toEqual(['invoice 2']);
	});

	test('a filter by UID does not bring back what was handled', async () => {
		const { server, inbox: box } = await inbox();
		box.append(mail('old'));
		const poller = new Poller({ server, parameters: { filters: { uid: '1:*' } } });
		await poller.poll();
		box.append(mail('new'));
		expect(await poller.subjects()).toEqual(['new']);
		expect(await poller.subjects()).toEqual([]);
	});

	test('an old message that is moved in is new; one marked unread again is not', async () => {
		const { server, account, inbox: box } = await inbox();
		const archive = account.create('Archive');
		archive.append(mail('moved in'), { internalDate: new Date('2001-01-01'), flags: ['\\Seen'] });
		box.append(mail('old'), { flags: ['\\Seen'] });
		const poller = new Poller({ server });
		await poller.poll();
		box.messages[0]?.flags.delete('\\Seen');
		expect(await poller.subjects()).toEqual([]);
		box.append(archive.messages[0]?.octets ?? '', {
			internalDate: new Date('2001-01-01'),
			flags: ['\\Seen'],
		});
		expect(await poller.subjects()).toEqual(['moved in']);
	});

	test('a message that goes between the search and the fetch counts as handled', async () => {
		const { server, inbox: box } = await inbox({
			faults: {
				on: ({ line }) => {
					if (line.startsWith('UID FETCH 1 ')) box.remove(new Set(box.messages.slice(0, 1)));
					return undefined;
				},
			},
		});
		const poller = new Poller({ server });
		await poller.poll();
		box.append(mail('gone at once'));
		box.append(mail('stays'));
		expect(await poller.subjects()).toEqual(['stays']);
		expect(await poller.subjects()).toEqual([]);
	});

	test('a backlog comes over many polls, in order, each once', async () => {
		const { server, inbox: box } = await inbox();
		const poller = new Poller({ server, parameters: { options: { most: 7 } } });
		await poller.poll();
		for (let n = 0; n < 40; n++) box.append(mail(`mail ${n}`));
		const given: unknown[] = [];
		const sizes: number[] = [];
		for (let polls = 0; polls < 10; polls++) {
			const subjects = await poller.subjects();
			sizes.push(subjects.length);
			given.push(...subjects);
			// More comes in between.
			if (polls === 1) box.append(mail('late'));
		}
		expect(given).toEqual([...Array.from({ length: 40 }, (_, n) => `mail ${n}`), 'late']);
		expect(sizes).toEqual([7, 7, 7, 7, 7, 6, 0, 0, 0, 0]);
	});

	test('a poll that is out of time gives what it has, and the next goes on', async () => {
		const { server, inbox: box } = await inbox();
		const poller = new Poller({ server, budget: 3_000 });
		await poller.poll();
		for (let n = 0; n < 250; n++) box.append(mail(`mail ${n}`));
		server.faults.delay = 10;
		const given: unknown[] = [];
		let polls = 0;
		for (; given.length < 250 && polls < 30; polls++) given.push(...(await poller.subjects()));
		expect(given).toEqual(Array.from({ length: 250 }, (_, n) => `mail ${n}`));
		expect(polls).toBeGreaterThan(1);
	});

	test('a server that answers nothing costs no more than the budget', async () => {
		const { server, inbox: box } = await inbox();
		const poller = new Poller({ server, budget: 3_000 });
		await poller.poll();
		box.append(mail('waits'));
		server.faults.on = ({ line }) => (line.startsWith('UID FETCH') ? '' : undefined);
		await expect(poller.poll()).rejects.toMatchObject({
			failure: { cause: 'temporarily-unavailable' },
			description: expect.stringContaining("didn't respond") as string,
		});
		server.faults.on = undefined;
		expect(await poller.subjects()).toEqual(['waits']);
	});

	test('nor does one that answers a byte at a time', async () => {
		const { server, inbox: box } = await inbox();
		const poller = new Poller({ server, budget: 3_000 });
		await poller.poll();
		box.append(mail('waits'));
		Object.assign(server.faults, { chunkSizes: [1], delay: 150 });
		// Which of the limits is reached first, the poll's or that of the greeting, is a matter of load.
		await expect(poller.poll()).rejects.toMatchObject({
			failure: { cause: 'temporarily-unavailable' },
			message: expect.stringMatching(/next poll repeats it|did not (?:greet|answer)/) as string,
		});
		Object.assign(server.faults, { chunkSizes: undefined, delay: undefined });
		expect(await poller.subjects()).toEqual(['waits']);
	});

	test('a manual test shows the newest message and leaves the cursor alone', async () => {
		const { server, inbox: box } = await inbox();
		const poller = new Poller({ server });
		await poller.poll();
		box.append(mail('one'));
		box.append(mail('two'));
		const before = poller.staticData;
		expect(await poller.poll('manual')).toMatchObject([{ subject: 'two' }]);
		expect(poller.staticData).toEqual(before);
		expect(await poller.subjects()).toEqual(['one', 'two']);
	});

	test('a manual test of an empty mailbox says so', async () => {
		const { server } = await inbox();
		await expect(new Poller({ server }).poll('manual')).rejects.toThrow('nothing to show');
	});

	test('attachments and bodies, as in Get Many', async () => {
		const { server, inbox: box } = await inbox();
		const parameters = { body: 'text', downloadAttachments: true };
		const poller = new Poller({ server, parameters });
		await poller.poll();
		box.append(
			[
				'Subject: with file',
				'MIME-Version: 1.0',
				'Content-Type: multipart/mixed; boundary=b',
				'',
				'--b',
				'Content-Type: text/plain; charset=utf-8',
				'',
				'Hello',
				'--b',
				'Content-Type: text/csv',
				'Content-Disposition: attachment; filename=a.csv',
				'',
				'1,2',
				'--b--',
				'',
			].join('\r\n'),
		);
		const [item] = await poller.items();
		expect(item?.json).toMatchObject({ subject: 'with file', text: 'Hello' });
		expect(item?.binary?.attachment_0).toMatchObject({ fileName: 'a.csv', mimeType: 'text/csv' });
	});

	test('polls of one node never overlap; those of another run beside it', async () => {
		const { server, inbox: box } = await inbox();
		const poller = new Poller({ server, id: 'same' });
		await poller.poll();
		const other = new Poller({ server, id: 'other' });
		await other.poll();
		box.append(mail('new'));
		server.faults.delay = 20;
		const [one, two, third] = await Promise.all([
			poller.subjects(),
			poller.subjects(),
			other.subjects(),
		]);
		expect([one, two, third]).toEqual([['new'], [], ['new']]);
		expect(await poller.subjects()).toEqual([]);
	});
});

test('while n8n has not kept the cursor yet, what was given does not come again', async () => {
	const { server, inbox: box } = await inbox();
	const first = new Poller({ server, id: 'durable' });
	await first.poll();
	const kept = first.staticData;
	box.append(mail('one'));
	const before = new Poller({ server, id: 'durable', staticData: kept });
	expect(await before.subjects()).toEqual(['one']);
	// n8n reads the cursor of the next poll before it has committed that of the last.
	const tooEarly = new Poller({ server, id: 'durable', staticData: kept });
	expect(await tooEarly.subjects()).toEqual([]);
	const later = new Poller({ server, id: 'durable', staticData: before.staticData });
	box.append(mail('two'));
	expect(await later.subjects()).toEqual(['two']);
});

test('if n8n never keeps it, it comes again after a minute', async () => {
	const { server, inbox: box } = await inbox();
	const first = new Poller({ server, id: 'failed' });
	await first.poll();
	const kept = first.staticData;
	box.append(mail('one'));
	await new Poller({ server, id: 'failed', staticData: kept }).poll();
	const now = performance.now();
	const clock = vi.spyOn(performance, 'now').mockImplementation(() => now + 60_001);
	try {
		const again = new Poller({ server, id: 'failed', staticData: kept });
		expect(await again.subjects()).toEqual(['one']);
	} finally {
		clock.mockRestore();
	}
});

describe('several mailboxes', () => {
	test('by name, each with a cursor of its own', async () => {
		const { server, account, inbox: box } = await inbox();
		const other = account.create('Other');
		const poller = new Poller({
			server,
			parameters: { watch: 'several', mailboxes: ['INBOX', 'Other'] },
		});
		await poller.poll();
		other.append(mail('in other'));
		box.append(mail('in inbox'));
		expect(await poller.poll()).toMatchObject([
			{ mailbox: 'INBOX', subject: 'in inbox' },
			{ mailbox: 'Other', subject: 'in other' },
		]);
		const from = server.commands.length;
		expect(await poller.poll()).toEqual([]);
		// What STATUS tells unchanged is not opened.
		expect(server.commands.slice(from).map(({ name }) => name)).not.toContain('EXAMINE');
	});

	test('by pattern: a new mailbox is all new, a renamed one is not', async () => {
		const { server, account } = await inbox();
		const lists = account.create('Lists/a');
		lists.append(mail('old'));
		const poller = new Poller({ server, parameters: { watch: 'pattern', pattern: 'Lists/%' } });
		expect(await poller.poll()).toEqual([]);
		account.create('Lists/b').append(mail('in b'));
		expect(await poller.subjects()).toEqual(['in b']);
		account.rename('Lists/a', 'Lists/c');
		expect(await poller.subjects()).toEqual([]);
		account.mailbox('Lists/c').append(mail('in c'));
		expect(await poller.subjects()).toEqual(['in c']);
	});

	test('a busy one keeps the others waiting no longer than a poll', async () => {
		const { server, account, inbox: box } = await inbox();
		const other = account.create('Other');
		const poller = new Poller({
			server,
			parameters: { watch: 'several', mailboxes: ['INBOX', 'Other'], options: { most: 2 } },
		});
		await poller.poll();
		for (let n = 0; n < 9; n++) box.append(mail(`busy ${n}`));
		other.append(mail('quiet'));
		expect(await poller.subjects()).toEqual(['busy 0', 'busy 1']);
		expect(await poller.subjects()).toEqual(['quiet', 'busy 2']);
	});

	test('one that fails is reported once, and does not stop the others', async () => {
		const { server, account, inbox: box } = await inbox();
		account.create('Other');
		const poller = new Poller({
			server,
			parameters: { watch: 'several', mailboxes: ['Other', 'INBOX'] },
		});
		await poller.poll();
		account.delete('Other');
		expect(await poller.poll()).toEqual([]);
		expect(poller.errors).toMatchObject([
			{
				message: expect.stringContaining('Other') as string,
				failure: { cause: 'configuration-invalid' },
			},
		]);
		box.append(mail('new'));
		expect(await poller.subjects()).toEqual(['new']);
		expect(await poller.poll()).toEqual([]);
		expect(poller.errors).toHaveLength(1);
		account.create('Other');
		expect(await poller.poll()).toEqual([]);
		account.delete('Other');
		await poller.poll();
		expect(poller.errors).toHaveLength(2);
	});

	test('if all of them fail, each poll fails', async () => {
		const { server, account } = await inbox();
		account.create('One');
		account.create('Two');
		const poller = new Poller({
			server,
			parameters: { watch: 'several', mailboxes: ['One', 'Two'] },
		});
		await poller.poll();
		account.delete('One');
		account.delete('Two');
		for (let polls = 0; polls < 2; polls++) {
			await expect(poller.poll()).rejects.toThrow('mailbox "One"');
		}
	});
});

describe('what happens to a mailbox', () => {
	async function recreated(onRenumbered?: string) {
		const { server, account, inbox: box } = await inbox();
		const lists = account.create('Lists');
		const poller = new Poller({
			server,
			parameters: {
				mailbox: { __rl: true, mode: 'path', value: 'Lists' },
				options: onRenumbered ? { onRenumbered } : {},
			},
		});
		await poller.poll();
		lists.append(mail('one'));
		lists.append(mail('two'));
		expect(await poller.subjects()).toEqual(['one', 'two']);
		account.delete('Lists');
		const again = account.create('Lists');
		expect(again.uidValidity).not.toBe(lists.uidValidity);
		for (const name of ['two', 'three']) again.append(mail(name));
		return { poller, again, box };
	}

	test('UIDVALIDITY changes: continues from now, by default', async () => {
		const { poller, again } = await recreated();
		expect(await poller.subjects()).toEqual([]);
		again.append(mail('four'));
		expect(await poller.subjects()).toEqual(['four']);
	});

	test('UIDVALIDITY changes: returns what it does not know by Message-ID', async () => {
		const { poller, again } = await recreated('rescan');
		expect(await poller.subjects()).toEqual(['three']);
		expect(await poller.subjects()).toEqual([]);
		again.append(mail('four'));
		expect(await poller.subjects()).toEqual(['four']);
	});

	test('UIDVALIDITY changes: fails until someone decides', async () => {
		const { poller } = await recreated('fail');
		for (let polls = 0; polls < 2; polls++) {
			await expect(poller.poll()).rejects.toMatchObject({
				message: expect.stringMatching(
					/UIDVALIDITY of the mailbox "Lists" changed from \d+ to \d+/,
				) as string,
				failure: { cause: 'configuration-invalid' },
			});
		}
	});

	test('a server that went back in time without saying so', async () => {
		const { server, inbox: box } = await inbox();
		const poller = new Poller({ server, parameters: { options: { onRenumbered: 'rescan' } } });
		await poller.poll();
		for (const name of ['one', 'two', 'three']) box.append(mail(name));
		await poller.poll();
		const { staticData } = poller;
		const restored = await inbox();
		restored.inbox.append(mail('one'));
		restored.inbox.append(mail('after the backup'));
		const text = JSON.stringify(staticData)
			.replaceAll(`${box.uidValidity}`, `${restored.inbox.uidValidity}`)
			.replaceAll(`,${server.port},`, `,${restored.server.port},`);
		const after = new Poller({
			server: restored.server,
			parameters: { options: { onRenumbered: 'rescan' } },
			staticData: JSON.parse(text) as { 'node:Trigger': object },
		});
		expect(await after.subjects()).toEqual(['after the backup']);
	});

	test('removed: an error that says which, until it is there again', async () => {
		const { server, account } = await inbox();
		account.create('Lists');
		const poller = new Poller({ server, parameters: { mailbox: box('Lists') } });
		await poller.poll();
		account.delete('Lists');
		await expect(poller.poll()).rejects.toMatchObject({
			message: expect.stringContaining('mailbox "Lists"') as string,
			failure: { cause: 'configuration-invalid' },
		});
	});

	test('another client takes \\Recent away, and marks all as read', async () => {
		const { server, inbox: box } = await inbox();
		const poller = new Poller({ server });
		await poller.poll();
		box.append(mail('new'), { flags: ['\\Seen'] });
		for (const message of box.messages) message.flags.delete('\\Recent');
		expect(await poller.subjects()).toEqual(['new']);
	});

	test('on a server that speaks IMAP4rev2 only: NOOP in place of CHECK', async () => {
		const { server, inbox: box } = await inbox({ protocols: ['IMAP4rev2'] });
		const poller = new Poller({ server });
		await poller.poll();
		box.append(mail('new'));
		expect(await poller.subjects()).toEqual(['new']);
		const names = server.commands.map(({ name }) => name);
		expect(names).toContain('NOOP');
		expect(names).not.toContain('CHECK');
	});

	test('another account, or another event, begins again', async () => {
		const { server, inbox: box } = await inbox();
		server.addAccount('bert', 'b').mailbox('INBOX').append(mail('of bert'));
		box.append(mail('old'));
		const first = new Poller({ server });
		await first.poll();
		const other = new Poller({
			server,
			staticData: first.staticData,
			credential: { user: 'bert', password: 'b' },
		});
		expect(await other.subjects()).toEqual([]);
	});
});
