import { simpleParser } from 'mailparser';
import { beforeAll, describe, expect, it } from 'vitest';
import { demoMailboxes, type DemoMailbox } from '../../demo/seed';
import { aYearBefore, DAY_MS, junkLimit } from '../../demo/seed/dates';
import { digestOf } from '../../demo/snapshot';

const NOW = new Date('2026-03-10T12:00:00Z');

/** With digests, since comparing megabytes element by element takes a long time. */
const comparable = (mailboxes: DemoMailbox[]) =>
	mailboxes.map(({ messages, ...mailbox }) => ({
		...mailbox,
		messages: messages.map(({ octets, ...message }) => ({ ...message, digest: digestOf(octets) })),
	}));

describe('the seeded account', () => {
	let mailboxes: DemoMailbox[];
	beforeAll(async () => {
		mailboxes = await demoMailboxes(NOW);
	});
	const all = () => mailboxes.flatMap(({ messages }) => messages);

	it('is the same for the same moment, to the byte', async () => {
		expect(comparable(await demoMailboxes(NOW))).toEqual(comparable(mailboxes));
	});

	it('has the same messages relative to another moment', async () => {
		const later = await demoMailboxes(new Date(NOW.getTime() + 100 * DAY_MS));
		expect(later.map(({ messages }) => messages.length)).toEqual(
			mailboxes.map(({ messages }) => messages.length),
		);
		expect(comparable(later)).not.toEqual(comparable(mailboxes));
	});

	it('has a few hundred messages over three years, none in the future', () => {
		expect(all().length).toBeGreaterThan(300);
		const times = all().map(({ internalDate }) => internalDate.getTime());
		expect(Math.max(...times)).toBeLessThanOrEqual(NOW.getTime());
		expect(Math.min(...times)).toBeLessThan(NOW.getTime() - 2.8 * 365 * DAY_MS);
	});

	it('has no two messages of one Message-ID, and writes each into its message', () => {
		expect(new Set(all().map(({ messageId }) => messageId)).size).toBe(all().length);
		for (const { messageId, octets } of all()) {
			expect(octets.toString('latin1')).toContain(`\r\nMessage-ID: ${messageId}\r\n`);
		}
	});

	it.each([2024, 2025, 2026])(
		'has no message within two days of a limit, whatever the moment (%i)',
		async (year) => {
			const now = new Date(Date.UTC(year, 1, 29, 23, 59));
			const limits = [aYearBefore(now).getTime(), junkLimit(now).getTime()];
			for (const { messages } of await demoMailboxes(now)) {
				for (const { internalDate } of messages) {
					const newYears = [0, 1].map((next) => Date.UTC(internalDate.getUTCFullYear() + next, 0));
					for (const limit of [...limits, ...newYears]) {
						expect(Math.abs(limit - internalDate.getTime())).toBeGreaterThan(2 * DAY_MS);
					}
				}
			}
		},
	);

	it('has mail on both sides of every limit', () => {
		const inbox = mailboxes.find(({ name }) => name === 'INBOX')?.messages ?? [];
		const junk = mailboxes.find(({ name }) => name === 'Junk')?.messages ?? [];
		const old = inbox.filter(({ internalDate }) => internalDate < aYearBefore(NOW));
		expect(old.length).toBeGreaterThan(50);
		expect(inbox.length - old.length).toBeGreaterThan(50);
		expect(new Set(old.map(({ internalDate }) => internalDate.getUTCFullYear())).size).toBe(3);
		const purged = junk.filter(({ internalDate }) => internalDate < junkLimit(NOW));
		expect(purged.length).toBeGreaterThan(10);
		expect(junk.length - purged.length).toBeGreaterThan(5);
	});

	it('is made of messages that a MIME parser reads as they were meant', async () => {
		const parsed = await Promise.all(all().map(({ octets }) => simpleParser(octets)));
		const subjects = parsed.map(({ subject }) => subject);
		expect(subjects).toContain('和紙のサンプルについて');
		expect(subjects).toContain('Вопрос о переплёте');
		expect(subjects).toContain('Rechnung über 1.200 €');
		const files = parsed.flatMap(({ attachments }) => attachments.map(({ filename }) => filename));
		expect(files.filter((name) => name?.endsWith('– Müller & Söhne.pdf')).length).toBeGreaterThan(
			10,
		);
		expect(files).toContain('größer.jpg');
		for (const { messageId, from } of parsed) {
			expect(messageId).toMatch(/^<.+@.+>$/);
			expect(from?.value[0]?.address).toMatch(/@/);
		}
	});

	it('has names, flags and special uses of every kind', () => {
		const names = mailboxes.map(({ name }) => name);
		expect(names).toEqual(expect.arrayContaining(['Entwürfe', 'Kunden/Müller & Söhne']));
		expect(mailboxes.flatMap(({ specialUse }) => specialUse ?? []).sort()).toEqual([
			'\\Archive',
			'\\Drafts',
			'\\Junk',
			'\\Sent',
			'\\Trash',
		]);
		const flags = new Set(all().flatMap((message) => message.flags));
		expect([...flags].sort()).toEqual(
			['$Forwarded', 'Wichtig', '\\Answered', '\\Draft', '\\Flagged', '\\Seen'].sort(),
		);
	});
});
