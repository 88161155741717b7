/** The text of a message in the form that a flow, or a model, can use. */
import { Container } from '@n8n/di';
import { BinaryDataService } from 'n8n-core';
import type { INodeParameters } from 'n8n-workflow';
import { beforeAll, describe, expect, test } from 'vitest';
import { box, errorOf, jsonOf, runNode, startServer, USER } from '../run-node';

beforeAll(() => Container.get(BinaryDataService).init());

const message = (...lines: string[]): Buffer => Buffer.from(lines.join('\r\n'));

const HTML = message(
	'From: Bert <bert@example.org>',
	'To: Anna <anna@example.com>',
	'Subject: Offer',
	'Message-ID: <2@example.org>',
	'In-Reply-To: <1@example.org>',
	'References: <0@example.org> <1@example.org>',
	'Date: Tue, 3 Nov 2026 10:00:00 +0000',
	'Content-Type: text/html; charset=utf-8',
	'',
	'<h1>Offer</h1><p>See <a href="https://example.org/offer">our offer</a>.</p>',
	'<img src="x.png" alt="A tent">',
	'<ul><li>One</li><li>Two</li></ul>',
);

const REPLY = message(
	'From: Bert <bert@example.org>',
	'Subject: Re: Lunch',
	'',
	'Yes, at noon.',
	'',
	'-- ',
	'Bert, Example Ltd.',
	'',
	'On Mon, 2 Nov 2026 at 10:00, Anna <anna@example.com> wrote:',
	'> Lunch tomorrow?',
	'',
);

async function read(octets: Buffer, parameters: INodeParameters) {
	const server = await startServer();
	server.account(USER).mailbox('INBOX').append(octets);
	const [json = {}] = await jsonOf({
		node: 'imap4Message',
		operation: 'getMany',
		server,
		parameters: { mailbox: box('INBOX'), ...parameters },
	});
	return json;
}

const text = (octets: Buffer, contentOptions: INodeParameters) =>
	read(octets, { body: 'text', contentOptions });

describe('Text', () => {
	test('as Markdown, with headings, lists and links', async () => {
		const { text: markdown } = await text(HTML, { textFormat: 'markdown' });
		expect(markdown).toContain('# Offer');
		expect(markdown).toContain('[our offer](https://example.org/offer)');
		expect(markdown).toMatch(/^[-*] One$/m);
	});

	test.each([
		['keep', 'our offer [https://example.org/offer]'],
		['remove', 'See our offer.'],
		['footnotes', 'See our offer [1].'],
	])('links: %s', async (links, expected) => {
		expect((await text(HTML, { links })).text).toContain(expected);
	});

	test('with the descriptions of images only on request', async () => {
		expect((await text(HTML, {})).text).not.toContain('A tent');
		expect((await text(HTML, { images: true })).text).toContain('A tent');
	});

	test('only what is new: without the quotation and the signature', async () => {
		expect((await text(REPLY, {})).text).toContain('Lunch tomorrow?');
		expect((await text(REPLY, { onlyNewText: true })).text).toBe('Yes, at noon.');
	});

	test('of a maximum length, cut at a word, and the item says so', async () => {
		const cut = await text(REPLY, { maxLength: 9 });
		expect(cut).toMatchObject({ text: 'Yes, at…', textIsCut: true });
		expect(await text(REPLY, { maxLength: 10_000 })).not.toHaveProperty('textIsCut');
	});

	test.each([
		['maxLength', 0, 'Maximum Length'],
		['maxLength', '', 'Maximum Length'],
		['links', 'none', 'Links'],
		['textFormat', null, 'Text Format'],
		['onlyNewText', 'yes', 'Only New Text'],
		['alsoReturn', ['weather'], 'Also Return'],
	])('%s of %j is refused', async (name, value, label) => {
		const server = await startServer();
		const { message: said } = await errorOf({
			node: 'imap4Message',
			operation: 'getMany',
			server,
			parameters: { mailbox: box('INBOX'), body: 'text', contentOptions: { [name]: value } },
		});
		expect(said).toContain(label);
	});
});

