/** Servers that send without end: what a client holds, and for how long, has a limit. */
import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, inject, onTestFailed, test } from 'vitest';
import { type Imap4 } from '../../engine/index';
import { nothingUnhandled } from '../engine/client/fake-transport';
import { MemoryServer } from '../server';
import { AUTH, connected, hostile, PASSWORD, refusalOf, stopAfterEach } from './attempt';
import type { HostileEnd } from './hostile-server';
import type { Deed, Order, Outcome } from './victim';
import { sessionOf } from '../../engine/client/imap4';

nothingUnhandled();
stopAfterEach();

const MB = 1024 * 1024;
/** What the whole process of a client may hold, Node itself (some 100 MB) included. */
const BOUND = 800 * MB;
/** What JavaScript may hold of it; beyond, the process ends. */
const HEAP = 640;

let healthy: MemoryServer;
let victim: ChildProcess;

async function freshVictim(): Promise<ChildProcess> {
	const tsx = createRequire(__filename).resolve('tsx');
	const child = fork(join(__dirname, 'victim.ts'), {
		execArgv: ['--import', tsx, `--max-old-space-size=${HEAP}`],
	});
	await once(child, 'message');
	return child;
}

beforeAll(async () => {
	healthy = await MemoryServer.start();
	healthy.addAccount('ann', 'secret');
	victim = await freshVictim();
});
afterAll(async () => {
	victim.kill();
	await healthy.stop();
});

/** Has the victim do something; a process that dies of it is an outcome as well. */
async function outcomeOf(order: Order): Promise<Outcome> {
	const child = victim;
	child.send({ ...order, healthy: healthy.port });
	const outcome = await new Promise<Outcome>((resolve) => {
		child.once('message', resolve).once('exit', (code, signal) => {
			resolve({ code: `died: ${code ?? signal}`, peak: Infinity, bystander: 'died' });
		});
		// A client that is kept busy for ever would spoil the cases that follow.
		onTestFailed(() => void child.kill('SIGKILL'));
	});
	child.removeAllListeners();

	return outcome;
}

const CAPABILITIES =
	'IMAP4rev1 LITERAL+ ESEARCH UIDPLUS CONDSTORE THREAD=REFERENCES NAMESPACE COMPRESS=DEFLATE';

/** Sends a piece over and over until the client goes, or so often. */
async function flood(end: HostileEnd, piece: string | Buffer, times = Infinity): Promise<void> {
	const octets = Buffer.isBuffer(piece) ? piece : Buffer.from(piece, 'latin1');
	for (let time = 0; time < times && !end.closed; time++) await end.pour(octets);
}

/** So many lines, in pieces of some 64 KB. */
async function lines(end: HostileEnd, line: string, count: number): Promise<void> {
	const piece = Math.ceil(65536 / line.length);
	await flood(end, line.repeat(piece), Math.ceil(count / piece));
}

/** Awaits the command, after SELECT where there is one, lets the script answer, and says OK if it is let. */
function answering(script: (end: HostileEnd, tag: string) => Promise<void> | void) {
	return async (end: HostileEnd): Promise<void> => {
		end.send(`* PREAUTH [CAPABILITY ${CAPABILITIES}] hi\r\n`);
		for (;;) {
			const line = await end.line();
			const [tag = '', name = ''] = line.split(' ');
			if (name === 'SELECT') end.send('* 10 EXISTS\r\n');
			else await script(end, tag);
			end.send(`${tag} OK done\r\n`);
		}
	};
}

async function check(
	doing: Deed,
	script: (end: HostileEnd) => Promise<void> | void,
	codes: string | readonly string[],
	options: Order['options'] = {},
): Promise<void> {
	if (!victim.connected) victim = await freshVictim();
	const server = await hostile(script);
	const { code, peak, bystander } = await outcomeOf({ port: server.port, doing, options });
	expect([codes].flat()).toContain(code);
	expect(bystander).toBe('ok');
	expect(peak).toBeLessThan(BOUND);
	await expect.poll(() => server.open).toBe(0);
}

