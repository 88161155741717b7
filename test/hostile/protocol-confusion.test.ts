/** Servers that say what does not belong where they say it. */
import { describe, expect, inject, test } from 'vitest';
import type { ConnectOptions } from '../../engine/index';
import { nothingUnhandled } from '../engine/client/fake-transport';
import { AUTH, connected, hostile, PASSWORD, refusalOf, stopAfterEach, USER } from './attempt';
import type { HostileEnd, HostileServer } from './hostile-server';

nothingUnhandled();
stopAfterEach();

const { ca, server: certificate } = inject('certificates');
const CAPABILITIES = 'IMAP4rev1 LITERAL+ IDLE ENABLE ESEARCH UIDPLUS COMPRESS=DEFLATE';

/** A server that is logged in already and then follows the script. */
function loggedIn(
	script: (end: HostileEnd) => Promise<void>,
	capabilities = CAPABILITIES,
): Promise<HostileServer> {
	return hostile(async (end) => {
		end.send(`* PREAUTH [CAPABILITY ${capabilities}] hi\r\n`);
		await script(end);
	});
}

const next = (tag: string): string => tag.slice(0, 4) + (Number(tag.slice(4)) + 1);

describe('tags', () => {
	test.each<[string, (tag: string) => string, code?: string]>([
		['of a command not sent yet', (tag) => `${next(tag)} OK done\r\n`],
		['that were never given', () => 'zzzz OK done\r\n'],
		['in other letters', (tag) => `${tag.toLowerCase()} OK done\r\n`],
		['with more behind them', (tag) => `${tag}0 OK done\r\n`],
		['without a status', (tag) => `${tag}\r\n`],
		['with a status that is none', (tag) => `${tag} FINE done\r\n`],
		['with BYE', (tag) => `${tag} BYE done\r\n`, 'BYE'],
		['with PREAUTH', (tag) => `${tag} PREAUTH done\r\n`],
		['missing altogether', () => 'OK done\r\n'],
	])('%s end the session', async (_what, answer, code = 'PROTOCOL') => {
		const server = await loggedIn(async (end) => {
			end.send(answer(await end.command('NOOP')));
			await end.gone();
		});
		const imap = await connected(server);
		expect((await refusalOf(imap.noop())).code).toBe(code);
		expect((await refusalOf(imap.list())).code).toBe(code);
		await expect.poll(() => server.open).toBe(0);
	});

	test('guessed while nothing is in flight end the session too', async () => {
		const server = await loggedIn(async (end) => {
			const tag = await end.answer('NOOP');
			end.send(`${next(tag)} OK you are logged in\r\n`);
			await end.gone();
		});
		const imap = await connected(server);
		await imap.noop();
		await expect.poll(() => imap.closedBy?.code).toBe('PROTOCOL');
	});

	test('answered twice: the first answer counts, and the session ends', async () => {
		const server = await loggedIn(async (end) => {
			const tag = await end.command('NOOP');
			end.send(`${tag} OK done\r\n${tag} OK done\r\n`);
			await end.gone();
		});
		const imap = await connected(server);
		await imap.noop();
		await expect.poll(() => imap.closedBy?.code).toBe('PROTOCOL');
	});

	test('cannot be guessed from another session', async () => {
		const server = await loggedIn(async (end) => {
			for (;;) await end.answer('NOOP');
		});
		const prefixes = new Set<string>();
		for (let session = 0; session < 8; session++) {
			await (await connected(server)).noop();
			prefixes.add((server.ends[session]?.clear ?? '').slice(0, 4));
		}
		expect(prefixes.size).toBeGreaterThan(1);
	});
});