describe('the simplified item', () => {
	test('has what an answer and a filter need', async () => {
		expect(await read(HTML, {})).toMatchObject({
			sentDate: '2026-11-03T10:00:00.000Z',
			messageId: '<2@example.org>',
			inReplyTo: '<1@example.org>',
			references: ['<0@example.org>', '<1@example.org>'],
			unread: true,
			hasAttachments: false,
		});
	});

	test('has addresses as data on request', async () => {
		expect(await read(HTML, { contentOptions: { addressesAs: 'objects' } })).toMatchObject({
			from: [{ name: 'Bert', address: 'bert@example.org' }],
			to: [{ name: 'Anna', address: 'anna@example.com' }],
		});
	});
});

describe('Also Return', () => {
	const also = (octets: Buffer, ...alsoReturn: string[]) =>
		read(octets, { contentOptions: { alsoReturn } });

	test('a bounce: who was not reached, and why', async () => {
		const bounce = message(
			'From: MAILER-DAEMON@example.net',
			'Subject: Undelivered',
			'MIME-Version: 1.0',
			'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
			'',
			'--b',
			'',
			'Sorry.',
			'--b',
			'Content-Type: message/delivery-status',
			'',
			'Reporting-MTA: dns; mx.example.net',
			'',
			'Final-Recipient: rfc822; nobody@example.com',
			'Action: failed',
			'Status: 5.1.1',
			'Diagnostic-Code: smtp; 550 5.1.1 No such user',
			'',
			'--b--',
		);
		expect(await also(bounce, 'bounce')).toMatchObject({
			bounce: {
				recipient: 'nobody@example.com',
				action: 'failed',
				status: '5.1.1',
				diagnostic: '550 5.1.1 No such user',
			},
		});
		expect(await also(HTML, 'bounce')).toMatchObject({ bounce: null });
	});

	test.each([
		['the message', 'message/rfc822', '\r\nText of the offer.'],
		['its header', 'text/rfc822-headers', ''],
	])('a bounce that returns %s names the Message-ID', async (_, type, rest) => {
		const bounce = message(
			'From: MAILER-DAEMON@example.net',
			'Subject: Undelivered',
			'MIME-Version: 1.0',
			'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
			'',
			'--b',
			'Content-Type: message/delivery-status',
			'',
			'Reporting-MTA: dns; mx.example.net',
			'',
			'Final-Recipient: rfc822; one@example.com',
			'Action: failed',
			'Status: 5.1.1',
			'',
			'Final-Recipient: rfc822; two@example.com',
			'Action: failed',
			'Status: 5.1.1',
			'',
			'--b',
			`Content-Type: ${type}`,
			'',
			'From: Anna <anna@example.com>',
			'Subject: Offer',
			'Message-ID: <offer@example.com>',
			`Content-Type: text/plain${rest && '\r\n'}${rest}`,
			'--b--',
		);
		const originalMessageId = '<offer@example.com>';
		expect(await also(bounce, 'bounce')).toMatchObject({
			bounce: { recipient: 'one@example.com', originalMessageId },
			bounces: [{ originalMessageId }, { recipient: 'two@example.com', originalMessageId }],
		});
	});

	test('a bounce of qmail, which is a text without MIME', async () => {
		const bounce = message(
			'From: MAILER-DAEMON@mx.example.net',
			'To: anna@example.com',
			'Subject: failure notice',
			'',
			'Hi. This is the qmail-send program at mx.example.net.',
			"I'm afraid I wasn't able to deliver your message to the following addresses.",
			"This is a permanent error; I've given up. Sorry it didn't work out.",
			'',
			'<nobody@example.org>:',
			'192.0.2.1 does not like recipient.',
			'Remote host said: 550 5.1.1 No such user',
			'Giving up on 192.0.2.1.',
			'',
			'<"a b"@example.org>:',
			"Sorry, I wasn't able to establish an SMTP connection. (#4.4.1)",
			'',
			'--- Below this line is a copy of the message.',
			'',
			'Return-Path: <anna@example.com>',
			'Message-ID: <offer@example.com>',
			'',
			'Text of the offer.',
		);
		const originalMessageId = '<offer@example.com>';
		const expected = {
			bounces: [
				{ recipient: 'nobody@example.org', action: 'failed', status: '5.1.1', originalMessageId },
				{ recipient: '"a b"@example.org', action: 'failed', status: '4.4.1', originalMessageId },
			],
		};
		expect(await also(bounce, 'bounce')).toMatchObject(expected);
		const withText = await text(bounce, { alsoReturn: ['bounce'] });
		expect(withText).toMatchObject(expected);
		expect(withText.text).toContain('Text of the offer.');
		const letter = message('From: a@example.com', 'Subject: Hi', '', 'Hi. This is the first.');
		expect(await also(letter, 'bounce')).toMatchObject({ bounce: null });
	});

	describe.each([[[]], [['MIME-Version: 1.0', 'Content-Type: text/plain; charset=us-ascii']]])(
		'a bounce in plain text that names the recipients in its header (%j)',
		(mime) => {
			const bounce = (...text: string[]): Buffer =>
				message(
					'From: Mail Delivery System <Mailer-Daemon@mx.example.net>',
					'Subject: Mail delivery failed: returning message to sender',
					'X-Failed-Recipients: nobody@example.org, full@example.org',
					...mime,
					'',
					...text,
				);

			test('with the reason for each, and the message that was not delivered', async () => {
				const octets = bounce(
					'This message was created automatically by mail delivery software.',
					'',
					'  nobody@example.org',
					'    host mx.example.org [192.0.2.1]',
					'    SMTP error from remote mail server after RCPT TO:<nobody@example.org>:',
					'    550 5.1.1 User unknown',
					'  full@example.org',
					'    (generated from team@example.org)',
					'    mailbox is full',
					'',
					'------ This is a copy of the message, including all the headers. ------',
					'',
					'Return-path: <anna@example.com>',
					'Message-ID: <offer@example.com>',
					'',
					'  nobody@example.org',
					'    Text of the offer.',
				);
				const originalMessageId = '<offer@example.com>';
				const expected = {
					bounces: [
						{
							recipient: 'nobody@example.org',
							action: 'failed',
							status: '5.1.1',
							diagnostic:
								'host mx.example.org [192.0.2.1] SMTP error from remote mail server after RCPT ' +
								'TO:<nobody@example.org>: 550 5.1.1 User unknown',
							remoteServer: 'mx.example.org',
							originalMessageId,
						},
						{
							recipient: 'full@example.org',
							action: 'failed',
							status: '',
							diagnostic: '(generated from team@example.org) mailbox is full',
							remoteServer: '',
							originalMessageId,
						},
					],
				};
				expect(await also(octets, 'bounce')).toMatchObject(expected);
				expect(await text(octets, { alsoReturn: ['bounce'] })).toMatchObject(expected);
			});

			test('in other words, without a reason', async () => {
				const { bounces } = await also(bounce('Your message could not be delivered.'), 'bounce');
				expect(bounces).toMatchObject([
					{ recipient: 'nobody@example.org', status: '', diagnostic: '', originalMessageId: '' },
					{ recipient: 'full@example.org', status: '', diagnostic: '', originalMessageId: '' },
				]);
			});
		},
	);

	test('an invitation: when, where, who', async () => {
		const invitation = message(
			'From: Bert <bert@example.org>',
			'Subject: Invitation',
			'MIME-Version: 1.0',
			'Content-Type: text/calendar; method=REQUEST; charset=utf-8',
			'',
			'BEGIN:VCALENDAR',
			'METHOD:REQUEST',
			'BEGIN:VEVENT',
			'UID:1@example.org',
			'SUMMARY:Lunch',
			'DTSTART:20261126T120000Z',
			'DTEND:20261126T130000Z',
			'ORGANIZER:mailto:bert@example.org',
			'ATTENDEE;CN=Anna:mailto:anna@example.com',
			'END:VEVENT',
			'END:VCALENDAR',
			'',
		);
		expect(await also(invitation, 'calendar')).toMatchObject({
			calendar: {
				method: 'REQUEST',
				summary: 'Lunch',
				start: '2026-11-26T12:00:00Z',
				organizer: 'bert@example.org',
				attendees: [{ name: 'Anna', address: 'anna@example.com' }],
			},
		});
	});

	test.each([
		['invite.ics', { summary: 'Lunch' }],
		['=?utf-8?Q?Mittag=C3=A4.ICS?=', { summary: 'Lunch' }],
		['invite.txt', null],
	])('an event in a file whose type says nothing: %s', async (name, calendar) => {
		const invitation = message(
			'Subject: Invitation',
			`Content-Type: application/octet-stream; name="${name}"`,
			'Content-Transfer-Encoding: base64',
			'',
			Buffer.from('BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Lunch\nEND:VEVENT\n').toString('base64'),
		);
		expect(await also(invitation, 'calendar')).toMatchObject({ calendar });
	});

	test('how to unsubscribe, and what the receiving server found out about the sender', async () => {
		const letter = message(
			'Authentication-Results: mx.example.com; spf=pass smtp.mailfrom=example.org;',
			' dkim=pass header.d=example.org; dmarc=fail (p=none) header.from=example.org',
			'Authentication-Results: forged.example; dmarc=pass',
			'List-Unsubscribe: <mailto:leave@example.org>, <https://example.org/leave?id=1>',
			'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
			'From: News <news@example.org>',
			'Subject: News',
			'',
			'News',
		);
		expect(await also(letter, 'authentication', 'unsubscribe')).toMatchObject({
			authentication: {
				server: 'mx.example.com',
				spf: 'pass',
				dkim: 'pass',
				dmarc: 'fail',
				signedBy: ['example.org'],
			},
			unsubscribe: {
				url: 'https://example.org/leave?id=1',
				mailto: 'mailto:leave@example.org',
				oneClick: true,
			},
		});
		expect(await also(HTML, 'authentication', 'unsubscribe')).toMatchObject({
			authentication: null,
			unsubscribe: null,
		});
	});
});

