/** STARTTLS against someone in between: RFC 9051 §11.1, RFC 8314 §5.1, CVE-2021-33515, "NO STARTTLS". */
import { describe, expect, inject, test } from 'vitest';
import type { ConnectOptions, UntaggedResponse } from '../../engine/index';
import { nothingUnhandled } from '../engine/client/fake-transport';
import { AUTH, connected, hostile, PASSWORD, refusalOf, stopAfterEach } from './attempt';
import type { HostileEnd } from './hostile-server';
import { sessionOf } from '../../engine/client/imap4';

nothingUnhandled();
stopAfterEach();

const { ca, server: certificate } = inject('certificates');
const GREETING = '* OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN SASL-IR] hi\r\n';
const required: ConnectOptions = { security: 'starttls', auth: AUTH, tls: { ca } };

/** The tag behind this one: a tag is a counter behind four letters. */
function next(tag: string): string {
	return tag.slice(0, 4) + (Number(tag.slice(4)) + 1);
}

/** Neither the password in any form, nor a command that only makes sense behind TLS. */
function nothingGivenAway(sent: string): void {
	expect(sent).not.toContain(PASSWORD);
	expect(sent).not.toContain(Buffer.from(`\0ann\0${PASSWORD}`).toString('base64'));
	expect(sent).not.toMatch(/LOGIN|AUTHENTICATE|SELECT|EXAMINE/i);
}

describe('bytes in the segment of the OK of STARTTLS', () => {
	test.each<[string, (tag: string) => string]>([
		['a forged CAPABILITY', () => '* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n'],
		['a forged ALERT', () => '* OK [ALERT] Call 555-0199 at once\r\n'],
		['a forged BYE', () => '* BYE see you at evil.example\r\n'],
		['a guessed OK to the next command', (tag) => `${next(tag)} OK logged in\r\n`],
		[
			'a guessed OK with capabilities',
			(tag) => `${next(tag)} OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] done\r\n`,
		],
		['a forged PREAUTH', () => '* PREAUTH welcome\r\n'],
		['a forged LIST whose literal is to come', () => '* LIST () "/" {70}\r\n'],
		['half a line', () => '* OK'],
		['one octet', () => '*'],
		['an empty line', () => '\r\n'],
		['NUL', () => '\0'],
		['what looks like a record of TLS', () => '\x15\x03\x03\0\x02\x01\0'],
		['a megabyte', () => '* OK hi\r\n'.repeat(120_000)],
	])('%s: no handshake, no credential', async (_what, forged) => {
		const server = await hostile(async (end) => {
			end.send(GREETING);
			const tag = await end.command('STARTTLS');
			end.send(`${tag} OK Begin TLS\r\n${forged(tag)}`);
			await end.gone();
		});
		const told: UntaggedResponse[] = [];
		const error = await refusalOf(
			connected(server, { ...required, onUnsolicited: (one) => told.push(one) }),
		);
		expect(error.code).toBe('STARTTLS');
		expect(told).toEqual([]);
		await expect.poll(() => server.open).toBe(0);
		expect(server.received).toMatch(/^\w+ STARTTLS\r\n$/);
	});

	test('in the segment behind it: they spoil the handshake, and nothing is sent', async () => {
		const server = await hostile(async (end) => {
			end.send(GREETING);
			end.send(`${await end.command('STARTTLS')} OK Begin TLS\r\n`);
			await new Promise((resolve) => setTimeout(resolve, 30));
			end.send('* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n* OK [ALERT] hello\r\n');
			await end.gone();
		});
		const error = await refusalOf(connected(server, required));
		expect(['STARTTLS', 'TLS_EXPECTED', 'TLS_FAILED']).toContain(error.code);
		expect(error.message).not.toContain('hello');
		await expect.poll(() => server.open).toBe(0);
		nothingGivenAway(server.received);
	});
});