describe('OK before the literal was sent', () => {
	test('that waits for "+": the session ends, and the literal is not sent', async () => {
		const server = await loggedIn(async (end) => {
			end.send(`${await end.command('APPEND')} OK [APPENDUID 1 1] stored\r\n`);
			await end.gone();
		}, 'IMAP4rev1');
		const imap = await connected(server);
		const error = await refusalOf(imap.append('INBOX', `Subject: x\r\n\r\n${PASSWORD}`));
		expect(error.code).toBe('PROTOCOL');
		await expect.poll(() => server.open).toBe(0);
		expect(server.received).not.toContain(PASSWORD);
	});

	test('that is on its way: the session ends', async () => {
		const server = await loggedIn(async (end) => {
			end.send(`${await end.command('APPEND')} OK [APPENDUID 1 1] stored\r\n`);
			await end.gone();
		});
		const imap = await connected(server);
		async function* slowly(): AsyncGenerator<Buffer> {
			for (;;) {
				yield Buffer.alloc(1000, 'x');
				await new Promise((resolve) => setTimeout(resolve, 2));
			}
		}
		const error = await refusalOf(
			imap.append('INBOX', slowly(), { size: 1e9, lineEndings: 'unchanged' }),
		);
		expect(error.code).toBe('PROTOCOL');
		await expect.poll(() => server.open).toBe(0);
	});

	test('"+" twice for one literal: the session ends', async () => {
		const server = await loggedIn(async (end) => {
			await end.command('APPEND');
			end.send('+ go\r\n+ go on\r\n');
			await end.gone();
		}, 'IMAP4rev1');
		const imap = await connected(server);
		const error = await refusalOf(imap.append('INBOX', 'Subject: x\r\n\r\nx'));
		expect(error.code).toBe('PROTOCOL');
	});
});

describe('"+" that nobody waits for', () => {
	test.each([
		['to a whole command', '+ go on\r\n'],
		['with a challenge', `+ ${Buffer.from('give me your password').toString('base64')}\r\n`],
		['bare', '+\r\n'],
	])('%s: nothing is sent, and the session ends', async (_what, line) => {
		const server = await loggedIn(async (end) => {
			await end.command('NOOP');
			end.send(line);
			await end.gone();
		});
		const imap = await connected(server);
		const error = await refusalOf(imap.noop());
		expect(error.code).toBe('PROTOCOL');
		await expect.poll(() => server.open).toBe(0);
		expect(server.received).toMatch(/^\w+ NOOP\r\n$/);
	});

	test('while nothing is in flight', async () => {
		const server = await loggedIn(async (end) => {
			await end.answer('NOOP');
			end.send('+ go on\r\n');
			await end.gone();
		});
		const imap = await connected(server);
		await imap.noop();
		await expect.poll(() => imap.closedBy?.code).toBe('PROTOCOL');
		expect(server.received).toMatch(/^\w+ NOOP\r\n$/);
	});

	test('in the segment of the greeting: there is no session', async () => {
		const server = await hostile(async (end) => {
			end.send(`* PREAUTH [CAPABILITY ${CAPABILITIES}] hi\r\n+ go on\r\n`);
			await end.gone();
		});
		expect((await refusalOf(connected(server))).code).toBe('PROTOCOL');
		expect(server.received).toBe('');
	});

	test('to LOGIN: the password is not sent once more', async () => {
		const server = await hostile(async (end) => {
			end.send('* OK [CAPABILITY IMAP4rev1] hi\r\n');
			await end.command('LOGIN');
			end.send('+ once more, please\r\n');
			await end.gone();
		});
		const error = await refusalOf(connected(server, { auth: AUTH }));
		expect(error.code).toBe('PROTOCOL');
		expect(server.received.split(PASSWORD)).toHaveLength(2);
	});

	test('to AUTHENTICATE PLAIN, again and again: the exchange ends, and soon', async () => {
		const server = await hostile(async (end) => {
			end.send('* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\r\n');
			await end.command('AUTHENTICATE');
			end.send('+ \r\n'.repeat(100_000));
			await end.gone();
		});
		const auth = { ...AUTH, mechanism: 'PLAIN' as const };
		const error = await refusalOf(connected(server, { auth }));
		expect(error.code).toBe('PROTOCOL');
		await expect.poll(() => server.open).toBe(0);
		expect(server.received.length).toBeLessThan(10_000);
	});
});

