/** Text from a server is shown without secrets, short, and without what could deceive. */
import { describe, expect, test } from 'vitest';
import { Redaction } from '../../../engine/client/redaction';
import { MAX_TEXT, safeText } from '../../../engine/client/server-text';
import type { Response } from '../../../engine/index';
import { Imap4 } from '../../../engine/index';
import { FakeTransport, loggedIn, nothingUnhandled } from './fake-transport';

nothingUnhandled();

const asIs = (text: string): string => text;

describe('a secret is redacted', () => {
	test.each([
		['as it is', 'hush-hush', 'hush-hush'],
		['quoted, with a quotation mark in it', 'hush"hush', String.raw`"hush\"hush"`],
		['quoted, with a backslash in it', String.raw`hush\hush`, String.raw`"hush\\hush"`],
		['quoted, with both', String.raw`a"b\c"d`, String.raw`a\"b\\c\"d`],
		['each line of several', 'first-line\r\nsecond-line', 'second-line'],
	])('%s', (_what, secret, sent) => {
		const redaction = new Redaction();
		redaction.add(secret);
		const text = redaction.redact(`<${sent}>`);
		expect(text).toContain('***');
		expect(text).not.toContain(sent.replaceAll('"', ''));
	});

	test.each(['', 'x', 'xy', '\0ann\0'].flatMap((one) => ['', 'x', 'xy'].map((two) => [one, two])))(
		'in base64 between “%s” and “%s”',
		(before, behind) => {
			const redaction = new Redaction();
			redaction.add('hush-hush');
			const encoded = Buffer.from(`${before}hush-hush${behind}`).toString('base64');
			const text = redaction.redact(`<${encoded}>`);
			expect(text).toContain('***');
			// A letter at either end depends on what surrounds the secret.
			for (let at = 0; at + 8 <= text.length; at++)
				expect(Buffer.from(text.slice(at, at + 8), 'base64').toString()).not.toMatch(/hush/);
		},
	);

	test('the longer of two before the shorter that it contains', () => {
		const redaction = new Redaction();
		redaction.add('word');
		redaction.add('password');
		expect(redaction.redact('password word')).toBe('*** ***');
	});

	test('everywhere it occurs, and only secrets of four characters and more', () => {
		const redaction = new Redaction();
		redaction.add(undefined);
		redaction.add('abc');
		redaction.add('abcd');
		expect(redaction.redact('abc abcd abcd')).toBe('abc *** ***');
	});

	test.each(['NO', 'BAD'])('which a %s repeats in its escaped form', async (status) => {
		const server = new FakeTransport({ secure: true });
		const lines: string[] = [];
		const connecting = Imap4.connect({
			security: 'none',
			transport: server,
			auth: { user: 'ann', password: String.raw`pa"ss\word` },
			trace: ({ text }) => lines.push(text),
		});
		server.say('* OK [CAPABILITY IMAP4rev1] hi');
		const line = await server.line();
		server.say(`${line.split(' ')[0]} ${status} what is ${line}?`);
		const error = (await connecting.catch((one: unknown) => one)) as Error;
		for (const text of [error.message, JSON.stringify(error), ...lines])
			expect(text).not.toMatch(/ss.{0,2}word/);
	});
});