describe('STARTTLS is required, and', () => {
	const refused = (answer: (tag: string) => string) => async (end: HostileEnd) => {
		end.send(GREETING);
		end.send(answer(await end.command('STARTTLS')));
		await end.gone();
	};
	test.each<[string, string, (end: HostileEnd) => Promise<void>]>([
		[
			'is not in the greeting’s capabilities',
			'STARTTLS',
			async (end) => {
				end.send('* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\r\n');
				await end.gone();
			},
		],
		[
			'is not in the capabilities asked for',
			'STARTTLS',
			async (end) => {
				end.send('* OK hi\r\n');
				await end.answer('CAPABILITY', '* CAPABILITY IMAP4rev1 AUTH=PLAIN');
				await end.gone();
			},
		],
		[
			'the capabilities are refused',
			'BAD',
			async (end) => {
				end.send('* OK hi\r\n');
				end.send(`${await end.command('CAPABILITY')} BAD what\r\n`);
				await end.gone();
			},
		],
		['is answered NO', 'STARTTLS', refused((tag) => `${tag} NO not now\r\n`)],
		['is answered BAD', 'STARTTLS', refused((tag) => `${tag} BAD what\r\n`)],
		['is answered "+"', 'PROTOCOL', refused(() => '+ go on\r\n')],
		['is answered "+" and then OK', 'PROTOCOL', refused((tag) => `+ go on\r\n${tag} OK\r\n`)],
		['is answered PREAUTH', 'PROTOCOL', refused((tag) => `${tag} PREAUTH hi\r\n`)],
		['is answered under another tag', 'PROTOCOL', refused((tag) => `${next(tag)} OK\r\n`)],
		['is answered BYE', 'BYE', refused(() => '* BYE no\r\n')],
		[
			'is answered with a referral',
			'STARTTLS',
			refused((tag) => `${tag} NO [REFERRAL imap://evil.example/] go there\r\n`),
		],
	])('%s: nothing but what it takes to ask is ever sent', async (_what, code, script) => {
		const server = await hostile(script);
		for (const auth of [
			AUTH,
			{ ...AUTH, mechanism: 'PLAIN' as const },
			{ user: 'ann', accessToken: PASSWORD },
		]) {
			const error = await refusalOf(connected(server, { ...required, auth }));
			expect(error.code).toBe(code);
		}
		await expect.poll(() => server.open).toBe(0);
		nothingGivenAway(server.received);
	});

	test('is never answered: it ends at its deadline', async () => {
		const server = await hostile(async (end) => {
			end.send(GREETING);
			await end.command('STARTTLS');
			await end.gone();
		});
		const timeouts = { connect: 1000, greeting: 1000, command: 150 };
		const error = await refusalOf(connected(server, { ...required, timeouts }));
		expect(error).toMatchObject({ code: 'TIMEOUT', command: 'STARTTLS' });
		nothingGivenAway(server.received);
	});
});

describe('PREAUTH where TLS is required (CVE-2020-12398 and its like)', () => {
	test.each([
		['bare', '* PREAUTH\r\n'],
		['with words', '* PREAUTH logged in as ann\r\n'],
		['in small letters', '* preauth logged in\r\n'],
		['with capabilities, STARTTLS among them', '* PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n'],
		['with an alert', '* PREAUTH [ALERT] update your password at evil.example\r\n'],
		[
			'with what belongs to a session behind it',
			'* PREAUTH hi\r\n* LIST () "/" Secret\r\n* 3 EXISTS\r\n',
		],
	])('%s', async (_what, greeting) => {
		const server = await hostile(async (end) => {
			end.send(greeting);
			await end.gone();
		});
		const error = await refusalOf(connected(server, required));
		expect(error.code).toBe('STARTTLS');
		expect(error.message).not.toContain('evil');
		await expect.poll(() => server.open).toBe(0);
		expect(server.received).toBe('');
	});

	test('behind an OK greeting it changes nothing: STARTTLS comes first', async () => {
		const server = await hostile(async (end) => {
			end.send(`${GREETING}* PREAUTH logged in as ann\r\n`);
			end.send(`${await end.command('STARTTLS')} OK go\r\n`);
			await end.secure(certificate);
			await end.answer('CAPABILITY', '* CAPABILITY IMAP4rev1');
			await end.answer('LOGIN', '* CAPABILITY IMAP4rev1');
		});
		const imap = await connected(server, required);
		expect(imap.secure).toBe(true);
		nothingGivenAway(server.ends[0]?.clear ?? '');
	});
});

describe('PREAUTH where a login was given', () => {
	test.each(['none', 'tls'] as const)(
		'with security %s: the login was not checked',
		async (security) => {
			const server = await hostile(
				async (end) => {
					end.send(`* PREAUTH welcome, whoever you are\r\n`);
					await end.gone();
				},
				security === 'tls' ? certificate : undefined,
			);
			const error = await refusalOf(connected(server, { security, tls: { ca }, auth: AUTH }));
			expect(error.code).toBe('PROTOCOL');
			expect(error.message).toContain('PREAUTH');
			await expect.poll(() => server.open).toBe(0);
			expect(server.received).not.toContain(PASSWORD);
		},
	);
});