describe('literals', () => {
	test.each<[string, string, Deed, string]>([
		['{99999999999}', '* 1 FETCH (BODY[] {99999999999}\r\n', 'fetchBody', 'LIMIT'],
		['{99999999999} where none is streamed', '* LIST () "/" {99999999999}\r\n', 'list', 'LIMIT'],
		['{4294967295} where none is streamed', '* LIST () "/" {4294967295}\r\n', 'list', 'LIMIT'],
		['{18446744073709551617}', '* LIST () "/" {18446744073709551617}\r\n', 'list', 'LIMIT'],
		['a size of a thousand digits', `* LIST () "/" {${'9'.repeat(1000)}}\r\n`, 'list', 'LIMIT'],
		['{-1}', '* 1 FETCH (BODY[] {-1}\r\n)\r\n', 'fetchBody', 'PROTOCOL'],
		['{}', '* 1 FETCH (BODY[] {}\r\n)\r\n', 'fetchBody', 'PROTOCOL'],
		['{+}', '* 1 FETCH (BODY[] {+}\r\n)\r\n', 'fetchBody', 'PROTOCOL'],
		['{1e3}', '* 1 FETCH (BODY[] {1e3}\r\n)\r\n', 'fetchBody', 'PROTOCOL'],
		['{0x10}', '* 1 FETCH (BODY[] {0x10}\r\n)\r\n', 'fetchBody', 'PROTOCOL'],
		['{ 5}', '* 1 FETCH (BODY[] { 5}\r\nhello)\r\n', 'fetchBody', 'PROTOCOL'],
	])('%s', async (_what, line, doing, code) => {
		await check(
			doing,
			answering((end) => end.send(line)),
			code,
		);
	});

	test('many whose sum is too large', async () => {
		const literal = Buffer.concat([Buffer.from(`"x" {${MB}}\r\n`), Buffer.alloc(MB, 'x')]);
		await check(
			'list',
			answering(async (end) => {
				end.send('* LIST () ');
				await flood(end, literal, 200);
			}),
			'LIMIT',
		);
	});

	test.each([
		['in data', '* XFOO '],
		['in a response code', '* NO [BADCHARSET ('],
		['in a line without spaces', '*'],
	])(
		'millions of nothing, %s: their count is no way to keep the client busy',
		async (_what, head) => {
			await check(
				'noop',
				answering(async (end) => {
					end.send(head);
					await lines(end, '{0}\r\n', 4_000_000);
				}),
				['LIMIT', 'PROTOCOL'],
			);
		},
	);

	test('one that was announced and never comes', async () => {
		await check(
			'list',
			answering(async (end) => {
				end.send('* LIST () "/" {60000000}\r\n');
				await end.gone();
			}),
			'TIMEOUT',
			{ timeouts: { command: 300 } },
		);
	});
});

describe('lines and depth, with the limits as they are', () => {
	test.each<[string, string]>([
		['in data', '* XFOO "'],
		['in a text', '* OK '],
		['in a tag', 'x'],
		['in a continuation', '+ '],
		['of a search', '* SEARCH 1'],
	])('an endless line %s', async (_what, head) => {
		await check(
			'noop',
			answering(async (end) => {
				end.send(head);
				await flood(end, Buffer.alloc(65536, '1'), 10_000);
			}),
			'LIMIT',
		);
	});

	test('an endless greeting', async () => {
		await check(
			'connect',
			async (end) => {
				end.send('* OK ');
				await flood(end, Buffer.alloc(65536, 'x'));
			},
			'LIMIT',
		);
	});

	const DEEP = 100_000;
	test.each<[string, Deed, string]>([
		['BODYSTRUCTURE', 'fetchAll', `* 1 FETCH (BODYSTRUCTURE ${'('.repeat(DEEP)}`],
		['ENVELOPE', 'fetchAll', `* 1 FETCH (ENVELOPE ${'('.repeat(DEEP)}`],
		['an address', 'fetchAll', `* 1 FETCH (ENVELOPE (NIL NIL ${'('.repeat(DEEP)}`],
		['THREAD', 'thread', `* THREAD ${'(1 '.repeat(DEEP)}${')'.repeat(DEEP)}`],
		['NAMESPACE', 'namespace', `* NAMESPACE ${'('.repeat(DEEP)}${')'.repeat(DEEP)}`],
		['an unknown response', 'noop', `* XFOO ${'('.repeat(DEEP)}${')'.repeat(DEEP)}`],
		['an unknown item of FETCH', 'fetchAll', `* 1 FETCH (X-FOO ${'('.repeat(DEEP)}`],
		['a response code', 'noop', `* OK [XFOO ${'('.repeat(DEEP)}] ok`],
	])('%s, nested a hundred thousand deep', async (what, doing, line) => {
		// The text of a response code that nobody knows is text, however many parentheses it has. An item
		// of FETCH is passed over and noted, since one message must not hide the others; the answer to
		// NAMESPACE is passed over as a whole.
		const passedOver = line.includes('FETCH') || what === 'a response code';
		const code = passedOver ? 'none' : what === 'NAMESPACE' ? 'MALFORMED' : 'LIMIT';
		await check(
			doing,
			answering((end) => end.send(`${line}\r\n`)),
			code,
		);
	});

	test('a thread in which each of 300,000 messages answers the one before', async () => {
		const chain = Array.from({ length: 300_000 }, (_, index) => index + 1).join(' ');
		await check(
			'thread',
			answering((end) => end.send(`* THREAD (${chain})\r\n`)),
			'none',
		);
	});
});