describe('text', () => {
	test('of up to a thousand characters stays as it is', () => {
		const text = 'ä'.repeat(MAX_TEXT);
		expect(safeText(text, asIs)).toBe(text);
	});

	test.each([MAX_TEXT + 1, 70_000, 1_000_000])('of %d characters is cut', (length) => {
		const text = safeText('x'.repeat(length), asIs);
		expect(text).toBe(`${'x'.repeat(MAX_TEXT - 1)}…`);
	});

	test('is not cut in the middle of a character', () => {
		for (const before of ['', 'x']) {
			const text = safeText(`${before}${'😀'.repeat(MAX_TEXT)}`, asIs);
			expect(text).toBe(`${before}${'😀'.repeat(499)}…`);
		}
	});

	test('is looked at up to 64 KiB', () => {
		const looked: string[] = [];
		const note = (text: string): string => {
			looked.push(text);
			return '';
		};
		safeText('x'.repeat(64 * 1024), note);
		safeText(`${'x'.repeat(64 * 1024)}y`, note);
		expect(looked).toEqual([looked[0], looked[0]]);
		expect(looked[0]).toBe('x'.repeat(64 * 1024));
	});

	test.each([
		['NUL, BEL and ESC', 'a\0b\x07c\x1b[31md', 'abc[31md'],
		['DEL and C1', 'a\x7fb\x9bc', 'abc'],
		['bidirectional controls', 'a\u202eb\u2066c\u2069d\u200fe\u061cf', 'abcdef'],
		['line breaks and tabs become spaces', 'a\tb\rc\nd\u2028e', 'a b c d e'],
		['joiners stay', 'a\u200db\u200cc', 'a\u200db\u200cc'],
		['markup stays, for whoever displays it', '<b>', '<b>'],
	])('%s', (_what, text, clean) => {
		expect(safeText(text, asIs)).toBe(clean);
	});

	test('secrets go before it is cut, so that no half of one is left', () => {
		const redaction = new Redaction();
		redaction.add('hush-hush-hush');
		const text = redaction.safe(`${'x'.repeat(MAX_TEXT - 8)}hush-hush-hush${'y'.repeat(50)}`);
		expect(text).not.toContain('hush');
		expect(text.length).toBe(MAX_TEXT);
	});

	test('a secret broken up by control characters is redacted too', () => {
		const redaction = new Redaction();
		redaction.add('hush-hush');
		expect(redaction.safe('hush\0-\x1bhush')).toBe('***');
	});

	test('of 16 MB costs next to nothing', () => {
		const text = `${'.'.repeat(16_000_000)}x`;
		const started = performance.now();
		for (let count = 0; count < 20; count++) safeText(text, asIs);
		expect(performance.now() - started).toBeLessThan(2000);
	});
});

describe('of a response', () => {
	const redaction = new Redaction();
	redaction.add('hush-hush');
	const cleaned = (code: unknown, text = 'hush-hush'): unknown => {
		const response = { type: 'status', status: 'NO', text, code } as Response;
		redaction.cleanResponse(response);
		return response;
	};

	test.each([
		[undefined, undefined],
		[
			{ name: 'OTHER', atom: 'hush-hush', text: 'a hush-hush' },
			{ name: 'OTHER', atom: '***', text: 'a ***' },
		],
		[
			{ name: 'OTHER', atom: 'x'.repeat(101) },
			{ name: 'OTHER', atom: 'x'.repeat(100) },
		],
		[
			{ name: 'REFERRAL', url: 'imap://a:hush-hush@b' },
			{ name: 'REFERRAL', url: 'imap://a:***@b' },
		],
		[
			{ name: 'UIDNEXT', value: 3 },
			{ name: 'UIDNEXT', value: 3 },
		],
	])('text and code are cleaned: %j', (code, expected) => {
		expect(cleaned(code)).toEqual({ type: 'status', status: 'NO', text: '***', code: expected });
	});

	test('that has no text nothing is changed', () => {
		const response = { type: 'EXISTS', count: 3 } as unknown as Response;
		redaction.cleanResponse(response);
		expect(response).toEqual({ type: 'EXISTS', count: 3 });
	});
});

test('responses, their codes and errors carry clean text', async () => {
	const told: Response[] = [];
	const { imap, server } = await loggedIn({ onUnsolicited: (one) => told.push(one) });
	const noop = imap.noop();
	const tag = await server.command('NOOP');
	server.say(
		`* OK [ALERT] a\x1b[2Jb\u202ec`,
		`* OK [X-CODE d\x07e] f`,
		`* OK [${'N'.repeat(5000)} g] h`,
		`${tag} NO [REFERRAL imap://x/\x07y] ${'z'.repeat(5000)}\u202e`,
	);
	const error = (await noop.catch((one: unknown) => one)) as { serverText: string };
	expect(error.serverText).toBe(`${'z'.repeat(MAX_TEXT - 1)}…`);
	expect(told).toMatchObject([
		{ text: 'a[2Jbc' },
		{ text: 'f', code: { name: 'OTHER', atom: 'X-CODE', text: 'de' } },
		{ text: 'h', code: { name: 'OTHER', atom: 'N'.repeat(100) } },
	]);
});
