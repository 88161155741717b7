import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quotableHtml } from '../../../mail/compose/quotable-html';
import {
	forwardSubject,
	quotedHtml,
	quotedText,
	replyRecipients,
	replySubject,
	textAsHtml,
	threadFields,
	type AnsweredMessage,
} from '../../../mail/compose/reply';

const people = (...addresses: string[]) => addresses.map((address) => ({ address }));
const original = (more: Partial<AnsweredMessage> = {}): AnsweredMessage => ({
	subject: 'Plans',
	from: people('bert@example.org'),
	replyTo: [],
	to: people('anna@example.com'),
	cc: [],
	mailFollowupTo: [],
	messageId: '<1@example.org>',
	references: [],
	inReplyTo: [],
	...more,
});
const addressed = (message: AnsweredMessage, all: boolean, ...own: string[]) => {
	const { to, cc } = replyRecipients(message, { all, own });
	return { to: to.map(({ address }) => address), cc: cc.map(({ address }) => address) };
};
const ANNA = 'anna@example.com';

describe('the subject of an answer', () => {
	test.each([
		['Plans', 'Re: Plans'],
		['Re: Plans', 'Re: Plans'],
		['RE: Re[2]: AW: Plans', 'Re: Plans'],
		['回复：计划', 'Re: 计划'],
		['Fwd: Plans', 'Re: Fwd: Plans'],
		['Re(2): Re^3: Plans', 'Re: Plans'],
		['R: Piano', 'Re: Piano'],
		['RES: Plano', 'Re: Plano'],
		['Vá: Terv', 'Re: Terv'],
		['Απ: Σχέδιο', 'Re: Σχέδιο'],
		['Отв: План', 'Re: План'],
		['답장: 계획', 'Re: 계획'],
		['Re 2: Plans', 'Re: Re 2: Plans'],
		['Reading list', 'Re: Reading list'],
		['', 'Re: '],
	])('%j gives %j', (subject, expected) => {
		expect(replySubject(subject)).toBe(expected);
	});

	test.each([
		['Plans', 'Fwd: Plans'],
		['WG: Plans', 'Fwd: Plans'],
		['PD: Plan', 'Fwd: Plan'],
		['İLT: Plan', 'Fwd: Plan'],
		['Továbbítás: Terv', 'Fwd: Terv'],
		['転送: 計画', 'Fwd: 計画'],
		['Re: Plans', 'Fwd: Re: Plans'],
	])('forwarded: %j gives %j', (subject, expected) => {
		expect(forwardSubject(subject)).toBe(expected);
	});
});

describe('an answer goes to', () => {
	test('the sender', () => {
		expect(addressed(original(), false)).toEqual({ to: ['bert@example.org'], cc: [] });
	});

	test('Reply-To in place of the sender', () => {
		const message = original({ replyTo: people('list@example.org') });
		expect(addressed(message, false)).toEqual({ to: ['list@example.org'], cc: [] });
	});

	test('all but oneself, each once, whatever the case of the address', () => {
		const message = original({
			to: people('Anna@Example.com', 'carl@example.org', 'BERT@example.org'),
			cc: people('dora@example.org', 'Carl@example.org', 'anna@example.com'),
		});
		expect(addressed(message, true, ANNA)).toEqual({
			to: ['bert@example.org'],
			cc: ['carl@example.org', 'dora@example.org'],
		});
	});

	test('Mail-Followup-To, when all are answered', () => {
		const message = original({ mailFollowupTo: people('list@example.org', ANNA) });
		expect(addressed(message, true, ANNA)).toEqual({ to: ['list@example.org'], cc: [] });
		expect(addressed(message, false, ANNA)).toEqual({ to: ['bert@example.org'], cc: [] });
	});

	test('the recipients of one’s own message', () => {
		const message = original({
			from: people(ANNA),
			to: people('bert@example.org'),
			cc: people('dora@example.org'),
		});
		expect(addressed(message, false, ANNA)).toEqual({ to: ['bert@example.org'], cc: [] });
		expect(addressed(message, true, ANNA)).toEqual({
			to: ['bert@example.org'],
			cc: ['dora@example.org'],
		});
	});
});

describe('an answer refers to', () => {
	test('the conversation so far, and the message', () => {
		expect(threadFields(original({ references: ['<a@x>', '<b@x>'] }))).toEqual({
			inReplyTo: '<1@example.org>',
			references: ['<a@x>', '<b@x>', '<1@example.org>'],
		});
	});

	test('what the message answers, where it has no References', () => {
		expect(threadFields(original({ inReplyTo: ['<a@x>'] })).references).toEqual([
			'<a@x>',
			'<1@example.org>',
		]);
		expect(threadFields(original({ inReplyTo: ['<a@x>', '<b@x>'] })).references).toEqual([
			'<1@example.org>',
		]);
	});

	test('nothing, where the message has no Message-ID', () => {
		expect(threadFields(original({ messageId: undefined, references: ['<a@x>'] }))).toEqual({
			inReplyTo: undefined,
			references: [],
		});
	});

	test('the first and the last of a very long conversation', () => {
		const references = Array.from({ length: 500 }, (_, index) => `<${index}@x>`);
		const kept = threadFields(original({ references })).references;
		expect(kept).toHaveLength(100);
		expect([kept[0], kept[1], kept.at(-1)]).toEqual(['<0@x>', '<402@x>', '<1@example.org>']);
	});
});

describe('quoted', () => {
	test('text has a mark before each line', () => {
		expect(quotedText('one\r\n\r\n> two\nthree\n')).toBe('> one\n>\n>> two\n> three');
	});

	test('HTML keeps only what is inside the body', async () => {
		const html = '<html><head><title>t</title></head><body class="a"><p>x</p></body></html>';
		expect(quotedHtml(await quotableHtml(html))).toMatch(
			/^<blockquote [^>]*><p>x<\/p><\/blockquote>$/,
		);
	});

	test('text as HTML holds no markup of its own', () => {
		fc.assert(
			fc.property(fc.string(), (text) => {
				expect(textAsHtml(text).replaceAll('<br>', '')).not.toMatch(/[<>"]/);
			}),
		);
	});
});