describe('REFERRAL (RFC 2193, RFC 2221) is never followed, and nobody logs in twice', () => {
	const cases: [string, (url: string) => (end: HostileEnd) => Promise<void>, string][] = [
		[
			'in NO to the login',
			(url) => async (end) => {
				end.send(`${await end.command('LOGIN')} NO [REFERRAL ${url}] not here\r\n`);
			},
			'AUTHENTICATION_FAILED',
		],
		[
			'in OK to the login',
			(url) => async (end) => {
				end.send(`${await end.command('LOGIN')} OK [REFERRAL ${url}] better there\r\n`);
				await end.answer('CAPABILITY', '* CAPABILITY IMAP4rev1');
			},
			'',
		],
		[
			'in BYE as a greeting',
			(url) => async (end) => {
				end.send(`* BYE [REFERRAL ${url}] not here\r\n`);
			},
			'BYE',
		],
		[
			'in BYE during the login',
			(url) => async (end) => {
				await end.command('LOGIN');
				end.send(`* BYE [REFERRAL ${url}] not here\r\n`);
			},
			'BYE',
		],
		[
			'untagged',
			(url) => async (end) => {
				end.send(`* OK [REFERRAL ${url}] better there\r\n* NO [REFERRAL ${url}] there\r\n`);
				await end.answer('LOGIN', '* CAPABILITY IMAP4rev1');
			},
			'',
		],
		[
			'in NO to SELECT',
			(url) => async (end) => {
				await end.answer('LOGIN', '* CAPABILITY IMAP4rev1');
				end.send(`${await end.command('SELECT')} NO [REFERRAL ${url}INBOX] there\r\n`);
			},
			'NO',
		],
		[
			'in OK to SELECT',
			(url) => async (end) => {
				await end.answer('LOGIN', '* CAPABILITY IMAP4rev1');
				end.send(
					`* 0 EXISTS\r\n${await end.command('SELECT')} OK [REFERRAL ${url}INBOX] there\r\n`,
				);
			},
			'',
		],
	];
	test.each(cases)('%s', async (_what, script, code) => {
		const elsewhere = await hostile((end) => end.send('* OK [CAPABILITY IMAP4rev1] give\r\n'));
		const url = `imap://${USER};AUTH=*@127.0.0.1:${elsewhere.port}/`;
		const server = await hostile(async (end) => {
			if (!_what.includes('greeting')) end.send('* OK [CAPABILITY IMAP4rev1] hi\r\n');
			await script(url)(end);
			await end.gone();
		});
		const doing = (async () => {
			const imap = await connected(server, { auth: AUTH });
			if (_what.includes('SELECT')) await imap.open();
		})();
		if (code) expect((await refusalOf(doing)).code).toBe(code);
		else await doing;
		await new Promise((resolve) => setTimeout(resolve, 20));
		expect(elsewhere.ends).toHaveLength(0);
		expect(server.ends).toHaveLength(1);
		expect(server.received.match(/LOGIN|AUTHENTICATE/g) ?? []).toHaveLength(
			_what.includes('greeting') ? 0 : 1,
		);
	});
});

describe('mechanisms', () => {
	const STRANGE = Array.from({ length: 55 }, (_, index) => `AUTH=X-MECHANISM-${index}`).join(' ');
	const KNOWN = 'AUTH=PLAIN AUTH=LOGIN AUTH=CRAM-MD5 AUTH=SCRAM-SHA-1 AUTH=SCRAM-SHA-256';

	test('sixty of them in clear text: the one that shows least is taken, once', async () => {
		const server = await hostile(async (end) => {
			end.send(`* OK [CAPABILITY IMAP4rev1 SASL-IR ${STRANGE} ${KNOWN}] hi\r\n`);
			end.send(`${await end.command('AUTHENTICATE SCRAM-SHA-256 ')} NO no\r\n`);
			await end.gone();
		});
		const error = await refusalOf(connected(server, { auth: AUTH }));
		expect(error.code).toBe('AUTHENTICATION_FAILED');
		expect(server.received.match(/\r\n/g)).toHaveLength(1);
		expect(server.received).not.toContain(PASSWORD);
		expect(server.received).not.toContain(Buffer.from(PASSWORD).toString('base64').slice(0, 16));
	});

	test('listed in clear text, before STARTTLS, do not count under TLS', async () => {
		const server = await hostile(async (end) => {
			end.send(`* OK [CAPABILITY IMAP4rev1 STARTTLS SASL-IR ${STRANGE} AUTH=LOGIN] hi\r\n`);
			end.send(`${await end.command('STARTTLS')} OK go\r\n`);
			await end.secure(certificate);
			await end.answer('CAPABILITY', '* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN');
			await end.answer('AUTHENTICATE PLAIN ', '* CAPABILITY IMAP4rev1');
		});
		const tls: ConnectOptions = { security: 'starttls', tls: { ca } };
		const error = await refusalOf(
			connected(server, { ...tls, auth: { ...AUTH, mechanism: 'CRAM-MD5' } }),
		);
		expect(error.code).toBe('CAPABILITY');
		expect((await connected(server, { ...tls, auth: AUTH })).state).toBe('authenticated');
	});

	test('that are unknown only: the LOGIN command, or nothing under LOGINDISABLED', async () => {
		const server = await hostile(async (end) => {
			end.send(`* OK [CAPABILITY IMAP4rev1 LOGINDISABLED ${STRANGE}] hi\r\n`);
			await end.gone();
		});
		expect((await refusalOf(connected(server, { auth: AUTH }))).code).toBe('LOGIN_DISABLED');
		expect(server.received).toBe('');
	});

	test.each([
		['OK at once', (tag: string) => `${tag} OK [CAPABILITY IMAP4rev1] welcome\r\n`],
		['OK after an empty challenge', (tag: string) => `+ \r\n${tag} OK welcome\r\n`],
	])('SCRAM answered %s: a server without proof is not believed', async (_what, answer) => {
		const server = await hostile(async (end) => {
			end.send('* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=SCRAM-SHA-256] hi\r\n');
			end.send(answer(await end.command('AUTHENTICATE')));
			await end.gone();
		});
		const error = await refusalOf(connected(server, { auth: AUTH }));
		expect(error.code).toBe('AUTHENTICATION_FAILED');
		await expect.poll(() => server.open).toBe(0);
	});
});