describe('responses without end', () => {
	/** In place of the million that it is, where the default only takes longer. */
	const fewer = { limits: { answerResponses: 100_000, unclaimedResponses: 100_000 } };
	test.each<[string, Deed, string, Order['options']?]>([
		['EXPUNGE nobody asked for', 'noop', '* 1 EXPUNGE\r\n'],
		['EXPUNGE in answer to EXPUNGE', 'expunge', '* 1 EXPUNGE\r\n'],
		['FETCH nobody asked for', 'noop', '* 1 FETCH (FLAGS (\\Seen))\r\n', fewer],
		['FETCH in answer to FETCH', 'fetchAll', '* 1 FETCH (RFC822.SIZE 1)\r\n'],
		['FETCH in answer to STORE', 'store', '* 1 FETCH (FLAGS (\\Seen))\r\n', fewer],
		['responses to a raw command', 'xatom', '* XFOO "what it has to say"\r\n', fewer],
		['LIST in answer to LIST', 'list', '* LIST () "/" INBOX\r\n', fewer],
		['OK', 'noop', '* OK still here\r\n', fewer],
	])('ten million lines: %s', async (_what, doing, line, options) => {
		await check(
			doing,
			answering((end) => lines(end, line, 10_000_000)),
			'LIMIT',
			options,
		);
	});

	test('long answers, each of which is allowed: their sum is not', async () => {
		const line = `* LIST () "/" "${'x'.repeat(500_000)}"\r\n`;
		await check(
			'list',
			answering((end) => lines(end, line, 1000)),
			'LIMIT',
		);
	});

	test('mailboxes without end, each of another name', async () => {
		let number = 0;
		await check(
			'list',
			answering(async (end) => {
				while (!end.closed && number < 10_000_000) {
					let text = '';
					for (let line = 0; line < 1000; line++)
						text += `* LIST () "/" "A mailbox of a rather long name, and its number is ${number++}"\r\n`;
					await end.pour(Buffer.from(text));
				}
			}),
			'LIMIT',
			fewer,
		);
	});

	test.each<[string, string, string]>([
		['of an unknown name', '* XFOO "', '"'],
		['with an alert', '* OK [ALERT] ', ''],
		['with a response code', '* OK [XFOO ', '] ok'],
		['with flags', '* FLAGS (', ')'],
		['with capabilities', '* CAPABILITY ', ''],
		['of UIDs', '* VANISHED ', ''],
	])('a megabyte %s is handed on, and not remembered for ever', async (_what, head, tail) => {
		const server = await hostile(
			answering((end) => end.send(`${head}${'1'.repeat(MB)}${tail}\r\n`)),
		);
		const told: string[] = [];
		const imap = await connected(server, { onUnsolicited: ({ type }) => told.push(type) });
		await imap.noop();
		expect(told).toHaveLength(1);
		for (const name of ['XFOO', 'ALERT', 'FLAGS', 'CAPABILITY', 'VANISHED'])
			expect(sessionOf(imap).responses.take(name), name).toEqual([]);
	});

	test('mailbox names in an irregular form without end: they are not kept for ever', async () => {
		let number = 0;
		const name = 'x'.repeat(2000);
		await check(
			'noop',
			answering(async (end) => {
				while (!end.closed && number < 300_000) {
					let text = '';
					for (let line = 0; line < 100; line++) text += `* LIST () "/" "&${name}${number++}"\r\n`;
					await end.pour(Buffer.from(text));
				}
			}),
			'LIMIT',
		);
	});
});

