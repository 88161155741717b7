import { afterEach, expect, test, vi } from 'vitest';
import { accountOf, type Account } from '../../nodes/shared/account/account';
import { closeIdleConnections, withConnection } from '../../nodes/shared/account/connection-pool';
import { asksWhatIsOffered, listOnlyIfAsked } from './offered';
import { PASSWORD, startServer, USER } from './start-server';

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

afterEach(() => {
	vi.useRealTimers();
});

const logins = (server: Server): number =>
	server.commands.filter(({ name }) => name === 'LOGIN' || name === 'AUTHENTICATE').length;

test('a second login asks for no capabilities', async () => {
	const server = await startServer({ faults: listOnlyIfAsked });
	const login = (): Promise<boolean> =>
		asksWhatIsOffered(server, async () => {
			await examine(account(server));
			await closeIdleConnections();
		});
	expect(await login()).toBe(true);
	const before = server.commands.length;
	expect(await login()).toBe(false);
	const names = server.commands.slice(before).map(({ name }) => name);
	expect(names.slice(1, 2)).toEqual(['EXAMINE']);
});

test.each(['Dovecot ready', 'ready'])(
	'a password that was changed is refused once, not twice (%s)',
	async (greetingText) => {
		const server = await startServer({ greetingText });
		await examine(account(server));
		await closeIdleConnections();
		server.addAccount(USER, 'another');
		const before = logins(server);
		await expect(examine(account(server))).rejects.toMatchObject({ code: 'AUTHENTICATION_FAILED' });
		expect(logins(server)).toBe(before + 1);
	},
);

test('what a server offers is asked again an hour after the login that asked', async () => {
	vi.useFakeTimers({ toFake: ['Date'] });
	const server = await startServer({ faults: listOnlyIfAsked });
	const start = Date.now();
	const asksAfter = (minutes: number): Promise<boolean> => {
		vi.setSystemTime(start + minutes * 60_000);
		return asksWhatIsOffered(server, () => examine(account(server)));
	};
	expect(await asksAfter(0)).toBe(true);
	// Over the connection that was kept.
	expect(await asksAfter(9)).toBe(false);
	await closeIdleConnections();
	expect(await asksAfter(50)).toBe(false);
	await closeIdleConnections();
	expect(await asksAfter(61)).toBe(true);
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

test('an access token that is refused is an error if the renewed one is refused too', async () => {
	let valid = true;
	const tokenOwner = (): string | undefined => (valid ? USER : undefined);
	const server = await startServer({ tokenOwner, greetingText: 'Dovecot ready' });
	const one = account(server);
	one.options.auth = { user: USER, accessToken: 'first' };
	one.renew = vi.fn(() => Promise.resolve());
	await examine(one);
	await closeIdleConnections();
	valid = false;
	const before = logins(server);
	await expect(examine(one)).rejects.toMatchObject({ code: 'AUTHENTICATION_FAILED' });
	expect(logins(server)).toBeLessThanOrEqual(before + 3);
	expect(one.renew).toHaveBeenCalledTimes(2);
});

test('a login that fails for another reason than its token renews nothing', async () => {
	const tokenOwner = (): string => USER;
	const server = await startServer({ tokenOwner, greetingText: 'Dovecot ready' });
	const one = account(server);
	one.options.auth = { user: USER, accessToken: 'first' };
	one.renew = vi.fn(() => Promise.resolve());
	await examine(one);
	await closeIdleConnections();
	server.faults = {
		on: ({ tag, line }) => (line.startsWith('AUTHENTICATE') ? `${tag} BAD what?\r\n` : undefined),
	};
	await expect(examine(one)).rejects.toMatchObject({ code: 'BAD' });
	expect(one.renew).not.toHaveBeenCalled();
});

test.each(['Dovecot ready', 'ready'])(
	'a server that loses what comes with a login gets it afterwards, from then on (%s)',
	async (greetingText) => {
		let lost = 0;
		let lossy = false;
		const server = await startServer({
			greetingText,
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
		server.faults = listOnlyIfAsked;
		expect(await asksWhatIsOffered(server, () => examine(one))).toBe(true);
		expect(server.connections.total).toBe(4);
	},
);

test('a server that ends a login because of what comes with it gets that afterwards', async () => {
	let ends = false;
	const server = await startServer({
		greetingText: 'Dovecot ready',
		faults: {
			on: ({ line }) => {
				if (!ends || !line.startsWith('AUTHENTICATE')) return undefined;
				ends = false;
				return '* BYE too much\r\n';
			},
		},
	});
	const one = account(server);
	await examine(one);
	await closeIdleConnections();
	ends = true;
	expect(await examine(one)).toBe(0);
	expect(server.connections.total).toBe(3);
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
