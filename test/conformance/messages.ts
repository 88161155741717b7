/** Messages to append: header fields by name, and a body of lines. CRLF line ends. */
export function message(
	fields: Readonly<Record<string, string>> = {},
	...lines: readonly string[]
): string {
	const head = Object.entries({ From: 'Ann <ann@example.org>', ...fields }).map(
		([name, value]) => `${name}: ${value}`,
	);
	return [...head, '', ...lines, ''].join('\r\n');
}

/**
 * `size` octets (100 or more) of base64-like lines under a header; no two lines alike, so that a
 * gap shows.
 */
export function largeMessage(size: number): Buffer {
	const head = message({ Subject: 'large' });
	const lines: string[] = [];
	let left = size - head.length;
	for (; left > 80; left -= 78) lines.push(String(lines.length).padStart(76, 'abcdefghij'));
	lines.push('x'.repeat(left - 2), '');
	return Buffer.from(head + lines.join('\r\n'), 'latin1');
}

/** multipart/mixed of multipart/alternative, an attached message that is itself multipart, and a file. */
export const nested = [
	'From: "Ann B." <ann@example.org>',
	'Sender: Desk <desk@example.org>',
	'Reply-To: answers@example.org',
	'To: =?UTF-8?Q?J=C3=B6rg?= <joerg@example.net>, carl@example.com',
	'Cc: team: dora@example.org, emil@example.org;',
	'Bcc: hidden@example.org',
	'Subject: =?UTF-8?B?R3LDvMOfZQ==?= "quoted" \\ back',
	'Date: Thu, 02 Jan 2020 03:04:05 +0100',
	'Message-ID: <one@example.org>',
	'In-Reply-To: <zero@example.org>',
	'MIME-Version: 1.0',
	'Content-Type: multipart/mixed; boundary="outer"',
	'',
	'preamble',
	'--outer',
	'Content-Type: multipart/alternative; boundary=inner',
	'',
	'--inner',
	'Content-Type: text/plain; charset=utf-8',
	'Content-Transfer-Encoding: quoted-printable',
	'',
	'Gr=C3=BC=C3=9Fe',
	'second line',
	'--inner',
	'Content-Type: text/html; charset=utf-8',
	'Content-Language: de',
	'Content-Location: http://example.org/',
	'',
	'<p>html</p>',
	'--inner--',
	'--outer',
	'Content-Type: message/rfc822',
	'Content-Description: a forwarded message',
	'',
	'From: fred@example.org',
	'Subject: inside',
	'MIME-Version: 1.0',
	'Content-Type: multipart/mixed; boundary=deep',
	'',
	'--deep',
	'',
	'deep text',
	'--deep',
	'Content-Type: application/octet-stream',
	'Content-Transfer-Encoding: base64',
	'',
	'AAEC',
	'--deep--',
	'--outer',
	'Content-Type: application/pdf; name="report.pdf"',
	'Content-Transfer-Encoding: base64',
	'Content-Disposition: attachment; filename="report 1.pdf"; size=3',
	'Content-ID: <file@example.org>',
	'Content-MD5: Q2hlY2sgSW50ZWdyaXR5IQ==',
	'',
	'AAEC',
	'--outer--',
	'',
].join('\r\n');
