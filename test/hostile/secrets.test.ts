/** Whatever fails, the password and the token are in no error, no trace, no item. */
import { inspect } from 'node:util';
import { describe, expect, inject, test } from 'vitest';
import type { ConnectOptions, Credentials, LoginMechanism } from '../../engine/index';
import { nothingUnhandled } from '../engine/client/fake-transport';
import * as nodes from '../nodes/run-node';
import { AUTH, connected, hostile, PASSWORD, refusalOf, stopAfterEach, USER } from './attempt';
import type { HostileEnd } from './hostile-server';
import { GoneError } from './hostile-server';

nothingUnhandled();
stopAfterEach();

const { ca, server: certificate } = inject('certificates');

/** All of an error that anyone could write down. */
function written(error: unknown): string {
	const texts = [inspect(error, { depth: 10, showHidden: true }), JSON.stringify(error) ?? ''];
	for (let one = error; one instanceof Error; one = one.cause) {
		texts.push(one.message, one.stack ?? '', JSON.stringify({ ...one }));
		texts.push(JSON.stringify(one, Object.getOwnPropertyNames(one)));
	}
	return texts.join('\n');
}

/** The secret, and all that it looks like in base64, wherever in the text it begins. */
function nothingOf(secret: string, text: string): void {
	const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('hex')];
	for (const lead of ['', 'x', 'xx']) {
		const encoded = Buffer.from(lead + secret).toString('base64');
		// The first and last letters depend on what stands around it.
		forms.push(encoded.slice(4, -4));
	}
	forms.push(secret.replace(/["\\]/g, '\\$&'));
	for (const form of forms) expect(text, form).not.toContain(form);
}

const refuse = (words: (sent: string) => string) => async (end: HostileEnd) => {
	let sent = '';
	for (;;) {
		const line = await end.line();
		sent += `${line}\n`;
		const [tag = '', name = ''] = line.split(' ');
		if (name === 'AUTHENTICATE' && !/ .* /.test(line)) {
			end.send('+ \r\n');
			sent += await end.line();
		}
		if (/\{\d+\}$/.test(line)) {
			end.send('+ \r\n');
			sent += await end.line();
		}
		end.send(words(sent.replace(/[\r\n]+/g, ' ')).replaceAll('TAG', tag));
	}
};

/** How a server can refuse; some say what they got. */
const REFUSALS: [string, (sent: string) => string][] = [
	['NO', () => 'TAG NO [AUTHENTICATIONFAILED] no\r\n'],
	['BAD', () => 'TAG BAD what\r\n'],
	['BYE', () => '* BYE no\r\n'],
	['BAD with the line it did not understand', (sent) => `TAG BAD Invalid command: ${sent}\r\n`],
	['NO with the line', (sent) => `TAG NO [AUTHENTICATIONFAILED] Cannot log in: ${sent}\r\n`],
	['BYE with the line', (sent) => `* BYE Too many errors: ${sent}\r\n`],
	['an alert with the password', () => `* OK [ALERT] "${PASSWORD}" is weak\r\nTAG NO no\r\n`],
	['what is no IMAP', (sent) => `?? ${sent}\r\n`],
	['a tag that was never given', (sent) => `zzzz NO ${sent}\r\n`],
	['a challenge nobody waits for', (sent) => `+ ${sent}\r\n+ ${sent}\r\n`.repeat(30)],
];

const WAYS: [string, Credentials][] = [
	...(['LOGIN command', 'PLAIN', 'LOGIN', 'CRAM-MD5', 'SCRAM-SHA-256', 'SCRAM-SHA-1'] as const).map(
		(mechanism: LoginMechanism): [string, Credentials] => [mechanism, { ...AUTH, mechanism }],
	),
	['XOAUTH2', { user: USER, accessToken: PASSWORD, mechanism: 'XOAUTH2' }],
	['OAUTHBEARER', { user: USER, accessToken: PASSWORD, mechanism: 'OAUTHBEARER' }],
	[
		'a password as literal',
		{ user: USER, password: `${PASSWORD}\r\nü`, mechanism: 'LOGIN command' },
	],
];
const MECHANISMS =
	'AUTH=PLAIN AUTH=LOGIN AUTH=CRAM-MD5 AUTH=SCRAM-SHA-256 AUTH=SCRAM-SHA-1 AUTH=XOAUTH2 AUTH=OAUTHBEARER';

describe.each(WAYS)('the engine, logging in by %s', (_way, auth) => {
	test.each(REFUSALS)('refused with %s', async (_how, words) => {
		for (const sasl of ['', 'SASL-IR']) {
			const server = await hostile(async (end) => {
				end.send(`* OK [CAPABILITY IMAP4rev1 ${sasl} ${MECHANISMS}] hi\r\n`);
				await refuse(words)(end);
			});
			const trace: string[] = [];
			const told: unknown[] = [];
			const error = await refusalOf(
				connected(server, {
					auth,
					timeouts: { command: 500 },
					trace: ({ text }) => void trace.push(text),
					onUnsolicited: (response) => void told.push(response),
				}),
			);
			expect(trace.length).toBeGreaterThan(1);
			nothingOf(PASSWORD, written(error));
			nothingOf(PASSWORD, trace.join('\n'));
			nothingOf(PASSWORD, inspect(told, { depth: 10 }));
		}
	});
});

describe('the engine, before and behind the login', () => {
	const failing: [string, ConnectOptions, ((end: HostileEnd) => Promise<void>) | undefined][] = [
		['nobody listens', { port: 1 }, undefined],
		['the certificate is not trusted', { security: 'tls' }, undefined],
		['TLS is not spoken', { security: 'tls', tls: { ca } }, async (end) => end.send('* OK hi\r\n')],
		['no STARTTLS', { security: 'starttls' }, async (end) => end.send('* OK hi\r\n')],
		['LOGINDISABLED', {}, async (end) => end.send('* OK [CAPABILITY LOGINDISABLED] hi\r\n')],
		['an option that is wrong', { timeouts: { command: 0 } }, undefined],
		['it says nothing', { timeouts: { greeting: 100 } }, async () => undefined],
	];
	test.each(failing)('%s', async (what, options, script) => {
		const secured = what.includes('trusted') ? certificate : undefined;
		const server = await hostile(async (end) => {
			await script?.(end);
			const tag = (await end.line().catch(() => '')).split(' ')[0];
			end.send(`${tag} NO no\r\n`);
			await end.gone();
		}, secured);
		const trace: string[] = [];
		const error = await refusalOf(
			connected(server, {
				port: server.port,
				auth: AUTH,
				trace: ({ text }) => void trace.push(text),
				...options,
			}),
		);
		nothingOf(PASSWORD, written(error) + trace.join('\n'));
	});

	test('a session that is shown, and a command that fails later', async () => {
		const server = await hostile(async (end) => {
			end.send('* OK [CAPABILITY IMAP4rev1] hi\r\n');
			const login = await end.line();
			end.send(`${login.split(' ')[0]} OK [CAPABILITY IMAP4rev1] in\r\n`);
			end.send(`${await end.command('NOOP')} BAD after ${login}\r\n`);
			await end.gone();
		});
		const trace: string[] = [];
		const imap = await connected(server, {
			auth: AUTH,
			trace: ({ text }) => void trace.push(text),
		});
		nothingOf(PASSWORD, written(await refusalOf(imap.noop())) + trace.join('\n'));
		nothingOf(PASSWORD, inspect(imap, { depth: 12, showHidden: true }));
	});
});

describe('the nodes: errors, execution data and n8n’s log', () => {
	const run = { node: 'imap4Mailbox', operation: 'getMany' } as const;
	const logged: string[] = [];
	const said: typeof console.log = (...all) => void logged.push(inspect(all, { depth: 10 }));

	test.each(REFUSALS)('the login is refused with %s', async (_how, words) => {
		for (const continueOnFail of [false, true]) {
			const server = await hostile(async (end) => {
				end.send(`* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hi\r\n`);
				await refuse(words)(end).catch((error: unknown) => {
					if (!(error instanceof GoneError)) throw error;
				});
			});
			const { log, error, warn, debug, info } = console;
			Object.assign(console, { log: said, error: said, warn: said, debug: said, info: said });
			try {
				const outcome = await nodes.runToEnd({
					...run,
					server,
					continueOnFail,
					credential: { user: USER, password: PASSWORD },
				});
				nothingOf(PASSWORD, inspect(outcome, { depth: 30 }) + JSON.stringify(outcome));
				nothingOf(PASSWORD, written(outcome.error));
			} finally {
				Object.assign(console, { log, error, warn, debug, info });
			}
			nothingOf(PASSWORD, logged.join('\n'));
		}
	});
});
