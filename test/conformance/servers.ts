import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import type { Security } from '../../engine';
import { MemoryServer } from '../server';

export interface TestAccount {
	user: string;
	password: string;
}

/** A server that the suite runs on. Expectations that differ between servers go by its name. */
export interface ServerUnderTest {
	readonly name: 'in-memory' | 'Dovecot' | 'Cyrus';
	readonly host: string;
	port(security: Security): number;
	/** An account that nobody has used before. */
	freshAccount(): TestAccount;
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

/** Runs for all test files together: starting it here only finds it. */
const Dovecot: StartableServer = {
	name: 'Dovecot',
	missing: 'missing' in dovecot ? dovecot.missing : undefined,
	start: () => {
		if ('missing' in dovecot) throw new Error(dovecot.missing);
		const { host, ports, password } = dovecot;
		return Promise.resolve({
			name: 'Dovecot',
			host,
			port: (security) => (security === 'tls' ? ports.tls : ports.plain),
			freshAccount: () => ({ user: newName(), password }),
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
			stop: () => Promise.resolve(),
		});
	},
};

function newName(): string {
	return `u${randomBytes(6).toString('hex')}`;
}

/** Each test file has its own. */
const inMemory: StartableServer = {
	name: 'in-memory',
	start: async () => {
		const { server: certificate } = inject('certificates');
		const plain = await MemoryServer.start({ starttls: certificate });
		const tls = await MemoryServer.start({ tls: certificate });
		let users = 0;
		return {
			name: 'in-memory',
			host: plain.host,
			port: (security) => (security === 'tls' ? tls : plain).port,
			freshAccount: () => {
				const account = { user: `user ${++users}`, password: 'pa"ss\\w\u00f6rd' };
				for (const server of [plain, tls]) {
					server.addAccount(account.user, account.password);
				}
				return account;
			},
			stop: async () => {
				await plain.stop();
				await tls.stop();
			},
		};
	},
};

export const servers: readonly StartableServer[] = [inMemory, Dovecot, Cyrus];
