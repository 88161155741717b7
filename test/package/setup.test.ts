/** What a newcomer sees when the set-up cannot work: one clear line, no stack. */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freePort } from '../../demo/n8n/ports';

const ROOT = join(__dirname, '..', '..');

let clone: string;
beforeEach(() => {
	clone = mkdtempSync(join(tmpdir(), 'n8n-nodes-imap4-clone-'));
	for (const name of [
		'package.json',
		'package-lock.json',
		'engine/package.json',
		'.npmrc',
		'scripts',
	]) {
		cpSync(join(ROOT, name), join(clone, name), { recursive: true });
	}
});
afterEach(() => rmSync(clone, { recursive: true, force: true }));

function run(args: string[], env: NodeJS.ProcessEnv = {}) {
	return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
		const child = spawn(process.execPath, args, { cwd: clone, env: { ...process.env, ...env } });
		let stdout = '';
		let stderr = '';
		child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
		child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
		child.on('close', (code) => resolve({ code, stdout, stderr }));
	});
}

/** A registry that nobody answers for, an empty npm cache, and no patience. */
async function noNetwork(): Promise<NodeJS.ProcessEnv> {
	return {
		npm_config_registry: `http://127.0.0.1:${await freePort()}/`,
		npm_config_cache: join(clone, 'npm-cache'),
		npm_config_fetch_retries: '0',
		N8N_NODES_IMAP4_CACHE: join(clone, 'cache'),
	};
}

describe('npm run setup', () => {
	test('says which Node it needs', async () => {
		const olderNode = "Object.defineProperty(process, 'versions', { value: { node: '18.20.4' } });";
		const { code, stderr } = await run([
			'--import',
			`data:text/javascript,${encodeURIComponent(olderNode)}`,
			'scripts/setup.mjs',
		]);
		expect(code).toBe(1);
		expect(stderr.trim()).toMatch(/^Node 20\.19 or newer is needed, this is v[^\n]+$/);
	});

	test('says that the registry cannot be reached', async () => {
		const { code, stderr } = await run(['scripts/setup.mjs'], await noNetwork());
		expect(code).toBe(1);
		expect(stderr).toMatch(
			/\n\nInstalling [^\n]+ failed: the npm registry cannot be reached \(ECONNREFUSED\)[^\n]+\n$/,
		);
		expect(stderr).not.toContain('    at ');
	});
});

describe('installing n8n', () => {
	test('says that the registry cannot be reached, and leaves nothing behind', async () => {
		const env = await noNetwork();
		const { code, stderr } = await run(['scripts/n8n-install.mjs'], env);
		expect(code).toBe(1);
		expect(stderr).toMatch(
			/\n\nInstalling n8n [^\n]+ failed: the npm registry cannot be reached \(ECONNREFUSED\)[^\n]+\n$/,
		);
		expect(existsSync(join(clone, 'cache', 'n8n-2.41.1'))).toBe(false);
	});

	test('never takes an interrupted installation for a whole one', async () => {
		const env = await noNetwork();
		const ended = await run(['-e', 'console.log(process.pid)']);
		const abandoned = join(clone, 'cache', `.installing-2.41.1-${ended.stdout.trim()}`);
		mkdirSync(join(abandoned, 'node_modules', 'n8n', 'bin', 'n8n'), { recursive: true });
		const { code } = await run(['scripts/n8n-install.mjs'], env);
		expect(code).toBe(1); // it tried to install: what lay there was not used
		expect(existsSync(abandoned)).toBe(false);
	});
});
