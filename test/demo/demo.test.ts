import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MemoryServer } from '../server';

const ROOT = join(__dirname, '..', '..');
const PASSWORD = 'correct horse';

interface Ended {
	code: number;
	stdout: string;
	stderr: string;
}

/** The script of `npm run demo`, without the set-up before it, which `npm test` has done. */
function demo(args: readonly string[], password?: string): Promise<Ended> {
	const env = { ...process.env, ...(password === undefined ? {} : { IMAP4_PASSWORD: password }) };
	return new Promise((resolve) => {
		const script = [join(ROOT, 'node_modules', 'tsx', 'dist', 'cli.mjs'), 'demo/demo.ts', ...args];
		const child = execFile(process.execPath, script, { cwd: ROOT, env }, (error, stdout, stderr) =>
			resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
		);
		child.stdin?.end();
	});
}

describe('npm run demo', { timeout: 60_000 }, () => {
	let server: MemoryServer;
	let account: string[];
	beforeAll(async () => {
		server = await MemoryServer.start();
		server.addAccount('anna', PASSWORD).create('Entwürfe').append('Subject: x\r\n\r\n');
		account = ['--host', server.host, '--port', String(server.port), '--user', 'anna'];
	});
	afterAll(() => server.stop());

	it('ends well when the account is as it should be', async () => {
		const { code, stdout, stderr } = await demo([]);
		expect(stderr).toBe('');
		expect(stdout).toContain('✓ As it should be: ');
		expect(stdout).toMatch(/^INBOX +265 → \d+ /m);
		expect(code).toBe(0);
	});

	it("reports on the user's own account, and never shows the password", async () => {
		const { code, stdout, stderr } = await demo([...account, '--security', 'none'], PASSWORD);
		expect(stderr).toBe('');
		expect(stdout).toMatch(/^Entwürfe +1 +1$/m);
		expect(stdout).not.toContain(PASSWORD);
		expect(code).toBe(0);
	});

	it.each([
		['a wrong password', ['--security', 'none'], 'Authentication failed'],
		['TLS on a clear port', [], 'does not speak TLS'],
	])('says in one clear line: %s', async (_, more, words) => {
		const { code, stderr, stdout } = await demo([...account, ...more], 'incorrect');
		expect(stderr).toMatch(/^✗ [^\n]+\n$/);
		expect(stderr).toContain(words);
		expect(stdout + stderr).not.toContain('incorrect');
		expect(code).toBe(1);
	});

	it('says in one clear line that there is no terminal to ask for the password', async () => {
		const { code, stderr } = await demo(account);
		expect(stderr).toMatch(/^✗ There is no terminal [^\n]+IMAP4_PASSWORD\n$/);
		expect(code).toBe(1);
	});
});