describe('what clear text said is forgotten', () => {
	const forged: [string, string][] = [
		['CAPABILITY', '* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED AUTH=CRAM-MD5 XEVIL'],
		['a capability code', '* OK [CAPABILITY IMAP4rev2 STARTTLS XEVIL] psst'],
		['ENABLED', '* ENABLED UTF8=ACCEPT IMAP4rev2'],
		['LIST', '* LIST (\\Noselect) "/" Forged'],
		['a LIST of an irregular name', '* LIST () "/" &AOQ-&APY-'],
		['STATUS', '* STATUS INBOX (MESSAGES 7)'],
		['SEARCH', '* SEARCH 1 2 3'],
		['ESEARCH', '* ESEARCH UID ALL 1:9'],
		['FLAGS', '* FLAGS (\\Forged)'],
		['EXISTS', '* 99 EXISTS'],
		['RECENT', '* 98 RECENT'],
		['EXPUNGE', '* 1 EXPUNGE'],
		['FETCH with a literal', '* 1 FETCH (BODY[] {6}\r\nForged)'],
		['NAMESPACE', '* NAMESPACE (("Forged/" "/")) NIL NIL'],
		['ID', '* ID ("name" "Forged")'],
		['QUOTA', '* QUOTA "" (STORAGE 9 9)'],
		['UIDVALIDITY', '* OK [UIDVALIDITY 666] ok'],
		['an ALERT', '* OK [ALERT] Forged: call 555-0199'],
		['a NO', '* NO Forged words'],
		['a BAD', '* BAD Forged words'],
		['an unknown response', '* XEVIL "Forged"'],
	];
	test.each([...forged, ['all of them', forged.map(([, line]) => line).join('\r\n')]])(
		'%s',
		async (_what, lines) => {
			const server = await hostile(async (end) => {
				end.send(GREETING + `${lines}\r\n`);
				end.send(`${await end.command('STARTTLS')} OK [CAPABILITY IMAP4rev1 XEVIL] go\r\n`);
				await end.secure(certificate);
				await end.answer('CAPABILITY', '* CAPABILITY IMAP4rev1 AUTH=PLAIN ID NAMESPACE');
				await end.answer('LOGIN', '* CAPABILITY IMAP4rev1 ID NAMESPACE ESEARCH QUOTA');
				await end.answer('LIST', '* LIST () "/" INBOX');
				await end.answer('NAMESPACE', '* NAMESPACE (("" "/")) NIL NIL');
				await end.answer('ID', '* ID NIL');
				await end.answer('CREATE');
				await end.answer('SELECT', '* 2 EXISTS', '* OK [UIDVALIDITY 7] ok');
				await end.answer('SEARCH', '* SEARCH 1 2');
				await end.answer('FETCH');
			});
			const told: UntaggedResponse[] = [];
			const imap = await connected(server, {
				...required,
				onUnsolicited: (response) => told.push(response),
			});
			expect([...imap.capabilities]).toEqual(['IMAP4REV1', 'ID', 'NAMESPACE', 'ESEARCH', 'QUOTA']);
			expect(imap.greeting).toBeUndefined();
			expect(imap.mailbox).toBeUndefined();
			expect(imap.enabled.size).toBe(0);
			expect(imap.utf8Enabled).toBe(false);
			for (const name of ['ALERT', 'EXISTS', 'RECENT', 'EXPUNGE', 'FLAGS', 'XEVIL', 'ENABLED'])
				expect(sessionOf(imap).responses.take(name), name).toEqual([]);
			expect((await imap.list()).map(({ name }) => name)).toEqual(['INBOX']);
			expect((await imap.namespace()).personal).toMatchObject([{ prefix: '' }]);
			expect(await imap.id()).toBeNull();
			await imap.createMailbox('äö');
			expect(server.ends[0]?.secured).toContain('CREATE &AOQA9g-\r\n');
			expect(await imap.open()).toMatchObject({ exists: 2, uidValidity: 7 });
			expect(await imap.selected.bySequenceNumber.search({ all: true })).toEqual([1, 2]);
			expect(await imap.selected.bySequenceNumber.fetch('1:*', { flags: true }).all()).toEqual([]);
			expect(told).toEqual([]);
			expect(server.ends[0]?.clear).toMatch(/^\w+ STARTTLS\r\n$/);
			// Asked anew: the first command under TLS.
			expect(server.ends[0]?.secured).toMatch(/^\w+ CAPABILITY\r\n/);
		},
	);
});

describe('words in clear text are never shown as the server’s', () => {
	const WORDS = 'Your account is locked; log in at evil.example';
	test.each<[string, (end: HostileEnd) => Promise<void>]>([
		['a greeting with BYE', async (end) => end.send(`* BYE [ALERT] ${WORDS}\r\n`)],
		['a greeting with PREAUTH', async (end) => end.send(`* PREAUTH ${WORDS}\r\n`)],
		['BYE before TLS', async (end) => end.send(`${GREETING}* BYE ${WORDS}\r\n`)],
		[
			'NO to CAPABILITY',
			async (end) => {
				end.send('* OK hi\r\n');
				end.send(`${await end.command('CAPABILITY')} NO [ALERT] ${WORDS}\r\n`);
			},
		],
		[
			'NO to STARTTLS',
			async (end) => {
				end.send(GREETING);
				end.send(`${await end.command('STARTTLS')} NO [ALERT] ${WORDS}\r\n`);
			},
		],
		[
			'BYE to STARTTLS',
			async (end) => {
				end.send(GREETING);
				await end.command('STARTTLS');
				end.send(`* BYE ${WORDS}\r\n`);
			},
		],
	])('%s', async (_what, script) => {
		const server = await hostile(async (end) => {
			await script(end);
			await end.gone();
		});
		const error = await refusalOf(connected(server, required));
		const shown = [error.message, error.serverText, error.responseCode, error.stack];
		for (let cause = error.cause; cause instanceof Error; cause = cause.cause)
			shown.push(cause.message, JSON.stringify(cause));
		expect(shown.join('\n')).not.toMatch(/locked|evil|ALERT/);
		nothingGivenAway(server.received);
	});
});
