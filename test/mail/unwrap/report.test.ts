/** Reports on delivery (RFC 3464) as servers write them. */
import { expect, test } from 'vitest';
import { qmailReports } from '../../../mail/unwrap/qmail-report';
import { deliveryReports, dispositionReport } from '../../../mail/unwrap/report';

const read = (...lines: string[]) => deliveryReports(Buffer.from(lines.join('\r\n')));

test('of Gmail, Exchange and Sendmail', () => {
	const reports = read(
		'Reporting-MTA: dns; mx.example.net',
		'Arrival-Date: Wed, 10 May 2023 10:00:00 +0200',
		'',
		'Final-Recipient: rfc822; one@example.com',
		'Action: failed',
		'Status: 5.1.1',
		'Remote-MTA: dns; mx.example.com. (192.0.2.1, the server for the domain example.com.)',
		'Diagnostic-Code: smtp; 550-5.1.1 The account that you tried to reach does not exist.',
		' 550 5.1.1 See the help.',
		'Last-Attempt-Date: Wed, 10 May 2023 10:00:01 +0200 (CEST)',
		'',
		'Final-Recipient: RFC822;<two@example.com>',
		'Action: failed (unknown user)',
		'Status: 5.0.0 (permanent failure)',
		'X-Display-Name: Voilà',
		'',
		'',
	);
	expect(reports).toMatchObject([
		{
			recipient: 'one@example.com',
			action: 'failed',
			status: '5.1.1',
			diagnostic:
				'550-5.1.1 The account that you tried to reach does not exist. 550 5.1.1 See the help.',
		},
		{ recipient: 'two@example.com', action: 'failed', status: '5.0.0' },
	]);
});

test('of qmail, to the last letter', () => {
	const report =
		'Hi. This is the qmail-send program.\n\n<à@example.fr>:\nVoilà\n\n--- Below\n\nSubject: x\n';
	expect(qmailReports(Buffer.from(report))).toMatchObject([
		{ recipient: 'à@example.fr', diagnostic: 'Voilà', originalMessageId: '' },
	]);
});

test.each([
	['utf-8; m\\x{FC}ller@example.org', 'müller@example.org'],
	['UTF-8;\\x{1F4EE}@example.org', '📮@example.org'],
	['utf-8; müller@example.org', 'müller@example.org'],
	['utf-8; \\x{FFFFFF}\\x{A}@example.org', '\\x{FFFFFF}\\x{A}@example.org'],
	['rfc822; m\\x{FC}ller@example.org', 'm\\x{FC}ller@example.org'],
])('the recipient %s beyond ASCII (RFC 6533)', (written, recipient) => {
	const field = `Final-Recipient: ${written}`;
	expect(read('Reporting-MTA: dns; x', '', field)).toMatchObject([{ recipient }]);
	expect(dispositionReport(Buffer.from(field))).toMatchObject({ recipient });
});
