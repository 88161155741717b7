/** The account on which the examples run: always the same, so that the pages are. */
import type { Account } from '../../test/server';

export const USER = 'anna@example.com';
/** The other account of Copy to Another Account. */
export const TARGET_USER = 'archive@example.net';
export const PASSWORD = 'only for the examples';

interface Letter {
	subject: string;
	from?: string;
	/** Day of March 2024. */
	day: number;
	flags?: readonly string[];
	more?: readonly string[];
	body?: string;
}

const BERT = 'Bert Weber <bert@example.org>';
const SHOP = 'Bookshop <orders@shop.example>';

const INVOICE = [
	'--part',
	'Content-Type: text/plain; charset=utf-8',
	'',
	'Dear Anna, please find the invoice attached.',
	'--part',
	'Content-Type: application/pdf; name="invoice-1001.pdf"',
	'Content-Disposition: attachment; filename="invoice-1001.pdf"',
	'Content-Transfer-Encoding: base64',
	'',
	Buffer.from('%PDF-1.4 an invoice of a few bytes').toString('base64'),
	'--part--',
].join('\r\n');

const MULTIPART = ['MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary="part"'];

const INBOX: readonly Letter[] = [
	{ subject: 'Lunch on Friday?', day: 1, flags: ['\\Seen', '\\Answered'] },
	{ subject: 'Invoice 1001', from: SHOP, day: 4, more: MULTIPART, body: INVOICE },
	{ subject: 'Plan for the garden', day: 7, flags: ['\\Seen', '\\Flagged'] },
	{
		subject: 'Re: Plan for the garden',
		day: 8,
		more: ['In-Reply-To: <3.inbox@example.org>', 'References: <3.inbox@example.org>'],
	},
	{ subject: 'Old newsletter', from: SHOP, day: 9, flags: ['\\Seen', '\\Deleted'] },
];

const JUNK: readonly Letter[] = [
	{ subject: 'You have won', from: 'Lottery <win@junk.example>', day: 2 },
	{ subject: 'Last chance', from: 'Lottery <win@junk.example>', day: 3 },
];

/** UIDVALIDITY of each mailbox; the references of the examples rely on it. */
export const UID_VALIDITY = {
	INBOX: 1709251201,
	Archive: 1709251202,
	'Archive/2023': 1709251203,
	Drafts: 1709251204,
	Junk: 1709251205,
	Sent: 1709251206,
	Trash: 1709251207,
} as const;

const SPECIAL_USE: Partial<Record<keyof typeof UID_VALIDITY, string>> = {
	Archive: '\\Archive',
	Drafts: '\\Drafts',
	Junk: '\\Junk',
	Sent: '\\Sent',
	Trash: '\\Trash',
};

const TO_NOTE: readonly (readonly [string, string])[] = [
	['/private/comment', 'Tidied up every Friday'],
	['/shared/vendor/example/color', 'green'],
];

/** Fills a new account. */
export function fill(account: Account): void {
	for (const [name, uidValidity] of Object.entries(UID_VALIDITY)) {
		const use = SPECIAL_USE[name as keyof typeof UID_VALIDITY];
		const mailbox = name === 'INBOX' ? account.mailbox(name) : account.create(name, use);
		mailbox.uidValidity = uidValidity;
	}
	for (const [name, letters] of [
		['INBOX', INBOX],
		['Junk', JUNK],
	] as const) {
		const mailbox = account.mailbox(name);
		letters.forEach((letter, index) => {
			const internalDate = new Date(Date.UTC(2024, 2, letter.day, 9, 30));
			const octets = written(letter, `${index + 1}.${name.toLowerCase()}`, internalDate);
			mailbox.append(octets, { flags: letter.flags, internalDate });
		});
	}
	account.subscribe('Sent');
	const inbox = account.mailbox('INBOX');
	inbox.access.set('bert', 'lrs', '');
	inbox.annotations.set(
		new Map(TO_NOTE.map(([entry, value]) => [entry, Buffer.from(value)] as const)),
		{ size: 1000, entries: 10 },
	);
}

function written(
	{ subject, from = BERT, more = [], body }: Letter,
	id: string,
	date: Date,
): string {
	return [
		`From: ${from}`,
		`To: Anna Schmidt <${USER}>`,
		`Subject: ${subject}`,
		`Date: ${date.toUTCString().replace('GMT', '+0000')}`,
		`Message-ID: <${id}@example.org>`,
		...more,
		'',
		body ?? `Hello Anna,\r\n\r\nthis is about: ${subject}.\r\n`,
	].join('\r\n');
}
