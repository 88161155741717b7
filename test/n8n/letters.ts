/** Messages with files, as text, for accounts that tests fill. */

export interface LetterFile {
	name: string;
	/** A media type. */
	type: string;
	content: string | Buffer;
}

export interface WholeLetter {
	subject: string;
	from?: string;
	/** Lines beside those that every letter has. */
	header?: readonly string[];
	text?: string;
	html?: string;
	files?: readonly LetterFile[];
}

const BOUNDARY = 'a-boundary-that-no-text-has';

const part = (header: readonly string[], body: string): string =>
	[`--${BOUNDARY}`, ...header, '', body].join('\r\n');

const lines = (base64: string): string => base64.replace(/.{76}/g, '$&\r\n');

function filePart({ name, type, content }: LetterFile): string {
	return part(
		[
			`Content-Type: ${type}`,
			'Content-Transfer-Encoding: base64',
			`Content-Disposition: attachment; filename="${name}"`,
		],
		lines(Buffer.from(content).toString('base64')),
	);
}

/** With the Message-ID `<subject@mail.example>`, other characters than letters and digits as hyphens. */
export function wholeLetter({
	subject,
	from = 'Anna <anna@mail.example>',
	header = [],
	text,
	html,
	files = [],
}: WholeLetter): string {
	const texts = [
		...(text === undefined && html !== undefined
			? []
			: [part(['Content-Type: text/plain; charset=utf-8'], text ?? `About ${subject}.`)]),
		...(html === undefined ? [] : [part(['Content-Type: text/html; charset=utf-8'], html)]),
	];
	return [
		`From: ${from}`,
		'To: Bert <bert@mail.example>',
		`Subject: ${subject}`,
		'Date: Wed, 04 Mar 2026 09:30:00 +0000',
		`Message-ID: <${subject.replace(/\W/g, '-')}@mail.example>`,
		'MIME-Version: 1.0',
		...header,
		`Content-Type: multipart/mixed; boundary="${BOUNDARY}"`,
		'',
		...texts,
		...files.map(filePart),
		`--${BOUNDARY}--`,
		'',
	].join('\r\n');
}

const REPORT = 'a-report';

/** A delivery report; without `recipients` one whose part for machines is missing. */
export function bounce(subject: string, recipients: ReadonlyArray<readonly string[]>): string {
	return [
		'From: Mail Delivery System <mailer-daemon@mail.example>',
		'To: Bert <bert@mail.example>',
		`Subject: ${subject}`,
		`Message-ID: <${subject.replace(/\W/g, '-')}@mail.example>`,
		'Auto-Submitted: auto-replied',
		'MIME-Version: 1.0',
		'Content-Type: multipart/report; report-type=delivery-status;',
		`\tboundary="${REPORT}"`,
		'',
		`--${REPORT}`,
		'Content-Type: text/plain',
		'',
		'Your message could not be delivered.',
		...(recipients.length === 0
			? []
			: [
					`--${REPORT}`,
					'Content-Type: message/delivery-status',
					'',
					'Reporting-MTA: dns; mail.example',
					...recipients.flatMap((fields) => ['', ...fields]),
					'',
				]),
		`--${REPORT}`,
		'Content-Type: message/rfc822',
		'',
		'From: Bert <bert@mail.example>',
		'Subject: Offer',
		'Message-ID: <offer@mail.example>',
		'',
		'Text',
		`--${REPORT}--`,
		'',
	].join('\r\n');
}

export const bouncedRecipient = (
	address: string,
	action: string,
	status: string,
	diagnostic = '',
) => [
	`Final-Recipient: rfc822; ${address}`,
	`Action: ${action}`,
	`Status: ${status}`,
	...(diagnostic === '' ? [] : [`Diagnostic-Code: smtp; ${diagnostic}`]),
];
