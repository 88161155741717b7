import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seedDemoAccount, type DemoMailbox } from '../../demo/seed';
import {
	snapshot,
	type MailboxSnapshot,
	type MessageSnapshot,
	type Snapshot,
} from '../../demo/snapshot';
import { formatTable } from '../../demo/table';
import { verify } from '../../demo/verify';
import { Imap4 } from '../../engine/index';
import { MemoryServer } from '../server';

const NOW = new Date('2026-03-10T12:00:00Z');
// What the workflow does, written down without asking the code under test.
const KEPT_SINCE = new Date('2025-03-10T00:00:00Z');
const JUNK_SINCE = new Date('2026-02-08T00:00:00Z');

const box = (account: Snapshot, name: string): MailboxSnapshot => {
	const found = account.find((one) => one.name === name);
	if (!found) throw new Error(`no mailbox ${name}`);
	return found;
};

/** The account as the workflow leaves it. */
function maintained(before: Snapshot): Snapshot {
	const after = structuredClone(before);
	const inbox = box(after, 'INBOX');
	for (const message of inbox.messages.filter(({ internalDate }) => internalDate < KEPT_SINCE)) {
		const name = `Archive/${message.internalDate.getUTCFullYear()}`;
		if (!after.some((one) => one.name === name)) after.push({ name, uidValidity: 9, messages: [] });
		const { messages } = box(after, name);
		messages.push({ ...message, uid: messages.length + 1 });
	}
	inbox.messages = inbox.messages.filter(({ internalDate }) => internalDate >= KEPT_SINCE);
	const junk = box(after, 'Junk');
	junk.messages = junk.messages.filter(({ internalDate }) => internalDate >= JUNK_SINCE);
	return after;
}

describe('verify', () => {
	let server: MemoryServer;
	let seed: DemoMailbox[];
	let before: Snapshot;
	let after: Snapshot;

	beforeAll(async () => {
		server = await MemoryServer.start();
		seed = await seedDemoAccount(server.addAccount('anna', 'secret'), NOW);
		await using imap = await Imap4.connect({
			host: server.host,
			port: server.port,
			security: 'none',
			auth: { user: 'anna', password: 'secret' },
		});
		before = await snapshot(imap);
		after = maintained(before);
	});
	afterAll(() => server.stop());

	const problems = (change: (after: Snapshot) => void = () => undefined): string[] => {
		const changed = structuredClone(after);
		change(changed);
		return verify(seed, NOW, before, changed);
	};
	const first = (account: Snapshot, name: string): MessageSnapshot => {
		const [message] = box(account, name).messages;
		if (!message) throw new Error(`${name} is empty`);
		return message;
	};

	it('finds everything in its place', () => {
		expect(problems()).toEqual([]);
	});

	it('sees an account that nothing was done to', () => {
		expect(verify(seed, NOW, before, before).length).toBeGreaterThan(100);
	});

	it.each(['INBOX', 'Archive/2023', 'Archive/2025', 'Entwürfe', 'Junk', 'Kunden/Müller & Söhne'])(
		'sees a message that is lost from %s',
		(name) => {
			const found = problems((account) => box(account, name).messages.shift());
			expect(found).toEqual([`${first(after, name).messageId} is lost; it should be in ${name}`]);
		},
	);

	it('sees a message that is there twice: in its old place and its new one', () => {
		const found = problems((account) =>
			box(account, 'INBOX').messages.push({ ...first(account, 'Archive/2024'), uid: 999 }),
		);
		expect(found).toEqual([
			expect.stringMatching(/ is there 2 times: in INBOX and Archive\/2024$/),
		]);
	});

	it('sees a message that is there twice in one mailbox', () => {
		const found = problems((account) =>
			box(account, 'Sent').messages.push({ ...first(account, 'Sent'), uid: 999 }),
		);
		expect(found).toEqual([expect.stringMatching(/ is there 2 times: in Sent and Sent$/)]);
	});

	it('sees a message in the archive of another year', () => {
		const found = problems((account) => {
			const message = box(account, 'Archive/2024').messages.shift();
			if (message) box(account, 'Archive/2025').messages.push(message);
		});
		expect(found).toEqual([
			expect.stringMatching(/ is in Archive\/2025; it should be in Archive\/2024$/),
		]);
	});

	it('sees junk that was left, and junk that went too early', () => {
		const old = first(before, 'Junk');
		expect(problems((account) => box(account, 'Junk').messages.push(old))).toEqual([
			expect.stringContaining('junk that should be gone, but is in Junk'),
		]);
		expect(problems((account) => box(account, 'Junk').messages.pop())).toEqual([
			expect.stringContaining('is lost; it should be in Junk'),
		]);
	});

	it.each<[string, (message: MessageSnapshot) => void, string]>([
		['contents', (message) => (message.digest = '0'), 'has another content'],
		['flags', (message) => message.flags.push('\\Deleted'), 'has the flags ('],
		['internal date', (message) => (message.internalDate = NOW), 'has another internal date'],
	])('sees changed %s of a message that was moved', (_, change, words) => {
		expect(problems((account) => change(first(account, 'Archive/2023')))).toEqual([
			expect.stringContaining(words),
		]);
	});

	it('sees a message that was taken away and put back', () => {
		const found = problems((account) => (first(account, 'Entwürfe').uid = 77));
		expect(found).toEqual([expect.stringContaining('another UID')]);
	});

	it('sees a message that nobody sent', () => {
		const found = problems((account) => {
			box(account, 'Trash').messages.push({ ...first(account, 'Trash'), messageId: '<new@x>' });
		});
		expect(found).toEqual(['<new@x> came from nowhere into Trash']);
	});

	it('sees mailboxes that are missing, new or created again', () => {
		expect(
			problems((account) => account.splice(account.indexOf(box(account, 'Archive')), 1)),
		).toEqual(['The mailbox Archive is missing']);
		expect(
			problems((account) => account.push({ name: 'Archive/1999', uidValidity: 1, messages: [] })),
		).toEqual(['The mailbox Archive/1999 should not be there']);
		expect(problems((account) => (box(account, 'Sent').uidValidity += 1))).toEqual([
			'Sent is another mailbox now: its UIDVALIDITY changed',
		]);
	});

	it('reads nothing as seen', async () => {
		await using imap = await Imap4.connect({
			host: server.host,
			port: server.port,
			security: 'none',
			auth: { user: 'anna', password: 'secret' },
		});
		expect(await snapshot(imap)).toEqual(before);
	});

	it('is shown as a table of what changed', () => {
		const lines = formatTable(before, after);
		const row = (name: string) => lines.find((line) => line.startsWith(`${name} `)) ?? '';
		expect(row('INBOX')).toMatch(
			/^INBOX +265 → \d+ +\d+ → \d+ .* 2023-\d\d-\d\d → 2025-\d\d-\d\d /,
		);
		expect(row('Archive/2024')).toMatch(/^Archive\/2024 +– → \d+ /);
		expect(row('Sent')).toMatch(/^Sent +60 +0 +1\.\d MB +2023-\d\d-\d\d +2026-\d\d-\d\d$/);
	});
});
