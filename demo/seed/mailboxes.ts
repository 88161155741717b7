import { datesBetween } from './dates';
import {
	automatic,
	invoice,
	junk,
	legacy,
	newsletter,
	personal,
	photos,
	type Letter,
} from './letters';
import { newMessageId, type DemoMessage } from './message';
import { MACHINES, NEWSLETTERS, OWNER, PEOPLE, SHOPS, SPAMMERS, type Person } from './people';
import { Random } from './random';

/** A mailbox of the seeded account. */
export interface DemoMailbox {
	name: string;
	/** RFC 6154, e.g. `\Sent` */
	specialUse?: string;
	/** In the order of their arrival, so of their UIDs. */
	messages: DemoMessage[];
}

/** One sort of mail in a mailbox. */
interface Share {
	count: number;
	letters: readonly Letter[];
	/** Who writes; the account's owner writes what is sent and drafted. */
	from: readonly Person[];
	/** Days before now. */
	youngest: number;
	oldest: number;
	/** Probability of \Seen once it is a month old. */
	read?: number;
	/** Flags that all of them have. */
	flags?: readonly string[];
}

interface Plan {
	name: string;
	specialUse?: string;
	shares: readonly Share[];
}

const SEED = 0x494d4150;
const THREE_YEARS = 3 * 365;

/** Whoever has a zone of their own, of the server: Central Europe, by and large. */
const zoneOf = (date: Date) => (date.getUTCMonth() >= 3 && date.getUTCMonth() <= 9 ? 120 : 60);

/** Every mailbox reaches back three years, except those that are emptied now and then. */
function plans(now: Date): Plan[] {
	const long = { youngest: 0, oldest: THREE_YEARS };
	const sent = { from: [OWNER], read: 1, flags: ['\\Seen'] };
	// The whole of that year is older than a year already: there is an archive to be added to.
	const archived = String(now.getUTCFullYear() - 3);
	const daysSince = (year: string) => Math.floor((now.getTime() - Date.parse(year)) / 86_400_000);
	return [
		{
			name: 'INBOX',
			shares: [
				{ count: 120, letters: [personal], from: PEOPLE, ...long },
				{ count: 21, letters: [legacy], from: PEOPLE, ...long },
				{ count: 36, letters: [invoice], from: SHOPS, ...long },
				{ count: 18, letters: [photos], from: PEOPLE, ...long },
				{ count: 40, letters: [newsletter], from: NEWSLETTERS, ...long, read: 0.5 },
				{ count: 30, letters: [automatic], from: MACHINES, ...long },
			],
		},
		{
			name: 'Entwürfe',
			specialUse: '\\Drafts',
			shares: [{ count: 4, letters: [personal], ...sent, ...long, flags: ['\\Draft', '\\Seen'] }],
		},
		{
			name: 'Sent',
			specialUse: '\\Sent',
			shares: [{ count: 60, letters: [personal, personal, photos], ...sent, ...long }],
		},
		{
			name: 'Trash',
			specialUse: '\\Trash',
			shares: [
				{ count: 12, letters: [personal, automatic], from: PEOPLE, youngest: 0, oldest: 90 },
			],
		},
		{
			name: 'Junk',
			specialUse: '\\Junk',
			shares: [
				{ count: 75, letters: [junk], from: SPAMMERS, youngest: 0, oldest: 150, read: 0.05 },
				{
					count: 2,
					letters: [junk],
					from: SPAMMERS,
					youngest: 700,
					oldest: 900,
					flags: ['\\Flagged'],
				},
			],
		},
		{ name: 'Archive', specialUse: '\\Archive', shares: [] },
		{
			name: `Archive/${archived}`,
			shares: [
				{
					count: 15,
					letters: [personal, invoice],
					from: PEOPLE,
					youngest: daysSince(String(Number(archived) + 1)) + 1,
					oldest: daysSince(archived) - 1,
					read: 1,
				},
			],
		},
		{
			name: 'Kunden/Müller & Söhne',
			shares: [{ count: 16, letters: [personal, photos], from: PEOPLE, ...long, read: 1 }],
		},
		{
			name: 'Kunden/Žižek d.o.o.',
			shares: [{ count: 9, letters: [personal, legacy], from: PEOPLE, ...long, read: 1 }],
		},
		{
			name: 'Projekt "Große Ausgabe" [2]',
			shares: [{ count: 14, letters: [personal, automatic], from: PEOPLE, ...long }],
		},
		{
			name: 'R&D',
			shares: [{ count: 6, letters: [personal], from: PEOPLE, youngest: 0, oldest: 500 }],
		},
		{
			name: 'Reise nach 日本',
			shares: [{ count: 7, letters: [photos, personal], from: PEOPLE, ...long, read: 1 }],
		},
		{ name: 'Steuer 100%', shares: [{ count: 8, letters: [invoice], from: SHOPS, ...long }] },
	];
}

/**
 * The account of a small bookbinder's workshop: some 500 messages of three years before `now`. The
 * same `now` gives the same account, to the octet. No message has a date within two days of a limit
 * that the workflows draw (a year ago, 30 days ago, New Year), since those depend on time zones.
 */
export async function demoMailboxes(now: Date): Promise<DemoMailbox[]> {
	const random = new Random(SEED);
	const mailboxes: DemoMailbox[] = [];
	for (const { name, specialUse, shares } of plans(now)) {
		const messages: DemoMessage[] = [];
		for (const share of shares) messages.push(...(await messagesOf(share, random, now)));
		messages.sort((one, other) => one.internalDate.getTime() - other.internalDate.getTime());
		mailboxes.push({ name, specialUse, messages });
	}
	return mailboxes;
}

async function messagesOf(share: Share, random: Random, now: Date): Promise<DemoMessage[]> {
	const messages: DemoMessage[] = [];
	for (const date of datesBetween(random, now, share.count, share.youngest, share.oldest)) {
		const from = random.pick(share.from);
		const to = from === OWNER ? random.pick(PEOPLE) : OWNER;
		const messageId = newMessageId(random, from);
		// It was written some minutes before it arrived.
		const written = new Date(date.getTime() - random.integer(0, 300) * 1000);
		const octets = await random.pick(share.letters)(random, { from, to, date: written, messageId });
		const flags = share.flags ? [...share.flags] : flagsFor(random, share.read ?? 0.93, date, now);
		messages.push({ messageId, octets, internalDate: date, zone: zoneOf(date), flags });
	}
	return messages;
}

function flagsFor(random: Random, read: number, date: Date, now: Date): string[] {
	const days = (now.getTime() - date.getTime()) / 86_400_000;
	const seen = random.chance(days > 30 ? read : read / 2);
	if (!seen) return [];
	return [
		'\\Seen',
		...(random.chance(0.25) ? ['\\Answered'] : []),
		...(random.chance(0.08) ? ['\\Flagged'] : []),
		...(random.chance(0.05) ? ['$Forwarded'] : []),
		...(random.chance(0.05) ? ['Wichtig'] : []),
	];
}
