/** A newsletter as large senders make them: tables in tables, styles on every cell, a link of a page's length. */

/** Bytes of the HTML, about. */
export const NEWSLETTER_SIZE = 1.2 * 1024 * 1024;

const STYLE =
	'font-family:Helvetica,Arial,sans-serif;font-size:14px;line-height:20px;color:#333333;margin:0;padding:0 12px';

/** The address of a link that is counted: nine tenths of such a message. */
const tracked = (n: number): string =>
	`https://click.example.com/ls/click?upn=${`u${n}.`.padEnd(640, 'aZ09-_xKq7')}&amp;c=${n}`;

function story(n: number): string {
	return (
		`<tr><td style="${STYLE}"><table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr>` +
		`<td style="${STYLE};width:96px"><a href="${tracked(n)}"><img src="https://img.example.com/${n}.png" alt="Picture ${n}" width="96" height="96"></a></td>` +
		`<td style="${STYLE}"><h3 style="${STYLE};font-size:18px"><a href="${tracked(n + 10_000)}" style="color:#06c">Story ${n}</a></h3>` +
		`<p style="${STYLE}">What happened on day ${n}.</p></td></tr></table></td></tr>\n`
	);
}

/** The HTML: a hidden preheader, a heading, stories, and how to unsubscribe. */
export function newsletterHtml(size = NEWSLETTER_SIZE): string {
	const head =
		'<!doctype html><html><head><title>News</title><style>.preheader{display:none}@media(max-width:600px){td{width:100%!important}}</style></head>' +
		'<body><div class="preheader">Only shown in the list of messages</div><table role="presentation" width="100%"><tr><td><h1>News of the week</h1></td></tr>\n';
	const stories: string[] = [];
	for (let length = head.length; length < size; length += (stories.at(-1) as string).length)
		stories.push(story(stories.length + 1));
	const end = `<tr><td><a href="${tracked(0)}">Unsubscribe</a></td></tr></table></body></html>`;
	return head + stories.join('') + end;
}

/** The message: nothing but the HTML. */
export function newsletter(encoding: 'base64' | 'quoted-printable', size?: number): Buffer {
	const html = Buffer.from(newsletterHtml(size));
	const encoded =
		encoding === 'base64'
			? html.toString('base64').replace(/.{76}/g, '$&\r\n')
			: quotedPrintable(html.toString('latin1'));
	return Buffer.from(
		[
			'From: News <news@example.com>',
			'To: anna@example.com',
			'Subject: News of the week',
			'MIME-Version: 1.0',
			'Content-Type: text/html; charset=utf-8',
			`Content-Transfer-Encoding: ${encoding}`,
			'',
			encoded,
			'',
		].join('\r\n'),
	);
}

function quotedPrintable(text: string): string {
	return text
		.replace(/=/g, '=3D')
		.split('\n')
		.map((line) => line.replace(/.{72}(?:[^=]{2}|=..)(?!$)/g, '$&=\r\n'))
		.join('\r\n');
}
