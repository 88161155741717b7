import { describe, expect, test } from 'vitest';
import { answeredMessage } from '../../../mail/compose/answered-message';
import { newMessageId } from '../../../mail/compose/message-id';
import { messageIds } from '../../../mail/header/message-ids';

const read = (...lines: string[]) => answeredMessage(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`));

describe('what an answer needs of the header', () => {
	test.each([
		['of the header', 'Content-Type: text/plain; charset=koi8-r', []],
		['of the texts in it', 'Content-Type: multipart/mixed; boundary=a', ['koi8-r']],
	])('is read in the charset %s where it names none', (_where, type, charsets) => {
		const russian = Buffer.from([0xf3, 0xde, 0xa3, 0xd4]).toString('latin1');
		const header = `Subject: ${russian}\r\nFrom: ${russian} <i@example.org>\r\n${type}\r\n\r\n`;
		expect(answeredMessage(Buffer.from(header, 'latin1'), charsets)).toMatchObject({
			subject: 'Счёт',
			from: [{ name: 'Счёт', address: 'i@example.org' }],
		});
	});

	test('has a Message-ID although its sender put spaces into it', () => {
		expect(read('Message-ID: < 1@example.org >').messageId).toBe('<1@example.org>');
		expect(read('Message-ID: none').messageId).toBeUndefined();
	});

	test('is decoded and unfolded', () => {
		expect(
			read(
				'From: =?utf-8?q?J=C3=BCrgen?= <j@example.org>',
				'To: Anna <anna@example.com>,',
				' team: b@x.example, c@x.example;',
				'Mail-Followup-To: list@example.org',
				'Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=',
				'Date: Tue, 03 Nov 2026 10:00:00 +0100',
				'Message-ID: <1@example.org>',
				'References: <a@x>',
				'\t<b@x> junk <c@x>',
				'In-Reply-To: message of <b@x>',
			),
		).toEqual({
			subject: 'Grüße',
			from: [{ name: 'Jürgen', address: 'j@example.org' }],
			replyTo: [],
			to: [
				{ name: 'Anna', address: 'anna@example.com' },
				{ name: '', address: 'b@x.example' },
				{ name: '', address: 'c@x.example' },
			],
			cc: [],
			mailFollowupTo: [{ name: '', address: 'list@example.org' }],
			messageId: '<1@example.org>',
			references: ['<a@x>', '<b@x>', '<c@x>'],
			inReplyTo: ['<b@x>'],
			sent: new Date('2026-11-03T09:00:00Z'),
		});
	});

	test('is nothing where the header has nothing', () => {
		expect(read('X: y', 'From: undisclosed', 'Date: soon')).toMatchObject({
			subject: '',
			from: [],
			messageId: undefined,
			references: [],
			sent: undefined,
		});
	});
});

describe('Message-IDs', () => {
	test('are new each time, in the domain of the sender', () => {
		const ids = [1, 2, 3].map(() => newMessageId('anna@Example.com'));
		expect(new Set(ids).size).toBe(3);
		for (const id of ids) expect(id).toMatch(/^<[0-9a-f-]{36}@example\.com>$/);
	});

	test.each([undefined, 'anna', 'anna@', 'a@x>\r\nBcc: b', 'a@b c'])(
		'without a domain that can be one: %j',
		(sender) => {
			expect(newMessageId(sender)).toMatch(/^<[0-9a-f-]{36}@(localhost|anna)>$/);
		},
	);

	test('of a field are read without what stands between them', () => {
		expect(messageIds('<a@x>(b) <c@x><d@x> e@x <f')).toEqual(['<a@x>', '<c@x>', '<d@x>']);
	});
});
