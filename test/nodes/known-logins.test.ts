import { expect, test } from 'vitest';
import { accountOf, type Account } from '../../nodes/shared/account/account';
import { closeIdleConnections, withConnection } from '../../nodes/shared/account/connection-pool';
import { PASSWORD, startServer, USER } from './run-node';

type Server = Awaited<ReturnType<typeof startServer>>;

function account(server: Server, more: object = {}): Account {
	const { host, port } = server;
	return accountOf('imap4PlainApi', { host, port, user: USER, password: PASSWORD, ...more });
}

const examine = (one: Account) =>
	withConnection(
		one,
		async (imap) => imap.open('INBOX', { readOnly: true }),
		async (_imap, opened) => opened.exists,
	);

const logins = (server: Server): number =>
	server.commands.filter(({ name }) => name === 'LOGIN' || name === 'AUTHENTICATE').length;

test('a second login asks for no capabilities', async () => {
	const server = await startServer();
	await examine(account(server));
	await closeIdleConnections();
	const before = server.commands.length;
	await examine(account(server));
	await closeIdleConnections();
	const names = server.commands.slice(before).map(({ name }) => name);
	expect(names.slice(1, 2)).toEqual(['EXAMINE']);
	expect(names).not.toContain('CAPABILITY');
});

test('a password that was changed is refused once, not twice', async () => {
	const server = await startServer();
	await examine(account(server));
	await closeIdleConnections();
	server.addAccount(USER, 'another');
	const before = logins(server);
	await expect(examine(account(server))).rejects.toMatchObject({ code: 'AUTHENTICATION_FAILED' });
	expect(logins(server)).toBe(before + 1);
});

test.each(['Dovecot ready', 'ready'])(
	'an access token that is refused is renewed once (%s)',
	async (greetingText) => {
		let valid = 'first';
		const tokenOwner = (token: string) => (token === valid ? USER : undefined);
		const server = await startServer({ tokenOwner, greetingText });
		const one = account(server);
		one.options.auth = { user: USER, accessToken: 'first' };
		let renewed = 0;
		one.renew = async () => {
			renewed++;
			one.options.auth = { user: USER, accessToken: 'second' };
			await Promise.resolve();
		};
		await examine(one);
		await closeIdleConnections();
		valid = 'second';
		expect(await examine(one)).toBe(0);
		expect(renewed).toBe(1);
	},
);

test('a server that loses what comes with a login gets it afterwards, from then on', async () => {
	let lost = 0;
	let lossy = false;
	const server = await startServer({
		faults: {
			on: ({ line }) => {
				if (!lossy || !line.startsWith('EXAMINE')) return undefined;
				lossy = false;
				lost++;
				return '';
			},
		},
	});
	const one = account(server);
	one.options.timeouts = { command: 100 };
	await examine(one);
	await closeIdleConnections();
	lossy = true;
	expect(await examine(one)).toBe(0);
	expect(lost).toBe(1);
	expect(server.connections.total).toBe(3);
	await closeIdleConnections();
	expect(await examine(one)).toBe(0);
	expect(server.connections.total).toBe(4);
});

test('a mailbox that cannot be opened is no fault of the login', async () => {
	const server = await startServer();
	await examine(account(server));
	await closeIdleConnections();
	const opening = withConnection(
		account(server),
		(imap) => imap.open('missing', { readOnly: true }),
		async () => undefined,
	);
	await expect(opening).rejects.toMatchObject({ code: 'NO' });
	expect(server.connections.total).toBe(2);
});

test('an administrator who becomes another user by PROXYAUTH sends nothing before that', async () => {
	const server = await startServer();
	const one = account(server);
	one.proxyAuth = USER;
	for (let times = 0; times < 2; times++) {
		await examine(one).catch(() => undefined);
		await closeIdleConnections();
	}
	const names = server.commands.map(({ name }) => name);
	const second = names.lastIndexOf('PROXYAUTH');
	expect(second).toBeGreaterThan(names.indexOf('PROXYAUTH'));
	const between = names.slice(names.lastIndexOf('LOGOUT', second) + 1, second);
	expect(between).not.toContain('EXAMINE');
});