describe('sets that stand for more than they are', () => {
	test.each<[string, Deed, string, string]>([
		['ESEARCH ALL 1:4294967295', 'search', '* ESEARCH ALL 1:4294967295\r\n', 'LIMIT'],
		[
			'ten million hits, again and again',
			'search',
			'* ESEARCH ALL 1:10000000\r\n'.repeat(200),
			'LIMIT',
		],
		['ESEARCH ALL of a set that is none', 'search', '* ESEARCH ALL 1:2:3,,*\r\n', 'PROTOCOL'],
		['VANISHED 1:4294967295', 'expunge', '* VANISHED 1:4294967295\r\n', 'none'],
		['COPYUID 1:4294967295', 'copy', '* OK [COPYUID 7 1:4294967295 1:4294967295] ok\r\n', 'none'],
		['a set of a megabyte', 'expunge', `* VANISHED ${'1,3,5,7,9,'.repeat(100_000)}11\r\n`, 'none'],
		['a search of a megabyte', 'search', `* SEARCH${' 1'.repeat(500_000)}\r\n`, 'none'],
	])('%s', async (_what, doing, line, code) => {
		await check(
			doing,
			answering((end) => end.send(line)),
			code === 'PROTOCOL' ? ['PROTOCOL', 'MALFORMED', 'ARGUMENT'] : code,
		);
	});
});

describe('compression', () => {
	/** 64 MB of it take less than half a one on the wire. */
	const bomb = (text: string, size: number): Buffer =>
		deflateRawSync(Buffer.alloc(size, text), { level: 9 });

	test.each<[string, string, string]>([
		['a line', 'x', 'LIMIT'],
		['spaces', ' ', 'LIMIT'],
		['responses', '* 1 EXPUNGE\r\n', 'LIMIT'],
	])('a bomb of %s', async (_what, text, code) => {
		const octets = bomb(text, 64 * MB);
		expect(octets.length).toBeLessThan(MB / 2);
		await check(
			'compressed',
			async (end) => {
				end.send(`* PREAUTH [CAPABILITY ${CAPABILITIES}] hi\r\n`);
				end.send(`${await end.command('COMPRESS')} OK go\r\n`);
				end.send(octets);
				await end.gone();
			},
			code,
		);
	});
});

describe('SCRAM', () => {
	test.each([
		['2147483648', 2 ** 31],
		['4294967295', 4294967295],
		['Infinity', 'Infinity'],
		['none', ''],
		['-1', -1],
		['1', 1],
		['4095', 4095],
		['4096.5', 4096.5],
		['hexadecimal', '0x2000'],
		['exponential', '5e3'],
		['1000001', 1_000_001],
	])('%s iterations: refused, and not calculated', async (_what, iterations) => {
		const server = await hostile(async (end) => {
			end.send('* OK [CAPABILITY IMAP4rev1 AUTH=SCRAM-SHA-256] hi\r\n');
			await end.command('AUTHENTICATE SCRAM-SHA-256');
			end.send('+ \r\n');
			const first = Buffer.from(await end.line(), 'base64').toString();
			const nonce = /r=(.*)$/.exec(first)?.[1] ?? '';
			const challenge = `r=${nonce}more,s=${Buffer.from('salt').toString('base64')},i=${iterations}`;
			end.send(`+ ${Buffer.from(challenge).toString('base64')}\r\n`);
			await end.gone();
		});
		const timeouts = { command: 1000 };
		const error = await refusalOf(connected(server, { auth: AUTH, timeouts }));
		expect(error.code).toBe('AUTHENTICATION_FAILED');
		expect(server.received).not.toContain('p=');
		await expect.poll(() => server.open).toBe(0);
	});
});

