/** The messages that all clients fetch and append: the same in every run, whatever the machine. */
export interface CorpusMessage {
	octets: Buffer;
	messageId: string;
	/** As a server writes it: RFC 9051 §7.5.2. */
	envelope: string;
	structure: string;
}

export interface MailboxPlan {
	name: string;
	messages: number;
	/** Octets of a message, about. */
	octets: number;
}

export const mailboxes: readonly MailboxPlan[] = [
	{ name: 'many', messages: 10_000, octets: 1_500 },
	{ name: 'few', messages: 400, octets: 1_500 },
	{ name: 'small', messages: 2_000, octets: 4_800 },
	{ name: 'large', messages: 200, octets: 380_000 },
	{ name: 'huge', messages: 1, octets: 100_000_000 },
];

const NAMES = ['Ada Lovelace', 'Grace Hopper', '=?utf-8?Q?Ren=C3=A9_Descartes?=', 'Kurt Gödel'];
const SUBJECTS = [
	'Quarterly figures',
	'Re: The meeting on Thursday, and what came of it',
	'=?utf-8?B?R3LDvMOfZSBhdXMgS8O2bG4=?=',
	'[list] Release 4.2 is out',
	'Invoice "2026-117" attached',
];

const person = (seed: number): { name: string; mailbox: string; host: string } => ({
	name: (NAMES[seed % NAMES.length] as string).replace('ö', 'oe'),
	mailbox: `person${seed % 500}`,
	host: `example${seed % 7}.org`,
});

const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;

const wireAddress = ({ name, mailbox, host }: ReturnType<typeof person>): string =>
	`(${quoted(name)} NIL ${quoted(mailbox)} ${quoted(host)})`;

const headerAddress = ({ name, mailbox, host }: ReturnType<typeof person>): string =>
	`${name} <${mailbox}@${host}>`;

/** Message `number` (from 1) of a mailbox: text, HTML and an attachment that fills it up. */
export function corpusMessage(plan: MailboxPlan, number: number): CorpusMessage {
	const from = person(number);
	const to = [person(number + 1), person(number + 2)];
	const cc = person(number * 3);
	const subject = SUBJECTS[number % SUBJECTS.length] as string;
	const messageId = `<${plan.name}.${number}@mail.example.org>`;
	const date = new Date(
		Date.UTC(2026, number % 12, 1 + (number % 28), 9, number % 60),
	).toUTCString();
	const wireDate = date.replace('GMT', '+0000');
	const text = `Dear ${to[0]?.mailbox},\r\nthis is message ${number} of ${plan.name}.\r\n`;
	const html = `<p>Dear ${to[0]?.mailbox},<br>this is message <b>${number}</b>.</p>\r\n`;
	const headers = [
		`Date: ${wireDate}`,
		`Subject: ${subject}`,
		`From: ${headerAddress(from)}`,
		`To: ${to.map(headerAddress).join(', ')}`,
		`Cc: ${headerAddress(cc)}`,
		`Message-ID: ${messageId}`,
		'MIME-Version: 1.0',
		'Content-Type: multipart/mixed; boundary="outer"',
	].join('\r\n');
	const before = `${headers}\r\n\r\n--outer\r\nContent-Type: multipart/alternative; boundary="inner"\r\n\r\n--inner\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${text}\r\n--inner\r\nContent-Type: text/html; charset=utf-8\r\n\r\n${html}\r\n--inner--\r\n\r\n--outer\r\nContent-Type: application/pdf; name="invoice ${number}.pdf"\r\nContent-Disposition: attachment; filename="invoice ${number}.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\n`;
	const after = '\r\n--outer--\r\n';
	const filling = base64Lines(Math.max(78, plan.octets - before.length - after.length), number);
	const people = (list: ReturnType<typeof person>[]): string =>
		`(${list.map(wireAddress).join('')})`;
	const disposition = `("ATTACHMENT" ("FILENAME" "invoice ${number}.pdf"))`;
	return {
		octets: Buffer.concat([Buffer.from(before), filling, Buffer.from(after)]),
		messageId,
		envelope: `("${wireDate}" ${quoted(subject)} ${people([from])} ${people([from])} ${people([from])} ${people(to)} ${people([cc])} NIL NIL ${quoted(messageId)})`,
		structure: `((("TEXT" "PLAIN" ("CHARSET" "utf-8") NIL NIL "7BIT" ${text.length} 2 NIL NIL NIL NIL)("TEXT" "HTML" ("CHARSET" "utf-8") NIL NIL "7BIT" ${html.length} 1 NIL NIL NIL NIL) "ALTERNATIVE" ("BOUNDARY" "inner") NIL NIL NIL)("APPLICATION" "PDF" ("NAME" "invoice ${number}.pdf") NIL NIL "BASE64" ${filling.length} NIL ${disposition} NIL NIL) "MIXED" ("BOUNDARY" "outer") NIL NIL NIL)`,
	};
}

/** Whole lines of 76 characters that look like base64. */
function base64Lines(octets: number, seed: number): Buffer {
	const line = Buffer.alloc(78);
	for (let at = 0; at < 76; at++) line[at] = 65 + ((at * 7 + seed) % 26);
	line.write('\r\n', 76);
	return Buffer.alloc(Math.floor(octets / 78) * 78, line);
}

/** What the appending workloads append. */
export function appendedMessages(count: number): Buffer[] {
	const plan = { name: 'appended', messages: count, octets: 4_000 };
	return Array.from({ length: count }, (_, index) => corpusMessage(plan, index + 1).octets);
}
