import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import type { Security } from '../../engine/index';
import { CERTIFIED_USER } from '../real/certificates';
import { CYRUS_ADMIN, CYRUS_PROXY, HASHED_USER } from '../real/cyrus-config';
import { DOVECOT_ADMIN, DOVECOT_MASTER } from '../real/dovecot-config';
import type { MemoryServerOptions } from '../server';
import { MemoryServer, signedTokenOwner } from '../server';
import { accessToken } from './access-token';

export interface TestAccount {
	user: string;
	password: string;
}

/** A server that the suite runs on. Expectations that differ between servers go by its name. */
export interface ServerUnderTest {
	readonly name: 'in-memory' | 'Dovecot' | 'Cyrus' | 'Courier';
	readonly host: string;
	port(security: Security): number;
	/** An account that nobody has used before. */
	freshAccount(): TestAccount;
	/** One whose password the server can compare by hash, and the port that offers to. */
	hashedAccount(): { account: TestAccount; port: number };
	/** Who may act as any other user, where the server knows someone. */
	readonly master?: TestAccount;
	/** Who may set quotas, where the server knows someone. */
	admin?(): TestAccount;
	/** An OAuth 2.0 access token that is good for an hour. */
	accessToken?(user: string): string;
	stop(): Promise<void>;
}

/** A server that can be started, unless `missing` says why it cannot. */
export interface StartableServer {
	readonly name: ServerUnderTest['name'];
	readonly missing?: string;
	start(): Promise<ServerUnderTest>;
}

const dovecot = inject('dovecot');
const cyrus = inject('cyrus');
const courier = inject('courier');

/** Runs for all test files together: starting it here only finds it. */
const Dovecot: StartableServer = {
	name: 'Dovecot',
	missing: 'missing' in dovecot ? dovecot.missing : undefined,
	start: () => {
		if ('missing' in dovecot) throw new Error(dovecot.missing);
		const { host, ports, password, tokenKey } = dovecot;
		return Promise.resolve({
			name: 'Dovecot',
			host,
			port: (security) => (security === 'tls' ? ports.tls : ports.plain),
			freshAccount: () => ({ user: newName(), password }),
			hashedAccount: () => ({ account: { user: newName(), password }, port: ports.plain }),
			master: { user: DOVECOT_MASTER, password },
			admin: () => ({ user: `${DOVECOT_ADMIN}${newName()}`, password }),
			accessToken: (user) => accessToken(user, tokenKey),
			stop: () => Promise.resolve(),
		});
	},
};

/** Like Dovecot, the same for all test files. */
const Cyrus: StartableServer = {
	name: 'Cyrus',
	missing: 'missing' in cyrus ? cyrus.missing : undefined,
	start: () => {
		if ('missing' in cyrus) throw new Error(cyrus.missing);
		const { host, ports, password } = cyrus;
		return Promise.resolve({
			name: 'Cyrus',
			host,
			port: (security) => (security === 'tls' ? ports.tls : ports.plain),
			freshAccount: () => ({ user: newName(), password }),
			hashedAccount: () => ({ account: { user: HASHED_USER, password }, port: ports.hashed }),
			master: { user: CYRUS_PROXY, password },
			admin: () => ({ user: CYRUS_ADMIN, password }),
			stop: () => Promise.resolve(),
		});
	},
};

const Courier: StartableServer = {
	name: 'Courier',
	missing: 'missing' in courier ? courier.missing : undefined,
	start: () => {
		if ('missing' in courier) throw new Error(courier.missing);
		const { host, ports, password } = courier;
		return Promise.resolve({
			name: 'Courier',
			host,
			port: (security) => (security === 'tls' ? ports.tls : ports.plain),
			freshAccount: () => ({ user: newName(), password }),
			hashedAccount: () => ({ account: { user: newName(), password }, port: ports.plain }),
			stop: () => Promise.resolve(),
		});
	},
};

function newName(): string {
	return `u${randomBytes(6).toString('hex')}`;
}

/** Who may act as others, and how the names of those begin who may set quotas, on the in-memory server. */
const MASTER = 'master';
const ADMIN = 'admin';

/** Each test file has its own. */
const inMemory: StartableServer = {
	name: 'in-memory',
	start: async (): Promise<ServerUnderTest> => {
		const { server: certificate, ca } = inject('certificates');
		const tokenKey = randomBytes(32).toString('hex');
		const options: MemoryServerOptions = {
			quotaBytes: 1024 ** 3,
			mayActAs: (user) => user === MASTER,
			isAdministrator: (user) => user.startsWith(ADMIN),
			tokenOwner: signedTokenOwner(tokenKey),
			clientAuthority: ca,
		};
		const plain = await MemoryServer.start({ ...options, starttls: certificate });
		const tls = await MemoryServer.start({ ...options, tls: certificate });
		let users = 0;
		const account = (user: string): TestAccount => {
			const added = { user, password: 'pa"ss\\w\u00f6rd' };
			for (const server of [plain, tls]) server.addAccount(added.user, added.password);
			return added;
		};
		const freshAccount = (): TestAccount => account(`user ${++users}`);
		account(CERTIFIED_USER);
		return {
			name: 'in-memory',
			host: plain.host,
			port: (security) => (security === 'tls' ? tls : plain).port,
			freshAccount,
			hashedAccount: () => ({ account: freshAccount(), port: plain.port }),
			master: account(MASTER),
			admin: () => account(`${ADMIN} ${++users}`),
			accessToken: (user) => accessToken(user, tokenKey),
			stop: async () => {
				await plain.stop();
				await tls.stop();
			},
		};
	},
};

export const servers: readonly StartableServer[] = [inMemory, Dovecot, Cyrus, Courier];