describe('one byte at a time, never so slow that the line goes dead', () => {
	const { server: certificate, ca } = inject('certificates');
	/** Instead of 10 s: a tenth of the deadlines below. */
	const SLOW = 40;
	const timeouts = { connect: 400, greeting: 400, command: 400 };

	async function trickle(end: HostileEnd, text: string): Promise<void> {
		for (let at = 0; !end.closed; at++) {
			end.send(text[at % text.length] as string);
			await new Promise((resolve) => setTimeout(resolve, SLOW));
		}
	}

	const imapOf = (server: { port: number }, more: object = {}): Promise<Imap4> =>
		connected(server, { timeouts, ...more });

	test('in the handshake of TLS', async () => {
		const server = await hostile((end) => trickle(end, '\x16\x03\x03\x40\x00\x02'));
		const error = await refusalOf(imapOf(server, { security: 'tls', auth: AUTH }));
		expect(error.code).toBe('TIMEOUT');
		await expect.poll(() => server.open).toBe(0);
	});

	test('in the handshake behind STARTTLS', async () => {
		const server = await hostile(async (end) => {
			end.send('* OK [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n');
			end.send(`${await end.command('STARTTLS')} OK go\r\n`);
			await new Promise((resolve) => setTimeout(resolve, SLOW));
			await trickle(end, '\x16\x03\x03\x40\x00\x02');
		});
		const error = await refusalOf(imapOf(server, { security: 'starttls', auth: AUTH }));
		expect(error.code).toBe('TIMEOUT');
		await expect.poll(() => server.open).toBe(0);
		expect(server.received).not.toContain(PASSWORD);
	});

	test.each(['none', 'tls'] as const)('in the greeting (security %s)', async (security) => {
		const server = await hostile(
			(end) => trickle(end, '* OK hello and welcome to this fine server '),
			security === 'tls' ? certificate : undefined,
		);
		const error = await refusalOf(imapOf(server, { security, tls: { ca }, auth: AUTH }));
		expect(error.code).toBe('TIMEOUT');
		await expect.poll(() => server.open).toBe(0);
	});

	test.each<[string, string, (imap: Imap4) => Promise<unknown>]>([
		['the login', '* OK [CAPABILITY IMAP4rev1] hi\r\n', (imap) => imap.login('ann', 'x')],
		['CAPABILITY', '* PREAUTH hi\r\n', (imap) => imap.capability()],
		['LIST', '* PREAUTH [CAPABILITY IMAP4rev1] hi\r\n', (imap) => imap.list()],
		['LOGOUT', '* PREAUTH [CAPABILITY IMAP4rev1] hi\r\n', (imap) => imap.logout()],
	])('in the answer to %s', async (what, greeting, doing) => {
		const server = await hostile(async (end) => {
			end.send(greeting);
			await end.line();
			await trickle(end, '* OK this goes on and on ');
		});
		const attempt = imapOf(server).then(doing);
		if (what === 'LOGOUT') await attempt;
		else expect((await refusalOf(attempt)).code).toBe('TIMEOUT');
		await expect.poll(() => server.open).toBe(0);
	});

	test.each<[string, string, object]>([
		['a FETCH', '* 1 FETCH (FLAGS (', {}],
		['a literal that is held', '* 1 FETCH (BODY[] {9000}\r\n', {}],
		['a literal that is streamed', '* 1 FETCH (BODY[] {900000}\r\n', {}],
	])('in %s', async (_what, head) => {
		const server = await hostile(async (end) => {
			end.send('* PREAUTH [CAPABILITY IMAP4rev1] hi\r\n');
			await end.answer('SELECT', '* 1 EXISTS');
			await end.command('FETCH');
			end.send(head);
			await trickle(end, 'x');
		});
		const imap = await imapOf(server);
		await imap.open();
		const reading = (async () => {
			for await (const { body } of imap.selected.bySequenceNumber.fetch('1', { body: [{}] }))
				await body[0]?.bytes();
		})();
		expect((await refusalOf(reading)).code).toBe('TIMEOUT');
		await expect.poll(() => server.open).toBe(0);
	});
});