describe('greetings', () => {
	test.each([
		['nothing, and the end', '', 'CONNECTION_LOST'],
		['empty lines', '\r\n\r\n', 'TIMEOUT'],
		['nothing at all', '', 'TIMEOUT'],
		['OK without asterisk', 'OK hi\r\n', 'PROTOCOL'],
		['an asterisk', '*\r\n', 'PROTOCOL'],
		['a tagged OK', 'A1 OK hi\r\n', 'PROTOCOL'],
		['a continuation', '+ hi\r\n', 'PROTOCOL'],
		['data', '* 3 EXISTS\r\n', 'PROTOCOL'],
		['capabilities', '* CAPABILITY IMAP4rev1\r\n', 'PROTOCOL'],
		['NO', '* NO hi\r\n', 'PROTOCOL'],
		['BAD', '* BAD hi\r\n', 'PROTOCOL'],
		['a word that is none', '* HELLO hi\r\n', 'PROTOCOL'],
		['LF alone', '* OK hi\n', 'PROTOCOL'],
		['CR alone, and the end', '* OK hi\r', 'CONNECTION_LOST'],
		['POP3', '+OK POP3 ready\r\n', 'PROTOCOL'],
		['SMTP', '220 mail.example ESMTP\r\n', 'PROTOCOL'],
		['SSH', 'SSH-2.0-OpenSSH_9.2\r\n', 'PROTOCOL'],
		['HTTP', 'HTTP/1.1 200 OK\r\n\r\n', 'PROTOCOL'],
		['NULs', '\0\0\0\0\r\n', 'PROTOCOL'],
		['octets', '\xff\xfe\xfd\r\n', 'PROTOCOL'],
		['a literal', '* OK {5}\r\nhello\r\n', 'PROTOCOL'],
		['a literal without size', '* LIST {}\r\n', 'PROTOCOL'],
	])('%s: no login', async (_what, greeting, code) => {
		const server = await hostile((end) => {
			end.send(greeting);
			if (code === 'CONNECTION_LOST') end.end();
		});
		const error = await refusalOf(
			connected(server, {
				auth: { ...AUTH, mechanism: 'LOGIN command' },
				timeouts: { greeting: 300 },
			}),
		);
		expect(error.code).toBe(code);
		await expect.poll(() => server.open).toBe(0);
		expect(server.received).not.toContain(PASSWORD);
	});
});

