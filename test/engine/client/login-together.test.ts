import { createHmac, pbkdf2Sync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ConnectOptions } from '../../../engine/index';
import { Imap4 } from '../../../engine/index';
import { FakeTransport, nothingUnhandled } from './fake-transport';

const GREETING = '* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=XOAUTH2] Dovecot ready.';
const AFTER = ['IMAP4REV1', 'SASL-IR', 'CONDSTORE', 'LIST-STATUS', 'UIDPLUS'];
const auth = { user: 'anna', password: 'sesame' };

async function begun(options: Partial<ConnectOptions> = {}, greeting = GREETING) {
	const server = new FakeTransport({ secure: true });
	const connecting = Imap4.connect({
		security: 'none',
		auth,
		expectedCapabilities: AFTER,
		...options,
		transport: server,
	});
	server.say(greeting);
	return { imap: await connecting, server };
}

const code = (name: string): unknown => expect.objectContaining({ code: name });
const tagsOf = (written: string): string[] =>
	[...written.matchAll(/^([A-P]{4}\d+) /gm)].map(([, tag = '']) => tag);
const lines = (written: string): string[] =>
	written.split('\r\n').map((line) => line.replace(/^[A-P]{4}\d+ /, ''));

describe('commands sent together with the login (RFC 9051 §5.5)', () => {
	nothingUnhandled();

	it('EXAMINE and CHECK go out with AUTHENTICATE, in one piece, credentials once', async () => {
		const { imap, server } = await begun();
		const opening = imap.open('INBOX', { readOnly: true, condStore: true, check: true });
		const written = await server.written();
		expect(lines(written)).toEqual([
			'AUTHENTICATE PLAIN AGFubmEAc2VzYW1l',
			'EXAMINE INBOX (CONDSTORE)',
			'CHECK',
			'',
		]);
		const [login, examine, check] = tagsOf(written);
		server.say(
			`${login} OK in`,
			'* 3 EXISTS',
			'* OK [UIDVALIDITY 7] x',
			`${examine} OK done`,
			'* 4 EXISTS',
			`${check} OK done`,
		);
		const opened = await opening;
		expect(opened.exists).toBe(4);
		expect(opened.initial).toMatchObject({ exists: 3, uidValidity: 7 });
		await imap.loggedIn;
		expect([...imap.capabilities]).toEqual(AFTER);
		await server.nothingMore();
	});

	it('capabilities that come with the OK replace those that were expected', async () => {
		const { imap, server } = await begun();
		const listing = imap.list('', '*', { status: ['messages'] });
		const [login, list] = tagsOf(await server.written());
		server.say(`${login} OK [CAPABILITY IMAP4rev1 NAMESPACE] in`, `${list} OK done`);
		await listing;
		expect([...imap.capabilities]).toEqual(['IMAP4REV1', 'NAMESPACE']);
	});

	it('a refused login is the error, whatever was sent with it, and the connection ends', async () => {
		const { imap, server } = await begun();
		const opening = imap.open('INBOX', { readOnly: true, check: true });
		const [login, examine, check] = tagsOf(await server.written());
		server.say(
			`${login} NO [AUTHENTICATIONFAILED] wrong`,
			`${examine} BAD not now`,
			`${check} BAD not now`,
		);
		await expect(imap.loggedIn).rejects.toThrow(code('AUTHENTICATION_FAILED'));
		await expect(opening).rejects.toThrow(/wrong/);
		expect(server.destroyed).toBe(true);
		expect(imap.mailbox).toBeUndefined();
	});

	it.each([
		['accepted in spite of a refused login', 'LOGIN NO no', 'EXAMINE OK open'],
		['accepted before the login is', 'EXAMINE OK open', 'LOGIN OK in'],
		['refused before the login is answered', 'EXAMINE BAD no', 'LOGIN OK in'],
	])('a command %s ends the connection', async (_what, ...said) => {
		const { imap, server } = await begun();
		const opening = imap.open('INBOX', { readOnly: true });
		const [login = '', examine = ''] = tagsOf(await server.written());
		server.say(...said.map((line) => line.replace('LOGIN', login).replace('EXAMINE', examine)));
		await expect(opening).rejects.toThrow();
		expect(imap.closedBy).toBeDefined();
		expect(imap.mailbox).toBeUndefined();
		await imap.loggedIn.catch(() => undefined);
	});

	it('what comes before the login is answered is not taken for the answer', async () => {
		const { imap, server } = await begun();
		const opening = imap.open('INBOX', { readOnly: true });
		const [login, examine] = tagsOf(await server.written());
		server.say('* 99 EXISTS', '* OK [UIDVALIDITY 99] x', `${login} OK in`, `${examine} OK done`);
		const opened = await opening;
		expect(opened.exists).toBe(0);
		expect(opened.uidValidity).toBeUndefined();
	});

	it('what changes something waits for the login, and so does what needs a literal', async () => {
		const { imap, server } = await begun();
		const creating = imap.createMailbox('x');
		expect(lines(await server.written())).toEqual(['AUTHENTICATE PLAIN AGFubmEAc2VzYW1l', '']);
		await server.nothingMore();
		const [login] = tagsOf(server.sent);
		server.say(`${login} OK in`);
		await server.answer('CREATE x');
		await creating;

		const other = await begun();
		const listing = other.imap.status('x'.repeat(3000), ['messages']).catch(() => undefined);
		const [first] = tagsOf(await other.server.written());
		expect(lines(other.server.sent)).toHaveLength(2);
		other.server.say(`${first} OK in`);
		expect(await other.server.line()).toMatch(/STATUS/);
		other.imap.destroy();
		await listing;
	});

	it('LOGINDISABLED before the login counts, whatever is expected after it', async () => {
		const server = new FakeTransport({ secure: true });
		const connecting = Imap4.connect({
			auth,
			expectedCapabilities: AFTER,
			transport: server,
		});
		server.say('* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] ready');
		await expect(connecting).rejects.toThrow(code('LOGIN_DISABLED'));
		await server.nothingMore();
	});

	it('a challenge that PLAIN does not have gets no second copy of the password', async () => {
		const { imap, server } = await begun();
		const opening = imap.open('INBOX', { readOnly: true });
		await server.written();
		server.say('+ ');
		await expect(opening).rejects.toThrow(code('PROTOCOL'));
		await expect(imap.loggedIn).rejects.toMatchObject({
			code: 'PROTOCOL',
			command: 'AUTHENTICATE',
			message: 'The server asks for more of the login than its mechanism has',
		});
		await server.nothingMore();
	});

	it('a challenge to an access token is its refusal', async () => {
		const { imap, server } = await begun({ auth: { user: 'anna', accessToken: 'token' } });
		const opening = imap.open('INBOX', { readOnly: true });
		expect(lines(await server.written())[1]).toBe('EXAMINE INBOX');
		server.say(`+ ${Buffer.from('{"status":"400"}').toString('base64')}`);
		await expect(imap.loggedIn).rejects.toThrow(code('AUTHENTICATION_FAILED'));
		await expect(opening).rejects.toThrow();
	});

	it('with SCRAM it follows the last response, once the server has proved itself', async () => {
		const greeting = '* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=SCRAM-SHA-256] Dovecot ready.';
		const { imap, server } = await begun({}, greeting);
		const opening = imap.open('INBOX', { readOnly: true });
		const first = await server.line();
		const login = first.split(' ')[0];
		const clientFirst = Buffer.from(first.split(' ')[3] ?? '', 'base64')
			.toString()
			.slice(3);
		await server.nothingMore();
		const nonce = /r=(.*)/.exec(clientFirst)?.[1];
		const salt = Buffer.from('salt');
		const serverFirst = `r=${nonce}more,s=${salt.toString('base64')},i=4096`;
		const say = (text: string): void => server.say(`+ ${Buffer.from(text).toString('base64')}`);
		say(serverFirst);
		const final = Buffer.from(await server.line(), 'base64').toString();
		await server.nothingMore();
		const salted = pbkdf2Sync('sesame', salt, 4096, 32, 'sha256');
		const key = createHmac('sha256', salted).update('Server Key').digest();
		const message = `${clientFirst},${serverFirst},${final.replace(/,p=.*/, '')}`;
		say(`v=${createHmac('sha256', key).update(message).digest('base64')}`);
		expect(await server.line()).toBe('');
		const examine = await server.command('EXAMINE INBOX');
		server.say(`${login} OK in`, '* 1 EXISTS', `${examine} OK done`);
		expect((await opening).exists).toBe(1);
	});

	it('elsewhere nothing is sent behind AUTHENTICATE, and LOGIN is preferred to PLAIN', async () => {
		const { imap, server } = await begun({}, GREETING.replace('Dovecot', 'Server'));
		const opening = imap.open('INBOX', { readOnly: true });
		const written = await server.written();
		expect(lines(written)).toEqual(['LOGIN anna "sesame"', 'EXAMINE INBOX', '']);
		const [login, examine] = tagsOf(written);
		server.say(`${login} OK in`, `${examine} OK done`);
		await opening;

		const demanded = new FakeTransport({ secure: true });
		const connecting = Imap4.connect({
			auth: { ...auth, mechanism: 'PLAIN' },
			expectedCapabilities: AFTER,
			transport: demanded,
		});
		demanded.say(GREETING.replace('Dovecot', 'Server'));
		const tag = await demanded.command(/^AUTHENTICATE PLAIN /);
		await demanded.nothingMore();
		demanded.say(`${tag} OK in`);
		const { capabilities, loggedIn } = await connecting;
		await loggedIn;
		expect([...capabilities]).toEqual(AFTER);
		await demanded.nothingMore();
	});

	it('a login that drips does not outlast the deadline', async () => {
		const { imap, server } = await begun({ timeouts: { ready: 60, command: 10_000 } });
		await expect(imap.loggedIn).rejects.toMatchObject({
			code: 'TIMEOUT',
			message: 'The connection was not set up and logged in within 60 ms',
		});
		expect(server.destroyed).toBe(true);
	});

	it('a server that loses what came with the login is noticed long before the usual timeout', async () => {
		const { imap, server } = await begun({ timeouts: { command: 50 } });
		const opening = imap.open('INBOX', { readOnly: true });
		const [login] = tagsOf(await server.written());
		server.say(`${login} OK in`);
		await imap.loggedIn;
		await expect(opening).rejects.toThrow(/accepted the login and did not answer EXAMINE/);
	});
});
