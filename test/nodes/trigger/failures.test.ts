/** What n8n is told about a poll that fails: whether to wait, and whether someone has to act. */
import { describe, expect, test } from 'vitest';
import { Imap4AbortError, Imap4Error, type ErrorCode } from '../../../engine/index';
import { failureOf } from '../../../nodes/shared/errors/advice';
import { UserError } from '../../../nodes/shared/errors/user-error';
import { mail, startServer, USER } from '../run-node';
import { Poller } from './poller';

const refused = (serverText: string, code: ErrorCode = 'NO', responseCode?: string) =>
	new Imap4Error(code, serverText, { serverText, responseCode });

describe('the cause', () => {
	test.each<[string, Error, object]>([
		[
			'Gmail, too many connections',
			refused('Too many simultaneous connections. (Failure)', 'NO', 'ALERT'),
			{ cause: 'rate-limited' },
		],
		[
			'Gmail, bandwidth used up',
			refused('Account exceeded command or bandwidth limits. (Failure)', 'NO', 'OVERQUOTA'),
			{ cause: 'quota-exhausted' },
		],
		[
			'Gmail, busy',
			refused('Temporary System Error (Failure)', 'NO', 'UNAVAILABLE'),
			{ cause: 'temporarily-unavailable' },
		],
		[
			'Gmail, wrong password',
			refused('Invalid credentials (Failure)', 'AUTHENTICATION_FAILED', 'AUTHENTICATIONFAILED'),
			{ cause: 'credential-invalid' },
		],
		[
			'Microsoft, throttled',
			refused('Request is throttled. Suggested Backoff Time: 299961 milliseconds', 'BAD'),
			{ cause: 'rate-limited', retryAfterMs: 299_961 },
		],
		[
			'Microsoft, between two servers',
			refused('User is authenticated but not connected.', 'BAD'),
			{ cause: 'temporarily-unavailable' },
		],
		[
			'Microsoft, wrong token',
			refused('AUTHENTICATE failed.', 'AUTHENTICATION_FAILED'),
			{ cause: 'credential-invalid' },
		],
		[
			'Dovecot, too many connections',
			refused(
				'Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)',
				'AUTHENTICATION_FAILED',
				'UNAVAILABLE',
			),
			{ cause: 'rate-limited' },
		],
		['no such mailbox', refused('no', 'NO', 'NONEXISTENT'), { cause: 'configuration-invalid' }],
		['no right', refused('no', 'NO', 'NOPERM'), { cause: 'configuration-invalid' }],
		['an expired password', refused('no', 'NO', 'EXPIRED'), { cause: 'credential-invalid' }],
		['a refusal of our own', new UserError('no'), { cause: 'configuration-invalid' }],
		['a bug', new TypeError('x is undefined'), { cause: 'node-defect' }],
	])('%s', (_name, error, failure) => {
		expect(failureOf(error)).toEqual(failure);
	});

	test.each<[ErrorCode, string]>([
		['CONNECTION_REFUSED', 'temporarily-unavailable'],
		['CONNECTION_LOST', 'temporarily-unavailable'],
		['TIMEOUT', 'temporarily-unavailable'],
		['BYE', 'temporarily-unavailable'],
		['TLS_CERTIFICATE', 'configuration-invalid'],
		['STARTTLS', 'configuration-invalid'],
		['LOGIN_DISABLED', 'configuration-invalid'],
		['CAPABILITY', 'configuration-invalid'],
	])('%s', (code, cause) => {
		expect(failureOf(new Imap4AbortError(code as 'BYE', 'x'))).toEqual({ cause });
	});
});

describe('a poll that fails says why, and the next one finds all there is', () => {
	test('a changed password', async () => {
		const server = await startServer();
		const poller = new Poller({ server });
		await poller.poll();
		const staticData = poller.staticData;
		server.account(USER).mailbox('INBOX').append(mail('one'));
		const locked = new Poller({ server, staticData, credential: { password: 'old' } });
		await expect(locked.poll()).rejects.toMatchObject({
			failure: { cause: 'credential-invalid' },
			description: expect.stringContaining('Check the user and password') as string,
		});
		expect(await new Poller({ server, staticData }).subjects()).toEqual(['one']);
	});

	test('an unreachable server', async () => {
		const poller = new Poller({ server: { host: '127.0.0.1', port: 1 } });
		await expect(poller.poll()).rejects.toMatchObject({
			failure: { cause: 'temporarily-unavailable' },
		});
	});

	test('a server that throttles', async () => {
		const server = await startServer();
		const poller = new Poller({ server });
		await poller.poll();
		server.account(USER).mailbox('INBOX').append(mail('one'));
		let throttled = true;
		server.faults.on = ({ tag, line }) =>
			throttled && line.startsWith('EXAMINE')
				? `${tag} BAD Request is throttled. Suggested Backoff Time: 60000 milliseconds\r\n`
				: undefined;
		await expect(poller.poll()).rejects.toMatchObject({
			failure: { cause: 'rate-limited', retryAfterMs: 60_000 },
		});
		throttled = false;
		expect(await poller.subjects()).toEqual(['one']);
	});

	test.each([
		[{ event: 'nothing' }, /"Event" is "nothing"/],
		[{ watch: 'several', mailboxes: [] }, /No mailbox is selected/],
		[{ watch: 'pattern', pattern: ' ' }, /"Pattern" is empty/],
		[{ options: { most: 0 } }, /"Max Items per Poll" must be a whole number/],
		[{ delivery: 'acknowledged', againAfter: 'x' }, /"Redeliver After \(Minutes\)"/],
		[{ filters: { subject: '' } }, /filter "Subject Contains" is empty/],
		[{ after: 'keyword', afterKeyword: '' }, /"Keyword to Add" is empty/],
	])('settings that make no sense: %j', async (parameters, said) => {
		const server = await startServer();
		const poller = new Poller({ server, parameters });
		await expect(poller.poll()).rejects.toMatchObject({
			message: expect.stringMatching(said) as string,
			failure: { cause: 'configuration-invalid' },
		});
		expect(server.connections.total).toBe(0);
	});
});
