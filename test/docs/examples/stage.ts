/**
 * Where examples run: `imap.example.com` is an in-memory server, which has the mail of the pages about the
 * nodes. Each example has servers of its own, so that none depends on another.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { fill } from '../../../docs/generator/example-account';
import { Imap4, type ConnectOptions } from '../../../engine/index';
import { makeCertificates, type Certificates } from '../../real/certificates';
import { MemoryServer, type MemoryServerOptions } from '../../server';
import type { Example } from './example';

const HOST = 'imap.example.com';
const ANN = { user: 'ann@example.com', password: 'secret' };
const ADMIN = 'admin@example.com';

/** How often new mail comes for examples that wait for some. */
const BETWEEN_MESSAGES = 50;
/** Messages that arrive while an example idles. */
const MOST_MESSAGES = 5;

const OPTIONS: MemoryServerOptions = {
	capabilities: { add: ['JMAPACCESS', 'MULTISEARCH'] },
	mayActAs: (user) => user === ADMIN,
	isAdministrator: () => true,
};

const PROGRAM = `
process.stdout.write('* PREAUTH [CAPABILITY IMAP4rev1] ready\\r\\n');
process.stdin.on('data', (line) => {
	process.stdout.write('* BYE\\r\\n' + String(line).split(' ')[0] + ' OK done\\r\\n');
});
`;

let made: Promise<Certificates> | undefined;

async function startServer(options: MemoryServerOptions): Promise<MemoryServer> {
	const server = await MemoryServer.start({ ...OPTIONS, ...options });
	fill(server.addAccount(ANN.user, ANN.password));
	server.addAccount('bob@example.com', ANN.password);
	server.addAccount(ADMIN, ANN.password);
	return server;
}

export async function perform(
	example: Example,
	check: (actual: unknown, expected: unknown) => void,
): Promise<void> {
	const { ca, server: identity } = await (made ??= makeCertificates());
	const encrypted = await startServer({ tls: identity });
	const plain = await startServer({ starttls: identity });
	const folder = mkdtempSync(join(tmpdir(), 'imap4-example-'));
	const imapProgram = join(folder, 'program', 'imap.cjs');
	mkdirSync(join(folder, 'program'));
	writeFileSync(imapProgram, PROGRAM);

	const sessions: Imap4[] = [];
	const connect = Imap4.connect.bind(Imap4);
	const reached = (options: ConnectOptions): ConnectOptions => {
		if (options.host !== HOST) return options;
		const { host, port } = options.security && options.security !== 'tls' ? plain : encrypted;
		return { ...options, host, port, tls: { ca, ...options.tls } };
	};
	const connecting = vi.spyOn(Imap4, 'connect').mockImplementation(async (options) => {
		const session = await connect(reached(options));
		sessions.push(session);
		return session;
	});
	let left = MOST_MESSAGES;
	const arriving = setInterval(() => {
		const waiting = encrypted.commands.some(({ name }) => name === 'IDLE');
		// With messages without end, a burst of them would not end either.
		if (waiting && left-- > 0)
			encrypted.account(ANN.user).mailbox('INBOX').append('Subject: New\r\n\r\nHello\r\n');
	}, BETWEEN_MESSAGES);
	try {
		const imap = await Imap4.connect({ host: HOST, auth: ANN });
		await example.run({ imap, mailbox: await imap.open('INBOX'), folder, imapProgram }, check);
	} finally {
		clearInterval(arriving);
		connecting.mockRestore();
		for (const session of sessions) session.destroy();
		await Promise.all([encrypted.stop(), plain.stop()]);
		rmSync(folder, { recursive: true, force: true });
	}
}
