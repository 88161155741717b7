/** What the questions of docs/how-do-i.md are about, besides the messages of the examples. */
import { USER } from '../../docs/generator/example-account';
import type { Account } from '../server';

const BERT = 'Bert Weber <bert@example.org>';
const PDF = Buffer.from('%PDF-1.4 a few bytes').toString('base64');

interface Letter {
	subject: string;
	from?: string;
	/** Header lines, the first of the content's among them. */
	header?: readonly string[];
	body?: readonly string[];
	/** 15 March 2024 by default. */
	received?: Date;
	flags?: readonly string[];
}

const TEXT = 'Content-Type: text/plain; charset=utf-8';

const parts = (kind: string, ...all: ReadonlyArray<readonly string[]>): Partial<Letter> => ({
	header: ['MIME-Version: 1.0', `Content-Type: ${kind}; boundary="part"`],
	body: [...all.flatMap((part) => ['--part', ...part]), '--part--'],
});

const attachment = (name: string, type: string, content: string): string[] => [
	`Content-Type: ${type}; name="${name}"`,
	`Content-Disposition: attachment; filename="${name}"`,
	'Content-Transfer-Encoding: base64',
	'',
	...(content.match(/.{1,76}/g) ?? []),
];

/** One attribute of Outlook's format: level, id, length, data, checksum ([MS-OXTNEF] 2.1.3). */
function attribute(id: number, data: Buffer): Buffer {
	const head = Buffer.alloc(9);
	head.writeUInt8(2, 0);
	head.writeUInt16LE(id, 1);
	head.writeUInt32LE(data.length, 5);
	const sum = Buffer.alloc(2);
	sum.writeUInt16LE(data.reduce((total, byte) => total + byte, 0) % 65536);
	return Buffer.concat([head, data, sum]);
}

/** A file in winmail.dat. */
const WINMAIL = Buffer.concat([
	Buffer.from('789f3e220100', 'hex'),
	attribute(0x9002, Buffer.alloc(14)),
	attribute(0x8010, Buffer.from('plan.txt\0')),
	attribute(0x800f, Buffer.from('the plan')),
]).toString('base64');

const INVITATION = [
	'BEGIN:VCALENDAR',
	'METHOD:REQUEST',
	'BEGIN:VEVENT',
	'UID:1@example.org',
	'SUMMARY:Team meeting',
	'DTSTART:20240320T090000Z',
	'DTEND:20240320T100000Z',
	'ORGANIZER:mailto:bert@example.org',
	`ATTENDEE:mailto:${USER}`,
	'END:VEVENT',
	'END:VCALENDAR',
];

const NEWSLETTER =
	'<h1>Garden news</h1><p>Time to <b>plant</b>: <a href="https://news.example/track/4711">read on</a>.</p>';

const INBOX: readonly Letter[] = [
	{ subject: 'Meeting today', received: new Date() },
	{
		subject: 'Garden news',
		from: 'News <news@letters.example>',
		header: [
			'List-Unsubscribe: <https://news.example/leave?u=1>, <mailto:leave@letters.example>',
			'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
			'List-ID: Garden <garden.letters.example>',
			'Authentication-Results: mx.example.com; spf=pass smtp.mailfrom=letters.example; dkim=pass header.d=letters.example; dmarc=pass header.from=letters.example',
			'Content-Type: text/html; charset=utf-8',
		],
		body: [NEWSLETTER],
	},
	{
		subject: 'Re: Offer',
		header: ['In-Reply-To: <offer@example.com>', TEXT],
		body: [
			'We take it.',
			'',
			'On Thu, 14 Mar 2024, Anna Schmidt <anna@example.com> wrote:',
			'> Here is our offer.',
			'',
			'-- ',
			'Bert Weber, Weber & Sons',
		],
	},
	{
		subject: 'Invitation: Team meeting',
		...parts(
			'multipart/alternative',
			[TEXT, '', 'You are invited.'],
			['Content-Type: text/calendar; method=REQUEST; charset=utf-8', '', ...INVITATION],
		),
	},
	{
		subject: 'Undelivered Mail Returned to Sender',
		from: 'Mail Delivery System <mailer-daemon@mx.example.com>',
		...parts(
			'multipart/report; report-type=delivery-status',
			[TEXT, '', 'The message could not be delivered.'],
			[
				'Content-Type: message/delivery-status',
				'',
				'Reporting-MTA: dns; mx.example.com',
				'',
				'Final-Recipient: rfc822; nobody@example.net',
				'Action: failed',
				'Status: 5.1.1',
				'Diagnostic-Code: smtp; 550 5.1.1 No such user',
			],
		),
	},
	{
		subject: 'Sent with Outlook',
		...parts(
			'multipart/mixed',
			[TEXT, '', 'See the plan.'],
			attachment('winmail.dat', 'application/ms-tnef', WINMAIL),
		),
	},
	{
		subject: 'Fwd: Contract',
		...parts(
			'multipart/mixed',
			[TEXT, '', 'What do you think?'],
			[
				'Content-Type: message/rfc822',
				'',
				'From: clara@example.net',
				'Subject: Contract',
				'MIME-Version: 1.0',
				'Content-Type: multipart/mixed; boundary="inner"',
				'',
				'--inner',
				...attachment('contract.pdf', 'application/pdf', PDF),
				'--inner--',
			],
		),
	},
	{
		subject: 'Photos of the roof',
		...parts(
			'multipart/mixed',
			[TEXT, '', 'A large one.'],
			attachment('roof.jpg', 'image/jpeg', 'A'.repeat(20_000)),
		),
	},
	{
		subject: 'Minutes',
		header: ['Cc: Clara <clara@example.net>', 'Reply-To: team@example.org', TEXT],
		body: ['Anything to add?'],
		flags: ['\\Seen'],
	},
	{ subject: 'Backup finished', from: 'backup@example.com', received: new Date() },
];

const SENT: readonly Letter[] = [
	{
		subject: 'Re: Plan for the garden',
		from: `Anna Schmidt <${USER}>`,
		header: ['In-Reply-To: <4.inbox@example.org>', 'References: <3.inbox@example.org>', TEXT],
		body: ['I will bring the seeds.'],
		flags: ['\\Seen'],
	},
];

const TRASH: readonly Letter[] = [{ subject: 'Deleted by mistake', from: BERT, flags: ['\\Seen'] }];

/** Adds them behind the messages of the examples. */
export function addLetters(account: Account): void {
	for (const [name, letters] of [
		['INBOX', INBOX],
		['Sent', SENT],
		['Trash', TRASH],
	] as const) {
		letters.forEach((letter, index) => {
			const internalDate = letter.received ?? new Date(Date.UTC(2024, 2, 15, 8 + index));
			account
				.mailbox(name)
				.append(written(letter, `${index}.more.${name.toLowerCase()}`, internalDate), {
					flags: letter.flags,
					internalDate,
				});
		});
	}
}

function written(
	{ subject, from = BERT, header = [TEXT], body = [`About: ${subject}.`] }: Letter,
	id: string,
	date: Date,
): string {
	return [
		`From: ${from}`,
		`To: Anna Schmidt <${USER}>`,
		`Subject: ${subject}`,
		`Date: ${date.toUTCString().replace('GMT', '+0000')}`,
		`Message-ID: <${id}@example.org>`,
		...header,
		'',
		...body,
		'',
	].join('\r\n');
}