describe('what is packed into a part', () => {
	const withFiles = async (octets: Buffer, parameters: INodeParameters = {}) => {
		const server = await startServer();
		server.account(USER).mailbox('INBOX').append(octets);
		const [item] = await runNode({
			node: 'imap4Message',
			operation: 'getMany',
			server,
			parameters: {
				mailbox: box('INBOX'),
				body: 'text',
				downloadAttachments: true,
				...parameters,
			},
		});
		const names = Object.values(item?.binary ?? {}).map(({ fileName }) => fileName);
		return { json: item?.json ?? {}, names };
	};

	test('a file in uuencode inside of the text is an attachment', async () => {
		const octets = message(
			'Subject: Old ways',
			'',
			'See the file.',
			'begin 644 hello.txt',
			'%:&5L;&\\',
			'`',
			'end',
			'Bye.',
		);
		const { json, names } = await withFiles(octets);
		expect(names).toEqual(['hello.txt']);
		expect(json.hasAttachments).toBe(true);
		expect(json.text).toBe('See the file.\nBye.');
	});

	test('what cannot be read of a part is said on the item, and the rest is given', async () => {
		const octets = message(
			'Subject: Encrypted',
			'MIME-Version: 1.0',
			'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b',
			'',
			'--b',
			'Content-Type: application/pgp-encrypted',
			'',
			'Version: 1',
			'--b',
			'Content-Type: application/octet-stream',
			'',
			'-----BEGIN PGP MESSAGE-----',
			'--b--',
		);
		const { json } = await withFiles(octets);
		expect(json).toMatchObject({
			subject: 'Encrypted',
			unreadableParts: [{ reason: 'The content is encrypted' }],
		});
	});

	test('attachments of attached messages are listed by path, and downloaded by it', async () => {
		const octets = message(
			'Subject: Outer',
			'MIME-Version: 1.0',
			'Content-Type: multipart/mixed; boundary=o',
			'',
			'--o',
			'',
			'See below.',
			'--o',
			'Content-Type: message/rfc822',
			'',
			'Subject: Inner',
			'MIME-Version: 1.0',
			'Content-Type: multipart/mixed; boundary=i',
			'',
			'--i',
			'',
			'Inner text',
			'--i',
			'Content-Type: application/pdf; name="inner.pdf"',
			'',
			'PDF',
			'--i--',
			'--o--',
		);
		const server = await startServer();
		server.account(USER).mailbox('INBOX').append(octets);
		const run = { node: 'imap4Message', resource: 'attachment', server } as const;
		const selection = { messages: 'uids', mailbox: box('INBOX'), uids: '1' };
		const listed = await jsonOf({ ...run, operation: 'getMany', parameters: selection });
		expect(listed.map(({ part, fileName }) => [part, fileName])).toEqual([
			['2', 'part-2.eml'],
			['2.2', 'inner.pdf'],
		]);
		const download = { ...run, operation: 'download' } as const;
		const byPath = { ...selection, attachmentFilters: { parts: '2.2' } };
		const [file] = await runNode({ ...download, parameters: byPath });
		expect(file?.binary?.data?.fileName).toBe('inner.pdf');
		const all = await jsonOf({ ...download, parameters: selection });
		expect(all.map(({ part }) => part)).toEqual(['2']);
	});
});