describe('capabilities', () => {
	test('never advertised are never enabled, whatever the server would say', async () => {
		const server = await loggedIn(async (end) => {
			await end.answer('ENABLE', '* ENABLED CONDSTORE');
		});
		const imap = await connected(server);
		expect((await refusalOf(imap.enable('CONDSTORE'))).code).toBe('CAPABILITY');
		expect(server.received).toBe('');
	});

	test('confirmed by ENABLED although nobody asked for them are not relied on', async () => {
		const forged = '* ENABLED UTF8=ACCEPT QRESYNC IMAP4rev2 X-OTHER';
		const server = await loggedIn(async (end) => {
			end.send(`${forged}\r\n`);
			await end.answer('ENABLE X-WANTED', forged);
			await end.answer('CREATE');
			await end.gone();
		}, `${CAPABILITIES} X-WANTED`);
		const imap = await connected(server);
		expect(await imap.enable('X-WANTED')).toEqual([]);
		expect(imap.enabled.size).toBe(0);
		expect(imap.utf8Enabled).toBe(false);
		await imap.createMailbox('ä');
		expect(server.received).toContain('CREATE &AOQ-\r\n');
	});

	test('in a refusal, or behind a login, are the server’s last word; a method without its capability sends nothing', async () => {
		const server = await loggedIn(async (end) => {
			end.send(`${await end.command('NOOP')} NO [CAPABILITY IMAP4rev1] no\r\n`);
			await end.gone();
		});
		const imap = await connected(server);
		expect((await refusalOf(imap.noop())).code).toBe('NO');
		expect((await refusalOf(imap.compress())).code).toBe('CAPABILITY');
		expect(server.received).toMatch(/^\w+ NOOP\r\n$/);
	});
});

describe('an empty ESEARCH although there are messages', () => {
	const search = (again: string) =>
		loggedIn(async (end) => {
			await end.answer('SELECT', '* 3 EXISTS');
			for (;;) {
				const line = await end.line();
				const [tag = ''] = line.split(' ');
				const uid = line.includes('UID ') ? ' UID' : '';
				end.send(line.includes('RETURN') ? `* ESEARCH (TAG "${tag}")${uid}\r\n` : again);
				end.send(`${tag} OK done\r\n`);
			}
		});

	test.each([
		['of all', { all: true } as const],
		['of nothing in particular', {}],
		['of an open set of UIDs, which always names the last', { uid: '900:*' }],
		['of the numbers there are', { seq: '1:3' }],
	])('%s: it is asked for in the old way', async (_what, query) => {
		const server = await search('* SEARCH 1 2 3\r\n');
		const imap = await connected(server);
		await imap.open();
		expect(await imap.selected.search(query)).toEqual([1, 2, 3]);
	});

	test('in the old way too: that is an error, never an empty mailbox', async () => {
		const server = await search('* SEARCH\r\n');
		const imap = await connected(server);
		await imap.open();
		expect((await refusalOf(imap.selected.bySequenceNumber.search({ all: true }))).code).toBe(
			'MALFORMED',
		);
		expect(imap.closedBy).toBeUndefined();
	});

	test('where nothing has to be found it is believed, at once', async () => {
		const server = await search('');
		const imap = await connected(server);
		await imap.open();
		expect(await imap.selected.search({ subject: 'x' })).toEqual([]);
		expect(await imap.selected.search({ uid: '900:999' })).toEqual([]);
		expect(await imap.selected.search({ seen: false })).toEqual([]);
		expect(server.received.match(/SEARCH/g)).toHaveLength(3);
	});
});

describe('a connection that changes', () => {
	test('clear text behind the OK of COMPRESS is no compressed data: the session ends', async () => {
		const server = await loggedIn(async (end) => {
			end.send(`${await end.command('COMPRESS')} OK go\r\n* OK still plain text here\r\n`);
			await end.gone();
		});
		const imap = await connected(server);
		await imap.compress();
		await expect.poll(() => imap.closedBy?.code).toBe('PROTOCOL');
		await expect.poll(() => server.open).toBe(0);
	});

	test('IDLE that is answered before it was ended, and asked for twice', async () => {
		const server = await loggedIn(async (end) => {
			const tag = await end.command('IDLE');
			end.send(`+ idling\r\n+ idling\r\n* 5 EXISTS\r\n${tag} OK\r\n${tag} OK\r\n`);
			await end.gone();
		});
		const imap = await connected(server);
		const error = await refusalOf(
			(async () => {
				for await (const response of imap.idle({ duration: 2000 }))
					expect(response.type).toBe('EXISTS');
			})(),
		);
		expect(error.code).toBe('PROTOCOL');
	});
});
